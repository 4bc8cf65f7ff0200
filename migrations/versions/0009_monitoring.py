"""Sources of alarms, alarms by fingerprint, what was received.

Revises 0008.
"""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
