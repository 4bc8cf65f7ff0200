"""Articles, readings that are learnt from, own words, weights; wished times; what desks like.

Revises 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# As 0004 for tickets: the words are made by us, cut and folded; FTS5 finds them between blanks.
_FTS5 = """
CREATE VIRTUAL TABLE article_words USING fts5 (
    tokens, content = 'article_documents', content_rowid = 'article_id',
    detail = none, columnsize = 0, tokenize = "ascii tokenchars '#~'"
)
"""
_ADDED = """
CREATE TRIGGER article_documents_added AFTER INSERT ON article_documents BEGIN
    INSERT INTO article_words (rowid, tokens) VALUES (new.article_id, new.tokens);
END
"""
_CHANGED = """
CREATE TRIGGER article_documents_changed AFTER UPDATE OF tokens ON article_documents
WHEN old.tokens IS NOT new.tokens BEGIN
    INSERT INTO article_words (article_words, rowid, tokens)
        VALUES ('delete', old.article_id, old.tokens);
    INSERT INTO article_words (rowid, tokens) VALUES (new.article_id, new.tokens);
END
"""
_GONE = """
CREATE TRIGGER article_documents_gone AFTER DELETE ON article_documents BEGIN
    INSERT INTO article_words (article_words, rowid, tokens)
        VALUES ('delete', old.article_id, old.tokens);
END
"""


def upgrade() -> None:
    _knowledge()
    _understanding()
    _wished_times()
    _desk_wishes()


def _knowledge() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("source_ticket_id", sa.Integer(), nullable=True),
        sa.Column("live_version_id", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("useless", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_articles_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["source_ticket_id"], ["tickets.id"], name=op.f("fk_articles_source_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("number", name=op.f("uq_articles_number")),
    )
    op.create_index(op.f("ix_articles_owner_id"), "articles", ["owner_id"], unique=False)
    op.create_index(
        "ix_articles_review",
        "articles",
        ["review_on"],
        unique=False,
        sqlite_where=sa.text("live_version_id IS NOT NULL"),
        postgresql_where=sa.text("live_version_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_articles_source_ticket_id"), "articles", ["source_ticket_id"], unique=False
    )
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("asks", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("audience", sa.String(length=24), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["people.id"],
            name=op.f("fk_article_versions_reviewed_by_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["people.id"], name=op.f("fk_article_versions_written_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
        sa.UniqueConstraint(
            "article_id", "version", name=op.f("uq_article_versions_article_id_version")
        ),
    )
    op.create_index(
        "ix_article_versions_open",
        "article_versions",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'in_review', 'returned')"),
        postgresql_where=sa.text("state IN ('draft', 'in_review', 'returned')"),
    )
    op.create_index(
        "ix_article_versions_published",
        "article_versions",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(
        op.f("ix_article_versions_state_changed_at"),
        "article_versions",
        ["state", "changed_at"],
        unique=False,
    )
    op.create_table(
        "article_documents",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "tokens", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_documents_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_documents")),
    )
    op.create_table(
        "article_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_uses_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_article_uses_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_article_uses_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_uses")),
    )
    op.create_index(
        op.f("ix_article_uses_article_id_shown_at"),
        "article_uses",
        ["article_id", "shown_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_article_uses_person_id_shown_at"),
        "article_uses",
        ["person_id", "shown_at"],
        unique=False,
    )
    op.create_index(op.f("ix_article_uses_shown_at"), "article_uses", ["shown_at"], unique=False)
    op.create_index(op.f("ix_article_uses_ticket_id"), "article_uses", ["ticket_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_article_documents_tokens", "article_documents", ["tokens"], postgresql_using="gin"
        )
    else:
        for statement in (_FTS5, _ADDED, _CHANGED, _GONE):
            op.execute(statement)


def _understanding() -> None:
    op.create_table(
        "own_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("means", sa.String(length=40), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_own_words_changed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_words")),
        sa.UniqueConstraint("word", "kind", name=op.f("uq_own_words_word_kind")),
    )
    op.create_table(
        "reading_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("learnt", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("card", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("live_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_live_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_reading_models_made_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["put_live_by_id"], ["people.id"], name=op.f("fk_reading_models_put_live_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_models")),
        sa.UniqueConstraint("digest", name=op.f("uq_reading_models_digest")),
    )
    op.create_index(
        "ix_reading_models_live",
        "reading_models",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_index(op.f("ix_reading_models_made_at"), "reading_models", ["made_at"], unique=False)
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("model", sa.String(length=12), nullable=False),
        sa.Column("intent", sa.String(length=24), nullable=False),
        sa.Column("intent_confidence", sa.Float(), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=True),
        sa.Column("category_confidence", sa.Float(), nullable=False),
        sa.Column("urgency", sa.String(length=24), nullable=False),
        sa.Column("urgency_confidence", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("handling", sa.String(length=24), nullable=False),
        sa.Column("true_intent", sa.String(length=24), nullable=True),
        sa.Column("true_category", sa.String(length=24), nullable=True),
        sa.Column("true_urgency", sa.String(length=24), nullable=True),
        sa.Column("truth", sa.String(length=24), nullable=True),
        sa.Column("truth_by_id", sa.Integer(), nullable=True),
        sa.Column("truth_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_readings_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_readings_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["truth_by_id"], ["people.id"], name=op.f("fk_readings_truth_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_readings_inbox_id")),
    )
    op.create_index(op.f("ix_readings_read_at_id"), "readings", ["read_at", "id"], unique=False)
    op.create_index(
        "ix_readings_ticket_id",
        "readings",
        ["ticket_id"],
        unique=False,
        sqlite_where=sa.text("ticket_id IS NOT NULL"),
        postgresql_where=sa.text("ticket_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_readings_truth_truth_at"), "readings", ["truth", "truth_at"], unique=False
    )


def _wished_times() -> None:
    """When the requester can be met."""
    op.add_column("tickets", sa.Column("wished_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tickets", sa.Column("wished_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tickets", sa.Column("wished_words", sa.String(length=60), nullable=True))


def _desk_wishes() -> None:
    """How a person likes lists, files that are being made, hours of quiet, computers known."""
    with op.batch_alter_table("office_settings", schema=None) as batch_op:
        batch_op.alter_column("changed_by_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "list_layouts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("columns", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("widths", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_list_layouts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "list", name=op.f("pk_list_layouts")),
    )
    op.create_table(
        "export_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_export_files_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_files")),
    )
    op.create_index(
        "ix_export_files_person_id_created_at", "export_files", ["person_id", "created_at"]
    )
    op.create_index("ix_export_files_expires_at", "export_files", ["expires_at"])
    op.create_index(
        "ix_export_files_waiting",
        "export_files",
        ["next_try_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "known_browsers",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_known_browsers_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "mark", name=op.f("pk_known_browsers")),
    )
    op.create_index("ix_known_browsers_seen_at", "known_browsers", ["seen_at"])
    op.create_table(
        "quiet_hours",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439", name=op.f("ck_quiet_hours_from_is_in_a_day")
        ),
        sa.CheckConstraint(
            "quiet_until BETWEEN 0 AND 1439", name=op.f("ck_quiet_hours_until_is_in_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiet_hours_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_quiet_hours")),
    )
