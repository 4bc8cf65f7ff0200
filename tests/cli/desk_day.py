"""A day at the desk for the commands to show: people, and tickets as far as they came."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from domain.calendar import ServiceHours, Span, Week
from domain.category import Category
from domain.deadlines import Targets
from domain.permissions import Role
from domain.priority import Urgency
from domain.speaker import Speaker
from models import Database, Engineer, Person
from services import people
from services.desk import Desk, Rules
from services.people import NewPerson
from services.views import Report, Scores, TicketView, WorkResult
from tests.cli.conftest import NOW

TARGETS = Targets(
    respond_within=timedelta(minutes=10),
    resolve_within=timedelta(hours=2),
    auto_close_within=timedelta(hours=24),
    remind_confirm_within=timedelta(hours=4),
    remind_rating_within=timedelta(hours=20),
    reopen_within=timedelta(days=7),
)


_DAY = (Span.of(time(8), time(18)),)
RULES = Rules(TARGETS, ServiceHours((Week((_DAY,) * 7, _DAY),)))
REPORT = Report(
    symptom="打印机一直卡纸",
    description="三楼财务室那台惠普打印机一直卡纸,急用\n昨天就这样",
    place="三楼财务室",
    category=Category.PRINTER,
    urgency=Urgency.HIGH,
    device="惠普打印机",
    reading={
        "category": "printer",
        "category_confidence": 0.964,
        "evidence": [["打印机", "printer"], ["卡纸", "printer"], ["一直", "report"]],
    },
)
RESULT = WorkResult("worn_part", "换了搓纸轮，测试正常", 30, True, ("搓纸轮",))


class Day:
    """Acts of one requester and one engineer, a minute apart."""

    def __init__(self, database: Database, at: datetime = NOW) -> None:
        self.database, self.at = database, at
        wang = NewPerson(
            "王芳",
            frozenset({Role.REQUESTER}),
            phone="13900001111",
            department="财务部",
            office="A座305",
            openid="oRequester0123456789",
        )
        zhang = NewPerson(
            "张工",
            frozenset({Role.ENGINEER}),
            phone="13812345678",
            skills=frozenset({Category.PRINTER}),
            areas=("三楼",),
            openid="oEngineer0123456789",
        )
        with database.transaction() as session:
            self.requester = _speaker(people.add(session, wang, at))
            self.engineer = _speaker(people.add(session, zhang, at))
            session.get_one(Engineer, self.engineer.id).is_on_duty = True

    def acts(self, actor: Speaker, name: str, *args: object) -> TicketView:
        self.at += timedelta(minutes=1)
        with self.database.transaction() as session:
            view: TicketView = getattr(Desk(session, self.at, RULES, actor), name)(*args)
        return view

    def reports(self, **changes: Any) -> TicketView:
        self.at += timedelta(minutes=1)
        with self.database.transaction() as session:
            desk = Desk(session, self.at, RULES, self.requester)
            return desk.report(replace(REPORT, **changes)).ticket

    def solves(self, ticket: TicketView) -> None:
        """Accepted, solved, confirmed and rated."""
        self.acts(self.engineer, "accept", ticket.id)
        self.acts(self.engineer, "progress", ticket.id, "配件已下单")
        self.acts(self.engineer, "resolve", ticket.id, RESULT)
        self.acts(self.requester, "confirm", ticket.id)
        self.acts(self.requester, "rate", ticket.id, Scores(5, 4, 5, "很快"))


def _speaker(person: Person) -> Speaker:
    return Speaker(
        person.id,
        person.openid or "",
        person.roles,
        person.name,
        person.department,
        person.office,
        person.phone,
        person.extension,
    )
