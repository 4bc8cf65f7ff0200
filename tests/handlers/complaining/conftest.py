"""王芳 at a real desk: `talk()`, or `with_ticket()` with a printer that 周工 repaired."""

import pytest
from sqlalchemy import select

from domain.lifecycle import Status
from domain.permissions import Role
from tests.handlers.complaining.complaint_talk import DeskTalk
from tests.services import conftest as on_database

database = on_database.database
now = on_database.now
rules = on_database.rules
desk_of = on_database.desk_of
make_person = on_database.make_person
make_engineer = on_database.make_engineer
make_ticket = on_database.make_ticket


@pytest.fixture
def talk(database, rules, make_person):
    """A talk with 王芳, or `talk(somebody)`; 小陈 is at the desk."""
    make_person("小陈", Role.DESK, phone="13800003333")

    def begin(who=None, **facts):
        return DeskTalk(database, rules, who or make_person("王芳", **facts))

    return begin


@pytest.fixture
def rows(database):
    def rows(kind, *conditions):
        with database.reading() as session:
            found = session.scalars(
                select(kind).where(*conditions).order_by(*kind.__mapper__.primary_key)
            ).all()
            session.expunge_all()
            return found

    return rows


@pytest.fixture
def with_ticket(talk, make_ticket, make_person, make_engineer):
    """王芳, whose printer 周工 repaired."""

    def begin(status=Status.IN_PROGRESS, **facts):
        wang = make_person("王芳", **facts)
        zhou = make_engineer("周工", skills=["printer"])
        ticket = make_ticket(status, requester=wang, engineer=zhou)
        return talk(wang), ticket, zhou

    return begin
