"""The switchboard's rounds against a platform that the test plays (W1, §6)."""

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.desk_calls import Clerk, KfAccount, Record, Waiting
from bot.errors import ApiError, ApiUnclear, ApiUnsent, reaction_to
from bot.switchboard import AFTER_NO_RIGHT, Switchboard
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from domain.permissions import Role
from domain.speaker import Speaker
from domain.takeover import Pulls
from models import Clerk as ClerkRow
from models import Conversation, Database, EndedBy, Holder, Notice, Person, Takeover, TalkLine
from services import clerks, console_talk, holders, people, takeover
from services.desk import Desk, Rules

MORNING = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # Tuesday, 10:30 at the desk
MINUTE = timedelta(minutes=1)
CHEN = "desk1@itdesk"
WANG = "oSwitchWangFang00000000000001"


def refused(errcode):
    return ApiError("/customservice", reaction_to(errcode), errcode=errcode)


@dataclass
class FakePlatform:
    """What the platform would answer; an entry of `fails` is raised instead, once or always."""

    online: dict[str, int] = field(default_factory=dict)
    accounts: list[KfAccount] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    said: list[Record] = field(default_factory=list)
    closed: list[tuple[str, str]] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def _called(self, name):
        self.calls.append(name)
        if name in self.fails:
            raise self.fails[name]

    def kf_online(self):
        self._called("online")
        return [Clerk(account, 1, count) for account, count in self.online.items()]

    def kf_list(self):
        self._called("list")
        return self.accounts

    def kf_waiting(self):
        self._called("waiting")
        return [Waiting(openid, MORNING) for openid in self.queue]

    def kf_session_of(self, openid):
        self._called("session")
        return self.sessions.get(openid)

    def kf_close_session(self, openid, kf_account):
        self._called("close")
        self.closed.append((openid, kf_account))

    def kf_records(self, start, end):
        self._called("records")
        return [each for each in self.said if start <= each.at <= end]


class Stage:
    """A person, the desk, and a switchboard whose clock the test holds."""

    def __init__(self, database):
        self.database = database
        self.now = MORNING
        self.nudges = 0
        self.missing = threading.Event()
        hours = ServiceHours.daily(time(8), time(18))
        self.rules = Rules(Targets(), hours)
        self.rules = replace(
            self.rules, takeover=replace(self.rules.takeover, is_missing=self.missing.is_set)
        )
        self.platform = FakePlatform()
        self.board = self.another()
        with database.transaction() as session:
            desk = people.NewPerson("陈台", frozenset({Role.DESK}), openid="oSwitchChen")
            self.desk_id = people.add(session, desk, MORNING).id
            wang = people.NewPerson("王芳", frozenset({Role.REQUESTER}), "13800001234", openid=WANG)
            self.person_id = people.add(session, wang, MORNING).id

    def another(self):
        """A switchboard of one more process, which has asked nothing yet."""
        return Switchboard(
            self.database, self.platform, self.rules, lambda: self.now, self._nudge, self.missing
        )

    def _nudge(self):
        self.nudges += 1

    def asks(self, words="账号被锁了"):
        with self.database.transaction() as session:
            speaker = Speaker(self.person_id, WANG, frozenset({Role.REQUESTER}), "王芳")
            Desk(session, self.now, self.rules, speaker).ask_for_person(words)

    def clerk_takes(self, account=CHEN):
        with self.database.transaction() as session:
            takeover.clerk_takes(session, self.person_id, account, self.now)
        self.platform.sessions[WANG] = account

    def clerk_leaves(self):
        with self.database.transaction() as session:
            takeover.clerk_leaves(session, self.person_id, CHEN, self.now, self.now)
        self.platform.sessions.clear()

    def round(self, after=timedelta(0)):
        """Later; by a switchboard that has asked nothing yet."""
        self.now += after
        self.board = self.another()
        self.board.look_around()

    def says(self, text, *, is_clerk=True):
        self.platform.said.append(Record(WANG, CHEN, is_clerk, text, self.now))

    @property
    def held(self):
        with self.database.transaction() as session:
            return holders.held(session, self.person_id)

    @property
    def talk(self):
        with self.database.reading() as session:
            found = session.scalars(select(Takeover).order_by(Takeover.id.desc())).first()
            session.expunge_all()
            return found

    def told(self, person_id=None):
        statement = select(Notice.text_key).where(
            Notice.recipient_id == (person_id or self.person_id)
        )
        with self.database.reading() as session:
            return list(session.scalars(statement.order_by(Notice.id)))


@pytest.fixture
def stage(database_url):
    database = Database(database_url)
    yield Stage(database)
    database.dispose()


# --- clerks --------------------------------------------------------------------------------------


def test_w1_who_is_online_is_kept_with_name_and_count(stage):
    stage.platform.accounts = [
        KfAccount(CHEN, "小陈", True, None),
        KfAccount("desk2@itdesk", "小李", False, "waiting"),
    ]
    stage.platform.online = {CHEN: 3}

    stage.round()

    with stage.database.reading() as session:
        seen = [(each.account, each.is_online, each.sessions) for each in clerks.listed(session)]
    assert seen == [(CHEN, True, 3), ("desk2@itdesk", False, 0)]


def test_w1_of_several_processes_one_asks(stage):
    stage.platform.accounts = [KfAccount(CHEN, "小陈", True, None)]
    stage.round()
    asked = stage.platform.calls.count("online")

    stage.round()
    stage.round(timedelta(seconds=10))

    assert stage.platform.calls.count("online") == asked + 1


def test_w1_a_clerk_who_is_gone_is_shown_offline_and_whose_account_it_is_stays_known(stage):
    stage.platform.accounts = [KfAccount(CHEN, "小陈", True, None)]
    stage.platform.online = {CHEN: 1}
    stage.round()
    with stage.database.transaction() as session:
        clerks.map_to(session, CHEN, stage.desk_id, stage.now)

    stage.platform.online = {}
    stage.round(MINUTE)

    with stage.database.reading() as session:
        row = session.get_one(ClerkRow, CHEN)
        assert (row.is_online, row.person_id) == (False, stage.desk_id)


def test_w1_an_account_without_customer_service_is_known_as_such_until_it_has_one(stage):
    """65400: who waits is told, nobody else is put into the queue."""
    stage.asks()
    stage.platform.fails["online"] = refused(65400)

    stage.round()

    assert stage.missing.is_set() and stage.held.holder is Holder.BOT
    assert stage.told() == ["notice.nobody_took"]
    del stage.platform.fails["online"]
    stage.round(MINUTE)
    assert not stage.missing.is_set()


def test_w1_an_api_that_the_account_may_not_use_is_left_alone_and_leases_still_end(stage):
    """48001."""
    stage.asks()
    stage.platform.fails = dict.fromkeys(("online", "session", "waiting"), refused(48001))
    stage.board.look_around()
    stage.now += 16 * MINUTE
    stage.board.look_around()

    assert AFTER_NO_RIGHT > 60 and stage.platform.calls == ["online"]
    assert not stage.missing.is_set()
    assert stage.held.holder is Holder.BOT and stage.told() == ["notice.nobody_took"]


@pytest.mark.parametrize("error", [ApiUnsent("/x", "refused"), ApiUnclear("/x", "cut")])
def test_w1_while_the_platform_is_away_nothing_is_lost(stage, error):
    stage.clerk_takes()
    stage.platform.fails = dict.fromkeys(("online", "session", "records", "close"), error)

    stage.round(5 * MINUTE)

    assert stage.held.holder is Holder.CLERK and stage.told() == []
    stage.platform.fails.clear()
    stage.says("还在看")
    stage.round(timedelta(0))
    with stage.database.reading() as session:
        assert list(session.scalars(select(TalkLine.text))) == ["还在看"]


# --- who waits -----------------------------------------------------------------------------------


def test_w1_after_the_wait_without_a_clerk_both_are_told_once(stage):
    stage.asks()

    for _ in range(2):
        stage.round(15 * MINUTE)

    assert stage.held.holder is Holder.BOT and stage.talk.ended_by is EndedBy.NOBODY
    assert stage.told() == ["notice.nobody_took"]
    assert stage.told(stage.desk_id) == ["notice.person_wanted", "notice.nobody_took_desk"]
    assert stage.nudges == 1


def test_w1_whom_the_platforms_queue_does_not_show_is_announced_once_more(stage):
    stage.asks()
    stage.platform.queue = [WANG]
    stage.round(3 * MINUTE)
    assert stage.told(stage.desk_id) == ["notice.person_wanted"]

    stage.platform.queue = []
    stage.round(MINUTE)
    stage.round(MINUTE)

    assert stage.told(stage.desk_id) == ["notice.person_wanted", "notice.still_wanted"]


def test_w1_a_session_of_which_no_event_told_is_found(stage):
    stage.asks()
    stage.platform.sessions[WANG] = CHEN

    stage.round(MINUTE)

    held = stage.held
    assert (held.holder, held.kf_account) == (Holder.CLERK, CHEN)


def test_f15_at_closing_time_nobody_waits_on_and_the_morning_knows_of_them(stage):
    stage.now = MORNING.replace(hour=9, minute=59)  # 17:59
    stage.asks()

    stage.round(MINUTE)
    assert stage.held.holder is Holder.BOT
    stage.round(14 * 60 * MINUTE)

    assert stage.told() == ["notice.waited_till_close", "notice.desk_opened"]
    assert stage.told(stage.desk_id)[-1] == "notice.wishes"


# --- who is in session ---------------------------------------------------------------------------


def test_w1_a_session_that_the_platform_knows_no_more_is_over(stage):
    stage.clerk_takes()
    stage.platform.sessions.clear()

    stage.round(5 * MINUTE)

    assert stage.held.holder is Holder.BOT and stage.talk.ended_by is EndedBy.LOST
    assert stage.told() == ["notice.desk_left"]


def test_w1_after_half_an_hour_of_silence_that_is_called_idle(stage):
    stage.clerk_takes()
    stage.platform.sessions.clear()

    stage.round(31 * MINUTE)

    assert stage.talk.ended_by is EndedBy.IDLE


def test_w1_a_session_that_lives_is_held_on(stage):
    """Its lease is renewed by what was said last."""
    stage.clerk_takes()
    stage.now += 25 * MINUTE
    stage.says("还在看")

    stage.round(2 * MINUTE)
    stage.round(2 * MINUTE)

    assert stage.held.holder is Holder.CLERK
    assert stage.held.until == MORNING + 55 * MINUTE


def test_w1_a_forgotten_session_is_ended_by_us_after_an_hour_of_silence(stage):
    stage.clerk_takes()

    stage.round(59 * MINUTE)
    assert stage.held.holder == Holder.CLERK
    stage.round(MINUTE)

    assert stage.held.holder == Holder.BOT and stage.talk.ended_by is EndedBy.IDLE
    assert stage.platform.closed == [(WANG, CHEN)]


def test_f15_off_hours_an_idle_session_is_ended_earlier(stage):
    stage.now = MORNING.replace(hour=9, minute=50)
    stage.clerk_takes()

    stage.round(31 * MINUTE)

    assert stage.talk.ended_by is EndedBy.HOURS


def test_w1_a_clerk_who_passed_it_on_unheard_is_corrected(stage):
    stage.clerk_takes()
    stage.platform.sessions[WANG] = "desk2@itdesk"

    stage.round(5 * MINUTE)

    assert stage.held.kf_account == "desk2@itdesk"


def test_w1_who_has_left_the_account_is_with_nobody(stage):
    stage.clerk_takes()
    with stage.database.transaction() as session:
        session.get_one(Person, stage.person_id).is_following = False

    stage.round(MINUTE)

    assert stage.held.holder is Holder.BOT


# --- ending and fetching -------------------------------------------------------------------------


def leave(stage):
    with stage.database.transaction() as session:
        speaker = Speaker(stage.person_id, WANG, frozenset({Role.REQUESTER}), "王芳")
        takeover.person_leaves(Desk(session, stage.now, stage.rules, speaker))


def test_w1_what_the_person_ended_is_closed_at_the_platform_and_then_fetched(stage):
    stage.clerk_takes()
    stage.now += MINUTE
    stage.says("您好")
    leave(stage)

    stage.board.fetch()
    assert stage.platform.closed == [(WANG, CHEN)]
    stage.round(2 * MINUTE)

    with stage.database.reading() as session:
        assert list(session.scalars(select(TalkLine.text))) == ["您好"]


@pytest.mark.parametrize("errcode", [65413, 65402, 40003])
def test_w1_a_session_that_is_closed_already_is_closed(stage, errcode):
    stage.clerk_takes()
    leave(stage)
    stage.platform.fails["close"] = refused(errcode)

    stage.board.fetch()

    assert Pulls.of(stage.talk.records_tries) == Pulls()


def test_w1_a_close_that_does_not_get_through_is_tried_again(stage):
    stage.clerk_takes()
    leave(stage)
    stage.platform.fails["close"] = ApiUnsent("/x", "refused")
    stage.board.fetch()
    assert stage.platform.closed == []

    stage.platform.fails.clear()
    stage.now += timedelta(seconds=10)
    stage.board.fetch()

    assert stage.platform.closed == [(WANG, CHEN)]


def test_w1_a_session_that_moved_on_is_closed_where_it_is(stage):
    """65414: another clerk serves."""
    stage.clerk_takes()
    leave(stage)
    closed = stage.platform.kf_close_session

    def close(openid, account):
        if account == CHEN:
            raise refused(65414)
        closed(openid, account)

    stage.platform.kf_close_session = close
    stage.platform.sessions[WANG] = "desk2@itdesk"

    stage.board.fetch()

    assert stage.platform.closed == [(WANG, "desk2@itdesk")]


def test_w1_what_was_said_is_fetched_until_nothing_new_comes(stage):
    stage.clerk_takes()
    stage.now += MINUTE
    stage.says("您好")
    stage.now += MINUTE
    stage.clerk_leaves()

    asked = []
    while stage.talk.records_due_at is not None:
        stage.now = stage.talk.records_due_at
        before = stage.platform.calls.count("records")
        stage.another().fetch()
        asked.append(stage.platform.calls.count("records") - before)
        if len(asked) == 1:
            stage.says("晚到的一句")
            stage.platform.said[-1] = replace(
                stage.platform.said[-1], at=MORNING + 100 * timedelta(seconds=1)
            )

    assert asked == [1, 1, 1, 1]
    with stage.database.reading() as session:
        assert set(session.scalars(select(TalkLine.text))) == {"您好", "晚到的一句"}


def test_w1_records_that_are_refused_for_good_are_given_up(stage):
    stage.clerk_takes()
    stage.now += MINUTE
    stage.clerk_leaves()
    stage.platform.fails["records"] = refused(65416)

    for _ in range(3):
        stage.now = stage.talk.records_due_at or stage.now
        stage.another().fetch()

    assert stage.talk.records_due_at is None


def test_w1_switched_off_the_platform_is_asked_nothing(stage):
    stage.rules = replace(stage.rules, takeover=replace(stage.rules.takeover, is_enabled=False))
    stage.asks()

    stage.round(20 * MINUTE)

    assert stage.platform.calls == []


def test_w1_a_nudge_is_followed_at_once_and_the_thread_ends(stage):
    stage.clerk_takes()
    stage.board.start()
    leave(stage)

    stage.board.nudge()

    done = threading.Event()
    for _ in range(200):
        if stage.platform.closed:
            break
        done.wait(0.05)
    stage.board.stop()
    assert stage.platform.closed == [(WANG, CHEN)]


# --- a clerk at the console ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "by"), [(timedelta(), EndedBy.IDLE), (timedelta(hours=9), EndedBy.HOURS)]
)
def test_w1_a_talk_of_the_console_ends_when_nobody_says_anything(stage, hours, by):
    stage.now += hours
    with stage.database.transaction() as session:
        clerk = Speaker(stage.desk_id, "oSwitchChen", frozenset({Role.DESK}), "陈台")
        console_talk.take(Desk(session, stage.now, stage.rules, clerk), stage.person_id)
    stage.now += 29 * MINUTE
    stage.round()
    with stage.database.reading() as session:
        assert session.get_one(Conversation, stage.person_id).holder is Holder.CLERK

    stage.now += MINUTE
    stage.round()

    with stage.database.reading() as session:
        assert session.get_one(Conversation, stage.person_id).holder is Holder.BOT
        assert session.scalar(select(Takeover.ended_by)) is by
        assert "session" not in stage.platform.calls  # the platform knows nothing of it
