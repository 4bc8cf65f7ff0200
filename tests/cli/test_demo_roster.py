"""The demonstration has a roster that nobody who plays is disturbed by (D1)."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from sqlalchemy import func, select

from cli.context import Desk
from cli.demo import seed
from cli.demo_roster import seed_roster
from domain.roster import Work
from models import Duty, Engineer, Notice, RosterPattern
from services import roster, roster_ahead, roster_watch
from settings import ROOT
from wiring import rules_of

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # a Thursday, 14:00
SECRETS = {"app_secret": "a" * 32, "token": "demotoken2026", "encoding_aes_key": "a" * 43}


class Demo:
    """A demonstration that has begun, and whose time passes."""

    def __init__(self, config):
        self.now = NOW
        self.desk = Desk(config, lambda: self.now)
        self.rules = rules_of(self.desk.settings)
        seed(self.desk)
        seed_roster(self.desk)

    def pass_time(self, until):
        """What the clock does meanwhile."""
        while self.now < until:
            self.now += timedelta(minutes=15)
            with self.desk.database.transaction() as session:
                roster_watch.watch(session, self.rules, self.now)
                while roster_ahead.fill(session, self.rules, self.now):
                    pass

    def read(self, statement):
        with self.desk.database.reading() as session:
            return list(session.scalars(statement))


@pytest.fixture
def demo(tmp_path, sqlite_databases):
    with sqlite_databases.migrated() as url:
        settings = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
        settings["wechat"] |= {"app_id": "wx0123456789abcdef", **SECRETS}
        settings["database"]["url"] = url
        settings["service"]["round_the_clock"] = True
        config = tmp_path / "config.yaml"
        config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
        config.chmod(0o600)
        made = Demo(config)
        yield made
        made.desk.database.dispose()


def test_this_week_and_the_next_are_planned_and_somebody_is_called_each_night(demo):
    days = demo.read(select(Duty.begins_at).where(Duty.work == Work.ON_CALL))

    assert len(days) == len(set(days)) == 14
    with demo.desk.database.reading() as session:
        for work in Work:
            assert roster.on_duty_at(session, NOW + timedelta(hours=10), work)


def test_two_days_later_nobody_was_missed_and_all_engineers_are_still_there(demo):
    demo.pass_time(NOW + timedelta(days=2))

    told = set(demo.read(select(Notice.text_key)))
    assert told <= {"roster_told.goes_on", "roster_told.hand_over_due"}
    assert all(demo.read(select(Engineer.is_on_duty)))
    assert demo.read(select(func.max(Duty.begins_at)))[0] > NOW + timedelta(days=26)


def test_started_again_after_a_week_nothing_is_made_twice_and_all_have_come(demo):
    patterns = demo.read(select(func.count()).select_from(RosterPattern))
    demo.pass_time(NOW + timedelta(minutes=10))
    demo.now += timedelta(days=7)

    seed_roster(demo.desk)
    demo.pass_time(demo.now + timedelta(hours=1))

    assert demo.read(select(func.count()).select_from(RosterPattern)) == patterns
    assert demo.read(select(Notice.text_key)) == []
