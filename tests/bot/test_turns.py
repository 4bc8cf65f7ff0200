"""A message from callback to reply on both databases: once, in order, whatever is retried."""

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.inbound import Kind
from domain.permissions import Role
from models import (
    Conversation,
    Database,
    InboxMessage,
    Notice,
    Person,
    Ticket,
)
from services import binding, people
from tests.bot.desk import Desk, at_once, shown
from tests.bot.pushes import OPENID, callback_xml, event_xml, text_xml

FAULT = "三楼财务室那台惠普打印机一直卡纸,急用"
ME = "财务部 王芳 13800001234"


@pytest.fixture
def desk(database_url, tmp_path):
    database = Database(database_url)
    yield Desk(database, tmp_path / "spool")
    database.dispose()


def count_of(desk: Desk, model, *conditions) -> int:
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_f5_a_fault_becomes_a_ticket_in_three_messages(desk):
    assert "惠普打印机一直卡纸" in desk.says(FAULT)
    assert "请核对" in desk.says(ME)

    assert "IT20260101-0001" in desk.says("是")

    with desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.contact_name, ticket.contact_department) == ("王芳", "财务部")
        assert (ticket.contact_phone, ticket.place) == ("13800001234", "三楼财务室")
        opened_by = session.get_one(InboxMessage, ticket.opened_by_inbox_id)
        assert opened_by.text == "是"


def test_p2_a_retry_gets_the_first_answer_and_changes_nothing(desk):
    desk.says(FAULT)
    desk.says(ME)
    first = desk.says("是", msg_id=777)

    assert desk.says("是", msg_id=777) == first
    assert count_of(desk, Ticket) == 1


def test_r062_three_parallel_deliveries_are_one_message(desk):
    desk.says(FAULT)
    desk.says(ME)
    last = text_xml("是", msg_id=778)

    answers = at_once(*[lambda: shown(desk.post(last))] * 3)

    assert len(set(answers)) == 1 and "IT20260101-0001" in str(answers[0])
    assert count_of(desk, Ticket) == 1
    assert count_of(desk, InboxMessage, InboxMessage.key == "m:778") == 1


def test_r065_two_first_messages_at_once_make_one_person(desk):
    one, two = text_xml(FAULT, msg_id=1), text_xml("在吗", msg_id=2)

    at_once(lambda: shown(desk.post(one)), lambda: shown(desk.post(two)))

    assert count_of(desk, Person) == 1
    assert count_of(desk, InboxMessage) == 2


def test_a_late_delivery_of_an_older_message_does_not_disturb_the_newer_one(desk):
    desk.says(FAULT, msg_id=1)
    desk.says(ME, msg_id=2)

    desk.says(FAULT, msg_id=1)  # its retry comes after the next message was handled

    assert "IT20260101-0001" in desk.says("是", msg_id=3)


def test_f1_facts_that_arrive_in_another_order_are_all_kept(desk):
    desk.says(ME)
    said = desk.says(FAULT)
    assert "惠普打印机一直卡纸" in said and "13800001234" in said and "确认报修" in said


def test_r068_an_answer_past_the_budget_leaves_as_a_notice_and_never_twice(desk, monkeypatch):
    monkeypatch.setattr("bot.webhook.BUDGET", -1.0)

    assert desk.says(FAULT, msg_id=9) == ""
    assert desk.says(FAULT, msg_id=9) == ""

    with desk.database.reading() as session:
        notice = session.scalars(select(Notice)).one()
    assert notice.text_key == "late.reply"
    assert "惠普打印机" in notice.say["facts"]["text"]


def test_what_breaks_in_a_step_is_kept_and_answered_with_a_way_to_a_person(
    desk, monkeypatch, caplog
):
    def broken(ctx):
        raise RuntimeError("secret words of a person")

    monkeypatch.setattr("handlers.registry.words", broken)

    assert "转人工" in desk.says(FAULT)

    assert count_of(desk, InboxMessage, InboxMessage.text == FAULT) == 1
    assert "secret words" not in caplog.text and "turn_failed" in caplog.text


# --- events -----------------------------------------------------------------------------------


def test_a_follow_is_greeted_and_leaving_is_silent(desk):
    assert shown(desk.post(event_xml("subscribe"))) != ""
    assert shown(desk.post(event_xml("unsubscribe", at=1767225999))) == ""

    with desk.database.reading() as session:
        assert session.scalars(select(Person.is_following)).one() is False


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "MASSSENDJOBFINISH", "brand_new"])
def test_events_that_ask_for_nothing_are_only_counted(desk, event):
    assert shown(desk.post(event_xml(event))) == ""
    assert count_of(desk, InboxMessage) == 0


@pytest.mark.parametrize("kind", ["image", "voice", "video", "shortvideo", "link", "file", "new"])
def test_every_kind_of_message_gets_a_kind_answer(desk, kind):
    inner = (
        f"<MsgType>{kind}</MsgType><MediaId>M1</MediaId><Title>t</Title><Description>d</Description>"
        "<Url>https://example.com/</Url><MsgId>5</MsgId>"
    )
    assert shown(desk.post(callback_xml(inner))) != ""


def test_a_place_on_the_map_is_answered(desk):
    inner = (
        "<MsgType>location</MsgType><Location_X>31.2</Location_X><Location_Y>121.4</Location_Y>"
        "<Scale>16</Scale><Label>A座三楼</Label><MsgId>6</MsgId>"
    )
    assert shown(desk.post(callback_xml(inner))) != ""


def test_h20_h22_hostile_words_are_answered_as_words(desk):
    for number, text in enumerate(
        (
            "<a href='weixin://x'>点我</a>]]><x>",
            "' OR 1=1--",
            "{{7*7}} {0.__class__} %(x)s",
            "\u202e反",
        )
    ):
        assert shown(desk.post(text_xml(text.replace("]]>", "]] >"), msg_id=100 + number))) != ""


def test_menu_presses_are_orders(desk):
    assert desk.presses("MY_TICKETS") != ""
    assert desk.presses("REPORT") != ""
    assert desk.presses("SOMETHING_OLD") != ""


def test_kinds_and_openid_of_the_inbox_row(desk):
    desk.says(FAULT)

    with desk.database.reading() as session:
        row = session.scalars(select(InboxMessage)).one()
    assert (row.openid, row.kind) == (OPENID, Kind.TEXT.value)


# --- joining ------------------------------------------------------------------------------------


def test_who_joins_by_a_code_goes_on_as_that_person(desk, monkeypatch):
    """The conversation and even a late reply belong to the person that the chat is now."""
    with desk.database.transaction() as session:
        new = people.NewPerson("周工", frozenset({Role.ENGINEER}), phone="13800002222")
        code = binding.issue_code(session, people.add(session, new, desk.now).id, desk.now)
    desk.says("你好")

    assert "绑定成功" in desk.says(f"绑定 {code}")

    with desk.database.reading() as session:
        zhou = session.scalars(select(Person).where(Person.openid == OPENID)).one()
        talk = session.scalars(select(Conversation)).one()
    assert (zhou.name, talk.person_id, talk.heard_at) == ("周工", zhou.id, desk.now)
    monkeypatch.setattr("bot.webhook.BUDGET", -1.0)
    assert desk.says("待接单") == ""
    assert count_of(desk, Notice, Notice.recipient_id == zhou.id) == 1


def test_staff_do_not_become_somebody_else_by_a_colleagues_code(desk):
    with desk.database.transaction() as session:
        codes = [
            binding.issue_code(session, people.add(session, new, desk.now).id, desk.now)
            for new in (
                people.NewPerson("周工", frozenset({Role.ENGINEER})),
                people.NewPerson("吴工", frozenset({Role.ENGINEER})),
            )
        ]
    desk.says(f"绑定 {codes[0]}")

    assert "别的同事" in desk.says(f"绑定 {codes[1]}")

    with desk.database.reading() as session:
        wu = session.scalars(select(Person).where(Person.name == "吴工")).one()
        assert wu.openid is None


def test_a_turn_that_was_undone_for_anothers_sake_is_tried_again_unseen(desk, monkeypatch):
    handled, tries = desk.turns._handled, []

    def disturbed(session, work, inbox_id):
        reply = handled(session, work, inbox_id)
        tries.append(inbox_id)
        if len(tries) == 1:
            raise OperationalError("UPDATE engineers", {}, DeadlockDetected())
        return reply

    monkeypatch.setattr(desk.turns, "_handled", disturbed)

    assert "惠普打印机一直卡纸" in desk.says(FAULT)
    assert len(tries) == 2
    assert count_of(desk, InboxMessage) == 1
    assert not desk.outage.is_on and not desk.spool.holds(OPENID)
