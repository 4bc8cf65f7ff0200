"""Each order of complaints and appraisal to each role, by the table (Y1); nothing leaks (P8)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.commands import Command
from domain.complaints import ComplaintStatus
from domain.permissions import Permission, Role, Stand, has_role_for, may
from handlers.complaint_in_hand import WORK
from models import Complaint, InboxMessage
from tests.bot.desk import Desk as Account
from tests.services.making import all_of, only

WORDS = {Command.VERIFY: "核实", Command.FEED_BACK: "反馈", Command.DECIDE: "处理"}
OF_APPRAISAL = {
    Command.MY_APPRAISAL: ("我的考核", Permission.APPRAISAL_READ),
    Command.ANSWER_FACT: ("申辩", Permission.APPRAISAL_ANSWER),
    Command.DECIDE_FACT: ("定申辩", Permission.APPRAISAL_DECIDE),
}
REFUSED = {"refusal.desk_only", "refusal.head_only", "refusal.bind_first"}
STATUSES = {
    Command.VERIFY: ComplaintStatus.SUBMITTED,
    Command.DECIDE: ComplaintStatus.REPORTED,
    Command.FEED_BACK: ComplaintStatus.DECIDED,
}


@pytest.fixture
def somebody(make_person, make_engineer):
    def of(role):
        return make_engineer("无关") if role is Role.ENGINEER else make_person("无关", role)

    return of


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", WORK)
def test_y1_each_order_is_for_whom_the_table_names(
    talk_of, cast, at, somebody, command, role, database
):
    number = at(STATUSES[command]).number
    is_theirs = may({role}, WORK[command].needs, Stand(is_impartial=True))
    talk = talk_of(somebody(role))

    for said in ({"text": f"{WORDS[command]} {number}"}, {"tap": f"{command}:{number}"}):
        talk.hears(**said)
        keys = {say.key for say in talk.says}
        assert bool(keys & REFUSED) is not is_theirs, keys
        assert (talk.waits_at[0] is not None) is is_theirs
    assert only(database, Complaint).status is STATUSES[command]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", WORK)
def test_y1_said_by_others_these_are_words_like_any_other(talk_of, at, somebody, command, role):
    """反馈 0001 还是卡纸 is a requester's word about a ticket."""
    at(STATUSES[command])
    talk = talk_of(somebody(role)).hears(f"{WORDS[command]} 0001 打印机还是卡纸")

    is_theirs = may({role}, WORK[command].needs, Stand(is_impartial=True))
    assert any(say.key.startswith("complaint_") for say in talk.says) is is_theirs
    assert bool({say.key for say in talk.says} & REFUSED) is False


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", OF_APPRAISAL)
def test_y1_appraisal_is_for_whom_the_table_names(talk_of, somebody, command, role):
    word, needs = OF_APPRAISAL[command]
    talk = talk_of(somebody(role)).hears(word, tap=command.value)

    keys = {say.key for say in talk.says}
    assert bool(keys & REFUSED) is not has_role_for({role}, needs)


@pytest.mark.parametrize("command", WORK)
def test_p8_whom_it_concerns_reads_the_same_whatever_there_is(
    talk_of, cast, at, command, database, make_engineer
):
    """The engineer of the complaint, and one who has nothing to do with it: the same answers."""
    complaint = at(STATUSES[command], people=(cast.engineer.id,))
    concerned, other = talk_of(cast.engineer), talk_of(make_engineer("无关"))

    for said in (
        {"text": f"{WORDS[command]} {complaint.number}"},
        {"text": f"{WORDS[command]} 0001"},
        {"text": WORDS[command]},
        {"tap": f"{command}:{complaint.number}"},
        {"tap": f"{command}:{complaint.number}:upheld"},
        {"text": f"看 {complaint.number}"},
        {"text": f"看照片 {complaint.number}"},
    ):
        read = other.hears(**said).read.replace("无关", "周工")
        assert concerned.hears(**said).read == read, said


@pytest.mark.parametrize("command", [Command.VERIFY, Command.FEED_BACK])
def test_p8_a_clerk_whom_it_concerns_reads_of_no_such_number(
    talk_of, cast, at, command, make_person
):
    other = make_person("李静", Role.DESK)
    complaint = at(STATUSES[command], people=(other.id,))
    talk = talk_of(other)

    for number in (complaint.number, "0001"):
        absent = number.replace("0001", "0998")
        read = talk.hears(f"{WORDS[command]} {number}").read
        assert read == talk.hears(f"{WORDS[command]} {absent}").read.replace("0998", "0001")
    assert talk.hears(WORDS[command]).offered == []


# --- what is kept of the talk --------------------------------------------------------------------


@pytest.fixture
def account(database, tmp_path):
    return Account(database, tmp_path)


def kept(database, who):
    with database.reading() as session:
        rows = session.scalars(
            select(InboxMessage).where(InboxMessage.openid == who.openid).order_by(InboxMessage.id)
        )
        return [(each.text, each.is_confidential) for each in rows]


def test_p8_all_that_is_said_of_a_complaint_is_read_with_it_only(account, database, cast, at):
    at()
    for words in ("核实", "核实 0001", "确实中途离开", "未送达", "周工", "上报", "核实 0001"):
        assert account.says(words, openid=cast.clerk.openid)
    for words in ("处理", "处理 0001 成立 周工当面道歉", "按规定", "要先说明", "好"):
        assert account.says(words, openid=cast.head.openid)
    for words in ("反馈 0001", "就这样发"):
        assert account.says(words, openid=cast.clerk.openid)
    for words in ("我的考核", "申辩 1 那天在等配件", "好"):
        assert account.says(words, openid=cast.engineer.openid)
    assert account.says("定申辩 1 维持 也该说一声", openid=cast.head.openid)

    said = [*kept(database, cast.clerk), *kept(database, cast.head), *kept(database, cast.engineer)]
    assert [words for words, is_hidden in said if not is_hidden] == []
    assert only(database, Complaint).status is ComplaintStatus.FED_BACK


def test_what_is_said_of_other_things_is_not_hidden(account, database, cast):
    account.says("今日情况", openid=cast.clerk.openid)
    assert kept(database, cast.clerk) == [("今日情况", False)]


def test_a_person_who_is_called_from_there_hears_nothing_of_it(account, database, cast, at):
    """Whoever takes the talk may be whom it concerns."""
    at()
    for words in ("核实 0001", "人工"):
        account.says(words, openid=cast.clerk.openid)
    from models import Takeover

    assert all("0001" not in str(vars(each)) for each in all_of(database, Takeover))


def test_the_deputy_alone_of_all_staff_decides_for_the_heads(
    database, rules, cast, at, make_person
):
    from tests.handlers.staff.conftest import NOW, StaffTalk

    named = make_person("副主任", Role.ADMIN, staff_number="A900")
    other = make_person("管理员", Role.ADMIN, staff_number="A901")
    rules = replace(rules, complaints=replace(rules.complaints, deputy="A900"))
    at(ComplaintStatus.REPORTED)

    StaffTalk(database, rules, named, NOW).hears("处理").answers("complaint_head.none_to_decide")
    talk = StaffTalk(database, rules, other, NOW).hears(tap="decide")
    talk.answers("refusal.head_only")
