"""What the desk's own database holds when the phones have had their say."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from domain.category import Category
from domain.lifecycle import Action
from domain.permissions import Role
from models import Activity, Attachment, AttachmentState, Database, Person, Rating, Ticket
from services import people


class Records:
    """The database of one demonstration, by ticket number."""

    def __init__(self, file: Path) -> None:
        self.database = Database(f"sqlite:///{file}")

    def ticket(self, number: str) -> Ticket:
        with self.database.reading() as session:
            found = session.scalars(select(Ticket).filter_by(number=number)).one()
            session.expunge(found)
            return found

    def count_tickets(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count(Ticket.id))) or 0

    def engineer_of(self, number: str) -> str | None:
        engineer = select(Person.name).join(Ticket, Ticket.assignee_id == Person.id)
        with self.database.reading() as session:
            return session.scalar(engineer.where(Ticket.number == number))

    def scores(self, number: str) -> list[tuple[int, int, int]]:
        scores = select(Rating.speed, Rating.attitude, Rating.result).join(Ticket)
        with self.database.reading() as session:
            return [(a, b, c) for a, b, c in session.execute(scores.where(Ticket.number == number))]

    def saved_media(self, number: str) -> list[str]:
        kinds = select(Attachment.kind).join(Ticket).where(Ticket.number == number)
        with self.database.reading() as session:
            return list(session.scalars(kinds.where(Attachment.state == AttachmentState.SAVED)))

    def reasons(self, number: str, action: Action) -> str:
        """Whatever was written down with these acts."""
        details = select(Activity.detail).join(Ticket).where(Ticket.number == number)
        with self.database.reading() as session:
            return str(list(session.scalars(details.where(Activity.action == action))))

    def employ(
        self, openid: str, name: str, phone: str, skill: Category, joined_at: datetime
    ) -> None:
        """Somebody who is known already and works here; they have not signed in."""
        roles = frozenset({Role.REQUESTER, Role.ENGINEER})
        skills = frozenset({skill})
        new = people.NewPerson(name, roles, phone, skills=skills, areas=("A座",), openid=openid)
        with self.database.transaction() as session:
            people.add(session, new, joined_at)
