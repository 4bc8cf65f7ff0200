"""What the client reports: counted for the day, told to operators (R-053, R-054, R-056)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.client import MemoryTokenStore
from bot.errors import ApiError, ApiUnclear, ApiUnsent
from bot.render import neutral
from bot.troubles import name_of
from bot.usage import Usage
from domain.permissions import Role
from domain.quotas import DAILY
from domain.sentence import from_json
from models import Alarm, ApiUsage, Database, Notice, table_of
from services import usage as kept
from services.usage import Counted
from settings import ROOT
from tests.bot.api_client import HELLO, SEND, TEMPLATE, client_of, failure
from tests.bot.api_server import OK, answers, api_server, refuses
from tests.bot.pushes import OPENID
from tests.eventually import eventually
from tests.services.conftest import make_person, now
from texts import read_texts

__all__ = ["make_person", "now"]  # fixtures

TODAY = date(2026, 11, 24)
TOKEN = "/cgi-bin/token"


@pytest.fixture
def server():
    with api_server() as running:
        running.on(SEND, OK)
        yield running


@pytest.fixture
def database(sqlite_databases):
    """One engine: tests/services shows that both add up and raise alike."""
    with sqlite_databases.migrated() as url:
        database = Database(url)
        yield database
        database.dispose()


@pytest.fixture
def nudges():
    return []


@pytest.fixture
def time(now):
    return [now]


@pytest.fixture
def watch(database, nudges, time):
    quotas = {SEND: 100, TEMPLATE: 1000}
    return Usage(database, lambda: time[0], lambda: nudges.append(1), quotas)


@pytest.fixture(autouse=True)
def operator(make_person):
    return make_person("顾管", Role.ADMIN)


def counted(database, day=TODAY):
    with database.reading() as session:
        return kept.of_day(session, day)


def told(database):
    """The words of each alarm as its reader gets them."""
    texts = read_texts(ROOT / "texts.yaml", neutral, "")
    with database.reading() as session:
        notices = list(session.scalars(select(Notice).order_by(Notice.id)))
    return [texts.render(from_json(notice.say), notice.created_at).text for notice in notices]


def called(watch, path, times=1, error=None):
    for _ in range(times):
        watch.called(path, error)


# --- counting ------------------------------------------------------------------------------------


def test_every_request_is_counted_and_refusals_apart(server, database, watch):
    client = client_of(server.url, tokens=MemoryTokenStore(), observer=watch)
    server.on(TOKEN, answers(access_token="T1", expires_in=7200))
    server.on(SEND, OK, refuses(45015), OK)

    client.send_custom(OPENID, HELLO)
    failure(client.send_custom, OPENID, HELLO)
    client.send_custom(OPENID, HELLO)
    watch.keep()

    assert counted(database) == [Counted(TODAY, SEND, 3, 1), Counted(TODAY, TOKEN, 1, 0)]


def test_what_never_left_is_not_counted_and_what_may_have_arrived_is(database, watch):
    called(watch, SEND, error=ApiUnsent(SEND, "NewConnectionError"))
    called(watch, SEND, error=ApiUnclear(SEND, "ReadTimeout"))
    watch.keep()

    assert counted(database) == [Counted(TODAY, SEND, 1, 0)]


def test_a_call_counts_to_the_platforms_day_on_which_it_was_made(database, watch, time):
    called(watch, SEND)
    time[0] += timedelta(hours=13, minutes=29, seconds=59)  # a second before midnight in China
    called(watch, SEND)
    time[0] += timedelta(seconds=1)
    called(watch, SEND)
    watch.keep()

    assert counted(database) == [Counted(TODAY, SEND, 2)]
    assert counted(database, date(2026, 11, 25)) == [Counted(date(2026, 11, 25), SEND, 1)]


def test_counts_are_kept_by_themselves_and_at_the_stop(database, watch, monkeypatch):
    watch.start()
    called(watch, SEND)
    eventually(lambda: counted(database) or watch.keep())
    called(watch, SEND, 2)

    assert watch.stop()

    assert counted(database) == [Counted(TODAY, SEND, 3)]


def test_a_database_that_is_away_costs_no_count(tmp_path, now):
    database = Database(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    watch = Usage(database, lambda: now, lambda: None)
    called(watch, SEND, 3)
    for _ in range(2):
        with pytest.raises(Exception, match="OperationalError"):
            watch.keep()
        called(watch, SEND)
    table_of(ApiUsage).create(database.engine)

    watch.keep()

    assert counted(database) == [Counted(TODAY, SEND, 5)]
    database.dispose()


# --- quotas --------------------------------------------------------------------------------------


def test_at_80_and_at_95_percent_operators_are_told_once(database, watch, nudges):
    for _ in range(110):
        called(watch, SEND)
        watch.keep()

    rest = (
        "零点重新计数。请看看是不是有程序在反复调用；"
        "确实不够用，可以在公众号后台给调用次数清零（每月 10 次）。"
    )
    assert told(database) == [
        f"微信的「客服消息」今天用了 80 次，已到上限 100 次的 80%，{rest}",
        f"微信的「客服消息」今天用了 95 次，已到上限 100 次的 95%，{rest}",
    ]
    assert len(nudges) == 2


def test_calls_of_another_process_count_towards_the_quota(database, watch, time):
    other = Usage(database, lambda: time[0], lambda: None, {SEND: 100})
    called(watch, SEND, 50)
    called(other, SEND, 35)
    watch.keep()
    other.keep()

    assert ["85 次" in text for text in told(database)] == [True]


def test_a_new_day_is_told_of_anew(database, watch, time):
    called(watch, SEND, 80)
    watch.keep()
    time[0] += timedelta(days=1)
    called(watch, SEND, 80)
    watch.keep()

    assert len(told(database)) == 2


def test_a_quota_of_yesterday_alarms_nobody(database, watch, time):
    called(watch, SEND, 99)
    time[0] += timedelta(days=1)
    watch.keep()

    assert told(database) == []


def test_what_an_operator_did_not_set_has_the_platforms_own_quota(database, watch):
    called(watch, TOKEN, DAILY[TOKEN] * 80 // 100)
    watch.keep()

    assert ["2000" in text for text in told(database)] == [True]


# --- troubles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errcode", "errmsg", "words"),
    [
        (40164, "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist", "203.0.113.9"),
        (40164, "not in whitelist", "服务器的地址不在公众号的 IP 白名单里"),
        (40125, "invalid appsecret", "AppID 或 AppSecret（40125）"),
        (40001, "invalid credential", "AppID 或 AppSecret（40001）"),
        (40243, "secret frozen", "被冻结了"),
        (50007, "account frozen", "停用了这个公众号的接口"),
        (45009, "reach max api daily quota limit", "「取 access_token」今天的次数用完了"),
    ],
)
def test_r054_a_token_that_is_not_given_tells_operators_what_to_do(
    server, database, watch, errcode, errmsg, words
):
    client = client_of(server.url, tokens=MemoryTokenStore(), observer=watch)
    server.on(TOKEN, refuses(errcode, errmsg))

    for _ in range(3):
        failure(client.send_custom, OPENID, HELLO)
        watch.keep()

    (text,) = told(database)
    assert words in text


@pytest.mark.parametrize(
    ("errcode", "words"),
    [
        (45009, "「模板消息」今天的次数用完了"),
        (48001, "没有「模板消息」的接口权限"),
        (48004, "封了这个公众号的「模板消息」"),
        (45087, "封了这个公众号的「模板消息」"),
        (45094, "封了这个公众号的「模板消息」"),
        (43116, "封禁了正在用的一个消息模板"),
        (40037, "模板编号"),
    ],
)
def test_r056_an_interface_that_is_shut_is_told_once(server, database, watch, errcode, words):
    client = client_of(server.url, observer=watch)
    server.on(TEMPLATE, refuses(errcode))

    for _ in range(3):
        failure(client.send_template, OPENID, "T", None, {}, "n1")
        watch.keep()

    (text,) = told(database)
    assert words in text


def test_r056_a_quota_used_up_on_two_days_is_told_on_both(server, database, watch, time):
    client = client_of(server.url, observer=watch, clock=lambda: time[0])
    server.on(SEND, refuses(45009))
    failure(client.send_custom, OPENID, HELLO)
    watch.keep()
    time[0] += timedelta(hours=15)  # the next day in China, and less than 24 hours later
    failure(client.send_custom, OPENID, HELLO)
    watch.keep()

    assert len(told(database)) == 2


def test_r053_a_token_that_is_fought_over_is_told_once_an_hour(server, database, watch, time):
    client = client_of(server.url, observer=watch)
    server.on(TOKEN, *(answers(access_token=f"T{n}", expires_in=7200) for n in range(9)))
    server.on(SEND, refuses(40001))

    failure(client.send_custom, OPENID, HELLO)
    for _ in range(3):
        watch.keep()

    (text,) = told(database)
    assert text.startswith("微信不认刚换的 access_token")
    with database.reading() as session:
        alarm = session.scalars(select(Alarm)).one()
    assert alarm.quiet_until == time[0] + timedelta(hours=1)


@pytest.mark.parametrize("errcode", [45015, 45047, 43004, 47003, -1, 45011, 12345])
def test_what_operators_cannot_help_is_no_alarm(server, database, watch, errcode):
    client = client_of(server.url, observer=watch)
    server.on(SEND, refuses(errcode))

    failure(client.send_custom, OPENID, HELLO)
    watch.keep()

    assert told(database) == []


def test_a_refused_token_that_is_renewed_is_no_alarm(server, database, watch):
    client = client_of(server.url, observer=watch)
    server.on(TOKEN, answers(access_token="T1", expires_in=7200))
    server.on(SEND, refuses(42001), OK)

    client.send_custom(OPENID, HELLO)
    watch.keep()

    assert told(database) == []


def test_every_api_that_has_a_quota_has_a_name():
    names = {name_of(path).key for path in DAILY}

    assert "alarm.api.other" not in names
    assert name_of("/cgi-bin/anything").key == "alarm.api.other"


def test_an_alarm_tells_no_secret(server, database, watch):
    client = client_of(server.url, tokens=MemoryTokenStore(), observer=watch)
    server.on(TOKEN, refuses(40125, f"invalid appsecret {OPENID} {'5ecre7' * 5}"))

    with pytest.raises(ApiError):
        client.send_custom(OPENID, HELLO)
    watch.keep()

    (text,) = told(database)
    assert OPENID not in text
    assert "5ecre7" not in text
