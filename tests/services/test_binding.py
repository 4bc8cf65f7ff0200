"""Joining by a code: used once, guessed in vain, and nothing of what was said is lost (H-28)."""

from datetime import timedelta

import pytest

from domain.delivery import Wallet
from domain.heard import Heard, Medium
from domain.permissions import Role
from domain.refusals import CodeRefused, GuessesUsedUp
from domain.speaker import Speaker
from models import Attachment, BindCode, BindGuess, Conversation, Database, Notice, Person, Ticket
from services import binding, conversations
from services.views import Bound
from tests.services.making import a_report, acts_of, all_of, everything, only

HOUR = timedelta(hours=1)
WRONG = "000000"


@pytest.fixture
def staff(make_engineer):
    """Entered by the desk, not yet in the account."""
    return make_engineer("周工", openid=None, office=None)


@pytest.fixture
def issue(database, now):
    def issue(person, at=now):
        with database.transaction() as session:
            return binding.issue_code(session, person.id, at)

    return issue


@pytest.fixture
def chat(database, now):
    """Whoever writes from this phone, made known by it."""

    def chat(openid, at=now) -> Speaker:
        with database.transaction() as session:
            return conversations.load(session, openid, at).speaker

    return chat


def guess(by, speaker, at, code=WRONG):
    with pytest.raises((CodeRefused, GuessesUsedUp)) as no:
        by(speaker, at).bind(code)
    return no.value.facts.get("left", "blocked")


# --- the code ------------------------------------------------------------------------------------


def test_a_code_makes_the_chat_the_member_of_staff(database, by, staff, issue, chat):
    code = issue(staff)

    bound = by(chat("oZhou")).bind(code)

    assert bound == Bound("周工", is_engineer=True)
    known = chat("oZhou")
    assert (known.id, known.name) == (staff.id, "周工")
    assert known.roles == {Role.REQUESTER, Role.ENGINEER}
    assert only(database, Person, id=staff.id).tag is None


def test_only_the_hash_of_a_code_is_kept(database, staff, issue):
    code = issue(staff)

    assert len(code) == 6 and code.isdigit()
    assert code not in str(everything(database)["bind_codes"])


def test_a_code_is_used_once(by, staff, issue, chat):
    code = issue(staff)
    by(chat("oZhou")).bind(code)

    with pytest.raises(CodeRefused):
        by(chat("oOther")).bind(code)


def test_a_code_ends_after_three_days(by, staff, issue, chat, now):
    code = issue(staff)

    with pytest.raises(CodeRefused):
        by(chat("oZhou"), now + binding.CODE_VALID_FOR).bind(code)


def test_a_new_code_ends_the_old_one(database, by, staff, issue, chat):
    old, new = issue(staff), issue(staff)

    assert len(all_of(database, BindCode)) == 1
    if old != new:
        with pytest.raises(CodeRefused):
            by(chat("oZhou")).bind(old)
    assert by(chat("oZhou")).bind(new).name == "周工"


# --- guessing ------------------------------------------------------------------------------------


def test_wrong_codes_are_counted_down_and_then_even_the_right_one_is_refused(
    database, by, staff, issue, chat, now
):
    """H-28: five in an hour for one person; the guesses survive the refusal."""
    code, li = issue(staff), chat("oLi")

    assert [guess(by, li, now) for _ in range(6)] == [4, 3, 2, 1, 0, "blocked"]
    assert guess(by, li, now, code) == "blocked"
    assert len(all_of(database, BindGuess)) == 5
    assert by(chat("oZhou")).bind(code).name == "周工"


def test_the_limit_holds_over_a_restart(by, database, rules, chat, now):
    """H-28: it is in the database, not in the process."""
    li = chat("oLi")
    for _ in range(5):
        guess(by, li, now)

    restarted = Database(database.url)
    with pytest.raises(GuessesUsedUp):
        acts_of(restarted, rules, li, now).bind(WRONG)
    restarted.dispose()


def test_after_an_hour_one_may_try_again(by, chat, now):
    li = chat("oLi")
    for _ in range(5):
        guess(by, li, now)

    assert guess(by, li, now + HOUR - timedelta(seconds=1)) == "blocked"
    assert guess(by, li, now + HOUR) == 4


def test_twenty_wrong_codes_of_many_people_stop_all_guessing(by, staff, issue, chat, now):
    """H-28: an army of accounts gets no more."""
    code = issue(staff)
    for n in range(4):
        for _ in range(5):
            guess(by, chat(f"oArmy{n}"), now)

    assert guess(by, chat("oFresh"), now, code) == "blocked"
    assert by(chat("oFresh"), now + HOUR).bind(code).name == "周工"


def test_who_joined_has_no_guesses_against_them(database, by, staff, issue, chat, now):
    zhou = chat("oZhou")
    guess(by, zhou, now)

    by(zhou).bind(issue(staff))

    assert all_of(database, BindGuess) == []


# --- what was before -----------------------------------------------------------------------------


def test_what_the_chat_did_before_belongs_to_the_member_of_staff(
    database, by, make_person, make_engineer, staff, issue, chat
):
    """Tickets, notices, photos, and where the talk stands."""
    other = make_engineer("李工")
    chatter = make_person("小周", openid="oZhou", phone=None, office="A座101", extension="8012")
    ticket = by(chatter).report(a_report()).ticket
    by(other).accept(ticket.id)
    by(chatter).attach(Heard(Medium.IMAGE, media_id="m1"))
    with database.transaction() as session:
        standing = conversations.Standing(name="report_incident", step="place", draft={"a": 1})
        conversations.save(session, chatter.id, standing, Wallet())

    by(chatter).bind(issue(staff))

    assert [each.id for each in by(chat("oZhou")).my_tickets()] == [ticket.id]
    assert only(database, Ticket).requester_id == staff.id
    assert only(database, Attachment).person_id == staff.id
    assert only(database, Notice, text_key="notice.engineer_coming").recipient_id == staff.id
    talk = only(database, Conversation, person_id=staff.id)
    assert (talk.name, talk.step, talk.draft) == ("report_incident", "place", {"a": 1})
    assert all_of(database, Conversation, person_id=chatter.id) == []


def test_the_cards_own_facts_stay_and_missing_ones_are_learned(
    database, by, make_person, staff, issue
):
    chatter = make_person("小周", phone="13900000000", office="A座101", extension="8012")

    by(chatter).bind(issue(staff))

    row = only(database, Person, id=staff.id)
    assert (row.name, row.phone) == ("周工", "13800002222")
    assert (row.office, row.extension) == ("A座101", "8012")


def test_roles_add_up(by, make_person, staff, issue, chat):
    """Somebody who was entered twice, as clerk and as engineer, is one person."""
    clerk = make_person("周工", Role.DESK, openid="oChen")

    by(clerk).bind(issue(staff))

    assert chat("oChen").roles == {Role.REQUESTER, Role.DESK, Role.ENGINEER}


def test_a_new_phone_takes_over_and_the_old_one_is_a_stranger(database, by, staff, issue, chat):
    by(chat("oOld")).bind(issue(staff))

    by(chat("oNew")).bind(issue(staff))

    assert chat("oNew").id == staff.id
    old = chat("oOld")
    assert old.id != staff.id and old.roles == {Role.REQUESTER}
    assert len(all_of(database, Conversation, person_id=staff.id)) == 1


def test_binding_anew_from_the_same_phone_changes_nobody(by, staff, issue, chat):
    by(chat("oZhou")).bind(issue(staff))

    by(chat("oZhou")).bind(issue(staff))

    assert chat("oZhou").id == staff.id
