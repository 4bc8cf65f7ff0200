"""Complaints to the head and back, what counts in appraisal, and calls after low scores.

Revises 0005. Ratings that were given count as facts from now on; nobody is called back anew.
"""

from datetime import UTC, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CHINA = timezone(timedelta(hours=8))
_ANSWER_WITHIN = timedelta(days=7)
_BATCH = 5000

# Said in SQL: with a constraint Alembic would copy whole tables on SQLite.
_OF_COMPLAINT = (
    "ALTER TABLE {table} ADD COLUMN complaint_id INTEGER"
    " CONSTRAINT fk_{table}_complaint_id_complaints REFERENCES complaints (id)"
)

_instant = sa.DateTime(timezone=True)
_ratings = sa.table(
    "ratings",
    sa.column("id", sa.Integer),
    sa.column("engineer_id", sa.Integer),
    sa.column("requester_id", sa.Integer),
    sa.column("speed", sa.Integer),
    sa.column("attitude", sa.Integer),
    sa.column("result", sa.Integer),
    sa.column("rated_at", _instant),
)
_facts = sa.table(
    "appraisal_facts",
    sa.column("person_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("rating_id", sa.Integer),
    sa.column("month", sa.String),
    sa.column("points", sa.Integer),
    sa.column("points_first", sa.Integer),
    sa.column("words", sa.Text),
    sa.column("made_at", _instant),
    sa.column("answer_until", _instant),
    sa.column("state", sa.String),
)


def upgrade() -> None:
    op.create_table(
        "complaint_counts",
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_complaint_counts")),
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.String(length=40), nullable=False),
        sa.Column("contact_department", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=24), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=24), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_inbox_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ring", sa.String(length=24), nullable=True),
        sa.Column("rings_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verifier_id", sa.Integer(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=24), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fed_back_by_id", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("fed_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("process", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status NOT IN ('decided', 'fed_back') OR verdict IS NOT NULL",
            name=op.f("ck_complaints_why"),
        ),
        sa.CheckConstraint(
            "process BETWEEN 1 AND 5 AND outcome BETWEEN 1 AND 5", name=op.f("ck_complaints_scores")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["people.id"], name=op.f("fk_complaints_decider_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["fed_back_by_id"], ["people.id"], name=op.f("fk_complaints_fed_back_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["people.id"], name=op.f("fk_complaints_registered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["people.id"], name=op.f("fk_complaints_requester_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_complaints_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["verifier_id"], ["people.id"], name=op.f("fk_complaints_verifier_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
        sa.UniqueConstraint("opened_by_inbox_id", name=op.f("uq_complaints_opened_by_inbox_id")),
    )
    op.create_index(
        "ix_complaints_open",
        "complaints",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status NOT IN ('rated', 'closed', 'withdrawn')"),
        postgresql_where=sa.text("status NOT IN ('rated', 'closed', 'withdrawn')"),
    )
    op.create_index(
        op.f("ix_complaints_requester_id_submitted_at"),
        "complaints",
        ["requester_id", "submitted_at"],
        unique=False,
    )
    op.create_index(
        "ix_complaints_rings",
        "complaints",
        ["rings_at", "id"],
        unique=False,
        sqlite_where=sa.text("rings_at IS NOT NULL"),
        postgresql_where=sa.text("rings_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_complaints_submitted_at_id"), "complaints", ["submitted_at", "id"], unique=False
    )
    op.create_index(op.f("ix_complaints_ticket_id"), "complaints", ["ticket_id"], unique=False)
    op.create_table(
        "appraisal_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("points_first", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name=op.f("fk_appraisal_facts_complaint_id_complaints"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_appraisal_facts_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_appraisal_facts_made_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_appraisal_facts_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["ratings.id"], name=op.f("fk_appraisal_facts_rating_id_ratings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_facts")),
        sa.UniqueConstraint(
            "complaint_id", "person_id", name=op.f("uq_appraisal_facts_complaint_id_person_id")
        ),
        sa.UniqueConstraint("rating_id", name=op.f("uq_appraisal_facts_rating_id")),
    )
    op.create_index(
        op.f("ix_appraisal_facts_person_id_month"),
        "appraisal_facts",
        ["person_id", "month"],
        unique=False,
    )
    op.create_index(
        op.f("ix_appraisal_facts_state_answered_at"),
        "appraisal_facts",
        ["state", "answered_at"],
        unique=False,
    )
    op.create_table(
        "complaint_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("status_after", sa.String(length=24), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_complaint_events_actor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name=op.f("fk_complaint_events_complaint_id_complaints"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_events")),
    )
    op.create_index(
        op.f("ix_complaint_events_complaint_id_id"),
        "complaint_events",
        ["complaint_id", "id"],
        unique=False,
    )
    op.create_table(
        "complaint_people",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("is_found", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name=op.f("fk_complaint_people_complaint_id_complaints"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_complaint_people_person_id_people")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "person_id", name=op.f("pk_complaint_people")),
    )
    op.create_index(
        op.f("ix_complaint_people_person_id"), "complaint_people", ["person_id"], unique=False
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["people.id"], name=op.f("fk_follow_ups_done_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["ratings.id"], name=op.f("fk_follow_ups_rating_id_ratings")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["people.id"], name=op.f("fk_follow_ups_taken_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_follow_ups_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_follow_ups_rating_id")),
    )
    op.create_index(op.f("ix_follow_ups_done_at"), "follow_ups", ["done_at"], unique=False)
    op.create_index(
        "ix_follow_ups_open",
        "follow_ups",
        ["opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )

    for table in ("attachments", "notices"):
        op.execute(_OF_COMPLAINT.format(table=table))
        _partial(f"ix_{table}_complaint_id", table, "complaint_id")
    op.execute("ALTER TABLE inbox ADD COLUMN is_confidential BOOLEAN DEFAULT false NOT NULL")
    op.add_column("ratings", sa.Column("channel", sa.String(length=24), nullable=True))
    op.add_column("ratings", sa.Column("first", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_ratings_engineer_id_rated_at", "ratings", ["engineer_id", "rated_at"])
    op.create_index("ix_ratings_rated_at", "ratings", ["rated_at"])
    for column in ("device_id", "merged_into_id"):
        # Most tickets have neither: their rows need not be written at each change of a ticket.
        op.drop_index(f"ix_tickets_{column}", table_name="tickets")
        _partial(f"ix_tickets_{column}", "tickets", column)
    _count_ratings()


def _partial(name: str, table: str, column: str) -> None:
    only = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], sqlite_where=only, postgresql_where=only)


def _count_ratings() -> None:
    """Each rating of somebody else's work is a fact, as from now on each new one is."""
    connection, last = op.get_bind(), 0
    asked = (
        sa.select(_ratings)
        .where(
            _ratings.c.id > sa.bindparam("after"),
            _ratings.c.engineer_id.is_not(None),
            _ratings.c.engineer_id != _ratings.c.requester_id,
        )
        .order_by(_ratings.c.id)
        .limit(_BATCH)
    )
    while rows := connection.execute(asked, {"after": last}).all():
        connection.execute(sa.insert(_facts), [_fact(row) for row in rows])
        last = rows[-1].id


def _fact(row: Any) -> dict[str, Any]:
    parts = (row.speed, row.attitude, row.result)
    points = -1 if min(parts) <= 2 else int(min(parts) == 5)
    at = row.rated_at if row.rated_at.tzinfo else row.rated_at.replace(tzinfo=UTC)
    return {
        "person_id": row.engineer_id,
        "kind": "rating",
        "rating_id": row.id,
        "month": f"{at.astimezone(_CHINA):%Y-%m}",
        "points": points,
        "points_first": points,
        "words": "",
        "made_at": at,
        "answer_until": at + _ANSWER_WITHIN,
        "state": "stands",
    }
