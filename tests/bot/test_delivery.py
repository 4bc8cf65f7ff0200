"""Notices on their way: threads, the platform's answers, and a database that comes and goes."""

import logging
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from bot.client import WeChatClient
from bot.delivery import BATCH, Courier
from bot.render import neutral
from bot.tokens import Fetched, MemoryTokenStore
from domain.commands import Command
from domain.delivery import Channel
from domain.permissions import Role
from domain.sentence import Say, Word
from models import (
    Conversation,
    Database,
    DatabaseUnavailable,
    Delivery,
    Notice,
    NoticeState,
    Outcome,
    Person,
)
from services import notices, people
from services.people import NewPerson
from tests.bot.api_server import OK, answers, api_server, raw, refuses
from tests.bot.pushes import APP_ID
from tests.eventually import eventually
from texts import Texts

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
SENTENCES = {
    "notice.hello": "您好，{name}",
    "notice.ask": "解决了吗？",
    "button.confirm": "解决了",
    "category.printer": "打印机",
}
SIGN = "character_string1"
ASSIGNED = SimpleNamespace(
    id="TEMPLATE-ID", fields={SIGN: "number", "thing2": "symptom", "time3": "due", "thing4": "kind"}
)


class Clock:
    """Time that a test turns by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


class Fragile:
    """A database that a test may take away; it comes back after a number of refusals."""

    def __init__(self, database):
        self._database = database
        self.refuses = 0
        self.refused = 0

    @contextmanager
    def transaction(self, **options):
        self._ask()
        with self._database.transaction(**options) as session:
            yield session

    @contextmanager
    def reading(self):
        self._ask()
        with self._database.reading() as session:
            yield session

    def _ask(self):
        if self.refuses > 0:
            self.refuses -= 1
            self.refused += 1
            raise DatabaseUnavailable("taken away")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def fragile(database):
    return Fragile(database)


@pytest.fixture
def platform():
    with api_server() as running:
        running.on(SEND, OK)
        running.on("/cgi-bin/getcallbackip", answers(ip_list=["127.0.0.1"]))
        yield running


@pytest.fixture
def make_courier(fragile, platform, clock):
    couriers = []

    def make(templates=None, senders=2):
        tokens = MemoryTokenStore()
        tokens.refresh(None, lambda: Fetched("TOKEN", 7200))
        client = WeChatClient(APP_ID, "s" * 32, platform.url, tokens, stable_token=True)
        texts = Texts(SENTENCES, neutral)
        couriers.append(Courier(fragile, client, texts, clock, templates or {}, senders))
        return couriers[-1]

    yield make
    platform.released.set()
    assert all([courier.stop() for courier in couriers])


@pytest.fixture
def courier(make_courier):
    courier = make_courier()
    courier.start()
    return courier


@pytest.fixture
def make_person(database):
    def make(name="王芳", **options):
        number = len(names) + 1
        names.append(name)
        openid = f"oDeskTester{number:017d}"
        new = NewPerson(name, frozenset({Role.REQUESTER}), openid=openid, **options)
        with database.transaction() as session:
            return SimpleNamespace(id=people.add(session, new, NOW).id, openid=openid)

    names = []
    return make


@pytest.fixture
def queue(database):
    def queue(person, key="notice.hello", is_urgent=False, buttons=(), **facts):
        say = Say(key, facts or {"name": "王芳"}, buttons)
        with database.transaction() as session:
            notices.queue(session, [notices.row(person.id, say, NOW, is_urgent=is_urgent)])
            return session.scalar(select(Notice.id).order_by(Notice.id.desc()).limit(1))

    return queue


@pytest.fixture
def state(database):
    def state(notice_id):
        with database.reading() as session:
            return session.scalar(select(Notice.state).where(Notice.id == notice_id))

    return state


@pytest.fixture
def tries(database):
    def tries(notice_id):
        statement = select(Delivery).where(Delivery.notice_id == notice_id).order_by(Delivery.id)
        with database.reading() as session:
            return [(each.channel, each.outcome) for each in session.scalars(statement)]

    return tries


def becomes(state, notice_id, wanted):
    eventually(lambda: state(notice_id) is wanted)


# --- on its way ----------------------------------------------------------------------------------


def test_a_notice_leaves_as_a_message_with_its_lines(
    courier, platform, make_person, queue, state, tries
):
    person = make_person()
    button = notices.button(Command.CONFIRM, "IT20261124-0001")
    only = queue(person, "notice.ask", buttons=(button,))
    courier.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    line = {"id": "confirm:IT20261124-0001", "content": "解决了"}
    assert [call.json for call in platform.to(SEND)] == [
        {
            "touser": person.openid,
            "msgtype": "msgmenu",
            "msgmenu": {"head_content": "解决了吗？", "list": [line]},
        }
    ]
    assert tries(only) == [(Channel.CUSTOM, Outcome.ACCEPTED)]


@pytest.mark.parametrize("medium", ["image", "voice"])
def test_a_sentence_with_a_photo_or_voice_leaves_as_that(
    courier, platform, make_person, queue, state, medium
):
    """F9: the thing itself, by the id under which the platform has it."""
    person = make_person()
    only = queue(person, "notice.media", media_id="MEDIA-1", medium=medium, number="0007")
    courier.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    assert [call.json for call in platform.to(SEND)] == [
        {"touser": person.openid, "msgtype": medium, medium: {"media_id": "MEDIA-1"}}
    ]


def test_a_notice_that_nobody_spoke_of_is_found(make_courier, make_person, queue, state):
    """R-005: killed after the reply and before the nudge."""
    only = queue(make_person())

    make_courier().start()

    becomes(state, only, NoticeState.DELIVERED)


def test_one_persons_messages_arrive_in_order(courier, platform, make_person, queue, state):
    """I6."""
    person = make_person()
    queued = [queue(person, name=f"第{n}条") for n in range(6)]
    for _ in queued:
        courier.nudge()

    becomes(state, queued[-1], NoticeState.DELIVERED)
    sent = [call.json["text"]["content"] for call in platform.to(SEND)]
    assert sent == [f"您好，第{n}条" for n in range(6)]


def test_several_couriers_send_each_notice_once(make_courier, platform, make_person, queue, state):
    """R-077, I6: whatever nudges there are, the claim decides."""
    everybody = [make_person(f"王{n}") for n in range(4)]
    queued = [queue(person, name=str(n)) for n in range(3) for person in everybody]
    couriers = [make_courier(senders=3) for _ in range(2)]
    for courier in couriers:
        courier.start()
        for _ in range(3):
            courier.nudge()

    for each in queued:
        becomes(state, each, NoticeState.DELIVERED)
    assert len(platform.to(SEND)) == len(queued)


# --- what the platform answers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "state_after", "outcome"),
    [
        (refuses(-1), NoticeState.PENDING, Outcome.REFUSED),
        (refuses(45009), NoticeState.HELD, Outcome.REFUSED),
        (refuses(45015), NoticeState.HELD, Outcome.REFUSED),  # R-057 with no other channel
        (refuses(45047), NoticeState.HELD, Outcome.REFUSED),
        (refuses(43004), NoticeState.FAILED, Outcome.REFUSED),
        (refuses(40003), NoticeState.FAILED, Outcome.REFUSED),
        (refuses(48001), NoticeState.FAILED, Outcome.REFUSED),
        (refuses(45002), NoticeState.FAILED, Outcome.REFUSED),
        (refuses(98765), NoticeState.PENDING, Outcome.REFUSED),
        (raw(b"<html>502</html>", status=502), NoticeState.PENDING, Outcome.UNCLEAR),
        (raw(b""), NoticeState.PENDING, Outcome.UNCLEAR),
    ],
)
def test_each_answer_gives_the_notice_its_fate(
    courier, platform, make_person, queue, state, tries, reply, state_after, outcome
):
    platform.on(SEND, reply)
    only = queue(make_person())
    courier.nudge()

    eventually(lambda: [each[1] for each in tries(only)] == [outcome])
    assert state(only) is state_after


def test_a_busy_platform_gets_the_same_message_later(
    courier, platform, make_person, queue, state, clock
):
    """R-055."""
    platform.on(SEND, refuses(-1), OK)
    only = queue(make_person())
    courier.nudge()
    eventually(lambda: platform.to(SEND) and state(only) is NoticeState.PENDING)

    clock.now += timedelta(minutes=1)
    courier.nudge()

    becomes(state, only, NoticeState.DELIVERED)


def test_an_urgent_message_whose_answer_was_lost_is_said_once_more(
    courier, platform, make_person, queue, state, tries, clock
):
    """R-009, R-050."""
    platform.on(SEND, raw(b"<html>"), OK)
    only = queue(make_person(), is_urgent=True)
    courier.nudge()
    eventually(lambda: tries(only) == [(Channel.CUSTOM, Outcome.UNCLEAR)])

    clock.now += timedelta(minutes=1)
    courier.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    assert len(platform.to(SEND)) == 2


def test_a_message_in_parts_of_which_some_arrived_is_not_said_again(
    courier, platform, make_person, queue, state
):
    """I6: a plain «busy» for the second part does not repeat the first."""
    platform.on(SEND, OK, refuses(-1))
    only = queue(make_person(), name="很长的一句话。" * 120)
    courier.nudge()

    becomes(state, only, NoticeState.HELD)
    assert len(platform.to(SEND)) == 2


def test_somebody_who_left_the_account_is_not_written_to(
    courier, platform, database, make_person, queue, state, tries
):
    """R-058."""
    person = make_person()
    with database.transaction() as session:
        people.followed(session, person.openid, is_following=False)
    only = queue(person)
    courier.nudge()

    becomes(state, only, NoticeState.FAILED)
    assert platform.calls == []
    assert tries(only) == []


# --- templates -----------------------------------------------------------------------------------


@pytest.fixture
def templated(make_courier, platform):
    platform.on(TEMPLATE, answers(errcode=0, errmsg="ok", msgid=2001638361234567890))
    courier = make_courier({"notice.hello": ASSIGNED})
    courier.start()
    return courier


@pytest.fixture
def long_silent(database, make_person):
    """Somebody who wrote three days ago."""
    person = make_person()
    with database.transaction() as session:
        session.execute(
            update(Conversation)
            .where(Conversation.person_id == person.id)
            .values(heard_at=NOW - timedelta(days=3))
        )
    return person


FACTS = {
    "number": "IT20261124-0001",
    "symptom": "惠普打印机一直卡纸\n而且每次都要关机再开才能打印一张",
    "due": NOW + timedelta(minutes=10),
    "kind": Word("category.printer"),
    "name": "王芳",
}


def test_after_the_window_the_template_goes_first(
    templated, platform, long_silent, queue, state, tries
):
    """R-009, R-059: its own id, and each field within what its type takes."""
    person = long_silent
    only = queue(person, **FACTS)
    templated.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    body = platform.to(TEMPLATE)[0].json
    assert (body["touser"], body["template_id"]) == (person.openid, "TEMPLATE-ID")
    assert body["client_msg_id"] == f"n{only}"
    assert {name: field["value"] for name, field in body["data"].items()} == {
        SIGN: "IT20261124-0001",
        "thing2": "惠普打印机一直卡纸 而且每次都要关机再开",
        "time3": "2026年11月24日 10:40",
        "thing4": "打印机",
    }
    assert platform.to(SEND) == []
    assert tries(only) == [(Channel.TEMPLATE, Outcome.ACCEPTED)]


def test_within_the_window_the_message_itself_goes(
    templated, platform, database, make_person, queue, state
):
    person = make_person()
    with database.transaction() as session:
        session.execute(
            update(Conversation)
            .where(Conversation.person_id == person.id)
            .values(heard_at=NOW - timedelta(hours=47), heard_left=5)
        )
    only = queue(person, **FACTS)
    templated.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    assert platform.to(TEMPLATE) == []


def test_a_window_that_was_closed_after_all_leads_to_the_template_at_once(
    templated, platform, database, make_person, queue, state, tries
):
    """R-057: the wallet was wrong by one."""
    platform.on(SEND, refuses(45047))
    person = make_person()
    with database.transaction() as session:
        session.execute(update(Conversation).values(heard_at=NOW, heard_left=5))
    only = queue(person, **FACTS)
    templated.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    assert tries(only) == [
        (Channel.CUSTOM, Outcome.REFUSED),
        (Channel.TEMPLATE, Outcome.ACCEPTED),
    ]


def test_an_empty_fact_still_fills_its_field(templated, platform, long_silent, queue, state):
    """R-059: the platform refuses an empty value."""
    only = queue(long_silent, **{**FACTS, "symptom": " \n ", "due": None})
    templated.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    data = platform.to(TEMPLATE)[0].json["data"]
    assert (data["thing2"]["value"], data["time3"]["value"]) == ("-", "-")


# --- when something breaks -----------------------------------------------------------------------


def test_a_sentence_that_nobody_wrote_stops_no_thread(make_courier, make_person, queue, state):
    courier = make_courier(senders=1)
    courier.start()
    broken, sound = queue(make_person(), "notice.nobody_wrote_it"), queue(make_person("李雷"))
    courier.nudge()

    becomes(state, broken, NoticeState.FAILED)
    becomes(state, sound, NoticeState.DELIVERED)


def test_a_database_that_is_away_is_waited_for(make_courier, fragile, make_person, queue, state):
    """R-025: no thread ends, nothing is lost."""
    only = queue(make_person())
    fragile.refuses = 3
    courier = make_courier()
    courier.start()
    courier.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    assert fragile.refused == 3


def test_an_answer_is_kept_when_the_database_is_back(
    make_courier, fragile, platform, make_person, queue, state
):
    """R-010, R-024: the message had gone out; it is neither repeated nor forgotten."""

    def takes_the_database_away(handler):
        fragile.refuses = 2
        OK(handler)

    platform.on(SEND, takes_the_database_away)
    only = queue(make_person())
    courier = make_courier(senders=1)
    courier.start()
    courier.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    assert len(platform.to(SEND)) == 1


def test_a_stop_finishes_the_message_under_way_and_hands_the_others_back(
    make_courier, platform, database, make_person, queue, state
):
    """R-016."""
    reached, go_on = threading.Event(), threading.Event()

    def slow(handler):
        reached.set()
        go_on.wait(10)
        OK(handler)

    platform.on(SEND, slow)
    first, *others = [queue(make_person(f"王{n}")) for n in range(BATCH)]
    courier = make_courier(senders=1)
    courier.start()
    courier.nudge()
    assert reached.wait(10)

    assert courier.stop(within=0.05) is False
    go_on.set()
    assert courier.stop()

    assert state(first) is NoticeState.DELIVERED
    assert {state(each) for each in others} == {NoticeState.PENDING}
    with database.reading() as session:
        left = session.scalars(select(Notice).where(Notice.id.in_(others))).all()
        assert {(each.tries, each.claim) for each in left} == {(0, None)}


def test_no_log_line_says_who_was_told_what(courier, caplog, database, make_person, queue, state):
    """Style 9: ids, never words or openids."""
    caplog.set_level(logging.DEBUG)
    person = make_person("王芳芳")
    only = queue(person, name="很私密的话")
    courier.nudge()

    becomes(state, only, NoticeState.DELIVERED)
    eventually(lambda: "notice_delivered" in caplog.text)
    with database.reading() as session:
        openid = session.scalar(select(Person.openid).where(Person.id == person.id))
    assert openid not in caplog.text
    assert "很私密的话" not in caplog.text
