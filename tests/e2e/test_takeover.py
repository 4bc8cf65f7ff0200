"""The desk takes over in the WeChat backend and gives back: issue 3, its first story (W1)."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from sqlalchemy import select, update

from domain.calendar import CHINA
from models import Conversation, EndedBy, Holder, InboxMessage, Person, Takeover, TalkLine
from tests.e2e import story
from tests.faults.people import CHEN, LIN

DESK1 = "desk1@itdesk"

pytestmark = pytest.mark.timeout(300)


class Clerk:
    """小陈, as her client shows the desk."""

    def __init__(self, world):
        self._world = world

    def comes(self, **how):
        self._do("online", **how)

    def accepts(self, who=LIN):
        self._do("accept", openid=who.openid)

    def says(self, text, who=LIN):
        self._do("say", openid=who.openid, text=text)

    def closes(self, who=LIN):
        self._do("close", openid=who.openid)

    def _do(self, act, **body):
        self._world.sandbox.post(f"/control/kf/{DESK1}/{act}", **body)


@pytest.fixture
def clerk(world):
    world.sandbox.rules(kf_records_delay=0)
    return Clerk(world)


def transfers(world, who, text):
    """Says something whose answer puts them into the platform's queue, or keeps them there."""
    told = world.sandbox.do(who.openid, "say", text=text)
    assert told["reply"]["kind"] == "transfer_customer_service", told


def holder_of(world, who=LIN):
    statement = (
        select(Conversation.holder)
        .join(Person, Person.id == Conversation.person_id)
        .where(Person.openid == who.openid)
    )
    return world.rows(lambda session: session.scalar(statement))


def becomes(world, holder, who=LIN):
    """As soon as the event or the switchboard has made it so."""
    world._until(lambda: holder_of(world, who) is holder, holder)


def talk(world):
    return world.rows(lambda session: session.scalars(select(Takeover)).one())


def hurry(world):
    """What would be fetched minutes from now is due."""
    with world.database.transaction() as session:
        session.execute(
            update(Takeover)
            .where(Takeover.records_due_at.is_not(None))
            .values(records_due_at=datetime.now(UTC) - timedelta(seconds=1))
        )


def lines_of(world):
    return world.rows(lambda session: list(session.scalars(select(TalkLine.text))))


def fetched(world, count):
    """Until this many lines are here; each look makes what is left due at once."""

    def is_here():
        hurry(world)
        return len(lines_of(world)) >= count

    world._until(is_here, f"{count} lines")


def test_w1_a_clerk_takes_talks_and_closes_and_the_ticket_keeps_it(world, clerk):
    """Issue 3: silent meanwhile, back afterwards, and the talk in the ticket's history."""
    told = story.report(world)
    world.server.run("clerk", "map", DESK1, CHEN.name)
    clerk.comes()

    transfers(world, LIN, "转人工")
    world.is_told(LIN, "正在请服务台的同事", "同事都能看到")
    world.is_told(CHEN, "有人在找服务台的同事", LIN.name, told.number)
    transfers(world, LIN, "师傅几点能到")
    clerk.accepts()
    becomes(world, Holder.CLERK)
    clerk.says("您好，周工十分钟后到")
    world.sandbox.do(LIN.openid, "say", text="好的")
    silent_since = len(world.texts(LIN))
    assert world.presses(LIN, "MY_TICKETS") == ""
    assert len(world.texts(LIN)) == silent_since
    clerk.closes()

    world.is_told(LIN, f"刚才由服务台{CHEN.name}接待", "之后有事直接告诉我")
    fetched(world, 2)
    assert sorted(lines_of(world)) == sorted(["您好，周工十分钟后到", "好的"])
    form = world.server.run("ticket", "show", told.number)
    for word in ("人工接待", "师傅几点能到", "您好，周工十分钟后到", "好的", "4 句"):
        assert word in form, f"{word} is not in the history:\n{form}"
    assert told.short in world.says(LIN, "我的报修")  # the bot answers again
    kept = world.rows(lambda session: list(session.scalars(select(InboxMessage.text))))
    assert kept.count("师傅几点能到") == 1 and "好的" not in kept
    world.check(1, "taken over")


def test_w1_the_person_ends_it_by_the_menu_and_the_platform_gives_them_back(sqlite_world):
    world, clerk = sqlite_world, Clerk(sqlite_world)
    world.sandbox.rules(kf_records_delay=0)
    clerk.comes(takes_automatically=True)
    transfers(world, LIN, "转人工")
    becomes(world, Holder.CLERK)

    assert "由我接着为您服务" in world.presses(LIN, "BACK_TO_BOT")

    world._until(lambda: session_of(world) == "none", "closed at the platform")
    assert story.report(world).number
    assert talk(world).ended_by is EndedBy.PERSON


def session_of(world, who=LIN):
    """How the platform sees it: none, waiting or session."""
    people = world.sandbox.get("/phone/feed")["people"]
    (found,) = [each["kf"]["state"] for each in people if each["openid"] == who.openid]
    return found


def test_w1_half_an_hour_of_silence_gives_the_talk_back(sqlite_world):
    """§6: by the platform's clock, which the sandbox puts forward."""
    world, clerk = sqlite_world, Clerk(sqlite_world)
    clerk.comes(takes_automatically=True)
    transfers(world, LIN, "转人工")
    becomes(world, Holder.CLERK)

    world.sandbox.post("/control/clock", advance=1801)

    becomes(world, Holder.BOT)
    world.is_told(LIN, "接待", "之后有事直接告诉我")


def test_w1_killed_in_the_middle_of_a_talk_it_goes_on(sqlite_world):
    """R-004: nothing of a takeover lives in a process."""
    world, clerk = sqlite_world, Clerk(sqlite_world)
    world.sandbox.rules(kf_records_delay=0)
    clerk.comes()
    transfers(world, LIN, "转人工")
    world.restart()
    clerk.accepts()
    becomes(world, Holder.CLERK)
    world.restart()
    clerk.says("您好")
    world.server.kill()
    clerk.closes()
    world.server.start()

    becomes(world, Holder.BOT)
    fetched(world, 1)
    assert lines_of(world) == ["您好"]
    world.check(0, "killed in a talk")


def test_r062_r063_events_doubled_and_shuffled_make_one_talk(sqlite_world):
    world, clerk = sqlite_world, Clerk(sqlite_world)
    world.sandbox.rules(copies=3, reorder_window=0.5, order="parallel")
    clerk.comes()
    transfers(world, LIN, "转人工")

    clerk.accepts()
    clerk.closes()
    world.settle()

    assert holder_of(world) is Holder.BOT and talk(world).ended_by is EndedBy.CLERK
    assert len([text for text in world.texts(LIN) if "接待" in text]) == 1


def hours_without(now):
    """Hours of a desk that is closed now, at whatever time of the day this runs."""
    opens, closes = now + timedelta(hours=2), now - timedelta(hours=2)
    if now.hour < 12:
        return {"round_the_clock": False, "opens": f"{opens:%H:%M}", "closes": "23:59"}
    return {"round_the_clock": False, "opens": "00:01", "closes": f"{closes:%H:%M}"}


def test_f15_off_hours_the_truth_is_said_and_nobody_is_put_in_a_queue(sqlite_world):
    world = sqlite_world
    world.server.stop()
    settings = yaml.safe_load(world.server.config.read_text(encoding="utf-8"))
    settings["service"] |= {**hours_without(datetime.now(CHINA)), "desk_phone": "8000"}
    world.server.config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    world.server.start()

    answer = world.says(LIN, "转人工")

    assert "下班时间" in answer and "紧急" in answer and "8000" in answer
    assert holder_of(world) is Holder.BOT and session_of(world) == "none"


def test_w1_an_operator_sees_the_accounts_and_says_whose_they_are(sqlite_world):
    world, clerk = sqlite_world, Clerk(sqlite_world)
    clerk.comes()

    world.server.run("clerk", "map", DESK1, CHEN.name)
    world.server.run("clerk", "add", "desk2@itdesk", "小李")
    shown = world.server.run("clerk", "list")

    (first,) = [line for line in shown.splitlines() if DESK1 in line]
    assert CHEN.name in first and "小陈" in first
    assert any("desk2@itdesk" in line and "小李" in line for line in shown.splitlines())
    world.server.run("clerk", "invite", "desk2@itdesk", "xiaoli")
