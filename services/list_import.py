"""A list that was uploaded: kept until it is confirmed, shown as it would work, taken in (C §17).

The file waits as a draft of whoever uploaded it, so that any process may take it in. What is shown
and what is done are both planned from it anew: in between the desk goes on.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.office import ChangedMeanwhile
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound
from domain.sentence import Say
from models import Draft
from nlp.initials import initials_of
from services import audit, binding, device_import, roster_import
from services.roster_file import FileRefused, Line, lines_of
from services.roster_import import Fate
from services.roster_rows import Wrong, read_roster

if TYPE_CHECKING:
    from services.desk import Desk

MOST_ROWS = 5000
NEEDS = {"people": Permission.PERSON_MANAGE, "devices": Permission.DEVICE_MANAGE}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list and what becomes of it."""

    number: int
    fate: Fate
    called: str
    facts: Mapping[str, Any]
    changes: tuple[audit.Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What the list would do now; `mark` is of exactly this."""

    kind: str
    file_name: str
    lines: Sequence[Line]
    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]
    passed_over: int

    def of(self, fate: Fate) -> list[Row]:
        return [row for row in self.rows if row.fate is fate]

    @property
    def mark(self) -> str:
        told = [(row.number, row.fate.value, repr(row.changes)) for row in self.rows]
        wrong = [(each.row, each.column, each.why.key) for each in self.wrong]
        return hashlib.sha256(repr((told, wrong)).encode()).hexdigest()[:16]

    @property
    def why(self) -> dict[int, list[Say]]:
        """By row what is wrong with it."""
        found: dict[int, list[Say]] = {}
        for each in self.wrong:
            facts = {"column": each.column or None, "why": each.why}
            found.setdefault(each.row, []).append(Say("admin.imports.wrong_cell", facts))
        return found


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it; `codes`: with what new staff join, shown once."""

    new: int
    changed: int
    wrong: int
    codes: tuple[tuple[str, str], ...]


def keep(desk: "Desk", kind: str, file_name: str, content: bytes) -> None:
    """Until it is confirmed; FileRefused for what is no list, or too large."""
    demand(desk.actor.roles, NEEDS[kind])
    _planned(desk.session, kind, file_name, content)  # what cannot be shown is not kept
    draft = desk.session.get(Draft, (desk.actor.id, _place(kind)))
    if draft is None:
        draft = Draft(person_id=desk.actor.id, place=_place(kind))
        desk.session.add(draft)
    name = " ".join(file_name.split())[-80:]
    draft.text = f"{name}\n{base64.b64encode(content).decode()}"
    draft.saved_at = desk.now


def preview(desk: "Desk", kind: str) -> Preview:
    """What the kept list would do; NotFound if there is none."""
    demand(desk.actor.roles, NEEDS[kind])
    draft = desk.session.get(Draft, (desk.actor.id, _place(kind)))
    if draft is None:
        raise NotFound()
    name, _, content = draft.text.partition("\n")
    return _planned(desk.session, kind, name, base64.b64decode(content))


def take_in(desk: "Desk", kind: str, mark: str) -> Done:
    """All rows that are right, in one transaction; ChangedMeanwhile if it is not as shown."""
    shown = preview(desk, kind)
    if shown.mark != mark:
        raise ChangedMeanwhile()
    codes = _people_taken(desk, shown) if kind == "people" else _devices_taken(desk, shown)
    drop(desk, kind)
    counts = {fate.value: len(shown.of(fate)) for fate in Fate}
    wrong = len(shown.why)
    audit.done_by(
        desk,
        f"import.{kind}",
        f"import:{kind}",
        None,
        {"name": shown.file_name, **counts, "wrong": wrong},
    )
    return Done(counts["new"], counts["changed"], wrong, codes)


def drop(desk: "Desk", kind: str) -> None:
    """The file is not needed any more."""
    desk.session.execute(
        delete(Draft).where(Draft.person_id == desk.actor.id, Draft.place == _place(kind))
    )


def _place(kind: str) -> str:
    return f"import:{kind}"


# --- what a list would do ----------------------------------------------------------------------


def _planned(session: Session, kind: str, file_name: str, content: bytes) -> Preview:
    lines = lines_of(file_name, content, MOST_ROWS + 1)
    rows, wrong, passed_over = (
        _people(session, lines) if kind == "people" else _devices(session, lines)
    )
    return Preview(kind, file_name, lines, rows, wrong, passed_over)


_Planned = tuple[tuple[Row, ...], tuple[Wrong, ...], int]


def _people(session: Session, lines: Sequence[Line]) -> _Planned:
    planned = roster_import.plan(session, read_roster(lines))
    rows = tuple(
        Row(step.row, step.fate, step.entry.name, _entry_facts(step), _changes(step.changes))
        for step in planned.steps
    )
    return rows, planned.wrong, len(planned.passed_over)


def _entry_facts(step: roster_import.Step) -> dict[str, Any]:
    entry = step.entry
    names = (
        "staff_number",
        "department",
        "office",
        "phone",
        "extension",
        "skills",
        "areas",
        "level",
    )
    facts = {name: getattr(entry, name) for name in names if getattr(entry, name) is not None}
    return {"roles": entry.roles or frozenset({Role.REQUESTER}), **facts}


def _devices(session: Session, lines: Sequence[Line]) -> _Planned:
    planned = device_import.plan(session, lines)
    rows = tuple(
        Row(step.row, step.fate, step.code, dict(step.facts), _changes(step.changes))
        for step in planned.steps
    )
    return rows, planned.wrong, 0


def _changes(changes: Mapping[str, tuple[Any, Any]]) -> tuple[audit.Change, ...]:
    return tuple(audit.Change(name, old, new) for name, (old, new) in changes.items())


def _people_taken(desk: "Desk", shown: Preview) -> tuple[tuple[str, str], ...]:
    """Planned once more in this transaction, on the rows that it will write."""
    planned = roster_import.plan(desk.session, read_roster(shown.lines))
    _refuse_last_admin(desk, planned)
    added = roster_import.apply(desk.session, planned, desk.now)
    for person in added:
        person.initials = initials_of(person.name)
    staff = [person for person in added if person.roles - {Role.REQUESTER}]
    return tuple(
        (person.name or "", binding.issue_code(desk.session, person.id, desk.now))
        for person in staff
    )


def _refuse_last_admin(desk: "Desk", planned: roster_import.Plan) -> None:
    """A list takes nobody's role of admin away: that is done one by one, with a preview."""
    for step in planned.of(Fate.CHANGED):
        before, after = step.changes.get("roles", (frozenset(), frozenset()))
        if Role.ADMIN in before and Role.ADMIN not in after:
            raise FileRefused("admin.imports.takes_admin", row=step.row, name=step.entry.name)


def _devices_taken(desk: "Desk", shown: Preview) -> tuple[tuple[str, str], ...]:
    device_import.apply(desk.session, device_import.plan(desk.session, shown.lines), desk.now)
    return ()
