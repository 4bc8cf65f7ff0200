"""What a removal would do: how many of each kind go, and what stays because real people have it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.permissions import Permission, demand
from models import (
    Activity,
    Article,
    ArticleVersion,
    Attachment,
    Device,
    Person,
    SampleKind,
    Shift,
    Ticket,
)
from services.samples import marks
from services.samples.reach import Gone, ids_of, reach

if TYPE_CHECKING:
    from services.desk import Desk

SHOWN = ("people", "devices", "articles", "tickets", "complaints", "duties", "notices")
"""Tables whose rows a reader counts by name; everything else is counted together."""

_NAMED: dict[SampleKind, tuple[Any, InstrumentedAttribute[Any]]] = {
    SampleKind.PERSON: (Person, Person.name),
    SampleKind.DEVICE: (Device, Device.name),
    SampleKind.SHIFT: (Shift, Shift.name),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """`gone`: every row that goes. The rest says what a reader should know before."""

    gone: Gone
    touched: tuple[str, ...]  # numbers of sample tickets in which somebody real acted
    freed: tuple[str, ...]  # numbers of real tickets that a sample had to do with
    kept: tuple[str, ...]  # names of samples that somebody made their own

    @property
    def is_empty(self) -> bool:
        return not any(self.gone.values()) and not self.kept

    @property
    def counts(self) -> dict[str, int]:
        found = {name: len(self.gone.get(name, ())) for name in SHOWN}
        rest = sum(len(keys) for name, keys in self.gone.items() if name not in SHOWN)
        return {**found, "others": rest}


def plan(desk: "Desk") -> Plan:
    """Asks only; `remove` does what this says."""
    demand(desk.actor.roles, Permission.SAMPLE_REMOVE)
    session = desk.session
    people, kept_people = _unchanged(session, SampleKind.PERSON)
    people, joined = _not_joined(session, people)
    devices, kept_devices = _unchanged(session, SampleKind.DEVICE)
    shifts, kept_shifts = _unchanged(session, SampleKind.SHIFT)
    articles, kept_articles = _articles(session)
    tickets = {
        *session.scalars(select(Ticket.id).where(Ticket.requester_id.in_(people))),
        *_still_there(session, marks.marked(session, SampleKind.TICKET)),
    }
    loose = session.scalars(_loose_of(people))
    gone = reach(
        session,
        [
            ("people", people),
            ("devices", devices),
            ("shifts", shifts),
            ("articles", articles),
            ("tickets", tickets),
            ("attachments", list(loose)),
        ],
    )
    kept = (*kept_people, *joined, *kept_devices, *kept_shifts, *kept_articles)
    return Plan(gone, _touched(session, gone), _freed(session, gone), kept)


def _unchanged(session: Session, kind: SampleKind) -> tuple[list[int], list[str]]:
    """Those that are called as they were when they came; the names of those that are not."""
    called = marks.marked(session, kind)
    model, name = _NAMED[kind]
    rows = session.execute(select(model.id, name).where(model.id.in_(called))).all()
    samples = [row[0] for row in rows if row[1] == called[row[0]]]
    return samples, [row[1] or "" for row in rows if row[1] != called[row[0]]]


def _not_joined(session: Session, people: Collection[int]) -> tuple[list[int], list[str]]:
    """Whoever joined by a sample's code brought their own reports and talks along."""
    rows = session.execute(
        select(Person.id, Person.name, Person.openid).where(Person.id.in_(people))
    )
    found = rows.all()
    free = [row.id for row in found if row.openid is None]
    return free, [row.name or "" for row in found if row.openid is not None]


def _articles(session: Session) -> tuple[list[int], list[str]]:
    """An article that somebody real has worked on is theirs."""
    called = marks.marked(session, SampleKind.ARTICLE)
    people = marks.marked(session, SampleKind.PERSON)
    there = session.scalars(select(Article.id).where(Article.id.in_(called))).all()
    changed = set(
        session.scalars(
            select(ArticleVersion.article_id).where(
                ArticleVersion.article_id.in_(there), ArticleVersion.written_by_id.not_in(people)
            )
        )
    )
    kept = [called[each] for each in there if each in changed]
    return [each for each in there if each not in changed], kept


def _still_there(session: Session, ids: Collection[int]) -> list[int]:
    return list(session.scalars(select(Ticket.id).where(Ticket.id.in_(ids))))


def _loose_of(people: Collection[int]) -> Any:
    """What waits for a report that a sample will never make."""
    return select(Attachment.id).where(
        Attachment.person_id.in_(people),
        Attachment.ticket_id.is_(None),
        Attachment.complaint_id.is_(None),
    )


def _touched(session: Session, gone: Gone) -> tuple[str, ...]:
    people, tickets = ids_of(gone, "people"), ids_of(gone, "tickets")
    acted = select(Activity.ticket_id).where(
        Activity.ticket_id.in_(tickets), Activity.actor_id.not_in(people)
    )
    return _numbers(session, select(Ticket.number).where(Ticket.id.in_(acted)))


def _freed(session: Session, gone: Gone) -> tuple[str, ...]:
    """Where a sample works, helps, took it down, is the device or the whole; or once acted."""
    people, tickets = ids_of(gone, "people"), ids_of(gone, "tickets")
    acted = select(Activity.ticket_id).where(Activity.actor_id.in_(people))
    return _numbers(
        session,
        select(Ticket.number).where(
            Ticket.id.not_in(tickets),
            Ticket.assignee_id.in_(people)
            | Ticket.supporter_id.in_(people)
            | Ticket.opened_by_id.in_(people)
            | Ticket.device_id.in_(ids_of(gone, "devices"))
            | Ticket.merged_into_id.in_(tickets)
            | Ticket.id.in_(acted),
        ),
    )


def _numbers(session: Session, statement: Any) -> tuple[str, ...]:
    return tuple(session.scalars(statement.order_by(Ticket.id)))
