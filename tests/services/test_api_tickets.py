"""The list of tickets obeys the same table as each ticket does (Y1, reliability §4)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.lifecycle import Status
from domain.permissions import Permission, Role, may
from models import Engineer, Ticket
from services import api_tickets
from services.api_tickets import Wanted
from services.records import stand_of


@pytest.fixture
def tickets(make_ticket, make_person, make_engineer, by, database):
    """One ticket in each relation to 周工 and 王芳."""
    wang, zhou = make_person("王芳"), make_engineer("周工")
    with database.transaction() as session:
        session.get_one(Engineer, zhou.id).areas = ["A座", "100%"]
    make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou)
    by(zhou).decline(make_ticket(Status.ASSIGNED, engineer=zhou).id, "在外面")
    with database.transaction() as session:
        session.get_one(Engineer, zhou.id).is_on_duty = False
    other = make_engineer("李工")
    for place in ("A座305", "B座305", "1000"):
        make_ticket(Status.IN_PROGRESS, requester=wang, engineer=other, place=place)
    ended = make_ticket(Status.CANCELLED, engineer=other, place="A座306")
    supported = make_ticket(requester=zhou)
    with database.transaction() as session:
        session.get_one(Ticket, supported.id).supporter_id = zhou.id
        session.get_one(Ticket, ended.id).supporter_id = wang.id
    return wang, zhou


@pytest.mark.parametrize("role", Role)
def test_the_condition_finds_what_the_table_permits(tickets, database, desk_of, role):
    for person in tickets:
        actor = replace(person, roles=frozenset({role}))
        with database.reading() as session:
            permitted = {
                each.id
                for each in session.scalars(select(Ticket))
                if may(actor.roles, Permission.TICKET_READ, stand_of(session, actor, each))
            }
            listed = api_tickets.tickets(desk_of(session, actor), Wanted(), None, 100)

            assert {each.ticket.id for each in listed} == permitted


def test_the_newest_line_is_the_ticket_s_version(make_ticket, make_person, by, database):
    wang = make_person("王芳")
    ticket = make_ticket(requester=wang)
    versions = []

    for _ in range(2):
        with database.reading() as session:
            versions.append(api_tickets.version(session, ticket.id))
        by(wang).amend(ticket.id, "换了纸也没用")

    assert versions[0] < versions[1]
