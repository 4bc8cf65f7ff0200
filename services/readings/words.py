"""The admin's own dictionary: names never cut, synonyms, words that speak for a heading (F6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from domain.understanding import WordKind
from models import OwnWord, Person
from nlp import lexicon
from nlp.normalize import folded
from services import audit
from services.readings.live import Row

if TYPE_CHECKING:
    from services.desk import Desk

MOST = 500  # words; each process holds them all
LONGEST = 40  # characters


class WordRefused(Refusal):
    """A word that cannot be, and why."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.text_key = f"reading.word.{problem}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word as it shall be; folded, as messages are before they are read."""

    word: str
    kind: WordKind
    means: str | None = None

    @property
    def row(self) -> Row:
        return self.word, self.kind, self.means


@dataclass(frozen=True, slots=True)
class WordRow:
    id: int
    word: str
    kind: WordKind
    means: str | None
    is_active: bool
    changed_by: str | None
    changed_at: datetime


def wanted(word: str, kind: WordKind, means: str = "") -> Wanted:
    """WordRefused for what cannot be a word of this kind."""
    word, means = folded(word), folded(means)
    if not 1 < len(word) <= LONGEST:
        raise WordRefused("length")
    if " " in word and kind is not WordKind.SYNONYM:
        raise WordRefused("blank")
    if kind is WordKind.TERM:
        return Wanted(word, kind)
    if kind is WordKind.CONCEPT and means not in lexicon.concepts():
        raise WordRefused("no_heading")
    if kind is WordKind.SYNONYM and (not means or means == word or len(means) > LONGEST):
        raise WordRefused("no_meaning")
    return Wanted(word, kind, means)


def listed(session: Session) -> tuple[WordRow, ...]:
    rows = session.execute(
        select(OwnWord, Person.name)
        .join(Person, Person.id == OwnWord.changed_by_id)
        .order_by(OwnWord.kind, OwnWord.word)
    )
    return tuple(
        WordRow(each.id, each.word, each.kind, each.means, each.is_active, name, each.changed_at)
        for each, name in rows
    )


def put(desk: "Desk", new: Wanted) -> None:
    """Every process reads by it within seconds; the same word with another meaning is changed."""
    demand(desk.actor.roles, Permission.READING_MANAGE)
    session = desk.session
    row = session.scalar(
        select(OwnWord).where(OwnWord.word == new.word, OwnWord.kind == new.kind).with_for_update()
    )
    if row is None:
        if (session.scalar(select(func.count()).select_from(OwnWord)) or 0) >= MOST:
            raise WordRefused("too_many")
        row = OwnWord(word=new.word, kind=new.kind)
        session.add(row)
        before = None
    else:
        before = _facts(row)
    row.means, row.is_active = new.means, True
    row.changed_by_id, row.changed_at = desk.actor.id, desk.now
    session.flush()
    audit.done_by(desk, "own_word.put", f"word:{new.word}", before, _facts(row))


def take_out(desk: "Desk", word_id: int) -> None:
    """Nobody reads by it any more; what it was stands in the record."""
    demand(desk.actor.roles, Permission.READING_MANAGE)
    row = desk.session.get(OwnWord, word_id, with_for_update=True)
    if row is None:
        raise NotFound()
    audit.done_by(desk, "own_word.take_out", f"word:{row.word}", _facts(row), None)
    desk.session.delete(row)
    desk.session.flush()


def _facts(row: OwnWord) -> dict[str, object]:
    return {"word": row.word, "word_kind": row.kind.value, "means": row.means}
