"""The twelve worked examples of docs/manuals/时效手册.md, minute by minute (F9, F14, F15, R4).

Each is told in the manual under the name of its test, with the line that it derives.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from domain.calendar import CHINA, DayKind, ServiceHours, Span, Week
from domain.deadlines import Targets
from domain.permissions import Role
from domain.priority import Impact, Urgency
from domain.targets import (
    TargetKind,
    TargetState,
    WaitsFor,
    agreement_of,
    as_values,
    from_values,
)
from jobs.timetable import Timetable
from models import AgreementVersion, Notice, Ticket, TicketTarget
from services import moving_due, service_calendar, swaps, targets
from services.desk import Desk, Rules
from services.service_calendar import CalendarRows, OwnDay
from services.views import WorkResult
from tests.services.making import a_report, acts_of, all_of, check_invariants, only, said, told
from tests.services.roster_kit import Roster
from texts import read_texts

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "manuals" / "时效手册.md").read_text(encoding="utf-8")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

_OCTOBER = {date(2026, 10, day): DayKind.HOLIDAY for day in range(1, 8)}
_OCTOBER |= {date(2026, 9, 20): DayKind.MADE_UP, date(2026, 10, 10): DayKind.MADE_UP}


def _october(day: date) -> DayKind:
    """国庆 2026: seven days, with two of the weekends worked for it."""
    return _OCTOBER.get(day, DayKind.ORDINARY)


HOURS = ServiceHours.daily(time(8), time(18), _october)
MORNING, AFTERNOON = Span(8 * 60, 12 * 60), Span(13 * 60, 18 * 60)
WITH_LUNCH = Week(((MORNING, AFTERNOON),) * 5 + ((), ()), (MORNING, AFTERNOON))


def at(when: str) -> datetime:
    """`11-27 17:40`, of 2026, at the desk."""
    return datetime.strptime(f"2026-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


class World:
    """One desk whose clock is turned by hand."""

    def __init__(self, database, rules) -> None:
        self.database, self.rules = database, rules
        self.now = at("11-24 09:00")

    def by(self, person, when: str):
        return acts_of(self.database, self.rules, person, at(when))

    def opened(self, person, when: str, **facts):
        return self.by(person, when).report(a_report(**facts)).ticket

    def tick(self, when: str) -> int:
        """The clock's process looks at what is due."""
        self.now = at(when)
        return Timetable(self.database, self.rules, lambda: self.now, lambda: None).tick()

    def due(self, ticket) -> str:
        due = only(self.database, Ticket, id=ticket.id).resolution_due_at
        return f"{due.astimezone(CHINA):%m-%d %H:%M}"

    def promises(self, ticket) -> dict:
        """The newest of each kind."""
        rows = all_of(self.database, TicketTarget, ticket_id=ticket.id)
        return {each.kind: each for each in rows}

    def why(self, ticket, when: str) -> str:
        """The derivation as people read it, which the manual tells, too."""
        with self.database.transaction() as session:
            row = session.get_one(Ticket, ticket.id)
            lines = targets.derivation(session, row, self.rules, at(when))
        texts = read_texts(ROOT / "texts.yaml", str)
        line = " → ".join(texts.words(each.key, each.facts, at(when)) for each in lines[1:])
        assert line in MANUAL, f"the manual does not tell: {line}"
        return line


@pytest.fixture
def world(database):
    yield World(database, Rules(Targets(), HOURS))
    check_invariants(database)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def head(make_person):
    return make_person("赵主任", Role.HEAD)


def test_over_lunch(world, wang, zhou):
    """The lunch break is no service time."""
    world.rules = replace(world.rules, hours=ServiceHours((WITH_LUNCH,)))

    ticket = world.opened(wang, "11-24 11:20")

    assert world.due(ticket) == "11-24 14:20"
    assert world.why(ticket, "11-24 11:30") == (
        "11:20 受理 → 当日剩余 40 分钟 → 13:00 起 1 小时 20 分钟 → 应于 14:20 前给出方案或初步诊断"
    )


def test_on_a_friday_evening(world, wang, zhou):
    """What is left of the day counts; the weekend does not."""
    ticket = world.opened(wang, "11-27 17:40")

    assert world.due(ticket) == "11-30 09:40"
    assert world.why(ticket, "11-27 17:45") == (
        "17:40 受理 → 当日剩余 20 分钟 → 中间 2 天不上班，不计时"
        " → 11月30日 8:00 起 1 小时 40 分钟 → 应于 11月30日 9:40 前给出方案或初步诊断"
    )


def test_national_day_with_a_made_up_saturday(world, wang, zhou):
    """Seven days of holiday stand still; the Saturday that is worked for them runs."""
    before = world.opened(wang, "09-30 17:00")
    after = world.opened(wang, "10-09 17:00")

    assert world.due(before) == "10-08 09:00"
    assert world.due(after) == "10-10 09:00"
    assert world.why(before, "09-30 17:00") == (
        "17:00 受理 → 当日剩余 1 小时 → 中间 7 天不上班，不计时"
        " → 10月8日 8:00 起 1 小时 → 应于 10月8日 9:00 前给出方案或初步诊断"
    )


def test_paused_over_a_weekend(world, wang, zhou):
    """Why it waits is news; the next is due a day of work after the wait."""
    ticket = world.opened(wang, "11-27 16:00")
    world.by(zhou, "11-27 16:05").accept(ticket.id)

    held = world.by(zhou, "11-27 16:30").hold(
        ticket.id, "等主板", at("11-30 10:00"), WaitsFor.VENDOR
    )

    assert held.resolution_due_at == at("12-01 10:00")
    assert world.promises(ticket)[TargetKind.DIAGNOSIS].state is TargetState.MET
    assert world.tick("11-30 10:00") == 1
    assert world.due(ticket) == "12-01 10:00"
    assert world.why(ticket, "11-30 10:00") == (
        "11月27日 16:30 上次告知进展 → 11月27日 16:30 挂起，等厂家（等主板），到 10:00 不计时"
        " → 10:00 起 1 天 → 应于 明天 10:00 前解决或反馈进展"
    )
    world.by(zhou, "11-30 15:00").progress(ticket.id, "主板换好了，在测试")
    news = next(
        each
        for each in all_of(world.database, TicketTarget, ticket_id=ticket.id)
        if each.kind is TargetKind.FEEDBACK and each.done_at
    )
    assert (news.state, news.ran_minutes) == (TargetState.MET, 5 * 60)
    assert news.paused == {"vendor": 7 * 60 + 30 + 10 * 60}


def test_reopened(world, wang, zhou):
    """A new cycle has its two hours anew; what was kept before stays kept."""
    ticket = world.opened(wang, "11-24 09:00")
    world.by(zhou, "11-24 09:05").accept(ticket.id)
    world.by(zhou, "11-24 10:00").resolve(ticket.id, WorkResult("setting", "重装驱动", 20, False))

    world.by(wang, "11-24 15:00").reopen(ticket.id, "又卡了")

    assert world.due(ticket) == "11-24 17:00"
    first, second = (
        [each for each in all_of(world.database, TicketTarget) if each.cycle == cycle]
        for cycle in (1, 2)
    )
    assert {each.state for each in first} == {TargetState.MET}
    assert {each.state for each in second} == {TargetState.RUNNING}
    assert world.why(ticket, "11-24 15:00") == (
        "15:00 重新打开 → 接着 2 小时 → 应于 17:00 前给出方案或初步诊断"
    )


def test_transferred(world, wang, zhou, make_engineer):
    """Another engineer has ten minutes to answer; the requester is due what they were due."""
    ticket = world.opened(wang, "11-24 09:00")
    world.by(zhou, "11-24 09:05").accept(ticket.id)
    wu = make_engineer("吴工")

    world.by(zhou, "11-24 10:30").transfer(ticket.id, "不对口", wu.id)

    row = only(world.database, Ticket)
    assert (row.assignee_id, row.response_due_at) == (wu.id, at("11-24 10:40"))
    assert world.due(ticket) == "11-24 11:00"
    response = world.promises(ticket)[TargetKind.RESPONSE]
    assert (response.state, response.done_at) == (TargetState.MET, at("11-24 09:05"))
    assert response.engineer_id == zhou.id
    world.by(wu, "11-24 10:35").accept(ticket.id)
    world.by(wu, "11-24 10:50").progress(ticket.id, "是驱动，正在重装")
    diagnosis = world.promises(ticket)[TargetKind.DIAGNOSIS]
    assert (diagnosis.state, diagnosis.engineer_id) == (TargetState.MET, wu.id)


def test_reclassified(world, wang, zhou):
    """Complex counts from the report; back to ordinary it would be over, and counts from now."""
    ticket = world.opened(wang, "11-24 09:00")
    world.by(zhou, "11-24 09:05").accept(ticket.id)

    world.by(zhou, "11-24 10:00").reclassify(ticket.id, is_complex=True, reason="要换主板")

    assert world.due(ticket) == "11-25 09:00"
    assert world.why(ticket, "11-24 10:00") == (
        "9:00 受理 → 接着 1 天 → 应于 明天 9:00 前给出方案或初步诊断"
    )
    world.by(zhou, "11-25 08:30").reclassify(ticket.id, is_complex=False, reason="换根线就好")
    assert world.due(ticket) == "11-25 10:30"
    assert world.why(ticket, "11-25 08:30") == (
        "8:30 起按新的承诺计算 → 接着 2 小时 → 应于 10:30 前给出方案或初步诊断"
    )
    assert told(world.database, wang).count("notice.reclassified") == 2


def test_urgent_off_hours(world, wang, head, make_engineer):
    """Urgent runs day and night: whoever is on call is woken, then the next after five minutes."""
    zheng, wu = make_engineer("郑工", is_on_duty=False), make_engineer("吴工", is_on_duty=False)
    roster = Roster(world.database, head, at("11-24 09:00"))
    roster.put(zheng, 24, "值班", position=1)
    roster.put(wu, 24, "值班", position=2)

    ticket = world.opened(wang, "11-24 22:00", urgency=Urgency.HIGH, impact=Impact.TEAM)

    assert ticket.assignee.name == "郑工"
    rows = world.promises(ticket)
    assert rows[TargetKind.RESPONSE].due_at == at("11-24 22:10")
    assert rows[TargetKind.DIAGNOSIS].due_at == at("11-24 22:30")
    assert world.why(ticket, "11-24 22:00") == (
        "22:00 受理 → 接着 30 分钟 → 应于 22:30 前给出方案或初步诊断"
    )
    world.tick("11-24 22:05")
    assert only(world.database, Ticket).assignee_id == wu.id
    world.by(wu, "11-24 22:07").accept(ticket.id)
    assert world.promises(ticket)[TargetKind.RESPONSE].state is TargetState.MET


def test_swapped_at_midnight(world, wang, head, make_engineer):
    """Until midnight the one is called, from midnight on who took the duty over."""
    zheng, wu = make_engineer("郑工", is_on_duty=False), make_engineer("吴工", is_on_duty=False)
    roster = Roster(world.database, head, at("11-24 09:00"))
    roster.put(zheng, 24, "值班", ends_at=at("11-25 00:00"))
    late = roster.put(zheng, 25, "值班", begins_at=at("11-25 00:00"), ends_at=at("11-25 08:00"))
    with world.database.transaction() as session:
        swap = swaps.ask(Desk(session, at("11-24 10:00"), world.rules, zheng), late, wu.id)
        swaps.answer(Desk(session, at("11-24 10:05"), world.rules, wu), swap.id, agrees=True)
        swaps.decide(Desk(session, at("11-24 10:10"), world.rules, head), swap.id, grants=True)

    before = world.opened(wang, "11-24 23:59", urgency=Urgency.HIGH, impact=Impact.TEAM)
    after = world.opened(wang, "11-25 00:00", urgency=Urgency.HIGH, impact=Impact.TEAM)

    assert (before.assignee.name, after.assignee.name) == ("郑工", "吴工")
    assert world.why(after, "11-25 00:00") == (
        "0:00 受理 → 接着 30 分钟 → 应于 0:30 前给出方案或初步诊断"
    )


def test_a_holiday_declared_after_opening(world, wang, zhou):
    """What is due on the day moves behind it, and who waits is told."""
    ticket = world.opened(wang, "11-24 17:40")
    assert world.due(ticket) == "11-25 09:40"
    outing = CalendarRows().with_days({date(2026, 11, 25): OwnDay((), "公司年会")})

    with world.database.transaction() as session:
        hours = service_calendar.hours_with(world.rules.hours, outing)
        moving_due.move(session, world.rules, hours, at("11-24 17:50"), is_told=True)
    world.rules = replace(world.rules, hours=hours)

    assert world.due(ticket) == "11-26 09:40"
    assert world.why(ticket, "11-24 17:50") == (
        "17:40 受理 → 当日剩余 20 分钟 → 中间 1 天不上班，不计时"
        " → 后天 8:00 起 1 小时 40 分钟 → 应于 后天 9:40 前给出方案或初步诊断"
    )
    assert told(world.database, wang)[-1] == "notice.due_moved"


def test_the_clock_stopped_for_six_hours(world, wang, make_person, head):
    """What became due meanwhile acts once on return, and says the newest alone."""
    make_person("陈台", Role.DESK)
    ticket = world.opened(wang, "11-24 09:00")

    assert world.tick("11-24 15:00") > 0
    assert world.tick("11-24 15:01") == 0

    states = {kind: each.state for kind, each in world.promises(ticket).items()}
    assert states == {
        TargetKind.RESPONSE: TargetState.MISSED,
        TargetKind.DIAGNOSIS: TargetState.MISSED,
    }
    assert world.promises(ticket)[TargetKind.DIAGNOSIS].settled_at == at("11-24 11:00")
    assert told(world.database, wang) == ["notice.promise_missed"]
    say = said(only(world.database, Notice, recipient_id=wang.id))
    assert say.facts["what"].facts["due"] == at("11-24 11:00")
    assert world.why(ticket, "11-24 15:01") == (
        "9:00 受理 → 接着 2 小时 → 应于 11:00 前给出方案或初步诊断"
        " → 已经晚了 4 小时 1 分钟，服务台在盯"
    )


def test_the_promises_changed_midway(world, wang, zhou, head):
    """A ticket keeps the version that it was opened under; the next one has the new."""
    former, newer = (
        _version(world, head, agreement_of(diagnose_within=within), when)
        for within, when in ((2 * HOUR, "11-01 00:00"), (HOUR, "11-24 10:00"))
    )
    known = {former.id: former, newer.id: newer}
    world.rules = replace(world.rules, agreement=former, agreements=known)
    early = world.opened(wang, "11-24 09:30")

    world.rules = replace(world.rules, agreement=newer)
    late = world.opened(wang, "11-24 10:00")

    assert (world.due(early), world.due(late)) == ("11-24 11:30", "11-24 11:00")
    assert only(world.database, Ticket, id=early.id).agreement_id == former.id
    world.by(zhou, "11-24 10:01").accept(early.id)
    world.by(zhou, "11-24 10:05").hold(early.id, "等配件", at("11-24 12:00"), WaitsFor.PART)
    assert {
        each.agreement_id for each in all_of(world.database, TicketTarget, ticket_id=early.id)
    } == {former.id}


def _version(world, head, agreement, when):
    with world.database.transaction() as session:
        row = AgreementVersion(
            effective_from=at(when),
            terms=as_values(agreement),
            ladder=[],
            reason="按合同",
            made_at=at(when),
            made_by_id=head.id,
        )
        session.add(row)
        session.flush()
        return from_values(row.terms, row.id)
