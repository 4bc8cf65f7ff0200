"""Each page against each role: routes found by themselves, judged by one table (Y1, H-20, H-30).

A route that is added tomorrow is tested tomorrow. What stands here is the least that holds for all
of them; what else a page promises is tested with it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, Table, select
from werkzeug.routing import IntegerConverter, Rule

from domain.lifecycle import Status
from domain.permissions import Permission, Role, has_role_for
from domain.speaker import Speaker
from models import Base
from services import web_sessions
from services.complaints import submitting
from services.complaints.submitting import Submission
from services.web_sessions import Via
from tests.web_pages.conftest import *  # noqa: F403
from web.area import Area
from web.installing import AREAS, TicketNumber

PAGES = {"h5", "account", "console", "portal"}
ABSENT = "IT20991231-9999"
NO_COMPLAINT = "TS20991231-9999"
NOT_OURS = 3  # an id or a word that names nothing, or something of somebody else's
READS = {"HEAD", "OPTIONS"}
CHANGED_BY_LOOKING = {
    "web_sessions",
    "presences",
    "bulletin_readings",
    "audit_entries",
    "complaint_events",
}
"""Who was here, who looks, what was read or printed: nothing that anybody decided."""


@dataclass(frozen=True)
class Route:
    """One method of one address of an area."""

    area: Area
    rule: Rule
    method: str
    needs: Permission | None

    @property
    def is_of_a_ticket(self) -> bool:
        return any(isinstance(each, TicketNumber) for each in self.rule._converters.values())

    @property
    def is_of_media(self) -> bool:
        return self.rule.endpoint.partition(".")[0].endswith("_media")

    @property
    def is_of_a_complaint(self) -> bool:
        return self.is_of_a_ticket and "complaint" in self.rule.rule

    @property
    def absent(self) -> str:
        return NO_COMPLAINT if self.is_of_a_complaint else ABSENT

    def path(self, app: Flask, ticket: str) -> str:
        values = {name: self._value(each, ticket) for name, each in self.rule._converters.items()}
        return app.url_map.bind("localhost").build(self.rule.endpoint, values, self.method)

    def _value(self, converter: Any, ticket: str) -> Any:
        if isinstance(converter, TicketNumber):
            return ticket
        if isinstance(converter, IntegerConverter):
            return NOT_OURS
        words = re.search(r"\w+", str(getattr(converter, "regex", "")))
        return words[0] if type(converter).__name__ == "AnyConverter" and words else "unknown"

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


@dataclass
class Matrix:
    """One desk with somebody of each role; a ticket of somebody else's, and one of each kind."""

    app: Flask
    people: dict[Role, Speaker]
    sign_in: Callable[[Speaker], Mapping[str, FlaskClient]]
    foreign: str
    complaint: str  # of somebody else, about somebody else
    _clients: dict[Role, Mapping[str, FlaskClient]] = field(default_factory=dict)

    @property
    def routes(self) -> list[Route]:
        return [*_routes(self.app)]

    def foreign_of(self, route: Route) -> str:
        return self.complaint if route.is_of_a_complaint else self.foreign

    def ask(self, role: Role, route: Route, ticket: str = ABSENT, **options: Any) -> Any:
        """By somebody who is signed in, whatever was done before in their name."""
        if role not in self._clients or route.method != "GET":
            self._clients[role] = self.sign_in(self.people[role])
        client = self._clients[role]["h5" if route.area.name == "h5" else "desk"]
        return client.open(route.path(self.app, ticket), method=route.method, **options)


def _routes(app: Flask) -> Iterator[Route]:
    for area in AREAS:
        if area.name not in PAGES:
            continue
        for rule in app.url_map.iter_rules():
            if area.has(rule.rule):
                needs = getattr(app.view_functions[rule.endpoint], "needs", None)
                for method in sorted((rule.methods or set()) - READS):
                    yield Route(area, rule, method, needs)


@pytest.fixture
def matrix(app, database, clock, desk_of, make_person, make_engineer, make_ticket) -> Matrix:
    people: dict[Role, Speaker] = {
        role: make_person(role.value, role) for role in Role if role is not Role.ENGINEER
    }
    people[Role.ENGINEER] = make_engineer("无关", skills=["other"], areas=("Z座",))
    owner, worker = make_person("别人"), make_engineer("周工", skills=["printer"], areas=("A座",))
    ticket = make_ticket(Status.IN_PROGRESS, requester=owner, engineer=worker)

    def sign_in(person: Speaker) -> Mapping[str, FlaskClient]:
        with database.transaction() as session:
            tokens = {
                "desk": web_sessions.start_at_desk(session, person.id, Via.PASSWORD, clock()),
                "h5": web_sessions.start(session, person.openid, clock()),
            }
        clients = {name: app.test_client() for name in tokens}
        for name, token in tokens.items():
            clients[name].set_cookie(name, token, domain="localhost")
        return clients

    with database.transaction() as session:
        submission = Submission("修到一半就走了", ticket_id=ticket.id)
        complaint = submitting.submit(desk_of(session, owner), submission)
    return Matrix(app, people, sign_in, ticket.number, complaint.number)


@pytest.fixture
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each form carried the right token: what is left is the permission."""
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def _found(matrix: Matrix, wrong: Callable[[Role, Route], str | None]) -> list[str]:
    hits = ((role, route, wrong(role, route)) for route in matrix.routes for role in matrix.people)
    return [f"{route} as {role}: {why}" for role, route, why in hits if why]


def test_there_are_pages_to_test(matrix):
    of_tickets = [route for route in matrix.routes if route.is_of_a_ticket]
    of_complaints = [route for route in matrix.routes if route.is_of_a_complaint]

    assert {route.area.name for route in matrix.routes} >= {"h5", "account", "console"}
    assert len(of_tickets) >= 10
    assert {route.area.name for route in of_complaints} >= {"console", "h5", "portal"}


@pytest.mark.usefixtures("without_tokens")
def test_whoever_lacks_the_permission_is_refused(matrix):
    def wrong(role: Role, route: Route) -> str | None:
        if route.needs is None or has_role_for(matrix.people[role].roles, route.needs):
            return None
        status = matrix.ask(role, route, matrix.foreign_of(route)).status_code
        return None if status in (403, 404) else f"answered {status}"

    assert _found(matrix, wrong) == []


def test_somebody_elses_ticket_is_as_absent_as_one_that_does_not_exist(matrix):
    """H-20, H-32: the same answer, word for word, for who has nothing to do with it."""

    def wrong(role: Role, route: Route) -> str | None:
        if role not in (Role.REQUESTER, Role.ENGINEER, Role.VENDOR, Role.ADMIN):
            return None
        if route.method != "GET" or not route.is_of_a_ticket:
            return None
        number = matrix.foreign_of(route)
        foreign, absent = (matrix.ask(role, route, each) for each in (number, route.absent))
        if foreign.status_code not in ((404,) if _may(matrix, role, route) else (403, 404)):
            return f"answered {foreign.status_code}"
        same = _neutral(foreign, number) == _neutral(absent, route.absent)
        return None if same else "tells it from an absent one"

    assert _found(matrix, wrong) == []


def _may(matrix: Matrix, role: Role, route: Route) -> bool:
    """Whether they get as far as the view; the console has a door of its own."""
    roles = matrix.people[role].roles
    is_inside = route.area.name != "console" or has_role_for(roles, Permission.CONSOLE_ENTER)
    return is_inside and (route.needs is None or has_role_for(roles, route.needs))


def _neutral(answer: Any, number: str) -> str:
    """Without what differs from page to page."""
    text = answer.get_data(as_text=True).replace(number, "")
    return re.sub(r'name="(csrf_token|request_key)" value="[^"]*"', "", text)


def test_a_form_without_its_token_is_refused(matrix):
    """H-30."""

    def wrong(role: Role, route: Route) -> str | None:
        if route.method == "GET" or not _is_first_who_may(matrix, role, route):
            return None
        status = matrix.ask(role, route, matrix.foreign_of(route)).status_code
        return None if status == 403 else f"answered {status}"

    assert _found(matrix, wrong) == []


def _is_first_who_may(matrix: Matrix, role: Role, route: Route) -> bool:
    may = [each for each in matrix.people if _may(matrix, each, route)]
    return may[0] is role


@pytest.mark.usefixtures("without_tokens")
def test_whoever_is_not_signed_in_is_led_to_the_sign_in(matrix):
    def wrong(route: Route) -> str | None:
        stranger = matrix.app.test_client()
        path = route.path(matrix.app, matrix.foreign_of(route))
        answer = stranger.open(path, method=route.method)
        if route.method != "GET":
            return None if answer.status_code == 401 else f"answered {answer.status_code}"
        if answer.status_code == 404 and route.is_of_media:
            return None  # a picture leads nobody through a sign-in
        way = "http://open.example.com/" if route.area.name == "h5" else "/account/sign-in?to="
        is_led = answer.status_code in (302, 303) and answer.location.startswith(way)
        return None if is_led else f"answered {answer.status_code}"

    found = [(route, wrong(route)) for route in matrix.routes if route.needs is not None]

    assert [f"{route}: {why}" for route, why in found if why] == []


def test_no_page_breaks_and_none_changes_anything_by_being_looked_at(matrix, database):
    """H-30: whatever is not there, and whoever asks."""
    before = _rows(database)

    def wrong(role: Role, route: Route) -> str | None:
        if route.method != "GET":
            return None
        numbers = (matrix.foreign_of(route), route.absent) if route.is_of_a_ticket else (ABSENT,)
        worst = max(matrix.ask(role, route, each).status_code for each in numbers)
        return None if worst < 500 else f"answered {worst}"

    assert _found(matrix, wrong) == []
    after = _rows(database)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= CHANGED_BY_LOOKING


def _told(table: Table) -> list[Column[Any]]:
    """Its columns; that a notice was opened is the one thing that opening it changes."""
    return [each for each in table.c if each.key != "opened_at" or table.name != "notices"]


def _rows(database: Any) -> dict[str, list[Any]]:
    with database.reading() as session:
        return {
            table.name: sorted(map(str, session.execute(select(*_told(table))).all()))
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.usefixtures("without_tokens")
def test_no_form_breaks_whatever_is_missing_in_it(matrix):
    """H-46, S-093: nothing filled in, for something that is not there."""

    def wrong(role: Role, route: Route) -> str | None:
        if route.method == "GET":
            return None
        number, empty = route.absent, {"request_key": "0" * 32}
        status = matrix.ask(role, route, number, data=empty).status_code
        return None if status < 500 else f"answered {status}"

    assert _found(matrix, wrong) == []
