"""What is told of a complaint, and to whom: never to anybody whom it concerns (P8)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.commands import Command, tap
from domain.complaints import Verdict
from domain.permissions import Role
from domain.sentence import Button, Fact, Facts, Page, Say
from models import Complaint, Notice, NoticeState, Person
from services import notices
from services.complaints.records import concerned_in, deciders, impartial

if TYPE_CHECKING:
    from services.desk import Desk

_CARDS = ("complaint_told.reported", "complaint_told.objected")
_LASTS = timedelta(hours=24)  # once the desk is there


def tell(
    session: Session,
    person_id: int,
    complaint: Complaint,
    key: str,
    now: datetime,
    *,
    is_urgent: bool = False,
    valid_until: datetime | None = None,
    buttons: tuple[Button, ...] = (),
    page: Page | None = None,
    facts: Facts | None = None,
) -> None:
    """One notice; whoever it concerns is told nothing, whatever the caller thought."""
    if person_id in concerned_in(session, complaint.id):
        return
    person = session.get_one(Person, person_id)
    if person.openid is None:
        return  # the desk has its list of complaints, and calls who is known by phone alone (F2)
    say = Say(key, {"number": complaint.number, **(facts or {})}, buttons, page)
    row = notices.row(person_id, say, now, complaint_id=complaint.id, is_urgent=is_urgent)
    if valid_until is not None:
        row["valid_until"] = valid_until
    notices.queue(session, [row])


def tell_requester(
    desk: "Desk", complaint: Complaint, key: str, *commands: Command, **facts: Fact
) -> None:
    """Who complained; on their own page, too, wherever they read it."""
    tell(
        desk.session,
        complaint.requester_id,
        complaint,
        key,
        desk.now,
        buttons=tuple(notices.button(each, complaint.number) for each in commands),
        page=page_of(complaint.number),
        facts=facts,
    )


def tell_desk(
    desk: "Desk", complaint: Complaint, key: str, *commands: Command, **facts: Fact
) -> None:
    """Clerks who are not concerned, whoever of them verifies first."""
    people = impartial(desk.session, complaint, Role.DESK)
    _tell_staff(desk, people, complaint, key, commands, facts)


def tell_deciders(
    desk: "Desk", complaint: Complaint, key: str, *commands: Command, **facts: Fact
) -> None:
    """The heads who are not concerned, else the deputy; nobody named: an admin is told that."""
    people = deciders(desk, complaint)
    if not people:
        _tell_that_nobody_decides(desk, complaint)
    _tell_staff(desk, people, complaint, key, commands, facts)


def _tell_that_nobody_decides(desk: "Desk", complaint: Complaint) -> None:
    """To who runs the system, else the desk: neither what it is, nor to anybody concerned."""
    say = Say("complaint_told.no_decider")
    for role in (Role.ADMIN, Role.DESK):
        known = set(impartial(desk.session, complaint, role))
        if people := [each for each in notices.holding(desk.session, role) if each in known]:
            rows = [notices.row(each, say, desk.now, is_urgent=True) for each in people]
            notices.queue(desk.session, rows)
            return


def withdraw_from(desk: "Desk", complaint: Complaint, person_id: int) -> None:
    """They were found to be concerned: what still waits to be told them is not said any more."""
    desk.session.execute(
        update(Notice)
        .where(
            Notice.complaint_id == complaint.id,
            Notice.recipient_id == person_id,
            Notice.state.in_([NoticeState.PENDING, NoticeState.HELD]),
        )
        .values(state=NoticeState.REPLACED, settled_at=desk.now),
        execution_options={"synchronize_session": False},
    )


def _tell_staff(
    desk: "Desk",
    people: Iterable[int],
    complaint: Complaint,
    key: str,
    commands: Iterable[Command],
    facts: Facts,
) -> None:
    buttons = tuple(notices.button(each, complaint.number) for each in commands)
    if key in _CARDS:
        buttons = (*_verdicts(complaint), *buttons)
    hours = desk.rules.hours
    opens = desk.now if hours.is_open(desk.now) else hours.next_opening(desk.now)
    for person_id in people:
        if person_id != desk.actor.id:
            tell(
                desk.session,
                person_id,
                complaint,
                key,
                desk.now,
                is_urgent=True,
                valid_until=opens + _LASTS,
                buttons=buttons,
                facts=facts,
            )


def _verdicts(complaint: Complaint) -> tuple[Button, ...]:
    """The head says at once how it ends, and is asked for the rest."""
    return tuple(
        Button(tap(Command.DECIDE, f"{complaint.number}:{each}"), f"button.{each}")
        for each in (*Verdict, "more")
    )


def page_of(number: str) -> Page:
    """The complainant's page of a complaint."""
    return Page(f"/h5/complaints/{number}", "page.complaint")
