"""What has been loaded so far: the people who act, and how much of each kind there is."""

from collections import Counter
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from domain.permissions import Role
from domain.speaker import Speaker
from models import SampleKind
from services.samples import marks


@dataclass(slots=True)
class Loaded:
    """The people who act, by staff number, and how many rows of each kind there are."""

    people: dict[str, Speaker] = field(default_factory=dict)
    counts: Counter[SampleKind] = field(default_factory=Counter)

    def note(self, session: Session, kind: SampleKind, row_id: int, called: str) -> None:
        marks.mark(session, kind, row_id, called)
        self.counts[kind] += 1

    def clerk(self, staff_number: str) -> Speaker:
        """With the desk's rights while loading: a sample that kept them would count as a clerk."""
        person = self.people[staff_number]
        return replace(person, roles=person.roles | {Role.DESK})

    def engineers(self) -> list[Speaker]:
        return [each for each in self.people.values() if Role.ENGINEER in each.roles]
