"""Help for an engineer in difficulty: who can be sent, who hears of it, who stays responsible."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, ActionNotAllowed
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import Deadline, Engineer, Notice, Person, Ticket
from services.supporting import HelpsAlready
from services.views import WorkResult
from tests.services.making import a_report, check_invariants, happened, only, said, told
from tests.services.night_kit import MINUTE, ring_until


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工", level=1)


@pytest.fixture
def ticket(by, wang, zhou):
    opened = by(wang).report(a_report()).ticket
    by(zhou).accept(opened.id)
    return opened


@pytest.fixture
def senior(make_engineer):
    return make_engineer("郑工", is_on_duty=False, level=3)


@pytest.fixture
def vendor(database, make_engineer):
    vendor = make_engineer("惠普厂家", is_on_duty=False, level=1)
    with database.transaction() as session:
        person = session.get_one(Person, vendor.id)
        person.roles = frozenset({Role.VENDOR, Role.REQUESTER})
    return vendor


def names(helpers):
    return [(each.name, each.why_not) for each in helpers]


def test_higher_levels_and_vendors_can_be_sent_those_who_are_there_first(
    by, ticket, clerk, senior, vendor, make_engineer
):
    """F12: a colleague of the same level is no support."""
    make_engineer("同级", level=1)
    make_engineer("李工", level=2)

    assert names(by(clerk).helpers(ticket.id)) == [
        ("李工", None),
        ("惠普厂家", None),
        ("郑工", "off_duty"),
    ]


def test_who_is_sent_joins_and_the_first_stays_responsible(
    database, by, ticket, clerk, zhou, wang, senior
):
    """F12: both hear who the other is; the requester hears it, too."""
    given = by(clerk).give_support(ticket.id, senior.id, "主板级故障")

    kept = only(database, Ticket)
    assert (kept.assignee_id, kept.supporter_id) == (zhou.id, senior.id)
    assert given.assignee.id == zhou.id
    assert told(database, senior) == ["notice.support_wanted"]
    assert told(database, zhou)[-1] == "notice.support_comes"
    assert told(database, wang)[-1] == "notice.support_joins"
    assert happened(database, ticket.id)[-1] is Action.GIVE_SUPPORT
    check_invariants(database)


def test_who_joined_reads_the_ticket_and_a_vendor_may_tell_progress(
    by, ticket, clerk, senior, vendor, database
):
    with pytest.raises(NotFound):
        by(senior).ticket(ticket.id)

    by(clerk).give_support(ticket.id, senior.id)
    assert by(senior).ticket(ticket.id).number == ticket.number

    by(clerk).give_support(ticket.id, vendor.id)
    with database.reading() as session:
        roles = session.get_one(Person, vendor.id).roles
    by(replace(vendor, roles=roles)).progress(ticket.id, "配件已发出")


def test_another_one_takes_the_place_of_the_first_who_hears_it(
    database, by, ticket, clerk, senior, vendor
):
    by(clerk).give_support(ticket.id, senior.id)
    by(clerk).give_support(ticket.id, vendor.id)

    assert told(database, senior) == ["notice.support_wanted", "notice.support_replaced"]
    assert only(database, Ticket).supporter_id == vendor.id


def test_the_same_one_is_not_sent_twice_nor_the_engineer_to_themselves(
    by, ticket, clerk, senior, zhou
):
    by(clerk).give_support(ticket.id, senior.id)

    with pytest.raises(HelpsAlready):
        by(clerk).give_support(ticket.id, senior.id)
    with pytest.raises(NotFound):
        by(clerk).give_support(ticket.id, zhou.id)
    with pytest.raises(NotFound):
        by(clerk).give_support(ticket.id, 4711)


def test_only_desk_and_head_send_support_and_only_to_a_ticket_in_somebodys_hands(
    by, ticket, zhou, wang, clerk, senior
):
    for speaker in (zhou, wang):
        with pytest.raises(NotPermitted):
            by(speaker).give_support(ticket.id, senior.id)
    by(zhou).resolve(ticket.id, WorkResult("wear", "换了搓纸轮", 30, True))
    with pytest.raises(ActionNotAllowed):
        by(clerk).give_support(ticket.id, senior.id)


def test_who_helped_and_then_has_it_in_hand_helps_no_more(
    database, by, ticket, zhou, clerk, senior
):
    """F12: handed over, responsibility goes with it."""
    by(clerk).give_support(ticket.id, senior.id)
    with database.transaction() as session:
        session.get_one(Engineer, senior.id).is_on_duty = True

    by(zhou).transfer(ticket.id, "超出能力", senior.id)

    kept = only(database, Ticket)
    assert (kept.assignee_id, kept.supporter_id) == (senior.id, None)
    check_invariants(database)


def test_a_cry_for_help_that_nobody_hears_is_heard_again_by_the_desk(
    database, rules, by, ticket, zhou, clerk, senior, now
):
    """F12: asked, nobody there by itself; after ten minutes the desk is reminded."""
    by(zhou, now + MINUTE).ask_support(ticket.id, "技术支援")
    assert [each.id for each in by(clerk, now + MINUTE).asking_support()] == [ticket.id]

    ring_until(database, rules, now + MINUTE, now + 11 * MINUTE)
    assert told(database, clerk) == ["notice.support_asked", "notice.ladder.support"]

    by(clerk, now + 12 * MINUTE).give_support(ticket.id, senior.id)
    with database.reading() as session:
        left = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.LADDER)).all()
    assert left == []
    assert by(clerk, now + 12 * MINUTE).asking_support() == ()


def test_what_the_engineer_asked_for_is_what_the_helper_reads(
    database, by, ticket, zhou, clerk, senior
):
    by(zhou).ask_support(ticket.id, "需要主板")

    by(clerk).give_support(ticket.id, senior.id)

    wanted = only(database, Notice, recipient_id=senior.id)
    assert said(wanted).facts["need"] == "需要主板"
