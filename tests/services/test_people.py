"""People: made known once, remembered as they say, on duty, held by the desk (F1, R1, W1)."""

from datetime import timedelta

import pytest

from domain.delivery import Cause, Wallet
from domain.permissions import Role
from domain.refusals import NotPermitted
from models import Conversation, Engineer, Holder, Person
from services import conversations, people
from services.conversations import Standing
from tests.services.making import a_report, all_of, at_once, everything, only

MINUTE = timedelta(minutes=1)


@pytest.fixture
def load(database, now):
    def load(openid):
        with database.transaction() as session:
            return conversations.load(session, openid, now)

    return load


# --- made known ----------------------------------------------------------------------------------


def test_somebody_new_is_a_requester_of_whom_nothing_is_known(database, load, now):
    talk = load("oNew")

    assert talk.speaker.roles == {Role.REQUESTER}
    assert talk.speaker.missing == ("department", "name", "phone")
    assert (talk.standing, talk.holder) == (Standing(), Holder.BOT)
    row = only(database, Person)
    assert (row.openid, row.is_following, row.created_at) == ("oNew", True, now)


def test_two_first_messages_at_once_make_one_person(database, load):
    """P2, I7: one person, one conversation, whichever came first."""
    for n in range(10):
        talks = at_once(*[lambda n=n: load(f"oNew{n}")] * 4)

        assert len({talk.speaker.id for talk in talks}) == 1
    assert len(all_of(database, Person)) == len(all_of(database, Conversation)) == 10


def test_where_a_talk_stands_is_found_again(database, load, now):
    person_id = load("oNew").speaker.id
    standing = Standing("report_incident", "place", {"symptom": "卡纸"}, 7, 1, None, now)
    wallet = Wallet(now, 4, now + MINUTE, 2, Cause.CLICK)

    with database.transaction() as session:
        conversations.save(session, person_id, standing, wallet)

    talk = load("oNew")
    assert talk.standing == standing
    assert talk.wallet == wallet


# --- what they say of themselves -----------------------------------------------------------------


def test_what_a_person_says_of_themselves_is_kept(database, by, load):
    """R1: once in a life; what is not said stays, blanks say nothing."""
    wang = load("oWang").speaker
    learned = by(wang).learn_profile(name=" 王芳 ", department="财务部", phone="13800001234")

    again = by(learned).learn_profile(phone="13900001111", name="  ", office=None)

    assert again == load("oWang").speaker
    assert (again.name, again.department, again.phone) == ("王芳", "财务部", "13900001111")
    assert again.missing == ()


def test_saying_nothing_changes_nothing(database, by, load):
    wang = load("oWang").speaker
    before = everything(database)

    assert by(wang).learn_profile(name="", phone=None) is wang
    assert everything(database) == before


@pytest.mark.parametrize(("name", "length"), [("name", 40), ("department", 60), ("office", 80)])
def test_too_long_a_fact_is_cut_for_the_answer_too(by, load, name, length):
    """R1: the person reads back what is kept, so a cut is seen."""
    wang = load("oWang").speaker

    learned = by(wang).learn_profile(**{name: "长" * 200})

    assert getattr(learned, name) == "长" * length
    assert learned == load("oWang").speaker


def test_roles_cannot_be_said(by, load):
    """Y1: a profile holds nothing but the profile."""
    wang = load("oWang").speaker

    by(wang).learn_profile(roles="admin", openid="oOther")

    assert load("oWang").speaker.roles == {Role.REQUESTER}


def test_who_leaves_the_account_is_out_of_reach_until_they_return(
    database, by, make_person, make_engineer
):
    """R-058: and nobody dispatches to them meanwhile."""
    zhou = make_engineer(openid="oZhou")
    with database.transaction() as session:
        people.followed(session, "oZhou", is_following=False)
    assert by(make_person()).report(a_report()).ticket.assignee is None

    with database.transaction() as session:
        people.followed(session, "oZhou", is_following=True)
    assert by(make_person()).report(a_report()).ticket.assignee.id == zhou.id


# --- on duty (F8, D1) ----------------------------------------------------------------------------


def test_signing_in_and_out_is_what_dispatch_goes_by(database, by, make_person, make_engineer, now):
    zhou = make_engineer(is_on_duty=False)

    assert by(zhou, now + MINUTE).sign_in() == ()
    card = only(database, Engineer)
    assert (card.is_on_duty, card.signed_at) == (True, now + MINUTE)
    by(make_person()).report(a_report())
    assert by(zhou, now + 2 * MINUTE).sign_out() == 1
    assert by(make_person()).report(a_report()).ticket.assignee is None


@pytest.mark.parametrize(
    ("hours", "is_enough"), [(None, False), (0, True), (11, True), (13, False), (47, False)]
)
def test_own_words_last_for_a_shift_for_twelve_hours_f8(
    database, by, make_engineer, now, hours, is_enough
):
    """§5: of the window's 48 hours 36 are left."""
    zhou = make_engineer()
    if hours is not None:
        with database.transaction() as session:
            talk = session.get_one(Conversation, zhou.id)
            talk.heard_at, talk.heard_left = now - timedelta(hours=hours), 5

    assert by(zhou).is_reachable_for_shift() is is_enough


def test_own_words_whose_messages_are_used_up_do_not_last_f8(database, by, make_engineer, now):
    zhou = make_engineer()
    with database.transaction() as session:
        talk = session.get_one(Conversation, zhou.id)
        talk.heard_at, talk.heard_left = now, 0

    assert not by(zhou).is_reachable_for_shift()


def test_dispatch_leaves_out_whom_a_notice_did_not_reach_w2(
    database, by, make_person, make_engineer, now
):
    zhou = make_engineer()
    with database.transaction() as session:
        session.get_one(Person, zhou.id).unreached_since = now
    assert by(make_person()).report(a_report()).ticket.assignee is None

    with database.transaction() as session:
        session.get_one(Person, zhou.id).unreached_since = None
    assert by(make_person()).report(a_report()).ticket.assignee.id == zhou.id


@pytest.mark.parametrize("roles", [(), (Role.DESK,), (Role.ADMIN,)])
def test_only_who_works_on_tickets_signs_in(database, by, make_person, roles):
    person = make_person("王芳", *roles)
    before = everything(database)

    for act in ("sign_in", "sign_out"):
        with pytest.raises(NotPermitted):
            getattr(by(person), act)()
    assert everything(database) == before
