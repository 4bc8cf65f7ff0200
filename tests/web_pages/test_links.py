"""Addresses in messages: the ticket for whoever reads it, the notice as opened (F9, R-060)."""

import pytest
from sqlalchemy import select

from domain.lifecycle import Status
from models import Notice


def test_a_link_leads_the_engineer_to_the_order_and_the_requester_to_the_ticket(
    make_person, make_engineer, make_ticket, browser_of
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    number = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou).number

    assert browser_of(zhou).client.get(f"/h5/t/{number}").location == f"/h5/work/{number}"
    assert browser_of(wang).client.get(f"/h5/t/{number}").location == f"/h5/tickets/{number}"


def test_a_link_to_anothers_ticket_leads_nowhere(make_person, make_ticket, browser_of):
    number = make_ticket(requester=make_person()).number

    assert browser_of(make_person("李明")).client.get(f"/h5/t/{number}").status_code == 404


def test_a_notice_is_marked_as_opened_by_its_recipient_alone(
    make_person, make_engineer, make_ticket, browser_of, database, clock
):
    zhou = make_engineer(skills=["printer"])
    make_ticket(Status.ASSIGNED, engineer=zhou)
    with database.reading() as session:
        notice_id = session.scalars(select(Notice.id).where(Notice.recipient_id == zhou.id)).first()

    def opened_at():
        with database.reading() as session:
            return session.get_one(Notice, notice_id).opened_at

    foreign = browser_of(make_person("李明")).client.get(f"/h5/n/{notice_id}")
    before = opened_at()
    own = browser_of(zhou).client.get(f"/h5/n/{notice_id}")

    assert (foreign.status_code, before) == (404, None)
    assert own.status_code == 303 and own.location.startswith("/h5/")
    assert opened_at() == clock()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "-1", "1e5", "x", "%00"])
def test_a_notice_that_does_not_exist_is_not_found(make_person, browser_of, number):
    assert browser_of(make_person()).client.get(f"/h5/n/{number}").status_code == 404
