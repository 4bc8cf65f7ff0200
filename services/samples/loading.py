"""Loads the samples: nobody real hears of it, and none of them wakes anybody (C §25)."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.permissions import Permission, Role, demand
from domain.refusals import Refusal
from models import (
    Article,
    AuditEntry,
    Deadline,
    Device,
    Engineer,
    Notice,
    Person,
    SampleKind,
    Shift,
)
from services import audit, devices, people
from services.knowledge import reviewing, writing
from services.people import NewPerson
from services.samples import marks, roster, tickets
from services.samples.contents import Contents
from services.samples.loaded import Loaded
from services.speakers import speaker_of

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

SUBJECT = "samples:all"


class SamplesTaken(Refusal):
    """A number or a code of the samples is somebody's here already."""

    text_key = "sample_data.refusal.taken"


def load(desk: "Desk", contents: Contents) -> Mapping[SampleKind, int]:
    """All of them, or none if they are there; answers how many of each kind."""
    demand(desk.actor.roles, Permission.SAMPLE_REMOVE)
    if marks.are_there(desk.session):
        return {}
    _check_free(desk.session, contents)
    desk = replace(desk, inbox_id=None)  # the form opened none of these tickets by itself (I2)
    loaded = Loaded()
    _people(desk, contents, loaded)
    _devices(desk, contents, loaded)
    _articles(desk, contents, loaded)
    roster.load(desk, contents.shift, loaded)
    tickets.load(desk, contents, loaded)
    _be_quiet(desk.session, loaded)
    counts = {kind.value: count for kind, count in loaded.counts.items()}
    audit.done_by(desk, "samples.load", SUBJECT, None, counts)
    log.info("samples_loaded actor=%s", desk.actor.id)
    return loaded.counts


def _check_free(session: Session, contents: Contents) -> None:
    numbers = [row["staff_number"] for row in contents.people]
    codes = [row["code"] for row in contents.devices]
    taken = [
        *session.scalars(select(Person.staff_number).where(Person.staff_number.in_(numbers))),
        *session.scalars(select(Device.code).where(Device.code.in_(codes))),
        *session.scalars(select(Shift.name).where(Shift.name == contents.shift["name"])),
    ]
    if taken:
        raise SamplesTaken(numbers=", ".join(filter(None, taken)))


def _people(desk: "Desk", contents: Contents, loaded: Loaded) -> None:
    """Without WeChat: nothing is given to them by itself, and nothing is sent to them."""
    session = desk.session
    for row in contents.people:
        person = people.add(session, _new_person(row), desk.now)
        loaded.note(session, SampleKind.PERSON, person.id, person.name or "")
        loaded.people[row["staff_number"]] = speaker_of(person)
        if engineer := session.get(Engineer, person.id):
            engineer.is_on_duty, engineer.signed_at = True, desk.now
    session.flush()


def _new_person(row: Mapping[str, Any]) -> NewPerson:
    return NewPerson(
        name=row["name"],
        roles=frozenset({Role.REQUESTER, *map(Role, row["roles"])}),
        department=row["department"],
        office=row.get("office"),
        extension=row["extension"],
        skills=frozenset(map(Category, row.get("skills", ()))),
        areas=tuple(row.get("areas", ())),
        level=row.get("level", 1),
        staff_number=row["staff_number"],
    )


def _devices(desk: "Desk", contents: Contents, loaded: Loaded) -> None:
    for row in contents.devices:
        facts = {**row, "category": Category(row["category"])}
        owner = facts.pop("owner", None)
        facts["owner_id"] = loaded.people[owner].id if owner else None
        device = devices.add(desk.session, devices.NewDevice(**facts), desk.now)
        loaded.note(desk.session, SampleKind.DEVICE, device.id, device.name)


def _articles(desk: "Desk", contents: Contents, loaded: Loaded) -> None:
    """Written by an engineer and published by the clerk, as articles are (K2)."""
    written = replace(desk, actor=loaded.engineers()[0])
    reviewed = replace(desk, actor=loaded.clerk(contents.clerk))
    for wording in contents.articles:
        article = writing.create(written, wording)
        writing.submit(written, article.number)
        reviewing.publish(reviewed, article.number)
        loaded.note(desk.session, SampleKind.ARTICLE, article.id, wording.title)


def _be_quiet(session: Session, loaded: Loaded) -> None:
    """What the samples did is no act of anybody's: nobody is told, nobody is rung for it."""
    session.flush()
    everybody = [each.id for each in loaded.people.values()]
    of_tickets = list(marks.marked(session, SampleKind.TICKET))
    for statement in (
        delete(Notice).where(
            or_(Notice.ticket_id.in_(of_tickets), Notice.recipient_id.in_(everybody))
        ),
        delete(Notice).where(Notice.id.in_(_of_articles(session))),
        delete(Deadline).where(Deadline.ticket_id.in_(of_tickets)),
        delete(AuditEntry).where(AuditEntry.actor_id.in_(everybody)),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def _of_articles(session: Session) -> list[int]:
    """Those that the desk was just told of the samples' articles."""
    ids = list(marks.marked(session, SampleKind.ARTICLE))
    numbers = set(session.scalars(select(Article.number).where(Article.id.in_(ids))))
    told = select(Notice.id, Notice.say).where(Notice.text_key == "knowledge.told.submitted")
    return [
        row.id
        for row in session.execute(told)
        if row.say.get("facts", {}).get("article") in numbers
    ]
