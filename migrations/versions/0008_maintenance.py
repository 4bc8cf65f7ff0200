"""Maintenance windows that are planned, told and kept.

Revises 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Windows, the tickets that came in during them, who has read that one is coming."""
    op.create_table(
        "maintenance_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("categories", sa.String(length=200), nullable=False),
        sa.Column("areas", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ahead_hours", sa.Integer(), nullable=False),
        sa.Column("announce_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_maintenance_windows_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "announce_at <= ends_at", name=op.f("ck_maintenance_windows_told_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_maintenance_windows_bulletin_id_bulletins"),
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"],
            ["people.id"],
            name=op.f("fk_maintenance_windows_planned_by_id_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_windows")),
    )
    op.create_index(op.f("ix_maintenance_windows_ends_at"), "maintenance_windows", ["ends_at"])
    op.create_table(
        "maintenance_tickets",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_maintenance_tickets_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"],
            ["maintenance_windows.id"],
            name=op.f("fk_maintenance_tickets_window_id_maintenance_windows"),
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_maintenance_tickets")),
    )
    op.create_index(op.f("ix_maintenance_tickets_window_id"), "maintenance_tickets", ["window_id"])
    op.create_table(
        "maintenance_dismissals",
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["window_id"],
            ["maintenance_windows.id"],
            name=op.f("fk_maintenance_dismissals_window_id_maintenance_windows"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_maintenance_dismissals_person_id_people")
        ),
        sa.PrimaryKeyConstraint("window_id", "person_id", name=op.f("pk_maintenance_dismissals")),
    )
