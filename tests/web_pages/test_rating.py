"""Three rows of stars and a word why, once (F13)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.lifecycle import Status
from domain.permissions import Role
from models import IntakeChannel, Notice, Rating


@pytest.fixture
def closed(make_person, make_engineer, make_ticket):
    wang = make_person()
    zhou = make_engineer(skills=["printer"])
    ticket = make_ticket(Status.CLOSED, requester=wang, engineer=zhou)
    return wang, zhou, ticket, f"/h5/tickets/{ticket.number}/rate"


def given(database) -> list[tuple[int, int, int, str | None]]:
    with database.reading() as session:
        return [(r.speed, r.attitude, r.result, r.comment) for r in session.scalars(select(Rating))]


def test_stars_and_words_are_kept(closed, browser_of, database):
    wang, _, _, way = closed
    browser = browser_of(wang)

    page = browser.sends(
        browser.opens(way).form(way), speed="5", attitude="4", result="3", comment="慢了点"
    )

    assert given(database) == [(5, 4, 3, "慢了点")]
    assert "记下了" in page.text
    assert "速度 5" in browser.opens(way).text, "and shown to who gave them"


def test_a_low_score_calls_the_desk(closed, make_person, browser_of, database):
    wang, _, _, way = closed
    chen = make_person("陈台", Role.DESK)
    browser = browser_of(wang)

    browser.sends(browser.opens(way).form(way), speed="2", attitude="5", result="5")

    with database.reading() as session:
        told = session.scalars(select(Notice.text_key).where(Notice.recipient_id == chen.id)).all()
    assert "notice.low_rating" in told


def test_a_row_without_a_star_is_asked_for_and_the_others_are_kept(closed, browser_of, database):
    wang, _, _, way = closed
    browser = browser_of(wang)

    page = browser.sends(browser.opens(way).form(way), speed="5", result="3", comment="还行")

    assert page.status == 400 and "点一下星星" in page.text
    assert page.form(way).fields["speed"] == "5" and page.form(way).fields["comment"] == "还行"
    assert given(database) == []


@pytest.mark.parametrize("score", ["0", "6", "-1", "five", "5.5", "9" * 40])
def test_no_score_beyond_one_to_five_is_taken(closed, browser_of, database, score):
    wang, _, _, way = closed
    browser = browser_of(wang)

    page = browser.sends(browser.opens(way).form(way), speed=score, attitude="5", result="5")

    assert page.status == 400 and given(database) == []


def test_it_is_rated_once_though_two_pages_were_open(closed, browser_of, database):
    wang, _, _, way = closed
    browser = browser_of(wang)
    one, two = browser.opens(way).form(way), browser.opens(way).form(way)

    browser.sends(one, speed="5", attitude="5", result="5")
    page = browser.sends(two, speed="1", attitude="1", result="1")

    assert page.status == 409 and "评过了" in page.text
    assert given(database) == [(5, 5, 5, None)]


def test_who_did_the_work_neither_rates_it_nor_sees_who_did(closed, browser_of):
    _, zhou, _, way = closed

    assert browser_of(zhou).opens(way).status == 404


def test_what_is_not_ended_is_not_rated_yet(make_person, make_ticket, browser_of):
    wang = make_person()
    ticket = make_ticket(requester=wang)

    page = browser_of(wang).opens(f"/h5/tickets/{ticket.number}/rate")

    assert "现在不用评" in page.text and page.forms == []


# --- thinking again ------------------------------------------------------------------------------


@pytest.fixture(params=["h5", "portal"])
def rated(request, closed, browser_of, at_desk):
    """A ticket rated 5 4 3: a browser of who did, and the address of the rating."""
    wang, _, ticket, _ = closed
    browser = browser_of(wang) if request.param == "h5" else at_desk(wang)
    way = f"/{request.param}/tickets/{ticket.number}/rate"
    browser.sends(browser.opens(way).form(way), speed="5", attitude="4", result="3", comment="慢")
    return browser, way


def test_a_rating_is_changed_once_and_the_page_says_what_is_kept(rated, database):
    browser, way = rated
    assert "评价后 24 小时内可以改一次" in browser.opens(way).text
    form = browser.opens(f"{way}?change=1").form(f"{way}/change")
    assert (form.fields["speed"], form.fields["comment"]) == ("5", "慢")

    page = browser.sends(form, speed="2")
    twice = browser.sends(form, speed="2")

    assert given(database) == [(2, 4, 3, "慢")]
    for shown in (page, twice):
        assert "改好了" in shown.text and "速度 2，态度 4，结果 3" in shown.text
        assert "您第一次评的是：速度 5，态度 4，结果 3，也留着" in shown.text
    assert f"{way}?change=1" not in browser.opens(way).links
    again = browser.opens(f"{way}?change=1")
    assert all(form.action != f"{way}/change" for form in again.forms)


def test_after_a_day_a_rating_stays_as_it_is(rated, database, clock):
    browser, way = rated
    assert f"{way}?change=1" in browser.opens(way.removesuffix("/rate")).links
    old = browser.opens(f"{way}?change=1").form(f"{way}/change")
    with database.transaction() as session:
        session.scalars(select(Rating)).one().rated_at = clock() - timedelta(hours=25)

    page = browser.sends(old, speed="1")

    assert page.status == 409 and given(database) == [(5, 4, 3, "慢")]
    assert f"{way}?change=1" not in browser.opens(way).links


def test_where_it_was_said_is_kept_with_the_rating(rated, database):
    _, way = rated

    with database.reading() as session:
        (channel,) = session.scalars(select(Rating.channel))

    assert channel is (IntakeChannel.WEB if way.startswith("/portal") else IntakeChannel.WECHAT)


def test_a_change_with_a_row_left_out_is_asked_for_it(rated, database):
    browser, way = rated
    form = browser.opens(f"{way}?change=1").form(f"{way}/change")

    page = browser.sends(form, speed="")

    assert page.status == 400 and "点一下星星" in page.text
    assert page.form(f"{way}/change").fields["attitude"] == "4"
    assert given(database) == [(5, 4, 3, "慢")]
