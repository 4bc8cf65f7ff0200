"""What the desk's own database holds when the phones have had their say."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update

from domain.category import Category
from domain.lifecycle import Action
from domain.permissions import Role
from models import (
    Activity,
    Attachment,
    AttachmentState,
    Clerk,
    Conversation,
    Database,
    Engineer,
    Holder,
    Person,
    Purpose,
    Rating,
    Takeover,
    TalkLine,
    Ticket,
)
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

    def media_of(self, number: str, purpose: Purpose) -> int:
        count = select(func.count(Attachment.id)).join(Ticket)
        with self.database.reading() as session:
            return (
                session.scalar(count.filter(Ticket.number == number, Attachment.purpose == purpose))
                or 0
            )

    def openid_of(self, name: str) -> str | None:
        with self.database.reading() as session:
            return session.scalar(select(Person.openid).where(Person.name == name))

    def remark_of(self, openid: str) -> str:
        with self.database.reading() as session:
            return session.scalar(select(Person.remark).where(Person.openid == openid)) or ""

    def holder_of(self, openid: str) -> Holder | None:
        talks = select(Conversation.holder).join(Person, Person.id == Conversation.person_id)
        with self.database.reading() as session:
            return session.scalar(talks.where(Person.openid == openid))

    def is_clerk_online(self, account: str) -> bool:
        with self.database.reading() as session:
            return bool(session.scalar(select(Clerk.is_online).where(Clerk.account == account)))

    def lines_of_the_talk_about(self, number: str) -> list[str]:
        """What has been fetched; what is left is due at once, not minutes from now."""
        of_ticket = select(Ticket.id).where(Ticket.number == number).scalar_subquery()
        mine = Takeover.ticket_id == of_ticket
        with self.database.transaction() as session:
            session.execute(
                update(Takeover)
                .where(mine, Takeover.records_due_at.is_not(None))
                .values(records_due_at=Takeover.asked_at)
            )
            lines = select(TalkLine.text).join(Takeover, Takeover.id == TalkLine.takeover_id)
            return list(session.scalars(lines.where(mine)))

    # --- who is known already --------------------------------------------------------------------

    def know(self, openid: str, name: str, department: str, phone: str, since: datetime) -> None:
        """Somebody who has reported before."""
        self._add(
            people.NewPerson(
                name, frozenset({Role.REQUESTER}), phone, department=department, openid=openid
            ),
            since,
        )

    def employ(
        self,
        openid: str,
        name: str,
        phone: str,
        skill: Category,
        joined_at: datetime,
        area: str = "A座",
    ) -> None:
        """Somebody who is known already and works here; they have not signed in."""
        roles = frozenset({Role.REQUESTER, Role.ENGINEER})
        skills = frozenset({skill})
        self._add(
            people.NewPerson(name, roles, phone, skills=skills, areas=(area,), openid=openid),
            joined_at,
        )

    def put_on_duty(self, openid: str, since: datetime) -> None:
        """By the desk's list, not by a word of theirs."""
        person = select(Person.id).where(Person.openid == openid).scalar_subquery()
        on_duty = update(Engineer).where(Engineer.person_id == person)
        with self.database.transaction() as session:
            session.execute(on_duty.values(is_on_duty=True, signed_at=since))

    def put_off_duty(self, openid: str) -> None:
        person = select(Person.id).where(Person.openid == openid).scalar_subquery()
        with self.database.transaction() as session:
            session.execute(
                update(Engineer).where(Engineer.person_id == person).values(is_on_duty=False)
            )

    def _add(self, new: people.NewPerson, at: datetime) -> None:
        with self.database.transaction() as session:
            people.add(session, new, at)
