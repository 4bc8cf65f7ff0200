"""What found no window is told with the next answer; the wallet follows people (R-009)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.delivery import Cause, Channel
from domain.sentence import Say
from models import Conversation, Database, Delivery, Fate, Notice, NoticeState, Outcome, Person
from services import notices
from tests.bot.desk import Desk, shown
from tests.bot.pushes import OPENID, callback_xml


@pytest.fixture
def desk(tmp_path, database_url):
    database = Database(database_url)
    yield Desk(database, tmp_path)
    database.dispose()


@pytest.fixture
def hold(desk):
    """A notice for the person that waits for them."""

    def hold(words, key="notice.progress", **facts):
        with desk.database.transaction() as session:
            person_id = session.scalar(select(Person.id).where(Person.openid == OPENID))
            say = Say(
                key, {"number": "IT20260101-0007", "engineer": "周工", "words": words, **facts}
            )
            notices.queue(session, [notices.row(person_id, say, desk.now)])
            newest = select(Notice.id).order_by(Notice.id.desc()).limit(1)
            notice_id = session.scalar(newest)
            session.execute(
                update(Notice)
                .where(Notice.id == notice_id)
                .values(state=NoticeState.HELD, next_try_at=desk.now + timedelta(days=9))
            )
            return notice_id

    return hold


def states(desk):
    with desk.database.reading() as session:
        return list(session.scalars(select(Notice.state).order_by(Notice.id)))


def wallet(desk):
    with desk.database.reading() as session:
        talk = session.scalar(select(Conversation))
        session.expunge(talk)
        return talk


def event(desk, inner):
    desk.now += timedelta(seconds=1)
    at = int(desk.now.timestamp())
    return shown(desk.post(callback_xml(f"<MsgType>event</MsgType>{inner}", openid=OPENID, at=at)))


def test_what_waited_stands_below_the_answer(desk, hold):
    desk.says("帮助")
    hold("配件到了")
    hold("下午来装")

    answer = desk.says("帮助")

    assert "之前没能送到" in answer
    assert answer.index("配件到了") < answer.index("下午来装")
    assert states(desk) == [NoticeState.DELIVERED] * 2
    with desk.database.reading() as session:
        tries = [(each.channel, each.outcome) for each in session.scalars(select(Delivery))]
    assert tries == [(Channel.PASSIVE, Outcome.ACCEPTED)] * 2
    assert "配件到了" not in desk.says("帮助")


def test_a_retry_of_the_message_gets_the_same_answer_with_what_waited(desk, hold):
    """P2."""
    desk.says("帮助")
    hold("配件到了")

    first = desk.says("帮助", msg_id=77)

    assert "配件到了" in first
    assert desk.says("帮助", msg_id=77) == first


def test_what_does_not_fit_below_the_answer_follows_as_messages(desk, hold):
    desk.says("帮助")
    for number in range(12):
        hold(f"第{number}步：" + "配件到了，" * 20)

    answer = desk.says("帮助")

    told = states(desk).count(NoticeState.DELIVERED)
    assert 0 < told < 12
    assert states(desk)[told:] == [NoticeState.PENDING] * (12 - told)
    assert len(answer.encode()) <= 2048
    assert desk.nudges > 0


def test_an_event_that_opens_nothing_tells_nothing(desk, hold):
    desk.says("帮助")
    hold("配件到了")

    event(desk, "<Event>VIEW</Event><EventKey>https://desk.example.com</EventKey>")

    assert states(desk) == [NoticeState.HELD]


def test_own_words_fill_the_window_and_a_press_opens_a_minute(desk):
    """R-057, wechat-platform §5."""
    desk.says("帮助")
    assert (wallet(desk).heard_left, wallet(desk).tapped_left) == (5, 0)

    desk.presses("HELP")
    assert (wallet(desk).heard_left, wallet(desk).tapped_left) == (5, 3)
    assert wallet(desk).tapped_by is Cause.CLICK


def test_leaving_the_account_shuts_every_window(desk):
    desk.says("帮助")
    event(desk, "<Event>unsubscribe</Event>")

    assert (wallet(desk).heard_at, wallet(desk).heard_left) == (None, 0)
    event(desk, "<Event>subscribe</Event>")
    assert wallet(desk).tapped_by is Cause.FOLLOW


def test_whoever_acts_is_reached_again(desk):
    desk.says("帮助")
    with desk.database.transaction() as session:
        session.execute(update(Person).values(unreached_since=desk.now))

    desk.presses("HELP")

    with desk.database.reading() as session:
        assert session.scalar(select(Person.unreached_since)) is None


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("success", Fate.ARRIVED),
        ("failed:user block", Fate.BLOCKED),
        ("failed: system failed", Fate.FAILED),
    ],
)
def test_the_platform_reports_what_became_of_a_template_message(desk, hold, status, fate):
    """R-060."""
    desk.says("帮助")
    notice_id = hold("配件到了")
    with desk.database.transaction() as session:
        session.execute(update(Notice).values(state=NoticeState.DELIVERED))
        session.add(
            Delivery(
                notice_id=notice_id,
                channel=Channel.TEMPLATE,
                outcome=Outcome.ACCEPTED,
                started_at=desk.now,
                message_id=2001638361234567890,
            )
        )

    event(
        desk,
        "<Event>TEMPLATESENDJOBFINISH</Event><MsgID>2001638361234567890</MsgID>"
        f"<Status><![CDATA[{status}]]></Status>",
    )

    with desk.database.reading() as session:
        assert session.scalar(select(Delivery.fate)) is fate
    after = NoticeState.DELIVERED if fate is Fate.ARRIVED else NoticeState.PENDING
    assert states(desk) == [after]
