"""Alarms of monitoring: one ticket for a group, few notices, recovery, flapping (F4, R-080)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from domain.alerts import AlertState, OnRecovery, Severity
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Priority
from domain.refusals import NotPermitted
from models import (
    Activity,
    Alert,
    AlertDelivery,
    AlertEvent,
    AlertGroup,
    AlertSource,
    AuditEntry,
    IntakeChannel,
    Notice,
    Person,
    Ticket,
)
from services.alerts import deliveries, handling, limiting, listing, sources
from services.alerts.handling import HasTicket, NoOpenTicket, OverAlready
from services.alerts.listing import Wanted, Which
from services.alerts.sources import NobodyResponsible, SlugTaken
from tests.services.alert_kit import KEY, firing, make_source, minutes, recovered, settings
from tests.services.making import all_of


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def keeper(make_person):
    return make_person("何维", department="信息科")


@pytest.fixture
def admin(make_person):
    return make_person("高管", Role.ADMIN)


@pytest.fixture
def monitoring(database, rules, admin, keeper, clerk, now):
    def make(**said):
        return make_source(database, rules, admin, settings(keeper, **said), now)

    return make


@pytest.fixture
def desk_now(database, rules, clerk, desk_of, now):
    def do(act, *arguments, by=clerk, at=now, **facts):
        with database.transaction() as session:
            return act(desk_of(session, by, at), *arguments, **facts)

    return do


def told_of_alarms(database):
    return [each for each in all_of(database, Notice) if each.text_key.startswith("notice.alarm_")]


def the(database, model):
    (found,) = all_of(database, model)
    return found


def test_an_alarm_opens_a_ticket_for_who_is_responsible(database, monitoring, keeper, now):
    """F4: within what the source was granted, with all that the alarm says (H-56)."""
    source = monitoring(priority=Priority.HIGH)

    became = source.became(now, firing(summary="磁盘 95%"))

    ticket = the(database, Ticket)
    assert became == {"opened": 1}
    assert (ticket.channel, ticket.requester_id) == (IntakeChannel.MONITORING, keeper.id)
    assert (ticket.symptom, ticket.priority) == ("DiskFull: 磁盘 95%", Priority.HIGH)
    assert "host=db01" in ticket.description
    assert ticket.place == "中心机房"
    assert [each.actor_id for each in all_of(database, Activity)] == [None]


def test_a_flood_of_one_alarm_is_one_ticket_one_counter_and_few_notices(
    database, monitoring, make_engineer, now
):
    """R-080: 120 posts of one fingerprint, and 60 of others in the group, within ten minutes."""
    make_engineer(skills=["server"])
    source = monitoring()

    for number in range(120):
        source.send(now + timedelta(seconds=5 * number), firing())
        if number % 2:
            source.send(now + timedelta(seconds=5 * number), firing(host=f"db{number}"))

    assert len(all_of(database, Ticket)) == 1
    assert the(database, AlertGroup).count == 180
    assert max(each.count for each in all_of(database, Alert)) == 120
    assert len(all_of(database, Alert)) == 61
    told = told_of_alarms(database)
    assert [each.text_key for each in told] == ["notice.alarm_joined"]
    assert told[0].created_at - now >= timedelta(minutes=5)


def test_alarms_of_other_groups_or_after_the_window_have_tickets_of_their_own(
    database, monitoring, now
):
    source = monitoring(window_minutes=60, reopen_minutes=10)

    source.send(now, firing(), firing("LinkDown"))
    source.send(now + minutes(61), firing(host="db02"))

    assert len(all_of(database, Ticket)) == 3
    assert len(all_of(database, AlertGroup, is_current=True)) == 2


@pytest.mark.parametrize(
    ("choice", "status", "last"),
    [
        (OnRecovery.RESOLVE, Status.RESOLVED, Action.RESOLVE),
        (OnRecovery.COMMENT, Status.NEW, Action.NOTE),
    ],
)
def test_the_ticket_hears_it_once_all_alarms_of_the_group_have_recovered(
    database, monitoring, now, choice, status, last
):
    source = monitoring(on_recovery=choice)
    source.send(now, firing(), firing(host="db02"))

    source.send(now + minutes(6), recovered())
    half = the(database, Ticket).status
    source.send(now + minutes(7), recovered(host="db02"))

    assert half is Status.NEW
    assert the(database, Ticket).status is status
    assert all_of(database, Activity)[-1].action is last
    assert {each.state for each in all_of(database, Alert)} == {AlertState.RECOVERED}


def test_recovery_skips_no_rule_of_the_lifecycle(database, monitoring, make_engineer, now):
    """A ticket that waits to be accepted has no way to «resolved»: its engineer is told."""
    engineer = make_engineer(skills=["server"])
    source = monitoring()
    source.send(now, firing())

    source.send(now + minutes(6), recovered())

    ticket = the(database, Ticket)
    assert (ticket.status, ticket.assignee_id) == (Status.ASSIGNED, engineer.id)
    assert [each.recipient_id for each in told_of_alarms(database)] == [engineer.id]


def test_what_recovers_at_once_waits_five_minutes_for_its_ticket_to_hear(database, monitoring, now):
    """What flaps within them moves nothing (R-080)."""
    source = monitoring()
    source.send(now, firing())
    source.send(now + minutes(1), recovered())
    source.send(now + minutes(2), firing())

    settled_while_firing = source.settle(now + minutes(5))
    still = the(database, Ticket).status
    source.send(now + minutes(6), recovered())

    assert (settled_while_firing, still) == (0, Status.NEW)
    assert the(database, Ticket).status is Status.RESOLVED
    assert the(database, Alert).flaps == 1


def test_the_clock_settles_what_stayed_recovered(database, monitoring, now):
    source = monitoring()
    source.send(now, firing())
    source.send(now + minutes(1), recovered())

    early, late = source.settle(now + minutes(4)), source.settle(now + minutes(5))

    assert (early, late) == (0, 1)
    assert the(database, Ticket).status is Status.RESOLVED
    assert source.settle(now + minutes(6)) == 0


def test_an_alarm_that_comes_back_soon_opens_its_own_ticket_again(database, monitoring, now):
    source = monitoring(reopen_minutes=30)
    source.send(now, firing())
    source.send(now + minutes(6), recovered())

    soon = source.became(now + minutes(20), firing())
    source.send(now + minutes(30), recovered())
    later = source.became(now + minutes(90), firing())

    assert (soon, later) == ({"reopened": 1}, {"opened": 1})
    first, second = all_of(database, Ticket)
    assert (first.cycle, second.cycle) == (2, 1)
    assert [each.flaps for each in all_of(database, Alert)] == [1, 0]


def test_the_same_delivery_twice_does_nothing_twice(database, monitoring, now):
    """S-105: what a sender repeats under one key is answered the same, and only counted."""
    source = monitoring()

    answers = [source.send(now, firing(), key="event-7") for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    assert source.was_again
    assert (the(database, Alert).count, the(database, AlertDelivery).times) == (1, 3)


def test_four_senders_at_once_open_one_ticket(database, monitoring, now):
    """Two processes of one desk: the source's row is locked, and the indexes hold (P4)."""
    source = monitoring()
    begins = Barrier(4)

    def send(number):
        begins.wait()
        return source.send(now, firing(), firing(host=f"db{number}"), key=f"key-{number % 2}")

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(send, range(4)))

    assert len(all_of(database, Ticket)) == len(all_of(database, AlertGroup)) == 1
    assert sorted(each.times for each in all_of(database, AlertDelivery)) == [2, 2]
    assert the(database, AlertGroup).count == 4


def test_a_late_word_of_what_is_over_opens_nothing(database, monitoring, now):
    source = monitoring()
    source.send(now, firing(started_at=now))
    source.send(now + minutes(6), recovered(started_at=now))

    became = source.became(now + minutes(7), firing(started_at=now))
    unknown = source.became(now + minutes(7), recovered("LinkDown"))
    twice = source.became(now + minutes(8), recovered(started_at=now))

    assert (became, unknown, twice) == ({"old": 1}, {"unknown": 1}, {"old": 1})
    assert the(database, Ticket).status is Status.RESOLVED


def test_one_source_never_ends_the_alarm_of_another(database, monitoring, now):
    """H-54: the source is part of what an alarm is."""
    one, other = monitoring(), monitoring()
    one.send(now, firing())

    became = other.became(now + minutes(6), recovered())

    assert became == {"unknown": 1}
    assert the(database, Alert).state is AlertState.FIRING


def test_what_is_not_grave_enough_waits_for_the_desk(database, monitoring, desk_now, now):
    """Class 8 of the desk's list: alarms to confirm."""
    source = monitoring(opens_from=Severity.CRITICAL)
    became = source.became(now, firing(severity=Severity.WARNING))
    alert = the(database, Alert)
    count, shown = desk_now(listing.to_confirm)

    number = desk_now(handling.open_ticket, alert.id)

    assert (became, count) == ({"waiting": 1}, 1)
    assert [each.id for each in shown] == [alert.id]
    assert shown[0].is_to_confirm
    assert the(database, Ticket).number == number
    assert desk_now(listing.to_confirm) == (0, ())
    with pytest.raises(HasTicket):
        desk_now(handling.open_ticket, alert.id)


def test_a_silenced_alarm_tells_nobody_and_its_recovery_is_heard(
    database, monitoring, desk_now, now
):
    source = monitoring(opens_from=None)
    source.send(now, firing())
    alert = the(database, Alert)

    desk_now(handling.silence, alert.id, 4, "已知，周末换盘")

    assert [each.id for each in desk_now(listing.rows, Wanted(Which.SILENCED))] == [alert.id]
    assert desk_now(listing.rows, Wanted(Which.OPEN)) == ()
    assert source.became(now + minutes(60), firing()) == {"repeated": 1}
    assert source.became(now + minutes(61), recovered()) == {"recovered": 1}
    assert all_of(database, Ticket) == []


def test_after_its_silence_an_alarm_that_still_fires_opens_its_ticket(
    database, monitoring, desk_now, now
):
    source = monitoring()
    desk_now(sources.mute, source.source_id, 1)

    muted = source.became(now, firing())
    after = source.became(now + minutes(61), firing())

    assert (muted, after) == ({"silenced": 1}, {"opened": 1})
    assert "monitoring.mute" in [each.action for each in all_of(database, AuditEntry)]


def test_an_alarm_within_maintenance_is_kept_and_opens_nothing(
    database, monitoring, monkeypatch, now
):
    """C §24; RESOLVED passes through."""
    asked = []

    def running(session, at, *, category=None, area=None):
        asked.append((category.value, area))
        return (SimpleNamespace(title="换核心交换机", ends_at=at + minutes(30)),)

    monkeypatch.setattr("services.alerts.grouping.maintenance.running", running)
    source = monitoring()

    became = source.became(now, firing())
    over = source.became(now + minutes(5), recovered())

    assert (became, over) == ({"silenced": 1}, {"recovered": 1})
    assert asked == [("server", "中心机房")]
    assert the(database, Alert).reason == "换核心交换机"
    assert all_of(database, Ticket) == []


def test_an_alarm_is_ignored_for_a_reason_until_it_recovers(database, monitoring, desk_now, now):
    source = monitoring(opens_from=None, reopen_minutes=0)
    source.send(now, firing())
    alert = the(database, Alert)

    desk_now(handling.ignore, alert.id, "测试机")

    assert source.became(now + minutes(1), firing()) == {"repeated": 1}
    with pytest.raises(OverAlready):
        desk_now(handling.ignore, alert.id, "再来一次")
    source.send(now + minutes(2), recovered())
    assert source.became(now + minutes(3), firing()) == {"waiting": 1}
    assert [each.words for each in all_of(database, AlertEvent) if each.words] == ["测试机"]


def test_an_alarm_is_joined_to_a_ticket_that_is_open(
    database, monitoring, desk_now, make_ticket, now
):
    source = monitoring(opens_from=None)
    source.send(now, firing())
    alert, ticket = the(database, Alert), make_ticket()

    with pytest.raises(NoOpenTicket):
        desk_now(handling.link, alert.id, "IT20991231-0001")
    desk_now(handling.link, alert.id, ticket.number)

    count, carried = desk_now(listing.of_ticket, ticket.id)
    assert (count, carried[0].name, carried[0].ticket) == (1, "DiskFull", ticket.number)
    assert source.became(now + minutes(1), firing(host="db02")) == {"joined": 1}


def test_only_the_desk_handles_alarms(monitoring, database, desk_now, make_engineer, now):
    source = monitoring(opens_from=None)
    source.send(now, firing())
    engineer = make_engineer()
    alert = the(database, Alert)

    assert len(desk_now(listing.rows, Wanted(), by=engineer)) == 1
    for act in (
        lambda: desk_now(handling.silence, alert.id, 1, by=engineer),
        lambda: desk_now(handling.ignore, alert.id, "x", by=engineer),
        lambda: desk_now(handling.open_ticket, alert.id, by=engineer),
        lambda: desk_now(sources.mute, source.source_id, 1, by=engineer),
        lambda: desk_now(sources.renew, source.source_id, KEY, by=engineer),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_if_who_is_responsible_left_the_alarm_waits_and_the_operators_hear(
    database, monitoring, keeper, now
):
    source = monitoring()
    with database.transaction() as session:
        session.get_one(Person, keeper.id).is_active = False

    became = [source.became(now, firing(host=f"db{number}")) for number in range(3)]

    assert became == [{"waiting": 1}] * 3
    assert [each.text_key for each in told_of_alarms(database)] == ["notice.alarm_stuck"]


def test_a_source_needs_somebody_who_can_be_reached_and_an_address_of_its_own(
    database, rules, admin, make_person, keeper, desk_now, now, monitoring
):
    known = monitoring()
    nobody = make_person("无号", phone=None)

    with pytest.raises(NobodyResponsible):
        make_source(database, rules, admin, settings(nobody), now)
    with pytest.raises(SlugTaken):
        desk_now(sources.make, known.slug, known.kind, settings(keeper), KEY, by=admin)
    with pytest.raises(NotPermitted):
        desk_now(sources.make, "other", known.kind, settings(keeper), KEY)


def test_no_secret_is_kept_where_somebody_could_read_it(database, monitoring):
    """S-107: hashed, sealed for who signs, and in no record."""
    source = monitoring()

    rows = [
        str(vars(each)) for model in (AuditEntry, AlertEvent) for each in all_of(database, model)
    ]

    assert not [each for each in rows if source.secret in each]
    with database.reading() as session:
        kept = session.scalars(select(AlertSource)).one()
        assert source.secret not in f"{kept.secret_hash} {kept.sealed}"


def test_the_last_fifty_deliveries_are_kept_and_secrets_in_them_are_not(database, monitoring, now):
    source = monitoring()
    for number in range(55):
        source.send(now + minutes(number), firing())

    later = now + minutes(80)
    source.send(later, firing())

    assert len(all_of(database, AlertDelivery)) == deliveries.KEPT
    masked = deliveries.masked({"labels": {"db_password": "hunter2", "host": "db01"}})
    assert "hunter2" not in masked
    assert "db01" in masked


def test_how_often_a_source_came_is_read_off_the_index_of_its_deliveries(database, now):
    """R-080: however many deliveries of others are kept."""
    if not database.is_sqlite:
        pytest.skip("plans of small tables say nothing on PostgreSQL")
    bound = limiting._COUNTED.params(of_source=1, most=limiting.MOST, since=now, until=now)
    whole = bound.compile(database.engine, compile_kwargs={"literal_binds": True})

    with database.reading() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {whole}")).all()

    said = [row.detail for row in plan]
    assert any("ix_alert_deliveries_source_id_id" in each for each in said), said
    assert not any("alert_deliveries" in each and "SCAN" in each for each in said), said
    assert not any("B-TREE" in each for each in said), said
