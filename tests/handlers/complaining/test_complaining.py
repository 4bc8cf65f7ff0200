"""A complaint in one's own words: asked about as little as possible, and kept apart (C1, P8)."""

from datetime import timedelta

import pytest

from domain.complaints import About, Concerned
from domain.heard import Medium
from domain.lifecycle import Status
from models import (
    Attachment,
    Complaint,
    ComplaintEvent,
    ComplaintPerson,
    InboxMessage,
    Ticket,
)
from tests.handlers.talking import NOW

BAD_MANNERS = "你们那个师傅态度太差了,修一半就走"
ACCOUNT = "昨天下午来的,修到一半接电话就走了,到今天没回来"
ALL_AT_ONCE = "我要投诉周工,昨天下午来修打印机,修到一半接电话就走了,到今天没回来"


# --- as in the model dialogue --------------------------------------------------------------------


def test_talks_10_in_three_messages_c1(with_ticket, rows):
    dialog, ticket, zhou = with_ticket()

    dialog.hears(BAD_MANNERS).answers("complain.which_first")
    assert f"{ticket.short} 惠普打印机一直卡纸·周工" in dialog.labels
    dialog.taps(ticket.number).answers("complain.ask_words")
    assert "看不到您的姓名" in dialog.words
    dialog.hears(ACCOUNT).answers("complain.registered")

    (complaint,) = rows(Complaint)
    assert complaint.words == f"{BAD_MANNERS}\n{ACCOUNT}"
    assert (complaint.about, complaint.ticket_id) == (About.TICKET, ticket.id)
    assert f"投诉号 {complaint.number}" in dialog.words and "服务台小陈" in dialog.words
    assert dialog.labels == ["补充", "撤回"]
    (person,) = rows(ComplaintPerson)
    assert (person.person_id, person.why) == (zhou.id, Concerned.WORKED)


def test_who_says_everything_at_once_is_asked_nothing_c1(with_ticket, rows):
    dialog, ticket, zhou = with_ticket()

    dialog.hears(ALL_AT_ONCE).answers("complain.registered")

    (complaint,) = rows(Complaint)
    assert (complaint.words, complaint.ticket_id) == (ALL_AT_ONCE, ticket.id)
    assert [each.person_id for each in rows(ComplaintPerson)] == [zhou.id]
    assert f"关于「{ticket.short} 惠普打印机一直卡纸」" in dialog.words
    assert "看不到您的姓名" in dialog.words


@pytest.mark.parametrize(
    "order", ["投诉 {} 修到一半接电话就走了,到今天没回来,也没个说法", "投诉{}"]
)
def test_an_order_may_name_the_ticket_c1(with_ticket, rows, order):
    dialog, ticket, _ = with_ticket()

    dialog.hears(order.format(ticket.short))

    if len(order) < 6:
        dialog.answers("complain.ask_words").hears(ACCOUNT)
    dialog.answers("complain.registered")
    assert rows(Complaint)[0].ticket_id == ticket.id


def test_in_doubt_it_is_asked_whether_it_is_one_c1(talk, rows):
    dialog = talk()

    dialog.hears(BAD_MANNERS).answers("complain.ask")
    assert dialog.labels == ["投诉", "不是，是报修"]
    dialog.taps("complain").answers("complain.ask_words_and_who")
    dialog.hears(ACCOUNT).answers("complain.registered")

    assert rows(Complaint)[0].about is About.SERVICE


@pytest.mark.parametrize("words", ["投诉", "是的", "对", "我要投诉他"])
def test_a_complaint_may_be_confirmed_in_words_c1(talk, words):
    talk().hears(BAD_MANNERS).hears(words).answers("complain.ask_words_and_who")


def test_what_was_said_at_first_may_be_all_c1(talk, rows):
    dialog = talk().hears(BAD_MANNERS).taps("complain")

    dialog.taps("enough").answers("complain.registered")

    assert rows(Complaint)[0].words == BAD_MANNERS


@pytest.mark.parametrize("words", ["投诉", "我要投诉", "我想投诉"])
def test_a_bare_complaint_is_not_asked_whether_it_is_one_c1(talk, words):
    dialog = talk().hears(words).answers("complain.ask_words_and_who")

    assert dialog.labels == []
    dialog.hears("？？").answers("complain.words_unclear")


# --- no complaint --------------------------------------------------------------------------------

ANGRY = "上次修完没三天打印机又卡纸了,你们修了个寂寞"


@pytest.mark.parametrize("words", ["不是,是报修", "是报修", "报修"])
def test_a_fault_goes_on_as_the_report_with_its_words_c1(talk, rows, words):
    dialog = talk().hears(ANGRY).answers("complain.ask")

    dialog.hears(words).answers("incident.confirm_known").taps("yes")

    assert rows(Ticket)[0].description == ANGRY
    assert rows(Complaint) == []


def test_where_the_ticket_is_asked_the_way_to_a_report_is_open_c1(with_ticket, rows):
    dialog, _, _ = with_ticket()

    dialog.hears(BAD_MANNERS).taps("report").answers("incident.ask_symptom")
    dialog.hears("打印机卡纸").answers("incident.confirm_known")


def test_a_fault_told_instead_is_reported_c1(talk):
    talk().hears(BAD_MANNERS).hears("打印机卡纸").answers("incident.confirm_known")


@pytest.mark.parametrize("words", ["算了", "不是", "取消"])
def test_neither_is_dropped_kindly(talk, rows, words):
    dialog = talk().hears(BAD_MANNERS).hears(words)

    assert dialog.waits_at == (None, None)
    assert not dialog.hands_over and rows(Complaint) == []


def test_a_complaint_instead_of_the_symptom_is_heard_and_the_report_goes_on_c1(talk):
    dialog = talk().hears("报修").hears(BAD_MANNERS).answers("complain.ask")

    dialog.hears("我的报修").answers("follow.none", "complain.ask")
    dialog.taps("complain").hears(ACCOUNT)
    dialog.answers("complain.registered", "incident.ask_symptom")


def test_a_report_that_was_interrupted_takes_the_words_c1(talk, rows):
    dialog = talk().hears("报修").hears(ANGRY)

    dialog.hears("是报修").answers("incident.confirm_known").taps("yes")

    assert dialog.waits_at == (None, None)
    assert [ticket.description for ticket in rows(Ticket)] == [ANGRY]


def test_hostile_words_open_no_ticket(talk, rows):
    dialog = talk().hears("你们这什么破机器人,听不懂人话").answers("complain.ask")

    dialog.waits(timedelta(minutes=1)).hears("？？").answers("complain.unclear")
    dialog.hears("？？")
    assert next(say.key for say in dialog.says) == "human.not_understood"
    assert rows(Ticket) == [] and rows(Complaint) == []


# --- about what ----------------------------------------------------------------------------------


def test_open_and_lately_ended_tickets_are_offered_newest_first_c1(
    talk, make_person, make_engineer, make_ticket
):
    wang, zhou, wu = make_person("王芳"), make_engineer("周工"), make_engineer("吴工")
    long_ago = make_ticket(Status.CLOSED, requester=wang, engineer=zhou, at=_ago(40))
    ended = make_ticket(Status.CLOSED, requester=wang, engineer=zhou, at=_ago(20))
    still_open = make_ticket(Status.ASSIGNED, requester=wang, engineer=wu, at=_ago(1))
    others = make_ticket(Status.ASSIGNED, requester=make_person("李雷"), engineer=wu)

    dialog = talk(wang).hears("投诉").answers("complain.which")

    offered = [act.partition("=")[2] for act in dialog.offered]
    assert offered[:2] == [still_open.number, ended.number]
    assert not {long_ago.number, others.number} & set(offered)


def _ago(days):
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("said", "about"),
    [("别的事", About.SERVICE), ("整体服务", About.SERVICE), ("张三", About.PERSON)],
)
def test_it_may_be_about_something_else_c1(with_ticket, rows, said, about):
    dialog, _, _ = with_ticket()

    dialog.hears("投诉").hears(said).hears(ACCOUNT).answers("complain.registered")

    (complaint,) = rows(Complaint)
    assert (complaint.about, complaint.ticket_id) == (about, None)
    assert rows(ComplaintPerson) == []


@pytest.mark.parametrize("name", ["吴刚", "吴工", "吴师傅"])
def test_a_name_is_matched_among_the_staff_c1(with_ticket, make_engineer, rows, name):
    dialog, _, _ = with_ticket()
    wu = make_engineer("吴刚")

    dialog.hears("投诉").hears(name).hears(ACCOUNT).answers("complain.registered")

    (person,) = rows(ComplaintPerson)
    assert (person.person_id, person.why) == (wu.id, Concerned.NAMED)
    assert rows(Complaint)[0].about is About.PERSON


def test_a_name_that_may_mean_two_people_is_left_to_the_desk_c1(with_ticket, make_engineer, rows):
    dialog, _, _ = with_ticket()
    make_engineer("吴刚")
    make_engineer("吴敏")

    dialog.hears("投诉").hears("吴工").hears(ACCOUNT).answers("complain.registered")

    assert rows(ComplaintPerson) == []
    assert rows(Complaint)[0].words == f"吴工\n{ACCOUNT}"


def test_the_account_may_come_instead_of_the_ticket_c1(with_ticket, rows):
    dialog, _, _ = with_ticket()

    dialog.hears("投诉").hears(ACCOUNT).answers("complain.registered")

    assert rows(Complaint)[0].words == ACCOUNT


# --- who complains -------------------------------------------------------------------------------


def test_only_what_is_missing_of_the_person_is_asked_c1(talk, rows):
    dialog = talk(phone=None, department=None)

    dialog.hears("投诉").hears(ACCOUNT).answers("complain.ask_profile")
    assert "「部门」" in dialog.words and "「姓名」" not in dialog.words
    dialog.hears("嗯").answers("profile.unclear")
    dialog.hears("财务部 13800001234").answers("complain.registered")

    (complaint,) = rows(Complaint)
    assert (complaint.contact_name, complaint.contact_phone) == ("王芳", "13800001234")


@pytest.mark.parametrize(
    "words", ["投诉,打印机坏了三天没人管", "我要投诉打印机", "我要投诉你们这个破系统天天登不上"]
)
def test_even_outright_a_complaint_of_a_thing_is_asked_about_c1(talk, rows, words):
    dialog = talk().hears(words).answers("complain.ask")

    dialog.taps("complain")
    assert rows(Ticket) == []


# --- photos, and what is for few -----------------------------------------------------------------


def photo(dialog):
    return dialog.hears(medium=Medium.IMAGE, media_id=f"media-{len(dialog.messages)}")


def test_photos_at_any_moment_belong_to_it_c1(with_ticket, rows):
    dialog, ticket, _ = with_ticket()

    photo(dialog.hears(BAD_MANNERS)).answers("complain.kept.image", "complain.which_first")
    photo(dialog.taps(ticket.number)).answers("complain.kept.image", "complain.ask_words")
    dialog.hears(medium=Medium.VOICE, text=ACCOUNT, media_id="voice-1")
    dialog.answers("media.heard", "complain.registered")
    photo(dialog).answers("complaint_life.media_added.image")
    dialog.hears(medium=Medium.LOCATION, latitude=31.2, longitude=121.4, label="A座")
    dialog.answers("complaint_life.media_added.location")

    (complaint,) = rows(Complaint)
    kept = rows(Attachment)
    assert {each.complaint_id for each in kept} == {complaint.id}
    assert {each.ticket_id for each in kept} == {None}
    assert [each.kind for each in kept] == ["image", "image", "voice", "image", "location"]


def test_all_messages_of_the_talk_are_confidential_p8(with_ticket, rows):
    dialog, ticket, _ = with_ticket()
    dialog.hears("我的报修")
    begun = len(dialog.messages)

    photo(dialog.hears(BAD_MANNERS).taps(ticket.number)).hears(ACCOUNT)
    photo(dialog)

    of_complaint = dialog.messages[begun:]
    hidden = [each.id for each in rows(InboxMessage, InboxMessage.is_confidential)]
    assert hidden == of_complaint and len(hidden) == 5


def test_once_registered_it_can_be_looked_at_c1(with_ticket, rows):
    dialog, _, _ = with_ticket()
    dialog.hears(ALL_AT_ONCE)

    dialog.hears("我的投诉").answers("complaint_life.card")

    assert len(rows(Complaint)) == 1


# --- more of it ----------------------------------------------------------------------------------


def added(rows):
    return [each.detail["words"] for each in rows(ComplaintEvent) if each.action.value == "add"]


def test_words_after_the_registration_are_added_c1(with_ticket, rows):
    dialog, _, _ = with_ticket()
    dialog.hears(ALL_AT_ONCE)

    dialog.hears("他走的时候还骂人了,态度特别恶劣").answers("complaint_life.added")
    dialog.hears("没有了").answers("complaint_life.no_more")

    assert added(rows) == ["他走的时候还骂人了,态度特别恶劣"]


def test_a_fault_after_the_registration_is_asked_about_c1(with_ticket, rows):
    dialog, _, _ = with_ticket()
    dialog.hears(ALL_AT_ONCE)

    dialog.hears("电脑蓝屏了").answers("complaint_life.ask_whose")
    dialog.taps("report").answers("incident.confirm_known").taps("yes")
    assert dialog.waits_at == (None, None)

    assert added(rows) == []
    assert [each.symptom for each in rows(Ticket)][-1] == "电脑蓝屏了"


def test_other_wishes_after_the_registration_are_heard_c1(with_ticket):
    dialog, _, _ = with_ticket()
    dialog.hears(ALL_AT_ONCE)

    dialog.hears("怎么还没来人")
    assert dialog.says[0].key.startswith("follow.urged")
    dialog.hears("谢谢").answers("greet.thanks")


def test_by_order_it_is_added_to_days_later_c1(with_ticket, rows):
    dialog, _, _ = with_ticket()
    number = dialog.hears(ALL_AT_ONCE).says[0].facts["number"]
    dialog.anew().waits(timedelta(days=1))

    dialog.hears(f"补充 {number} 他还收了我二十块钱").answers("complaint_life.added")
    dialog.hears("补充").answers("complaint_life.ask_more").hears("今天也没有回来")
    dialog.answers("complaint_life.added")

    assert added(rows) == ["他还收了我二十块钱", "今天也没有回来"]


def test_without_a_complaint_to_add_to_these_are_words_like_any_other(talk):
    talk().hears("补充 打印机卡纸").answers("incident.confirm_known")
