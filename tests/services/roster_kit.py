"""A small crew with a roster, and its talks on a real database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from domain.calendar import CHINA
from domain.roster import Work
from domain.sentence import from_json
from domain.speaker import Speaker
from models import Database, Duty, Engineer, Notice, Shift
from services.desk import Desk, Rules
from tests.handlers.engineers.conftest import TEXTS, lacking
from tests.handlers.talking import Talk
from tests.services.making import _Acts, all_of

SHIFTS = {
    "白班": (Work.FIELD, 8 * 60, 18 * 60),
    "服务台": (Work.DESK, 8 * 60, 18 * 60),
    "值班": (Work.ON_CALL, 18 * 60, 32 * 60),
}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """An instant of November 2026 by the desk's clock; the 24th is a Tuesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


class Roster:
    """Puts people on shifts, and shows who is on them."""

    def __init__(self, database: Database, planner: Speaker, now: datetime) -> None:
        self._database = database
        self._planner = planner
        self._now = now

    def put(self, person: Speaker, day: int, shift: str = "白班", **facts: Any) -> int:
        """A duty of this person; answers its id."""
        work, begins, ends = SHIFTS[shift]
        midnight = at(day, 0)
        with self._database.transaction() as session:
            kept = session.scalar(select(Shift).where(Shift.name == shift))
            if kept is None:
                kept = Shift(name=shift, work=work, begins=begins, ends=ends)
                session.add(kept)
                session.flush()
            duty = Duty(
                **{
                    "person_id": person.id,
                    "shift_id": kept.id,
                    "work": work,
                    "begins_at": midnight + timedelta(minutes=begins),
                    "ends_at": midnight + timedelta(minutes=ends),
                    "made_by_id": self._planner.id,
                    "made_at": self._now,
                    **facts,
                }
            )
            session.add(duty)
            session.flush()
            return duty.id

    def one(self, duty_id: int) -> Duty:
        (found,) = all_of(self._database, Duty, id=duty_id)
        return found

    def of(self, person: Speaker) -> list[tuple[datetime, datetime]]:
        """When somebody is on, in order."""
        duties = all_of(self._database, Duty, person_id=person.id)
        return sorted((each.begins_at, each.ends_at) for each in duties)

    def is_on_duty(self, person: Speaker) -> bool:
        with self._database.reading() as session:
            return session.get_one(Engineer, person.id).is_on_duty


class _Chat(_Acts):
    """The desk of a talk: each act in a transaction of its own, at the talk's hour."""

    def __init__(
        self, database: Database, rules: Rules, actor: Speaker, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(database, lambda session: Desk(session, clock(), rules, actor))
        self.actor = actor
        self.rules = rules


class Spoken(Talk):
    """A talk whose answers must also be sayable, and can be read."""

    def __init__(self, database: Database, rules: Rules, actor: Speaker, now: datetime) -> None:
        super().__init__(_Chat(database, rules, actor, lambda: self.now), actor, now)

    def hears(self, text: str = "", *, tap: str | None = None, **more: Any) -> "Spoken":
        super().hears(text, tap=tap, **more)
        for say in self.says:
            assert not lacking(say.key, say.facts)
            assert not [lack for b in say.buttons for lack in lacking(b.label, b.facts)]
        return self

    @property
    def read(self) -> str:
        """What the person reads, with the lines to tap."""
        made = [TEXTS.render(say, self.now) for say in self.says]
        return "\n".join(
            each.text + "".join(f"〔{line.label}〕" for line in each.lines) for each in made
        )


def told_words(database: Database, person: Speaker, now: datetime) -> list[str]:
    """What somebody was told, in words."""
    rows = all_of(database, Notice, recipient_id=person.id)
    return [_words(each, now) for each in rows]


def _words(notice: Notice, now: datetime) -> str:
    say = from_json(notice.say)
    assert not lacking(say.key, say.facts)
    made = TEXTS.render(say, now)
    return made.text + "".join(f"〔{line.label}〕" for line in made.lines)


def last_tap(database: Database, person: Speaker, place: int = 0) -> str:
    """What the given line of the newest notice sends when it is tapped."""
    say = from_json(all_of(database, Notice, recipient_id=person.id)[-1].say)
    return say.buttons[place].act
