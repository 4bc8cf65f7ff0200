"""Three rows of stars and a word why, once (F13)."""

import pytest
from sqlalchemy import select

from domain.lifecycle import Status
from domain.permissions import Role
from models import Notice, Rating


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
