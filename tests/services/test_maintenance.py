"""Maintenance windows: planned, told, changed, and answered together when they end (C §24, B7)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.category import Category
from domain.lifecycle import Action
from domain.maintenance import EndsBeforeItBegins, IsOver, NotNow, Phase, TooFarAhead, TooLong
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import Activity, AuditEntry, MaintenanceTicket, Notice
from services import bulletins, maintenance, maintenance_planning, maintenance_tickets
from services.maintenance_planning import Plan
from tests.services.making import a_report

HOUR = timedelta(hours=1)


def told(window):
    """As a page words it, near enough: what the bulletin says hangs on where the window stands."""
    return f"{window.phase}：{window.title}", f"{window.words}\n\n{window.ends_at.isoformat()}"


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def at(database, desk_of, now):
    """`at(person, do, hours)`: an act of theirs so much later, in its own transaction."""

    def act(person, do, hours=0.0):
        with database.transaction() as session:
            return do(desk_of(session, person, now + hours * HOUR))

    return act


@pytest.fixture
def planned(at, chen, now):
    """`planned(from_, until, …)`: a window from so many hours from now until so many."""

    def plan(begins=3.0, ends=5.0, **facts):
        given = {"title": "B座网络割接", "words": "期间上不了网。", "ahead_hours": 2, **facts}
        wanted = Plan(starts_at=now + begins * HOUR, ends_at=now + ends * HOUR, **given)
        return at(chen, lambda desk: maintenance_planning.plan(desk, wanted, told))

    return plan


@pytest.fixture
def runs(database, now):
    """The ids of what runs so many hours from now, for such a thing at such a place."""

    def found(hours=0.0, **asked):
        with database.reading() as session:
            return [each.id for each in maintenance.running(session, now + hours * HOUR, **asked)]

    return found


@pytest.fixture
def line(database, now):
    """What this person's pages say on top, so many hours from now."""

    def banner(person, hours=0.0):
        with database.reading() as session:
            return maintenance.banner(session, person.id, now + hours * HOUR)

    return banner


# --- what runs ------------------------------------------------------------------------------------


def test_a_window_runs_from_its_beginning_until_its_end_c24(planned, runs):
    window = planned(3, 5)

    assert [runs(hours) for hours in (2.9, 3, 4.9)] == [[], [window.id], [window.id]]
    assert runs(5) == []


def test_what_runs_is_asked_by_kind_and_place_and_unknown_fits_b7(planned, runs):
    network = planned(0, 2, categories=frozenset({Category.NETWORK}), areas=("B座",))
    power = planned(0, 3, title="全院停电检修")

    assert runs(1) == [power.id, network.id]
    assert runs(1, category=Category.PRINTER) == [power.id]
    assert runs(1, category=Category.NETWORK, area="A座305") == [power.id]
    assert runs(1, category=Category.NETWORK, area="B座201 会议室") == [power.id, network.id]


def test_a_fault_of_which_nothing_is_known_is_explained_by_nothing(database, planned, now):
    planned(0, 2)

    with database.reading() as session:
        assert maintenance.fitting(session, now, None, "") is None
        assert maintenance.fitting(session, now, "printer", "") is not None


# --- planning -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "no"),
    [
        (3, 3, EndsBeforeItBegins),
        (-3, -1, IsOver),
        (1, 24 * 40, TooLong),
        (24 * 400, 24 * 400 + 2, TooFarAhead),
    ],
)
def test_times_that_nobody_can_mean_are_refused(planned, begins, ends, no):
    with pytest.raises(no):
        planned(begins, ends)


def test_only_desk_head_and_admin_plan_it(at, make_person, make_engineer, planned, now):
    wang, zhou = make_person(), make_engineer()
    window = planned()

    for person in (wang, zhou):
        with pytest.raises(NotPermitted):
            at(person, lambda desk: maintenance_planning.cancel(desk, window.id, told))
        with pytest.raises(NotPermitted):
            at(person, maintenance_planning.listed)
    assert at(make_person("陈主任", Role.HEAD), maintenance_planning.listed)[0].id == window.id


def test_its_bulletin_comes_out_by_itself_when_people_are_to_be_told_and_once_k3(
    at, planned, make_person
):
    wang = make_person()
    planned(3, 5, ahead_hours=2)

    assert at(wang, bulletins.unread, 0.9) == ()
    (bulletin,) = at(wang, bulletins.unread, 1)
    assert bulletin.title.endswith("B座网络割接")
    assert at(wang, bulletins.unread, 5) == ()


def test_what_begins_sooner_than_people_would_be_told_is_told_at_once(at, planned, make_person):
    window = planned(1, 2, ahead_hours=24)

    assert window.phase is Phase.COMING
    assert len(at(make_person(), bulletins.unread)) == 1


def test_others_that_one_fault_could_fall_into_are_said(at, chen, planned):
    network = planned(3, 5, categories=frozenset({Category.NETWORK}), areas=("B座",))
    near = planned(4, 6, categories=frozenset({Category.NETWORK}), areas=("B座2楼",))
    planned(4, 6, categories=frozenset({Category.PRINTER}))
    planned(5, 6, categories=frozenset({Category.NETWORK}))

    found = at(chen, lambda desk: maintenance_planning.overlaps(desk, network, network.id))

    assert [each.id for each in found] == [near.id]


def test_each_change_is_recorded_with_what_was_before_and_what_is_y1(database, at, chen, planned):
    window = planned(0, 2)

    at(chen, lambda desk: maintenance_planning.extend(desk, window.id, HOUR, told), 1)

    with database.reading() as session:
        entries = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject == f"maintenance:{window.id}")
            .order_by(AuditEntry.id)
        ).all()
        assert [each.action for each in entries] == ["maintenance.plan", "maintenance.extend"]
        assert entries[1].before == {"until": "2026-11-24 12:30"}
        assert entries[1].after == {"until": "2026-11-24 13:30"}


def test_the_bulletin_says_what_became_of_it(at, chen, planned, make_person, now):
    wang = make_person()
    first, second = planned(0, 4), planned(2, 4, title="邮箱升级")

    at(chen, lambda desk: maintenance_planning.end(desk, first.id, told), 1)
    at(chen, lambda desk: maintenance_planning.cancel(desk, second.id, told), 1)

    titles = {each.title for each in at(wang, bulletins.published, 1).bulletins}
    assert titles == {"over：B座网络割接", "cancelled：邮箱升级"}


def test_what_was_cancelled_before_anybody_was_told_is_heard_of_by_nobody(
    at, chen, planned, make_person
):
    window = planned(10, 12, ahead_hours=2)

    at(chen, lambda desk: maintenance_planning.cancel(desk, window.id, told), 1)

    assert at(make_person(), bulletins.published, 11).bulletins == ()


def test_what_is_moved_before_it_was_told_is_told_later(at, chen, planned, make_person, now):
    window = planned(10, 12, ahead_hours=2)
    later = Plan("B座网络割接", "改期。", now + 20 * HOUR, now + 22 * HOUR, ahead_hours=2)

    at(chen, lambda desk: maintenance_planning.change(desk, window.id, later, told), 1)

    wang = make_person()
    assert at(wang, bulletins.unread, 9) == ()
    assert len(at(wang, bulletins.unread, 18)) == 1


def test_when_it_began_stays_once_it_has(at, chen, planned, now):
    window = planned(0, 2)
    meant = Plan("B座网络割接", "久一些。", now + 5 * HOUR, now + 6 * HOUR)

    changed = at(chen, lambda desk: maintenance_planning.change(desk, window.id, meant, told), 1)

    assert (changed.starts_at, changed.ends_at) == (now, now + 6 * HOUR)


@pytest.mark.parametrize("act", ["end", "extend", "cancel", "change"])
def test_nothing_more_can_be_done_to_what_is_over(at, chen, planned, act, now):
    window = planned(0, 1)
    others = {
        "extend": (HOUR,),
        "change": (Plan("改", "改", now + 3 * HOUR, now + 4 * HOUR),),
    }.get(act, ())

    with pytest.raises(NotNow):
        do = getattr(maintenance_planning, act)
        at(chen, lambda desk: do(desk, window.id, *others, told), 2)


# --- the line on each page ------------------------------------------------------------------------


def test_the_line_says_what_is_coming_then_what_runs_and_then_nothing(line, planned, make_person):
    wang = make_person()
    planned(3, 5, ahead_hours=2)

    assert line(wang, 0.5) is None
    assert line(wang, 1).window.phase is Phase.COMING
    assert line(wang, 3).window.phase is Phase.RUNNING
    assert line(wang, 5) is None


def test_what_is_coming_is_put_away_by_each_person_for_themselves_what_runs_is_not(
    database, line, planned, make_person, now
):
    wang, li = make_person(), make_person("李强")
    window = planned(1, 2)

    for _ in range(2):  # two tabs
        with database.transaction() as session:
            maintenance.dismiss(session, window.id, wang.id, now)

    assert line(wang, 0.5) is None
    assert line(li, 0.5) is not None
    assert line(wang, 1).window.is_running
    assert not line(wang, 1).may_be_dismissed


def test_what_runs_goes_before_what_is_coming_and_others_are_counted(line, planned, make_person):
    planned(1, 3, title="邮箱升级")
    planned(0, 1, title="B座网络割接")

    shown = line(make_person(), 0.5)

    assert (shown.window.title, shown.others) == ("B座网络割接", 1)


# --- tickets --------------------------------------------------------------------------------------


@pytest.fixture
def notices_of(database):
    """What was to be said to this person when it is over."""

    def found(person):
        with database.reading() as session:
            wanted = select(Notice).where(
                Notice.recipient_id == person.id, Notice.text_key == maintenance_tickets.RESTORED
            )
            return session.scalars(wanted).all()

    return found


def restored(window):
    return lambda desk: maintenance_tickets.tell_restored(desk, window.id)


def test_a_ticket_that_comes_in_meanwhile_is_marked_and_others_are_not(
    database, at, planned, make_person, make_engineer
):
    make_engineer()
    wang = make_person()
    window = planned(0, 2, categories=frozenset({Category.PRINTER}))

    meant = at(wang, lambda desk: desk.report(a_report()), 1).ticket
    other = at(wang, lambda desk: desk.report(a_report(category=Category.NETWORK)), 1).ticket
    later = at(wang, lambda desk: desk.report(a_report()), 3).ticket

    with database.reading() as session:
        marked = session.scalars(select(MaintenanceTicket.ticket_id)).all()
        assert marked == [meant.id]
        lines = session.scalars(
            select(Activity).where(
                Activity.ticket_id.in_([meant.id, other.id, later.id]),
                Activity.action == Action.LINK,
            )
        ).all()
        assert [each.detail for each in lines] == [
            {"maintenance": window.id, "other": "B座网络割接"}
        ]


def test_its_promises_are_those_of_any_other_ticket(at, planned, make_person, make_engineer):
    """A window explains a fault; it takes no promise back (R4)."""
    make_engineer()
    wang = make_person()
    before = at(wang, lambda desk: desk.report(a_report())).ticket
    planned(0, 2)

    meanwhile = at(wang, lambda desk: desk.report(a_report())).ticket

    assert meanwhile.resolution_due_at == before.resolution_due_at
    assert meanwhile.response_due_at == before.response_due_at


def test_each_person_who_waits_is_told_once_that_it_is_over(
    at, chen, planned, notices_of, make_person, make_engineer
):
    make_engineer()
    wang, li = make_person(), make_person("李强")
    window = planned(0, 2)
    for person in (wang, wang, li):
        at(person, lambda desk: desk.report(a_report()), 1)

    with pytest.raises(NotNow):
        at(chen, restored(window), 1)
    assert at(chen, restored(window), 2) == 2
    assert at(chen, restored(window), 2.1) == 0

    (notice,) = notices_of(wang)
    assert notice.say["facts"]["others"] is not None
    assert len(notices_of(li)) == 1


def test_who_has_it_solved_already_or_is_known_by_phone_alone_is_not_written_to(
    at, chen, planned, notices_of, make_person, make_engineer, make_ticket
):
    make_engineer()
    solved, on_phone = make_person(), make_person("老刘", openid=None)
    window = planned(0, 2)
    ticket = at(solved, lambda desk: desk.report(a_report()), 1).ticket
    at(solved, lambda desk: desk.cancel(ticket.id), 1)
    at(on_phone, lambda desk: desk.report(a_report()), 1)

    assert at(chen, restored(window), 2) == 0

    assert not notices_of(solved)
    linked = at(chen, lambda desk: maintenance_tickets.linked(desk, window.id), 2)
    assert {each.contact_name: (each.waits, each.is_in_chat) for each in linked} == {
        "王芳": (False, True),
        "老刘": (True, False),
    }
    assert at(chen, maintenance_tickets.waiting, 2) == {window.id: 1}


def test_the_history_says_in_which_window_it_came_in_and_that_it_was_told(
    database, at, chen, planned, make_person, make_engineer
):
    make_engineer()
    wang = make_person()
    window = planned(0, 2)
    ticket = at(wang, lambda desk: desk.report(a_report()), 1).ticket
    at(chen, restored(window), 2)

    with database.reading() as session:
        lines = session.scalars(
            select(Activity.detail).where(
                Activity.ticket_id == ticket.id, Activity.action == Action.LINK
            )
        ).all()
        assert lines == [
            {"maintenance": window.id, "other": "B座网络割接"},
            {"restored": window.id, "other": "B座网络割接"},
        ]
        found = maintenance_tickets.of_ticket(session, ticket.id, window.ends_at)
        assert found and (found.id, found.phase) == (window.id, Phase.OVER)


def test_a_window_that_is_not_there_is_not_found(at, chen):
    with pytest.raises(NotFound):
        at(chen, lambda desk: maintenance_tickets.tell_restored(desk, 9))
