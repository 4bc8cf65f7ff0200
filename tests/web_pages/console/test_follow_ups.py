"""The desk calls back: takes a call, says what came of it, opens the ticket again (F13, F16)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from models import FollowUp, Ticket
from services.views import Scores
from tests.services.making import all_of

HOME = "/console/follow-ups"


@pytest.fixture
def clerk(at_desk, make_person):
    return at_desk(make_person("陈静", Role.DESK))


@pytest.fixture
def rated(make_person, make_engineer, make_ticket, by):
    def rated(words="等了两天"):
        wang = make_person("王芳")
        ticket = make_ticket(Status.CLOSED, requester=wang, engineer=make_engineer("周工"))
        by(wang).rate(ticket.id, Scores(2, 5, 4, words))
        return ticket

    return rated


def _form(page, ending):
    return next(each for each in page.forms if each.action.endswith(ending))


def test_nobody_to_call_is_said_so(clerk):
    page = clerk.opens(HOME)

    assert page.status == 200
    assert "没有待回访的" in page.text and "还没有回访记录" in page.text


def test_a_call_shows_whom_to_ring_and_what_was_wrong(rated, clerk):
    ticket = rated()

    page = clerk.opens(HOME)

    assert "1 个待回访，等得最久的在前" in page.text
    assert "速度 2 态度 5 结果 4" in page.text and "等了两天" in page.text
    assert "tel:13800001234" in page.links
    assert f"/console/tickets/{ticket.number}" in page.links


def test_a_call_is_taken_made_and_kept(rated, clerk, database):
    rated()
    page = clerk.sends(_form(clerk.opens(HOME), "/take"))
    assert "您在打" in page.text

    page = clerk.sends(_form(page, "/done"), words="已道歉，王芳表示理解", then="content")

    assert "回访结果已记下。" in page.text and "没有待回访的" in page.text
    assert "已道歉，王芳表示理解 陈静" in page.text
    assert all_of(database, FollowUp)[0].done_at is not None


def test_a_call_without_words_is_asked_for_again(rated, clerk, database):
    rated()

    page = clerk.sends(_form(clerk.opens(HOME), "/done"), words=" ", then="content")

    assert page.status == 400
    assert all_of(database, FollowUp)[0].done_at is None


def test_who_is_not_content_has_their_ticket_open_again_at_once(rated, clerk, database):
    ticket = rated()

    page = clerk.sends(_form(clerk.opens(HOME), "/done"), words="还是卡纸", then="reopen")

    assert "工单已重开" in page.text
    (row,) = [each for each in all_of(database, Ticket) if each.id == ticket.id]
    assert row.closed_at is None and row.cycle == 2


def test_a_ticket_that_may_not_be_reopened_keeps_the_words_that_were_typed(
    rated, clerk, database, clock
):
    rated()
    form = _form(clerk.opens(HOME), "/done")
    with database.transaction() as session:
        (ticket,) = session.query(Ticket).all()
        ticket.closed_at = clock() - timedelta(days=60)

    page = clerk.sends(form, words="还是卡纸", then="reopen")

    assert page.status == 409
    assert "这张单不能重开了" in page.text and "还是卡纸" in page.text
    assert all_of(database, FollowUp)[0].done_at is None


def test_the_number_of_calls_stands_on_every_page_and_above_the_list(rated, clerk):
    rated()

    page = clerk.opens("/console/queue")

    assert "1 个待回访" in page.text and "1 位打了低分，等您回访" in page.text


def test_the_head_reads_and_is_offered_nothing_to_do(rated, at_desk, make_person):
    rated()
    page = at_desk(make_person("何总", Role.HEAD)).opens(HOME)

    assert "等了两天" in page.text
    assert [each for each in page.forms if HOME in each.action] == []


def test_words_of_a_rating_are_words_and_no_page(rated, clerk):
    """S-078: survey answers ran script."""
    rated("<script>alert(1)</script>")

    sent = clerk.client.get(HOME).get_data(as_text=True)

    assert "<script>alert" not in sent and "&lt;script&gt;alert(1)" in sent


def test_an_engineer_has_no_such_page(at_desk, make_engineer):
    assert at_desk(make_engineer()).client.get(HOME).status_code == 403
