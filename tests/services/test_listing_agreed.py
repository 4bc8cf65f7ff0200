"""Who is to be met today: found by the time that was wished for, in its order (F1, C1)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from domain.calendar import CHINA
from domain.lifecycle import Status
from domain.permissions import Role
from services import listing, listing_state, shared_answers
from services.listing_wanted import Filters, Sort, View, Wanted
from services.views import Amendment, Wished
from tests.services.listing_kit import all_pages, seen_by, shorts

HOUR = timedelta(hours=1)


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def agreed(make_ticket, make_person):
    """A ticket with a wish for between these instants."""
    wang = make_person()

    def agreed(begins, ends=None, status=Status.NEW):
        wished = Wished("那时候来", begins, ends)
        return make_ticket(status, requester=wang, wished=wished).short

    return agreed


def test_what_is_agreed_for_today_is_shown_the_soonest_first(
    database, desk_of, clerk, agreed, make_ticket, now
):
    later, sooner = agreed(now + 3 * HOUR), agreed(now + HOUR)
    before_noon = agreed(None, now + 2 * HOUR)
    since_yesterday = agreed(now - 24 * HOUR, now + 30 * HOUR)
    agreed(now + 24 * HOUR)
    agreed(now - 24 * HOUR)
    agreed(now, status=Status.RESOLVED)
    make_ticket()

    page = seen_by(database, desk_of, clerk, Wanted(View.AGREED), now)

    assert shorts(page) == [since_yesterday, sooner, before_noon, later]
    assert page.rows[1].wished == "那时候来"
    assert page.rows[1].wished_from == now + HOUR
    with database.reading() as session:
        assert listing.counts(desk_of(session, clerk))[View.AGREED] == 4


@pytest.mark.parametrize("sort", list(Sort))
def test_the_list_is_turned_page_by_page_in_any_order(database, desk_of, clerk, agreed, now, sort):
    known = {agreed(now + minutes * HOUR / 4) for minutes in range(5)}

    pages = all_pages(database, desk_of, clerk, Wanted(View.AGREED, sort=sort, size=2), now)

    assert [len(page.rows) for page in pages] == [2, 2, 1]
    assert {short for page in pages for short in shorts(page)} == known


@pytest.mark.parametrize("is_descending", [False, True])
def test_c1_by_the_time_that_was_wished_for_whoever_named_none_comes_last(
    database, desk_of, clerk, agreed, make_ticket, now, is_descending
):
    later, sooner = agreed(now + 30 * HOUR), agreed(now + HOUR)
    before_noon = agreed(None, now + 2 * HOUR)
    alike = agreed(now + HOUR)
    solved = agreed(now + HOUR, status=Status.RESOLVED)
    plain = make_ticket().short
    with_time = [sooner, alike, before_noon, later]
    wanted = Wanted(View.OPEN, sort=Sort.WISHED, is_descending=is_descending, size=2)

    pages = all_pages(database, desk_of, clerk, wanted, now)
    back = replace(wanted, cursor=pages[2].before)

    seen = [short for page in pages for short in shorts(page)]
    assert seen[:4] == (with_time[::-1] if is_descending else with_time)
    assert sorted(seen[4:]) == sorted([solved, plain])
    assert shorts(seen_by(database, desk_of, clerk, back, now)) == seen[2:4]
    narrow = replace(wanted, filters=Filters(statuses=(Status.ON_HOLD,)))
    assert not shorts(seen_by(database, desk_of, clerk, narrow, now))


def test_a_day_ends_at_midnight_in_shanghai(database, desk_of, clerk, agreed, now, monkeypatch):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)
    midnight = datetime(2026, 11, 25, tzinfo=CHINA)
    last = agreed(midnight - HOUR)
    agreed(midnight)

    assert shorts(seen_by(database, desk_of, clerk, Wanted(View.AGREED), now)) == [last]
    with database.reading() as session:
        before = listing_state.state(desk_of(session, clerk, midnight - HOUR / 60))
        after = listing_state.state(desk_of(session, clerk, midnight))
    assert before != after  # the page is drawn anew though nobody did anything


def test_a_wish_that_is_said_later_is_in_the_list(
    database, desk_of, by, clerk, make_person, make_ticket, now
):
    wang = make_person()
    ticket = make_ticket(requester=wang)

    by(wang).amend(ticket.id, "今天下午来", Amendment(wished=Wished("今天下午来", now + HOUR)))

    assert shorts(seen_by(database, desk_of, clerk, Wanted(View.AGREED), now)) == [ticket.short]


@pytest.mark.parametrize("wanted", [Wanted(View.AGREED), Wanted(View.OPEN, sort=Sort.WISHED)])
def test_t6_it_is_read_from_its_own_index(database, desk_of, clerk, wanted):
    if not database.is_sqlite:
        pytest.skip("the plans of an empty PostgreSQL say nothing")
    statements = []
    with database.reading() as session:
        raw = session.connection()
        seen = session.get_bind()
        event.listen(seen, "before_cursor_execute", lambda *a: statements.append((a[2], a[3])))
        listing.page(desk_of(session, clerk), wanted)
        found = [
            row[3]
            for statement, values in list(statements)
            if "wished_from" in statement
            for row in raw.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert any("ix_tickets_agreed" in step for step in found), found
