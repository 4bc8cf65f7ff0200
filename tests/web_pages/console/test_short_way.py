"""What did not move is answered without asking the desk anew, and to nobody else (T12, Y1)."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from domain.permissions import Role
from models import Person
from services import shared_answers, web_sessions
from tests.running_time import Watch
from tests.web_pages.console.test_queue import list_in, live, mark_of
from web import short_way


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(shared_answers, "time", watch)
    monkeypatch.setattr(short_way, "time", watch)
    return watch


@pytest.fixture
def statements(database):
    @contextmanager
    def counting():
        asked = []

        def note(connection, cursor, statement, parameters, context, many):
            asked.append(statement)

        event.listen(database._readers, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(database._readers, "before_cursor_execute", note)

    return counting


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def open_list(at_desk, clerk, make_ticket):
    """A clerk's list that has just been answered «unchanged» the long way."""
    make_ticket()
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=open")
    assert live(browser, page, mark_of(page)).status_code == 304
    return browser, page


def test_what_did_not_move_costs_one_look_a_second_for_everybody(watch, open_list, statements):
    browser, page = open_list
    with statements() as first:
        assert live(browser, page, mark_of(page)).status_code == 304
    with statements() as second:
        assert live(browser, page, mark_of(page)).status_code == 304
    watch.at += 1.1
    with statements() as later:
        assert live(browser, page, mark_of(page)).status_code == 304

    assert [len(each) for each in (second, later)] == [0, 2]
    assert len(first) <= 2


def test_the_short_answer_has_the_headers_of_the_long_one_h43(watch, at_desk, clerk, make_ticket):
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=open")
    long, short = (live(browser, page, mark_of(page)) for _ in range(2))

    assert short.status_code == 304 and not short.get_data()
    assert "HX-Vouched" in long.headers and "HX-Vouched" not in short.headers
    for name in ("HX-PTag", "Cache-Control", "Content-Security-Policy", "Vary"):
        assert short.headers[name] == long.headers[name]


def test_a_change_is_sent_a_second_later(watch, open_list, make_ticket):
    browser, page = open_list
    live(browser, page, mark_of(page))
    make_ticket()
    watch.at += 2.1

    assert live(browser, page, mark_of(page)).status_code == 200


def test_whoever_has_just_been_sent_a_change_goes_the_short_way_with_it(
    watch, open_list, make_ticket, statements
):
    browser, page = open_list
    make_ticket()
    watch.at += 2.1
    changed = live(browser, page, mark_of(page))
    live(browser, page, changed.headers["HX-PTag"])

    with statements() as asked:
        again = live(browser, page, changed.headers["HX-PTag"])

    assert (again.status_code, asked) == (304, [])
    assert "HX-Retarget" not in again.headers


def test_after_some_seconds_all_is_worked_out_again(watch, open_list, statements):
    browser, page = open_list
    watch.at += 9.6
    with statements() as asked:
        assert live(browser, page, mark_of(page)).status_code == 304

    assert any("web_sessions" in each for each in asked) and len(asked) > 2


def test_another_session_with_the_same_mark_is_asked_who_it_is_y1(watch, open_list, app):
    _, page = open_list
    stranger = app.test_client()

    address = list_in(page)[1].replace("&amp;", "&")
    answer = stranger.get(address, headers={"HX-PTag": mark_of(page)})

    assert answer.status_code in (302, 303, 401)


@pytest.mark.parametrize("what", ["signed out everywhere", "no clerk any more"])
def test_a_right_that_was_lost_is_lost_within_a_second_y1(watch, open_list, clerk, database, what):
    browser, page = open_list
    with database.transaction() as session:
        if what == "no clerk any more":
            session.get_one(Person, clerk.id).roles = frozenset({Role.ENGINEER})
        else:
            web_sessions.end_all(session, clerk.id)
    watch.at += 1.1

    answer = live(browser, page, mark_of(page))

    assert answer.status_code != 304
    assert "惠普打印机" not in answer.get_data(as_text=True)


def test_of_an_answer_that_may_be_behind_nothing_is_remembered(watch, at_desk, clerk, make_ticket):
    make_ticket()
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=open")
    live(browser, page, mark_of(page))
    make_ticket()
    watch.at += 1.1  # the state is known anew, the list may still be the former one
    live(browser, page, mark_of(page))
    watch.at += 1.0

    assert live(browser, page, mark_of(page)).status_code == 200
