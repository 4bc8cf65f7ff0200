"""Samples that can be removed, pictures in articles, what was amended in chat.

Revises 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _knowledge()
    _agreed_times()
    _samples()
    _files()


def _knowledge() -> None:
    """Pictures of articles, and when an owner hears of 没用."""
    op.create_table(
        "article_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("thumbnail", sa.String(length=80), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_article_pictures_added_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_pictures")),
    )
    op.create_index(op.f("ix_article_pictures_keep_until"), "article_pictures", ["keep_until"])
    op.create_index(
        op.f("ix_article_pictures_added_by_id_keep_until"),
        "article_pictures",
        ["added_by_id", "keep_until"],
    )
    op.create_table(
        "article_version_pictures",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["article_pictures.id"],
            name=op.f("fk_article_version_pictures_picture_id_article_pictures"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["article_versions.id"],
            name=op.f("fk_article_version_pictures_version_id_article_versions"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "picture_id", name=op.f("pk_article_version_pictures")
        ),
    )
    op.create_index(
        op.f("ix_article_version_pictures_picture_id"), "article_version_pictures", ["picture_id"]
    )
    op.add_column(
        "article_uses", sa.Column("owner_hears_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "article_uses", sa.Column("owner_told_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_article_uses_untold",
        "article_uses",
        ["owner_hears_at"],
        sqlite_where=sa.text("owner_hears_at IS NOT NULL"),
        postgresql_where=sa.text("owner_hears_at IS NOT NULL"),
    )
    # Articles change seldom and are searched all day: what is new goes into the index at once,
    # for each search reads what waits to be put into it from end to end, once for each word.
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_article_documents_tokens SET (fastupdate = off)")
        op.execute("SELECT gin_clean_pending_list('ix_article_documents_tokens'::regclass)")
    # Before this release an owner heard at once: of these nobody is told again.
    op.execute("UPDATE article_uses SET owner_told_at = outcome_at WHERE outcome = 'useless'")


def _samples() -> None:
    """Which rows came with the samples."""
    op.create_table(
        "sample_marks",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("called", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id", name=op.f("pk_sample_marks")),
    )


def _files() -> None:
    """The content types of Office files are longer than those of photos."""
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.alter_column(
            "content_type",
            existing_type=sa.String(length=40),
            type_=sa.String(length=80),
            existing_nullable=True,
        )


def _agreed_times() -> None:
    """Which open tickets have a time that was wished for, found without reading the others."""
    is_agreed = sa.text(
        "wished_words IS NOT NULL AND status NOT IN ('resolved', 'closed', 'cancelled', 'merged')"
    )
    op.create_index(
        "ix_tickets_agreed",
        "tickets",
        ["wished_from", "id"],
        sqlite_where=is_agreed,
        postgresql_where=is_agreed,
    )
