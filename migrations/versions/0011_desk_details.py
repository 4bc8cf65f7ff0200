"""Samples that can be removed, pictures in articles, what was amended in chat.

Revises 0010.
"""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
