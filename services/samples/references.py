"""What becomes of a row that points to a sample: it goes along, lets go, or is handed on.

Read off the tables themselves, so that a table which comes later is no hole: what can be empty
is emptied, who made or changed something gives it to whoever removes the samples, the rest goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Column, Table

from models import Base


class Fate(StrEnum):
    GOES = auto()
    LETS_GO = auto()
    HANDED_ON = auto()


_GOES = frozenset(
    {
        "appraisal_facts.complaint_id",
        "appraisal_facts.rating_id",
        "article_uses.person_id",
        "attachments.complaint_id",
        "attachments.ticket_id",
        "canned_replies.owner_id",  # without an owner it would be everybody's
        "notices.complaint_id",
        "notices.ticket_id",
        "readings.person_id",
        "readings.ticket_id",
        "sign_in_scans.person_id",
    }
)
"""What may be empty, and has no sense without the sample."""

_HANDED_ON = frozenset(
    {"articles.owner_id", "attachments.person_id", "bulletins.author_id", "resolutions.engineer_id"}
)
"""Work that stays though a sample did it; so does all whose column ends in `_by_id`."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that points to rows of another table, or of its own."""

    table: Table
    column: Column[Any]
    target: Table
    fate: Fate
    is_early: bool  # emptied before any row goes: a circle of tables, or a table within itself


def references() -> Iterator[Reference]:
    """All of the database."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table
                yield Reference(
                    table, column, target, _fate(column), key.use_alter or target is table
                )


def _fate(column: Column[Any]) -> Fate:
    name = f"{column.table.name}.{column.name}"
    if name in _GOES:
        return Fate.GOES
    if column.nullable:
        return Fate.LETS_GO
    if name in _HANDED_ON or column.name.endswith("_by_id"):
        return Fate.HANDED_ON
    return Fate.GOES
