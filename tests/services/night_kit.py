"""Off hours in tests: who is on call, and what the clocks do as the night goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.priority import Impact, Urgency
from domain.roster import Work
from domain.speaker import Speaker
from models import Database, Duty, Engineer, Person, Team
from services import ringing
from services.desk import Rules
from services.views import Report
from tests.services.making import a_report

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EVENING = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)  # Tuesday, 19:20 in Shanghai
MORNING = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)  # Wednesday, 8:00


def on_call(database: Database, person: Speaker, position: int = 1, **facts: Any) -> None:
    """On the roster for the whole night."""
    duty = {
        "person_id": person.id,
        "work": Work.ON_CALL,
        "position": position,
        "begins_at": EVENING - 2 * HOUR,
        "ends_at": MORNING,
        "made_by_id": person.id,
        "made_at": EVENING,
        **facts,
    }
    with database.transaction() as session:
        session.add(Duty(**duty))


def leads(database: Database, lead: Speaker, *members: Speaker) -> None:
    """A team with its lead."""
    with database.transaction() as session:
        team = Team(name=f"{lead.name}组", lead_id=lead.id)
        session.add(team)
        session.flush()
        for each in (lead, *members):
            session.get_one(Person, each.id).team_id = team.id


def signs_in(database: Database, engineer: Speaker) -> None:
    with database.transaction() as session:
        session.get_one(Engineer, engineer.id).is_on_duty = True


def urgent(**facts: Any) -> Report:
    """The air conditioning of the machine room."""
    return a_report(
        **{
            "symptom": "机房空调坏了，温度一直升",
            "place": "三楼机房",
            "impact": Impact.BUSINESS,
            "urgency": Urgency.HIGH,
            **facts,
        }
    )


def ring(database: Database, rules: Rules, at: datetime) -> int:
    """All that is due rings, one after the other; answers how many did."""
    rang = 0
    for _ in range(20):
        with database.reading() as session:
            batches = ringing.due(session, at)
        if not batches:
            return rang
        for ids in batches:
            with database.transaction() as session:
                rang += ringing.ring(session, ids, rules, at)
    raise AssertionError("the clocks do not come to rest")


def ring_until(database: Database, rules: Rules, since: datetime, until: datetime) -> None:
    """Minute by minute."""
    at = since
    while at <= until:
        ring(database, rules, at)
        at += MINUTE
