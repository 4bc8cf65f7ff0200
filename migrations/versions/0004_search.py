"""The search: each ticket's words, FTS5 over them on SQLite, a tsvector on PostgreSQL.

Revises 0003. The indexer fills the tables while the desk is at work.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# One word for another: the words are made by us, cut and folded; FTS5 finds them between blanks.
_FTS5 = """
CREATE VIRTUAL TABLE search_words USING fts5 (
    tokens, content = 'search_documents', content_rowid = 'ticket_id',
    detail = none, columnsize = 0, tokenize = "ascii tokenchars '#~'"
)
"""
_ADDED = """
CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN
    INSERT INTO search_words (rowid, tokens) VALUES (new.ticket_id, new.tokens);
END
"""
_CHANGED = """
CREATE TRIGGER search_documents_changed AFTER UPDATE OF tokens ON search_documents
WHEN old.tokens IS NOT new.tokens BEGIN
    INSERT INTO search_words (search_words, rowid, tokens)
        VALUES ('delete', old.ticket_id, old.tokens);
    INSERT INTO search_words (rowid, tokens) VALUES (new.ticket_id, new.tokens);
END
"""
_GONE = """
CREATE TRIGGER search_documents_gone AFTER DELETE ON search_documents BEGIN
    INSERT INTO search_words (search_words, rowid, tokens)
        VALUES ('delete', old.ticket_id, old.tokens);
END
"""


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tokens", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_search_documents_ticket_id_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_search_documents")),
    )
    marks = op.create_table(
        "search_marks",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_marks")),
    )
    op.bulk_insert(marks, [{"name": "tickets", "activity_id": 0}])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_search_documents_tokens", "search_documents", ["tokens"], postgresql_using="gin"
        )
    else:
        for statement in (_FTS5, _ADDED, _CHANGED, _GONE):
            op.execute(statement)
