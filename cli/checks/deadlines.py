"""Whether what is due rings, and whether somebody may decide on every complaint."""

from collections.abc import Iterator

from cli.checks.finding import Finding, Room, look, right, wrong
from models import Person
from services import checkup
from services.complaints import records


def rings(room: Room) -> Iterator[Finding]:
    """Nobody rings: no clock runs, it does not believe its time, or it fails at one of them."""
    with room.database.reading() as session:
        of_tickets = checkup.overdue_deadlines(session, room.now)
        of_complaints = checkup.overdue_complaints(session, room.now)
    found = [
        wrong(key, count=each.count, since=each.since)
        for key, each in (
            ("doctor.rings.tickets", of_tickets),
            ("doctor.rings.complaints", of_complaints),
        )
        if each.count
    ]
    yield from found or [right("doctor.rings.right")]


def deputy(room: Room) -> Iterator[Finding]:
    """Where every head is concerned, the deputy decides: it has to be somebody who is there."""
    number = room.settings.complaints.deputy.strip()
    if not number:
        yield look("doctor.deputy.nobody")
        return
    with room.database.reading() as session:
        found = records.deputy(session, number)
        name = session.get_one(Person, found).name if found else None
    if found is None:
        yield wrong("doctor.deputy.unknown", number=number)
    else:
        yield right("doctor.deputy.right", name=name or number)
