"""What a change of the dictionary would change: counted and listed before it is saved (F6)."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.understanding import Truth
from models import StoredReading, table_of
from nlp import lessons
from services.readings import live
from services.readings.live import Row

if TYPE_CHECKING:
    from services.desk import Desk

NEWEST = 500  # readings that are read again
_LABELLED = 2000  # that are looked through for those held back

_rows = table_of(StoredReading)


@dataclass(frozen=True, slots=True)
class Shift:
    """One sentence that would be read otherwise; `truth` where it is known."""

    text: str
    before: tuple[str, str, str]  # intent, category, urgency
    after: tuple[str, str, str]
    truth: tuple[str | None, str | None]

    @property
    def is_gain(self) -> bool:
        return self._right(self.after) > self._right(self.before)

    @property
    def is_loss(self) -> bool:
        return self._right(self.after) < self._right(self.before)

    def _right(self, read: tuple[str, str, str]) -> int:
        return sum(
            true is not None and true == said for true, said in zip(self.truth, read, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Preview:
    looked_at: int
    shifts: tuple[Shift, ...]

    @property
    def gains(self) -> int:
        return sum(each.is_gain for each in self.shifts)

    @property
    def losses(self) -> int:
        return sum(each.is_loss for each in self.shifts)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be tried, and the truths beside it."""

    job: dict[str, Any]
    truths: tuple[tuple[str | None, str | None], ...]


def asked(desk: "Desk", wanted: Sequence[Row]) -> Asked:
    """The newest readings and those held back, by the words as they are and as wanted."""
    demand(desk.actor.roles, Permission.READING_MANAGE)
    session = desk.session
    stands = live.standing(session)
    found = _sentences(session)
    job = {
        "texts": list(found),
        "now": list(stands.words),
        "wanted": list(wanted),
        "old": packed(session, stands.model_id),
    }
    return Asked(job, tuple(found.values()))


def packed(session: Session, model_id: int | None) -> dict[str, Any] | None:
    """Weights as a job carries them; None: those that came with the release."""
    if model_id is None:
        return None
    content, card = live.weights(session, model_id)
    return {"weights": b64encode(content).decode(), "card": dict(card)}


def told(what: Asked, read: dict[str, Any]) -> Preview:
    """What came back of the job."""
    pairs = zip(what.job["texts"], read["now"], read["wanted"], what.truths, strict=True)
    shifts = (
        Shift(text, tuple(before), tuple(after), truth)
        for text, before, after, truth in pairs
        if before != after
    )
    return Preview(len(what.job["texts"]), tuple(shifts))


def _sentences(session: Session) -> dict[str, tuple[str | None, str | None]]:
    columns = (_rows.c.text, _rows.c.true_intent, _rows.c.true_category, _rows.c.truth)
    newest = select(*columns).order_by(_rows.c.id.desc())
    known = or_(_rows.c.truth == Truth.LABELLED, _rows.c.truth == Truth.CORRECTED)
    found: dict[str, tuple[str | None, str | None]] = {}
    for row in session.execute(newest.limit(NEWEST)):
        found.setdefault(row.text, _truth(row))
    for row in session.execute(newest.where(known).limit(_LABELLED)):
        if lessons.is_held(row.text):
            found.setdefault(row.text, _truth(row))
    return found


def _truth(row: Any) -> tuple[str | None, str | None]:
    if row.truth is None or row.truth is Truth.CONFIRMED:
        return None, None
    return row.true_intent, row.true_category.value if row.true_category else None
