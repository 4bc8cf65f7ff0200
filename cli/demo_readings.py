"""The demonstration's readings: what the account has read in five weeks, and what it was (F6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cli.context import Desk
from domain.category import Category
from domain.permissions import Role
from domain.understanding import Handling, Truth
from models import Person, Session, StoredReading
from nlp import classifier
from nlp.intents import WITH_CATEGORY, Intent
from nlp.reading import Reading
from services.desk import Desk as Acts
from services.readings import storing
from services.speakers import holds, speaker_of
from settings import ROOT
from wiring import rules_of

READINGS = ROOT / "demo" / "readings.txt"
_WORKDAYS = 25
_OPENS, _MINUTES = 1, 9 * 60  # nine o'clock in Shanghai, and so long people write
_APART = 97  # minutes, over and over: no two days are alike
_SATURDAY = 5
_UNSAID = 4  # each so many-th reading nobody has said anything of: there is something to label
_BY_HAND = 9  # and each so many-th somebody labelled


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote, and what it was."""

    text: str
    intent: Intent
    category: Category | None


def seed_readings(desk: Desk) -> None:
    """Read by the weights that are there; a second run changes nothing."""
    with desk.database.transaction() as session:
        if session.scalar(select(func.count()).select_from(StoredReading)):
            return
        writers, clerk = _writers(session), _holder(session, Role.DESK)
        if not writers or clerk is None:
            return
        all_said = tuple(sentences())
        times = _times(desk.clock(), len(all_said))
        for place, (said, at) in enumerate(zip(all_said, times, strict=True)):
            writer = speaker_of(writers[place % len(writers)])
            _keep(Acts(session, at, rules_of(desk.settings), writer), said, place, clerk.id)


def sentences() -> Iterator[Said]:
    """Those of the file: intent, kind, words."""
    for line in READINGS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            intent, kind, text = line.split(" ", 2)
            yield Said(text, Intent(intent), None if kind == "-" else Category(kind))


def _times(now: datetime, count: int) -> list[datetime]:
    """On working days before today, in working hours, in their order."""
    days = (now - timedelta(days=ago) for ago in range(1, 2 * _WORKDAYS))
    workdays = [day for day in days if day.weekday() < _SATURDAY][:_WORKDAYS]
    opened = [day.replace(hour=_OPENS, minute=0, second=0, microsecond=0) for day in workdays]
    return sorted(
        opened[place % len(opened)] + timedelta(minutes=place * _APART % _MINUTES)
        for place in range(count)
    )


def _keep(acts: Acts, said: Said, place: int, clerk_id: int) -> None:
    read = classifier.read(said.text)
    handling = _handling(read)
    storing.note(acts, read, text=said.text, handling=handling)
    newest = select(StoredReading).order_by(StoredReading.id.desc()).limit(1)
    row = acts.session.scalars(newest).one()
    truth = _truth(read, said, handling, place)
    if truth is None:
        return
    row.true_intent, row.true_category, row.truth = said.intent.value, said.category, truth
    row.truth_at = acts.now + timedelta(hours=2)
    row.truth_by_id = clerk_id if truth in (Truth.CORRECTED, Truth.LABELLED) else acts.actor.id


def _handling(read: Reading) -> Handling:
    """As the account does it, in short: it asks where it is not sure enough."""
    if read.intent is Intent.HUMAN:
        return Handling.HANDED_OVER
    if read.intent_confidence < classifier.ASK_BELOW_INTENT:
        return Handling.NOT_UNDERSTOOD
    if read.intent not in WITH_CATEGORY:
        return Handling.ACTED
    if read.category_confidence < classifier.ASK_BELOW_CATEGORY:
        return Handling.ASKED
    return Handling.ANSWERED if read.intent is Intent.HOWTO else Handling.ACTED


def _truth(read: Reading, said: Said, handling: Handling, place: int) -> Truth | None:
    """Who said what it was: the person asked back, the clerk who put it right, the work done."""
    is_right = (read.intent, read.category) == (said.intent, said.category)
    if said.intent not in WITH_CATEGORY or (is_right and place % _UNSAID == 0):
        return None
    if place % _BY_HAND == 0 or handling is Handling.NOT_UNDERSTOOD:
        return Truth.LABELLED
    if handling is Handling.ASKED:
        return Truth.CHOSEN
    return Truth.WORKED if is_right else Truth.CORRECTED


def _writers(session: Session) -> list[Person]:
    """Who reports in the demonstration; where nobody does, whoever works there."""
    people = session.scalars(select(Person).where(Person.is_active).order_by(Person.id)).all()
    plain = [each for each in people if not set(each.roles) - {Role.REQUESTER}]
    return plain or list(people)


def _holder(session: Session, role: Role) -> Person | None:
    return session.scalar(select(Person).where(holds(role)).order_by(Person.id).limit(1))
