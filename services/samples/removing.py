"""Removes the samples wholly, in one transaction: nothing that stays points to them (C §25)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, delete, update
from sqlalchemy.orm import Session

from models import Base, SampleMark
from services import audit
from services.samples import freeing, planning, scrubbing
from services.samples.loading import SUBJECT
from services.samples.planning import Plan
from services.samples.reach import Gone, chunks, ids_of, is_one_of
from services.samples.references import Fate, Reference, references

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

_UNSYNCED = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, as it was planned, and how many real tickets went back to work."""

    plan: Plan
    freed: int


def remove(desk: "Desk") -> Removed:
    """As `plan` says; where there are none, nothing happens and nothing is recorded."""
    planned = planning.plan(desk)
    if planned.is_empty:
        _forget(desk.session)
        return Removed(planned, 0)
    freed = freeing.free(desk, planned.gone)
    gone = planning.plan(desk).gone  # with what freeing has written, such as notices
    scrubbing.scrub(desk.session, gone)
    _delete(desk.session, gone, desk.actor.id)
    _forget(desk.session)
    audit.done_by(desk, "samples.remove", SUBJECT, _facts(planned), None)
    log.info("samples_removed actor=%s freed=%s", desk.actor.id, freed)
    return Removed(planned, freed)


def _facts(planned: Plan) -> dict[str, Any]:
    return {
        **{name: count for name, count in planned.counts.items() if count},
        "freed": list(planned.freed[:20]),
        "kept": list(planned.kept[:20]),
    }


def _forget(session: Session) -> None:
    session.execute(delete(SampleMark), execution_options=_UNSYNCED)


def _delete(session: Session, gone: Gone, actor_id: int) -> None:
    """Children before parents; what stays of a table lets go before its parents are gone."""
    session.flush()
    known = list(references())
    for each in known:
        if each.is_early and each.fate is Fate.LETS_GO:
            _let_go(session, each, gone, None)
    for table in reversed(Base.metadata.sorted_tables):
        _drop(session, table, gone)
        for each in _of(known, table):
            _let_go(session, each, gone, actor_id if each.fate is Fate.HANDED_ON else None)
    session.expire_all()


def _of(known: list[Reference], table: Table) -> Iterator[Reference]:
    """Columns of a table that stay, but for those that are empty already."""
    return (
        each
        for each in known
        if each.table is table and each.fate is not Fate.GOES and not each.is_early
    )


def _drop(session: Session, table: Table, gone: Gone) -> None:
    for keys in chunks(gone.get(table.name, ())):
        session.execute(delete(table).where(is_one_of(table, keys)), execution_options=_UNSYNCED)


def _let_go(session: Session, each: Reference, gone: Gone, value: int | None) -> None:
    for ids in chunks(ids_of(gone, each.target.name)):
        session.execute(
            update(each.table).where(each.column.in_(ids)).values({each.column.name: value}),
            execution_options=_UNSYNCED,
        )
