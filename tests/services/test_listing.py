"""Lists of tickets: what each view holds, in which order, for whom (F8, C §1, C §2)."""

from datetime import timedelta

import pytest

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Role
from domain.priority import Priority, Urgency
from domain.refusals import NotPermitted
from models import Engineer, Follower, IntakeChannel, Person, Ticket
from services import listing
from services.listing_wanted import NOBODY, Cursor, Filters, Sort, View, Wanted, Why
from tests.services.listing_kit import all_pages, seen_by, shorts
from tests.services.making import a_report

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def page_of(database, desk_of, now):
    def page_of(actor, view=View.TODO, at=now, **facts):
        filters = {name: facts.pop(name) for name in list(facts) if name in Filters.__slots__}
        wanted = Wanted(view, Filters(**filters), **facts)
        return seen_by(database, desk_of, actor, wanted, at)

    return page_of


@pytest.fixture
def change(database):
    def change(model, key, **values):
        with database.transaction() as session:
            row = session.get_one(model, key)
            for name, value in values.items():
                setattr(row, name, value)

    return change


def test_a_view_holds_what_its_name_says(page_of, clerk, make_engineer, make_ticket):
    zhou = make_engineer("周工")
    by_status = {
        status: make_ticket(status, engineer=zhou).short
        for status in (
            Status.ASSIGNED,
            Status.ON_HOLD,
            Status.RESOLVED,
            Status.CLOSED,
        )
    }

    def held(view):
        return set(shorts(page_of(clerk, view)))

    assert held(View.ANSWER) == {by_status[Status.ASSIGNED]}
    assert held(View.WAITING) == {by_status[Status.ON_HOLD], by_status[Status.RESOLVED]}
    assert held(View.OPEN) == set(by_status.values()) - {by_status[Status.CLOSED]}
    assert held(View.ENDED) == {by_status[Status.CLOSED]}


def test_what_needs_the_desk_is_ordered_by_time_to_harm_e(
    page_of, clerk, make_person, make_engineer, make_ticket, change, now
):
    zhou = make_engineer("周工")
    in_time = make_ticket(Status.IN_PROGRESS, engineer=zhou)
    breached = make_ticket(Status.ASSIGNED, engineer=zhou, at=now - 20 * MINUTE)
    soon = make_ticket(Status.IN_PROGRESS, engineer=zhou, at=now - 110 * MINUTE)
    change(Engineer, zhou.id, is_on_duty=False)
    nobodys = make_ticket(Status.NEW, at=now - 5 * MINUTE)
    wu = make_engineer("吴工")
    unreached = make_ticket(Status.ASSIGNED, engineer=wu, at=now - MINUTE)
    change(Person, wu.id, unreached_since=now)

    page = page_of(clerk)

    expected = [breached.short, soon.short, unreached.short, nobodys.short]
    assert shorts(page) == expected
    assert [row.why for row in page.rows] == [
        Why.LATE,
        Why.SOON,
        Why.UNREACHED,
        Why.UNASSIGNED,
    ]
    assert in_time.short not in shorts(page)


def test_an_unanswered_ticket_is_late_by_its_answer_and_one_on_hold_never_is(
    page_of, clerk, make_engineer, make_ticket, now
):
    zhou = make_engineer("周工")
    unanswered = make_ticket(Status.ASSIGNED, engineer=zhou)
    make_ticket(Status.ON_HOLD, engineer=zhou)

    assert shorts(page_of(clerk, View.SOON, now + 6 * MINUTE)) == [unanswered.short]
    assert shorts(page_of(clerk, View.LATE, now + 11 * MINUTE)) == [unanswered.short]
    assert shorts(page_of(clerk, View.LATE, now + 5 * HOUR)) == [unanswered.short]


def test_new_tickets_are_served_by_priority_then_first_in_first_out(
    page_of, clerk, by, make_person, now
):
    wang = make_person()
    for minutes, urgency in ((9, Urgency.NORMAL), (8, Urgency.HIGH), (7, Urgency.NORMAL)):
        by(wang, now - minutes * MINUTE).report(a_report(urgency=urgency))

    assert shorts(page_of(clerk, View.NEW)) == ["0002", "0001", "0003"]


def test_filters_of_one_kind_are_or_and_several_kinds_are_and(
    page_of, clerk, by, make_person, change, now
):
    wang = make_person()
    facts = (
        ("A座305", Category.PRINTER, IntakeChannel.PHONE),
        ("A座101", Category.NETWORK, IntakeChannel.WECHAT),
        ("B座305", Category.PRINTER, IntakeChannel.WECHAT),
    )
    for place, category, channel in facts:
        view = by(wang, now).report(a_report(place=place, category=category)).ticket
        change(Ticket, view.id, channel=channel)

    def found(**filters):
        return shorts(page_of(clerk, View.OPEN, **filters))

    both = (Category.PRINTER, Category.NETWORK)
    assert found(categories=both) == ["0001", "0002", "0003"]
    assert found(categories=both, place="A座") == ["0001", "0002"]
    assert found(categories=(Category.PRINTER,), channels=(IntakeChannel.WECHAT,)) == ["0003"]
    assert found(statuses=(Status.ON_HOLD,)) == []
    assert found(priorities=(Priority.NORMAL,), engineers=(NOBODY,)) == ["0001", "0002", "0003"]
    assert found(opened_from=now + HOUR) == []
    assert found(place="%") == []


def test_an_engineer_sees_only_what_is_or_was_theirs_y1(
    page_of, clerk, by, make_engineer, make_ticket, change, now
):
    zhou = make_engineer("周工")
    mine = make_ticket(Status.IN_PROGRESS, engineer=zhou)
    given_back = make_ticket(Status.ASSIGNED, engineer=zhou)
    by(zhou).decline(given_back.id, "不在")
    change(Engineer, zhou.id, is_on_duty=False)
    wu = make_engineer("吴工")
    others = make_ticket(Status.IN_PROGRESS, engineer=wu)
    helped = make_ticket(Status.IN_PROGRESS, engineer=wu)
    change(Ticket, helped.id, supporter_id=zhou.id)

    assert set(shorts(page_of(zhou, View.OPEN))) == {mine.short, given_back.short, helped.short}
    assert set(shorts(page_of(zhou, View.MINE))) == {mine.short, helped.short}
    assert others.short in shorts(page_of(clerk, View.OPEN))


def test_what_an_engineer_was_given_later_is_theirs_in_the_next_list_too(
    page_of, make_engineer, make_ticket
):
    zhou = make_engineer("周工")
    first = make_ticket(Status.ASSIGNED, engineer=zhou)

    assert shorts(page_of(zhou, View.OPEN)) == [first.short]

    second = make_ticket(Status.ASSIGNED, engineer=zhou)

    assert shorts(page_of(zhou, View.OPEN)) == [first.short, second.short]


def test_a_vendor_loses_sight_of_what_is_taken_from_them(page_of, make_person, make_ticket, change):
    vendor = make_person("外包", Role.VENDOR)
    ticket = make_ticket(Status.IN_PROGRESS)
    change(Ticket, ticket.id, assignee_id=vendor.id)
    assert shorts(page_of(vendor, View.OPEN)) == [ticket.short]

    change(Ticket, ticket.id, assignee_id=make_person("别人", Role.VENDOR).id)

    assert shorts(page_of(vendor, View.OPEN)) == []


def test_a_clerks_own_list_has_what_they_took_down_or_follow(
    database, page_of, clerk, make_ticket, change, now
):
    taken_down, followed, _ = (make_ticket() for _ in range(3))
    change(Ticket, taken_down.id, opened_by_id=clerk.id)
    with database.transaction() as session:
        session.add(Follower(person_id=clerk.id, ticket_id=followed.id, since=now))

    assert shorts(page_of(clerk, View.MINE)) == [taken_down.short, followed.short]


def test_whoever_works_nowhere_has_no_lists(page_of, make_person):
    with pytest.raises(NotPermitted):
        page_of(make_person("王芳"))
    with pytest.raises(NotPermitted):
        page_of(make_person("管理员", Role.ADMIN))


@pytest.mark.parametrize("sort", [Sort.HARM, Sort.OPENED, Sort.DUE, Sort.PRIORITY])
@pytest.mark.parametrize("is_descending", [False, True])
def test_pages_hold_every_ticket_once_in_each_order(
    database, desk_of, clerk, by, make_person, now, sort, is_descending
):
    wang = make_person()
    for minutes in range(7):
        urgency = Urgency.HIGH if minutes % 2 else Urgency.NORMAL
        by(wang, now - minutes * MINUTE).report(a_report(urgency=urgency))
    wanted = Wanted(View.OPEN, sort=sort, is_descending=is_descending, size=3)

    pages = all_pages(database, desk_of, clerk, wanted, now)

    together = [short for page in pages for short in shorts(page)]
    whole = shorts(
        seen_by(
            database, desk_of, clerk, Wanted(View.OPEN, sort=sort, is_descending=is_descending), now
        )
    )
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    assert together == whole
    assert sorted(together) == [f"000{n}" for n in range(1, 8)]


def test_a_ticket_that_comes_in_between_moves_no_page_c2(
    database, desk_of, clerk, by, make_person, now
):
    wang = make_person()
    for minutes in range(10, 4, -1):
        by(wang, now - minutes * MINUTE).report(a_report())
    wanted = Wanted(View.NEW, size=2)
    first = seen_by(database, desk_of, clerk, wanted, now)

    by(wang, now).report(a_report(urgency=Urgency.HIGH))  # it belongs at the very top
    second = seen_by(database, desk_of, clerk, Wanted(View.NEW, size=2, cursor=first.after), now)
    back = seen_by(database, desk_of, clerk, Wanted(View.NEW, size=2, cursor=second.before), now)

    assert (shorts(first), shorts(second)) == (["0001", "0002"], ["0003", "0004"])
    assert shorts(back) == shorts(first)
    assert back.before is not None  # the new one stands in front of it


def test_a_cursor_from_nowhere_gives_what_stands_behind_it(page_of, clerk, make_ticket, now):
    make_ticket()

    page = page_of(clerk, View.NEW, cursor=Cursor(3, now + HOUR, 0))

    assert (page.rows, page.after, page.before) == ((), None, None)


def test_an_engineer_finds_of_a_colleagues_ended_work_what_they_had_to_do_with(
    page_of, make_engineer, make_ticket, database, now
):
    wu = make_engineer("吴工")
    make_ticket(Status.CLOSED, engineer=wu)
    helped = make_ticket(Status.CLOSED, engineer=wu)
    with database.transaction() as session:
        session.get_one(Engineer, wu.id).is_on_duty = False
    zhou = make_engineer("周工")
    own = make_ticket(Status.CLOSED, engineer=zhou)
    with database.transaction() as session:
        session.get_one(Ticket, helped.id).supporter_id = zhou.id

    assert shorts(page_of(zhou, View.ENDED, engineers=(wu.id,))) == [helped.short]
    both = shorts(page_of(zhou, View.ENDED, engineers=(wu.id, zhou.id)))
    assert sorted(both) == sorted([helped.short, own.short])


def test_counts_agree_with_the_lists(database, desk_of, clerk, make_engineer, make_ticket, now):
    zhou = make_engineer("周工")
    for status in (Status.CLOSED, Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD):
        make_ticket(status, engineer=zhou, at=now - HOUR)

    with database.reading() as session:
        desk = desk_of(session, clerk)
        counts = listing.counts(desk)
        lists = {view: len(listing.page(desk, Wanted(view)).rows) for view in View}

    assert counts == lists
    assert counts[View.LATE] == 1


def test_no_list_is_counted_beyond_its_cap(database, desk_of, clerk, make_ticket):
    for _ in range(3):
        make_ticket()

    with database.reading() as session:
        assert listing.count(desk_of(session, clerk), Wanted(View.OPEN), most=1) == 2


def test_only_the_newest_part_of_the_archive_is_looked_through_for_words(
    page_of, clerk, make_ticket, now
):
    make_ticket(Status.CLOSED, at=now - timedelta(days=200), place="A座305")
    newer = make_ticket(Status.CLOSED, at=now - timedelta(days=99), place="A座305")

    assert shorts(page_of(clerk, View.ENDED, place="A座")) == [newer.short]
    dated = page_of(clerk, View.ENDED, place="A座", opened_from=now - timedelta(days=300))
    assert len(dated.rows) == 2


def test_what_a_requester_has_said_since_needs_somebody_until_it_is_taken_up_e7(
    database, desk_of, by, make_person, make_engineer, make_ticket, now
):
    clerk, wang = make_person("陈静", Role.DESK), make_person("王芳")
    zhou = make_engineer("周工")
    said = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    held = make_ticket(Status.ON_HOLD, requester=wang, engineer=zhou)
    make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)

    def todo(person):
        with database.transaction() as session:
            found = listing.page(desk_of(session, person), Wanted(View.TODO)).rows
            return [(row.number, row.why) for row in found]

    assert todo(clerk) == todo(zhou) == []
    for each in (said, held):
        by(wang, now).amend(each.id, "还是不行，今天要用")

    both = {(said.number, Why.SAID), (held.number, Why.SAID)}
    assert set(todo(clerk)) == set(todo(zhou)) == both

    by(zhou, now).progress(said.id, "马上来")
    assert todo(clerk) == [(held.number, Why.SAID)]
