"""Complaints as figures: what came, what was decided, in time or not, how it was judged (C1–C4).

A complaint counts in the month in which it was made, and only for readers who may see it: whom it
concerns finds the same figures as if it had never been (P8).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)

from domain.complaints import (
    ComplaintAction,
    ComplaintRing,
    ComplaintStatus,
    Verdict,
)
from domain.months import Month
from domain.permissions import Permission, demand
from domain.satisfaction import FEW, Answers
from models import Complaint, ComplaintEvent, ComplaintPerson, Person, Ticket
from services.complaints.records import visible_to
from services.satisfaction import By, Wanted, called, written

if TYPE_CHECKING:
    from services.desk import Desk

_DECIDED = (
    ComplaintStatus.DECIDED,
    ComplaintStatus.FED_BACK,
    ComplaintStatus.RATED,
    ComplaintStatus.CLOSED,
)
_ASKED = (ComplaintStatus.FED_BACK, ComplaintStatus.RATED, ComplaintStatus.CLOSED)
_LATE = (ComplaintRing.VERIFY_DUE, ComplaintRing.DECIDE_DUE, ComplaintRing.FEED_BACK_DUE)


@dataclass(frozen=True, slots=True)
class Handled:
    """How complaints were handled; received is the sum of the five that follow it."""

    received: int = 0
    upheld: int = 0
    partly: int = 0
    not_upheld: int = 0
    withdrawn: int = 0
    undecided: int = 0
    late: int = 0  # some step was not done in its time
    objected: int = 0
    asked: int = 0  # for a rating of the handling: told the decision, and not objecting to it
    answered: int = 0
    process: int = 0
    outcome: int = 0

    @property
    def in_time(self) -> int:
        return self.received - self.late

    @property
    def of_process(self) -> Answers:
        return Answers(self.answered, self.process, self.asked)

    @property
    def of_outcome(self) -> Answers:
        return Answers(self.answered, self.outcome, self.asked)

    @property
    def answered_tenths(self) -> int | None:
        return self.answered * 1000 // self.asked if self.asked else None

    def hundredths(self, total: int) -> int | None:
        """The mean of one part, rounded down; None where it would name people."""
        return total * 100 // self.answered if self.answered >= FEW else None


@dataclass(frozen=True, slots=True)
class Line:
    """Complaints of one engineer, team or whatever; one that names two people has two lines."""

    value: str
    called: str
    handled: Handled


def month(desk: "Desk", wanted: Wanted) -> Handled:
    """A month's, as far as the reader may see them."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    counted = _counted(desk, wanted, (wanted.month, wanted.month))
    return _handled(desk.session.execute(select(*_sums(counted))).one())


def trend(desk: "Desk", wanted: Wanted, months: int = 12) -> tuple[tuple[Month, Handled], ...]:
    """The same, for the months up to the wanted one."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    span = [wanted.month.moved(-back) for back in reversed(range(months))]
    counted = _counted(desk, wanted, (span[0], span[-1]))
    place = case(*((counted.c.at < month.ends_at, number) for number, month in enumerate(span)))
    rows = desk.session.execute(select(place, *_sums(counted)).group_by(place))
    found = {row[0]: _handled(row[1:]) for row in rows}
    return tuple((each, found.get(number, Handled())) for number, each in enumerate(span))


def lines(desk: "Desk", wanted: Wanted, by: By) -> tuple[Line, ...]:
    """Who was complained of most first; engineers and teams are those whom the findings name."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    counted = _counted(desk, wanted, (wanted.month, wanted.month))
    column, joined = _spread(counted, by)
    rows = desk.session.execute(
        select(column, *_sums(counted)).select_from(joined).group_by(column)
    ).all()
    names = called(desk.session, by, [row[0] for row in rows if row[0] is not None])
    made = [Line(written(row[0]), names.get(row[0], ""), _handled(row[1:])) for row in rows]
    return tuple(sorted(made, key=lambda line: (-line.handled.received, line.value)))


def _handled(sums: Any) -> Handled:
    return Handled(*(int(each or 0) for each in sums))


# --- one row for each complaint -------------------------------------------------------------------


def _counted(desk: "Desk", wanted: Wanted, span: tuple[Month, Month]) -> Subquery:
    """Complaints of these months that the reader may see; ix_complaints_submitted_at_id."""
    is_withdrawn = Complaint.status == ComplaintStatus.WITHDRAWN
    is_decided = Complaint.status.in_(_DECIDED)
    is_asked, is_rated = Complaint.status.in_(_ASKED), Complaint.status == ComplaintStatus.RATED
    return (
        select(
            Complaint.id.label("id"),
            Complaint.submitted_at.label("at"),
            Complaint.contact_department.label("department"),
            Ticket.category.label("category"),
            Ticket.contact_office.label("office"),
            _one_if(and_(is_decided, Complaint.verdict == Verdict.UPHELD)).label("upheld"),
            _one_if(and_(is_decided, Complaint.verdict == Verdict.PARTLY)).label("partly"),
            _one_if(and_(is_decided, Complaint.verdict == Verdict.NOT_UPHELD)).label("not_upheld"),
            _one_if(is_withdrawn).label("withdrawn"),
            _one_if(~or_(is_withdrawn, is_decided)).label("undecided"),
            _one_if(_is_late(desk)).label("late"),
            _one_if(Complaint.objected_at.is_not(None)).label("objected"),
            _one_if(is_asked).label("asked"),
            _one_if(is_rated).label("answered"),
            case((is_rated, Complaint.process), else_=0).label("process"),
            case((is_rated, Complaint.outcome), else_=0).label("outcome"),
        )
        .join_from(Complaint, Ticket, Ticket.id == Complaint.ticket_id, isouter=True)
        .where(
            Complaint.submitted_at >= span[0].begins_at,
            Complaint.submitted_at < span[1].ends_at,
            visible_to(desk),
            *_narrowed(wanted),
        )
        .subquery("counted")
    )


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _is_late(desk: "Desk") -> ColumnElement[bool]:
    """The clock said so when a step's time was over, or its time is over now."""
    rang = exists().where(
        ComplaintEvent.complaint_id == Complaint.id,
        ComplaintEvent.action == ComplaintAction.REMIND,
        ComplaintEvent.detail["ring"].as_string().in_([each.value for each in _LATE]),
    )
    return or_(rang, and_(Complaint.ended_at.is_(None), Complaint.due_at < desk.now))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.category is not None:
        found.append(Ticket.category == wanted.category)
    if wanted.office:
        found.append(Ticket.contact_office == wanted.office)
    if wanted.department:
        found.append(Complaint.contact_department == wanted.department)
    if wanted.engineer_id is not None:
        found.append(_names(Person.id == wanted.engineer_id))
    if wanted.team_id is not None:
        found.append(_names(Person.team_id == wanted.team_id))
    return found


def _names(whom: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the findings name somebody of these."""
    return exists().where(
        ComplaintPerson.complaint_id == Complaint.id,
        ComplaintPerson.is_found,
        Person.id == ComplaintPerson.person_id,
        whom,
    )


# --- sums -----------------------------------------------------------------------------------------

_SUMMED = (
    "upheld",
    "partly",
    "not_upheld",
    "withdrawn",
    "undecided",
    "late",
    "objected",
    "asked",
    "answered",
    "process",
    "outcome",
)


def _sums(counted: Subquery) -> tuple[ColumnElement[Any], ...]:
    return func.count(counted.c.id), *(func.sum(counted.c[name]) for name in _SUMMED)


def _spread(counted: Subquery, by: By) -> tuple[Any, Any]:
    """The column of the lines, and the rows that it is of."""
    if by not in (By.ENGINEER, By.TEAM):
        return counted.c[by.value], counted
    named = _named(by).subquery("named")
    joined = counted.outerjoin(named, named.c.complaint_id == counted.c.id)
    return named.c.value, joined


def _named(by: By) -> Select[Any]:
    """Whom findings name; two of one team are one line of it."""
    value: Any = Person.id if by is By.ENGINEER else Person.team_id
    return (
        select(ComplaintPerson.complaint_id.label("complaint_id"), value.label("value"))
        .join(Person, Person.id == ComplaintPerson.person_id)
        .where(ComplaintPerson.is_found)
        .distinct()
    )
