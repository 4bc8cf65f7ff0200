"""While the desk has a talk: what is transferred, what is said, and when the bot is back (W1)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

from bot.render import neutral
from domain.permissions import Role
from domain.sentence import from_json
from domain.takeover import TakeoverRules
from models import (
    Attachment,
    Conversation,
    Database,
    EndedBy,
    Holder,
    InboxMessage,
    Notice,
    Person,
    Takeover,
)
from services import clerks, people
from settings import ROOT
from tests.bot.desk import Desk, at_once, shown
from tests.bot.pushes import OPENID, callback_xml, event_xml, text_xml
from texts import Texts, read_texts

TRANSFER = "(transfer_customer_service)"
CHEN = "desk1@itdesk"
CLERK = f"<KfAccount>{CHEN}</KfAccount>"
FAULT = "三楼财务室那台惠普打印机一直卡纸,急用"
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday, 10:00 at the desk
NIGHT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OTHER = "oDeskTesterLiLei00000000000009"
_ids = count(900)


class Morning(Desk):
    """A desk in its service hours, to which messages come when they are sent."""

    texts: Texts

    def hears(self, text, *, openid=OPENID, after=1, **more):
        self.now += timedelta(seconds=after)
        at = int(self.now.timestamp())
        return shown(self.post(text_xml(text, msg_id=next(_ids), openid=openid, at=at, **more)))

    def photo(self):
        self.now += timedelta(seconds=1)
        at, number = int(self.now.timestamp()), next(_ids)
        inner = f"<MsgType>image</MsgType><MediaId>M{number}</MediaId><MsgId>{number}</MsgId>"
        return shown(self.post(callback_xml(inner, at=at)))

    def event(self, name, inner=CLERK, *, after=1):
        self.now += timedelta(seconds=after)
        return shown(self.post(event_xml(name, inner, at=int(self.now.timestamp()))))

    @property
    def holder(self):
        with self.database.reading() as session:
            return session.scalar(
                select(Conversation.holder)
                .join(Person, Person.id == Conversation.person_id)
                .where(Person.openid == OPENID)
            )

    def takeovers(self):
        with self.database.reading() as session:
            return list(session.scalars(select(Takeover).order_by(Takeover.id)))

    def told(self, openid=OPENID):
        """What somebody is told by notice, in words."""
        with self.database.reading() as session:
            rows = session.scalars(
                select(Notice)
                .join(Person, Person.id == Notice.recipient_id)
                .where(Person.openid == openid)
                .order_by(Notice.id)
            )
            says = [from_json(row.say) for row in rows]
        return [self.texts.render(say, self.now).text for say in says]

    def count_of(self, model):
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def desk(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.webhook.BUDGET", 60.0)  # a busy machine answers as a quick one
    database = Database(database_url)
    made = Morning(database, tmp_path / "spool")
    made.now = MORNING
    made.texts = read_texts(ROOT / "texts.yaml", neutral)
    with database.transaction() as session:
        new = people.NewPerson("陈台", frozenset({Role.DESK}), openid="oDeskChen")
        people.add(session, new, MORNING)
    yield made
    database.dispose()


# --- asking ------------------------------------------------------------------------------------


def test_w1_the_answer_to_the_wish_is_the_transfer_and_the_words_follow(desk):
    """§6: only a message that is answered with the transfer puts somebody into the queue."""
    desk.hears("转人工", openid=OTHER)

    assert desk.hears("转人工") == TRANSFER

    assert desk.holder is Holder.WAITING
    (words,) = desk.told()
    assert "正在请服务台的同事，前面还有 1 位" in words
    assert len([each for each in desk.told("oDeskChen") if "有人在找服务台" in each]) == 2


def test_w1_two_misunderstandings_do_the_same(desk):
    assert desk.hears("？？") != TRANSFER

    assert desk.hears("。。。") == TRANSFER

    (words,) = desk.told()
    assert words.startswith("抱歉，我还是没看明白。") and "正在请" in words


def test_w1_a_press_is_answered_in_words_and_the_next_message_is_transferred(desk):
    """§6: an event is never answered with a transfer."""
    assert "打一句话" in desk.presses("HUMAN")
    assert desk.told("oDeskChen") == []

    assert desk.hears("OA 登不上去") == TRANSFER

    assert "正在请服务台的同事" in desk.told()[0]
    assert "OA 登不上去" in desk.told("oDeskChen")[0]
    assert desk.hears("在吗") == TRANSFER
    assert len(desk.told()) == 1


def test_w1_a_tapped_line_arrives_as_a_message_and_is_transferred(desk):
    at, number = int(desk.now.timestamp()), next(_ids)
    inner = (
        "<MsgType>text</MsgType><Content>转人工</Content>"
        f"<bizmsgmenuid>human</bizmsgmenuid><MsgId>{number}</MsgId>"
    )
    assert shown(desk.post(callback_xml(inner, at=at))) == TRANSFER


def test_f15_off_hours_the_opening_and_the_way_for_urgent_matters_are_said(desk):
    desk.now = NIGHT
    desk.turns._rules = replace(desk.turns._rules, desk_phone="8000")

    answer = desk.hears("转人工")

    assert "服务台明天 8:00 上班" in answer and "「紧急」" in answer and "8000" in answer
    assert desk.holder is Holder.BOT and desk.told("oDeskChen") == []
    assert desk.hears(FAULT) != TRANSFER


def test_w1_without_customer_service_the_truth_is_said(desk):
    """65400: nobody is put into a queue that nobody sees."""
    off = TakeoverRules(is_missing=lambda: True)
    desk.turns._rules = replace(desk.turns._rules, takeover=off)

    assert "请把姓名和电话发来" in desk.hears("转人工")

    assert desk.holder is Holder.BOT
    assert len(desk.told("oDeskChen")) == 1


# --- waiting -----------------------------------------------------------------------------------


def test_w1_each_message_of_the_wait_is_kept_once_and_transferred_in_silence(desk):
    desk.hears("转人工")

    for words in ("我的打印机怎么样了", FAULT, "我的打印机怎么样了"):
        assert desk.hears(words) == TRANSFER

    assert desk.count_of(InboxMessage) == 4 and len(desk.told()) == 1


def test_r062_a_message_of_the_wait_that_comes_three_times_is_one(desk):
    desk.hears("转人工")
    last = text_xml("在吗", msg_id=771, at=int(desk.now.timestamp()))

    answers = at_once(*[lambda: shown(desk.post(last))] * 3)

    assert answers == [TRANSFER] * 3 and desk.count_of(InboxMessage) == 2


def test_w1_photos_of_the_wait_are_kept_as_ever(desk):
    desk.hears("转人工")

    assert desk.photo() == TRANSFER

    assert desk.count_of(Attachment) == 1 and len(desk.told()) == 1


@pytest.mark.parametrize("words", ["结束人工", "取消", "不等了", "不等了。"])
def test_w1_who_waits_may_leave_the_queue_by_word(desk, words):
    desk.hears("转人工")

    assert "由我接着为您服务" in desk.hears(words)

    assert desk.holder is Holder.BOT
    assert desk.takeovers()[0].ended_by is EndedBy.PERSON
    assert "惠普打印机" in desk.hears(FAULT)


def test_w1_who_waits_may_leave_the_queue_by_the_menu(desk):
    desk.hears("转人工")

    assert "由我接着为您服务" in desk.presses("BACK_TO_BOT")

    assert desk.holder is Holder.BOT


def test_w1_who_presses_something_while_waiting_learns_how_it_stands(desk):
    desk.hears("转人工")

    assert "还在请服务台的同事" in desk.presses("MY_TICKETS")

    assert desk.holder is Holder.WAITING


def test_w1_nobody_talks_into_a_void_when_no_clerk_comes(desk):
    desk.hears("转人工")

    assert "惠普打印机" in desk.hears(FAULT, after=16 * 60)

    assert desk.holder is Holder.BOT
    assert "一直没能接上您" in desk.told()[-1]
    assert "没有人接" in desk.told("oDeskChen")[-1]


def test_w1_the_clerk_of_the_last_hour_is_named(desk):
    desk.hears("转人工")
    desk.event("kf_create_session")
    desk.event("kf_close_session")
    with desk.database.transaction() as session:
        clerks.keep_accounts(session, [clerks.Account(CHEN, "小陈", True)], desk.now)
        clerks.keep_online(session, {CHEN: 1}, desk.now)

    desk.hears("转人工")

    with desk.database.reading() as session:
        newest = select(InboxMessage.reply).order_by(InboxMessage.id.desc()).limit(1)
        assert session.scalar(newest) == {"transfer": CHEN}


# --- in session --------------------------------------------------------------------------------


def test_w1_a_session_begins_and_ends_by_its_events_and_one_line_says_so(desk):
    desk.hears("转人工")
    with desk.database.transaction() as session:
        clerks.keep_accounts(session, [clerks.Account(CHEN, "小陈", True)], desk.now)
    desk.event("kf_create_session")
    assert desk.holder == Holder.CLERK

    desk.event("kf_close_session")

    assert desk.holder == Holder.BOT
    assert desk.told()[-1] == "刚才由服务台小陈接待。之后有事直接告诉我。"
    assert "惠普打印机" in desk.hears(FAULT)


def test_w1_a_clerk_may_open_a_session_unasked(desk):
    desk.hears("你好")

    desk.event("kf_create_session")

    assert desk.holder is Holder.CLERK and len(desk.takeovers()) == 1


def test_w1_in_session_taps_are_kept_and_nothing_is_said(desk):
    """I7: the bot speaks into no human's talk."""
    desk.event("kf_create_session")
    before = desk.count_of(InboxMessage)

    assert desk.presses("MY_TICKETS") == desk.presses("REPORT") == ""

    assert desk.holder is Holder.CLERK and desk.count_of(InboxMessage) == before + 2
    assert desk.told() == []


def test_w1_the_person_may_end_it_by_the_menu(desk):
    desk.event("kf_create_session")
    nudged = desk.nudges

    assert "由我接着为您服务" in desk.presses("BACK_TO_BOT")

    assert desk.holder is Holder.BOT and desk.nudges > nudged
    assert desk.takeovers()[0].ended_by is EndedBy.PERSON


def test_w1_a_message_that_was_sent_before_the_clerk_came_goes_to_the_clerk(desk):
    desk.hears("转人工")
    desk.event("kf_create_session")

    assert desk.hears("在吗", after=2) == TRANSFER

    assert desk.holder is Holder.CLERK


def test_w1_a_message_that_reaches_us_in_session_says_that_it_is_over(desk):
    """§6: after half an hour the platform stops forwarding, perhaps without an event."""
    desk.event("kf_create_session")

    assert "惠普打印机" in desk.hears(FAULT, after=31 * 60)

    assert desk.holder is Holder.BOT
    assert desk.takeovers()[0].ended_by is EndedBy.LOST
    assert "接待" in desk.told()[-1]


def test_r062_r063_events_that_come_twice_and_in_the_wrong_order_end_with_the_bot(desk):
    desk.hears("转人工")
    at = int(desk.now.timestamp()) + 10
    created = event_xml("kf_create_session", CLERK, at=at)
    closed = event_xml("kf_close_session", CLERK, at=at + 60)

    for push in (closed, created, closed, created):
        assert shown(desk.post(push)) == ""

    assert desk.holder is Holder.BOT and len(desk.takeovers()) == 1
    assert len([each for each in desk.told() if "接待" in each]) == 1
