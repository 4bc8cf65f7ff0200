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
_ATTACHMENTS_OF = (
    "ALTER TABLE attachments ADD COLUMN complaint_id INTEGER"
    " CONSTRAINT fk_attachments_complaint_id_complaints REFERENCES complaints (id)"
)
_NOTICES_OF = (
    "ALTER TABLE notices ADD COLUMN complaint_id INTEGER"
    " CONSTRAINT fk_notices_complaint_id_complaints REFERENCES complaints (id)"
)
_HAS_COMPLAINT = sa.text("complaint_id IS NOT NULL")

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
_duties = sa.table("duties", sa.column("pattern_id", sa.Integer), sa.column("begins_at", _instant))
_patterns = sa.table(
    "roster_patterns", sa.column("id", sa.Integer), sa.column("filled_until", sa.Date)
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
        op.f("ix_appraisal_facts_month_person_id"),
        "appraisal_facts",
        ["month", "person_id"],
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

    op.execute(_ATTACHMENTS_OF)
    op.execute(_NOTICES_OF)
    _partial("attachments", "complaint_id", _HAS_COMPLAINT)
    _partial("notices", "complaint_id", _HAS_COMPLAINT)
    op.execute("ALTER TABLE inbox ADD COLUMN is_confidential BOOLEAN DEFAULT false NOT NULL")
    op.add_column("ratings", sa.Column("channel", sa.String(length=24), nullable=True))
    op.add_column("ratings", sa.Column("first", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_ratings_engineer_id_rated_at", "ratings", ["engineer_id", "rated_at"])
    op.create_index("ix_ratings_rated_at", "ratings", ["rated_at"])
    _partial("tickets", "closed_at", sa.text("closed_at IS NOT NULL"))
    op.add_column("roster_patterns", sa.Column("filled_until", sa.Date(), nullable=True))
    _note_filled()
    op.add_column("duties", sa.Column("changed_at", _instant, nullable=True))
    op.execute("ALTER TABLE duties ADD COLUMN revision INTEGER DEFAULT 0 NOT NULL")
    # Most tickets have neither: their rows need not be written at each change of a ticket.
    op.drop_index("ix_tickets_device_id", table_name="tickets")
    op.drop_index("ix_tickets_merged_into_id", table_name="tickets")
    _partial("tickets", "device_id", sa.text("device_id IS NOT NULL"))
    _partial("tickets", "merged_into_id", sa.text("merged_into_id IS NOT NULL"))
    # What somebody ended, newest first, without sorting all that they ever had.
    op.drop_index("ix_tickets_assignee_id_status", table_name="tickets")
    op.create_index(
        "ix_tickets_assignee_id_status_opened_at", "tickets", ["assignee_id", "status", "opened_at"]
    )
    _count_ratings()


def _partial(table: str, column: str, only: sa.TextClause) -> None:
    name = f"ix_{table}_{column}"
    op.create_index(name, table, [column], sqlite_where=only, postgresql_where=only)


def _note_filled() -> None:
    """What was planned from a pattern by hand stays as it is."""
    connection = op.get_bind()
    asked = sa.select(_duties.c.pattern_id, sa.func.max(_duties.c.begins_at).label("last"))
    asked = asked.where(_duties.c.pattern_id.is_not(None)).group_by(_duties.c.pattern_id)
    for row in connection.execute(asked).all():
        at = row.last if row.last.tzinfo else row.last.replace(tzinfo=UTC)
        values = {"filled_until": at.astimezone(_CHINA).date()}
        of_it = _patterns.c.id == row.pattern_id
        connection.execute(sa.update(_patterns).where(of_it).values(values))


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
