"""Whatever people do, in whatever order: rows, clocks and counts stay true (I3, I4, I5, I8)."""

import shutil
from datetime import time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event, text

from domain.calendar import ServiceHours
from domain.category import Category
from domain.deadlines import Targets
from domain.lifecycle import Status
from domain.permissions import Role
from domain.priority import Impact, Urgency
from domain.refusals import NotFound, Refusal
from domain.speaker import Speaker
from models import Database, Engineer, Person, Ticket
from services import people, ringing
from services.desk import Desk, Rules
from services.people import NewPerson
from services.views import Scores
from tests.databases import SqliteDatabases
from tests.services.conftest import NOW
from tests.services.making import HELD, RESULT, a_report, acts_of, all_of, check_invariants

RULES = Rules(Targets(), ServiceHours.daily(time(8), time(18)), max_open_tickets=3)
STAFF: dict[str, dict[str, Any]] = {
    "甲": {"skills": frozenset({Category.PRINTER}), "level": 1},
    "乙": {"level": 2},
    "丙": {"skills": frozenset({Category.PRINTER, Category.NETWORK}), "level": 3},
}
REQUESTERS = ("王芳", "李雷")
CATEGORIES = (Category.PRINTER, Category.NETWORK, Category.OTHER)
ANY = st.integers(0, 10**6)  # one of what is there, by its remainder


class AnyOrder(RuleBasedStateMachine):
    """Requesters, engineers, a clerk and the clock, each acting when they like."""

    template: Any = None
    files = count(1)

    @initialize()
    def open_the_desk(self) -> None:
        file = self.template.with_name(f"any{next(self.files)}.sqlite")
        shutil.copy(self.template, file)
        self.database = Database(f"sqlite:///{file}")
        # Nothing here outlives the test: the disk need not be waited for.
        event.listen(
            self.database.engine, "connect", lambda c, _: c.execute("PRAGMA synchronous=OFF")
        )
        self.now = NOW
        self.speakers: dict[str, Speaker] = {}
        self._add("陈台", Role.DESK)
        for name in REQUESTERS:
            self._add(name)
        for name, card in STAFF.items():
            self._add(name, Role.ENGINEER, **card)

    def _add(self, name: str, *roles: Role, **card: Any) -> None:
        new = NewPerson(
            name,
            frozenset({Role.REQUESTER, *roles}),
            phone="13800001234",
            department="财务部",
            openid=f"o{name}",
            **card,
        )
        with self.database.transaction() as session:
            person = people.add(session, new, NOW)
            if card:
                session.get_one(Engineer, person.id).is_on_duty = True
        self.speakers[name] = _speaker(person)

    # --- who and what ------------------------------------------------------------------------

    def by(self, name: str) -> Desk:
        return acts_of(self.database, RULES, self.speakers[name], self.now)

    def one(self, which: int, *statuses: Status) -> Ticket | None:
        found = [each for each in all_of(self.database, Ticket) if each.status in statuses]
        return found[which % len(found)] if found else None

    def name_of(self, person_id: int | None) -> str:
        return next(name for name, each in self.speakers.items() if each.id == person_id)

    def engineer(self, ticket: Ticket) -> Desk:
        return self.by(self.name_of(ticket.assignee_id))

    def requester(self, ticket: Ticket) -> Desk:
        return self.by(self.name_of(ticket.requester_id))

    # --- what they do ------------------------------------------------------------------------

    @rule(
        who=st.sampled_from((*REQUESTERS, "乙")),
        category=st.sampled_from(CATEGORIES),
        impact=st.sampled_from(Impact),
        urgency=st.sampled_from(Urgency),
    )
    def report(self, who, category, impact, urgency):
        self.by(who).report(a_report(category=category, impact=impact, urgency=urgency))

    @rule(which=ANY)
    def accept(self, which):
        if ticket := self.one(which, Status.ASSIGNED):
            self.engineer(ticket).accept(ticket.id)

    @rule(which=ANY)
    def decline(self, which):
        if ticket := self.one(which, Status.ASSIGNED):
            self.engineer(ticket).decline(ticket.id, "手上忙")

    @rule(which=ANY, to=st.sampled_from((None, *STAFF)))
    def transfer(self, which, to):
        ticket = self.one(which, Status.IN_PROGRESS, Status.ON_HOLD)
        if ticket is None:
            return
        if to == self.name_of(ticket.assignee_id):
            with pytest.raises(NotFound):
                self.engineer(ticket).transfer(ticket.id, "忙", ticket.assignee_id)
        else:
            chosen = self.speakers[to].id if to else None
            self.engineer(ticket).transfer(ticket.id, "忙", chosen)

    @rule(which=ANY, hours=st.integers(1, 30))
    def hold(self, which, hours):
        if ticket := self.one(which, Status.IN_PROGRESS):
            self.engineer(ticket).hold(ticket.id, "等配件", self.now + timedelta(hours=hours))

    @rule(which=ANY)
    def resume(self, which):
        if ticket := self.one(which, Status.ON_HOLD):
            self.engineer(ticket).resume(ticket.id)

    @rule(which=ANY)
    def ask_support(self, which):
        if ticket := self.one(which, Status.IN_PROGRESS):
            self.engineer(ticket).ask_support(ticket.id, "技术支援")

    @rule(which=ANY)
    def resolve(self, which):
        if ticket := self.one(which, Status.IN_PROGRESS):
            self.engineer(ticket).resolve(ticket.id, RESULT)

    @rule(which=ANY)
    def the_desk_resolves(self, which):
        if ticket := self.one(which, Status.NEW, Status.IN_PROGRESS):
            self.by("陈台").resolve(ticket.id, RESULT)

    @rule(which=ANY)
    def confirm(self, which):
        if ticket := self.one(which, Status.RESOLVED, Status.CLOSED):
            self.requester(ticket).confirm(ticket.id)

    @rule(which=ANY)
    def reopen(self, which):
        ticket = self.one(which, Status.RESOLVED, Status.CLOSED)
        if ticket is None:
            return
        ended = ticket.closed_at or ticket.resolved_at
        if ended and self.now - ended <= RULES.targets.reopen_within:
            self.requester(ticket).reopen(ticket.id, "又坏了")

    @rule(which=ANY)
    def cancel(self, which):
        if ticket := self.one(which, Status.NEW, *HELD):
            self.requester(ticket).cancel(ticket.id)

    @rule(which=ANY, score=st.integers(1, 5))
    def rate(self, which, score):
        ticket = self.one(which, Status.CLOSED)
        if ticket is None:
            return
        try:
            self.requester(ticket).rate(ticket.id, Scores(score, 5, 5))
        except Refusal as no:  # once in each cycle, and never one's own work
            assert no.text_key in ("rating.already_given", "rating.not_yet")

    @rule(which=ANY)
    def urge(self, which):
        if ticket := self.one(which, Status.NEW, *HELD):
            self.requester(ticket).urge(ticket.id)

    @rule(who=st.sampled_from(sorted(STAFF)))
    def sign_in(self, who):
        self.by(who).sign_in()

    @rule(who=st.sampled_from(sorted(STAFF)))
    def sign_out(self, who):
        self.by(who).sign_out()

    @precondition(lambda self: self.now < NOW + timedelta(days=20))
    @rule(minutes=st.sampled_from((1, 6, 11, 300, 2000)))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        with self.database.reading() as session:
            due = ringing.due(session, self.now)
        for deadline_id in due:
            with self.database.transaction() as session:
                ringing.ring(session, deadline_id, RULES, self.now)

    # --- what holds --------------------------------------------------------------------------

    @invariant()
    def the_rows_are_true(self):
        check_invariants(self.database)

    @invariant()
    def nothing_names_what_does_not_exist(self):
        with self.database.reading() as session:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []

    def teardown(self) -> None:
        self.database.dispose()


def _speaker(person: Person) -> Speaker:
    return Speaker(
        person.id, person.openid or "", person.roles, person.name, "财务部", None, person.phone
    )


def test_rows_clocks_and_counts_stay_true_whatever_is_done(sqlite_databases: SqliteDatabases):
    """I3, I4, I5, I8: a random desk day, over and over."""
    with sqlite_databases.migrated() as url:
        AnyOrder.template = Path(url.removeprefix("sqlite:///"))
        machine = AnyOrder.TestCase
        machine.settings = settings(
            max_examples=12,
            stateful_step_count=30,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        machine().runTest()
