"""The customer service's accounts, sessions and records as the platform tells them (W1, §6)."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import desk_calls
from bot.client import Clerk, KfAccount, Record, Session, Waiting
from bot.errors import ApiUnclear
from tests.bot.api_client import client_of, failure
from tests.bot.api_server import OK, answers, api_server, refuses
from tests.bot.pushes import OPENID

ACCOUNT = "desk1@itdesk"
LIST = "/cgi-bin/customservice/getkflist"
WAITING = "/customservice/kfsession/getwaitcase"
SESSIONS = "/customservice/kfsession/getsessionlist"
RECORDS = "/customservice/msgrecord/getmsglist"
BEGAN = datetime(2026, 1, 1, 0, 1, 40, tzinfo=UTC)
BEGAN_AT = int(BEGAN.timestamp())


@pytest.fixture
def server():
    with api_server() as running:
        yield running


@pytest.fixture
def client(server):
    return client_of(server.url)


def said(text, *, at=BEGAN_AT, opercode=2002):
    return {"openid": OPENID, "opercode": opercode, "text": text, "time": at, "worker": ACCOUNT}


def test_accounts_are_told_with_whether_somebody_answers_for_them(server, client):
    server.on(
        LIST,
        answers(
            kf_list=[
                {"kf_account": ACCOUNT, "kf_nick": "服务台-王", "kf_id": "1001", "kf_wx": "wang01"},
                {
                    "kf_account": "desk2@itdesk",
                    "kf_nick": "服务台-李",
                    "kf_id": 1002,
                    "invite_wx": "li02",
                    "invite_expire_time": 1767312000,
                    "invite_status": "waiting",
                },
            ]
        ),
    )

    assert client.kf_list() == [
        KfAccount(ACCOUNT, "服务台-王", is_bound=True, invite_status=None),
        KfAccount("desk2@itdesk", "服务台-李", is_bound=False, invite_status="waiting"),
    ]


def test_an_account_is_added_and_a_person_invited(server, client):
    server.on("/customservice/kfaccount/add", OK, refuses(65406))
    server.on("/customservice/kfaccount/inviteworker", OK)

    client.kf_add(ACCOUNT, "服务台-王")
    client.kf_invite(ACCOUNT, "wang01")

    assert [call.json for call in server.calls] == [
        {"kf_account": ACCOUNT, "nickname": "服务台-王"},
        {"kf_account": ACCOUNT, "invite_wx": "wang01"},
    ]
    assert failure(client.kf_add, ACCOUNT, "服务台-王").errcode == 65406


def test_who_is_online_is_told_with_the_sessions_they_hold(server, client):
    online = {"kf_account": ACCOUNT, "status": "1", "kf_id": "1001", "accepted_case": 2}
    server.on("/cgi-bin/customservice/getonlinekflist", answers(kf_online_list=[online]))

    assert client.kf_online() == [Clerk(ACCOUNT, 1, 2)]


def test_who_waits_is_told_in_order_of_arrival(server, client):
    server.on(
        WAITING,
        answers(
            count=2,
            waitcaselist=[
                {"latest_time": BEGAN_AT, "openid": OPENID},
                {"latest_time": BEGAN_AT + 5, "openid": "another"},
            ],
        ),
        answers(count=0, waitcaselist=[]),
    )

    assert client.kf_waiting() == [
        Waiting(OPENID, BEGAN),
        Waiting("another", BEGAN + timedelta(seconds=5)),
    ]
    assert client.kf_waiting() == []


def test_the_sessions_of_an_account_are_told(server, client):
    server.on(SESSIONS, answers(sessionlist=[{"createtime": BEGAN_AT, "openid": OPENID}]))

    assert client.kf_sessions_of(ACCOUNT) == [Session(OPENID, BEGAN)]
    assert server.calls[-1].params["kf_account"] == ACCOUNT


def test_records_are_words_and_whose_they_were(server, client):
    acts = said("", opercode=1000)
    server.on(
        RECORDS,
        answers(
            recordlist=[acts, said("您好"), said("[image]", at=BEGAN_AT + 1, opercode=2003)],
            number=3,
            msgid=9,
        ),
    )

    assert client.kf_records(BEGAN, BEGAN + timedelta(minutes=5)) == [
        Record(OPENID, ACCOUNT, is_clerk=True, text="您好", at=BEGAN),
        Record(OPENID, ACCOUNT, is_clerk=False, text="[image]", at=BEGAN + timedelta(seconds=1)),
    ]


def test_records_are_read_to_their_last_page(server, client, monkeypatch):
    monkeypatch.setattr(desk_calls, "RECORDS_AT_ONCE", 2)
    server.on(
        RECORDS,
        answers(recordlist=[said("一"), said("二")], number=2, msgid=20),
        answers(recordlist=[said("三"), said("四")], number=2, msgid=40),
        answers(recordlist=[], number=0, msgid=40),
    )

    records = client.kf_records(BEGAN, BEGAN + timedelta(hours=1))

    assert [record.text for record in records] == ["一", "二", "三", "四"]
    assert [call.json["msgid"] for call in server.to(RECORDS)] == [1, 20, 40]
    assert server.calls[0].json["number"] == 2


def test_a_page_that_comes_for_ever_ends(server, client, monkeypatch):
    monkeypatch.setattr(desk_calls, "RECORDS_AT_ONCE", 1)
    server.on(RECORDS, answers(recordlist=[said("一")], number=1, msgid=20))

    error = failure(client.kf_records, BEGAN, BEGAN + timedelta(hours=1))

    assert isinstance(error, ApiUnclear)
    assert len(server.to(RECORDS)) == 2


def test_a_long_time_is_asked_for_in_days_and_no_second_twice(server, client):
    """65417: at most 24 hours in one question."""
    server.on(RECORDS, answers(recordlist=[], number=0, msgid=1))

    client.kf_records(BEGAN, BEGAN + timedelta(hours=50))

    asked = [(call.json["starttime"], call.json["endtime"]) for call in server.to(RECORDS)]
    assert asked[0][0] == BEGAN_AT
    assert asked[-1][1] == BEGAN_AT + 50 * 3600
    assert [end + 1 for _, end in asked[:-1]] == [start for start, _ in asked[1:]]
    assert all(end - start < 24 * 3600 for start, end in asked)


@pytest.mark.parametrize(
    ("name", "path", "arguments", "answer"),
    [
        ("kf_list", LIST, (), {"kf_list": [{}]}),
        ("kf_list", LIST, (), {"kf_list": ["x"]}),
        ("kf_online", "/cgi-bin/customservice/getonlinekflist", (), {"kf_online_list": [1]}),
        ("kf_waiting", WAITING, (), {"waitcaselist": [{"openid": OPENID}]}),
        ("kf_waiting", WAITING, (), {"waitcaselist": [{"openid": OPENID, "latest_time": 1e30}]}),
        ("kf_waiting", WAITING, (), {"count": 3}),
        ("kf_sessions_of", SESSIONS, (ACCOUNT,), {"sessionlist": [{"createtime": 10**18}]}),
        ("kf_sessions_of", SESSIONS, (ACCOUNT,), {"sessionlist": [{"openid": OPENID}]}),
        ("kf_records", RECORDS, (BEGAN, BEGAN), {"recordlist": [{"opercode": 2002}]}),
        ("kf_records", RECORDS, (BEGAN, BEGAN), {"recordlist": [None]}),
    ],
)
def test_r050_an_answer_of_another_shape_is_unclear(server, client, name, path, arguments, answer):
    server.on(path, answers(**answer))

    assert type(failure(getattr(client, name), *arguments)) is ApiUnclear


def test_no_text_of_a_list_shows_whose_it_is():
    shown = repr([Waiting(OPENID, BEGAN), Session(OPENID, BEGAN)])
    shown += repr(Record(OPENID, ACCOUNT, True, "工资条", BEGAN))

    assert OPENID not in shown
    assert "工资条" not in shown
