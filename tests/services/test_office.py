"""What an admin sets holds everywhere in seconds, and never something that cannot be (F9, F15)."""

from datetime import time, timedelta

import pytest

from domain.calendar import CHINA
from domain.permissions import Role
from domain.refusals import NotPermitted
from jobs.office import service_of
from models import AuditEntry, OfficeSetting
from services import office
from services.desk import Desk
from services.live_rules import LiveRules
from services.office import SettingsRefused
from settings import ROOT, Service
from tests.services.making import all_of
from texts import read_texts
from wiring import office_of


@pytest.fixture
def live(rules):
    return LiveRules(rules)


@pytest.fixture
def texts():
    return read_texts(ROOT / "texts.yaml", str)


@pytest.fixture
def running(database, live, texts, now):
    """As a server process has it, without its thread."""
    return office_of(database, live, Service(), lambda: now, texts)


@pytest.fixture
def set_by(database, live, running, now):
    def set_by(person, **wanted):
        with database.transaction() as session:
            office.set_service(Desk(session, now, live, person), running.given, wanted)

    return set_by


@pytest.fixture
def reword(database, live, texts, now):
    def reword(person, key, words):
        with database.transaction() as session:
            office.reword(Desk(session, now, live, person), key, texts.written[key], words)

    return reword


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


def test_a_new_target_holds_for_whoever_has_the_rules_already(running, set_by, admin, live, now):
    held_since_the_start = live

    set_by(admin, respond_within_minutes=30, opens="07:30", max_open_tickets=5)
    running.refresh()

    assert held_since_the_start.targets.response_due_at(now) == now + timedelta(minutes=30)
    assert held_since_the_start.hours.next_opening(now).astimezone(CHINA).time() == time(7, 30)
    assert held_since_the_start.max_open_tickets == 5
    assert held_since_the_start.targets.resolve_within == timedelta(hours=2)


def test_another_process_sees_it_too(database, rules, set_by, admin, now):
    other = LiveRules(rules)
    elsewhere = office_of(database, other, Service(), lambda: now)

    set_by(admin, desk_phone="8000")
    elsewhere.refresh()

    assert other.desk_phone == "8000"


def test_what_is_set_back_to_the_config_is_the_admins_no_more(
    database, running, set_by, admin, live
):
    set_by(admin, reopen_within_days=30)
    set_by(admin, reopen_within_days=7)
    running.refresh()

    assert live.targets.reopen_within == timedelta(days=7)
    assert all_of(database, OfficeSetting) == []
    assert len(all_of(database, AuditEntry)) == 2


def test_only_an_admin_sets_anything(set_by, reword, make_person):
    head = make_person("刘洋", Role.HEAD, Role.DESK)

    with pytest.raises(NotPermitted):
        set_by(head, desk_phone="8000")
    with pytest.raises(NotPermitted):
        reword(head, "category.printer", "打印")


@pytest.mark.parametrize(
    ("wanted", "name", "key"),
    [
        ({"respond_within_minutes": 0}, "respond_within_minutes", "too_small"),
        ({"resolve_within_minutes": 10**12}, "resolve_within_minutes", "too_large"),
        ({"reopen_within_days": "seven"}, "reopen_within_days", "no_number"),
        ({"opens": "25:00"}, "opens", "no_time"),
        ({"opens": "18:00", "closes": "08:00"}, "closes", "closes_first"),
        ({"desk_phone": "8" * 41}, "desk_phone", "too_long"),
        ({"something": 1}, "something", "unknown"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(wanted, name, key):
    with pytest.raises(SettingsRefused) as refused:
        service_of(Service(), wanted)

    assert refused.value.problems[name].key == f"admin.settings.{key}"


def test_a_row_that_cannot_be_leaves_what_held_before(database, running, set_by, admin, live, now):
    set_by(admin, desk_phone="8000")
    running.refresh()
    with database.transaction() as session:
        bad = {"value": 0, "changed_at": now, "changed_by_id": admin.id}
        session.add(OfficeSetting(key="service.max_open_tickets", **bad))

    running.start()
    running.stop()

    assert (live.desk_phone, live.max_open_tickets) == ("8000", 8)


def test_a_sentence_is_said_in_the_admins_words_until_it_is_reset(
    running, reword, admin, texts, now
):
    written = texts.words("category.printer", {}, now)

    reword(admin, "category.printer", "打印与复印")
    running.refresh()
    assert texts.words("category.printer", {}, now) == "打印与复印"

    reword(admin, "category.printer", written)
    running.refresh()
    assert texts.words("category.printer", {}, now) == written


def test_days_are_called_as_the_admin_calls_them(running, reword, admin, texts, now):
    reword(admin, "days.tomorrow", "明日")
    running.refresh()

    assert texts.spoken(now + timedelta(days=1), now) == "明日 10:30"
