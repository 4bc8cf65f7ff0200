"""Calls by day, added up by many processes (wechat-platform §11)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from services import usage
from services.usage import Counted

DAY = date(2026, 11, 24)
SEND = "/cgi-bin/message/custom/send"
TOKEN = "/cgi-bin/token"


def added(database, *counted):
    with database.transaction() as session:
        return usage.add(session, counted)


def test_calls_add_up_for_each_api_and_day(database):
    assert added(database, Counted(DAY, SEND, 3, 1)) == [(Counted(DAY, SEND, 3, 1), 3)]
    added(
        database,
        Counted(DAY, SEND, 4),
        Counted(DAY, TOKEN, 1),
        Counted(date(2026, 11, 25), SEND, 9),
    )

    with database.reading() as session:
        assert usage.of_day(session, DAY) == [
            Counted(DAY, SEND, 7, 1),
            Counted(DAY, TOKEN, 1, 0),
        ]


def test_of_many_who_add_at_once_none_is_lost_and_each_total_is_told_once(database):
    def add(n):
        paths = (SEND, TOKEN) if n % 2 else (TOKEN, SEND)
        return [total for _, total in added(database, *(Counted(DAY, p, 1) for p in paths))]

    with ThreadPoolExecutor(8) as pool:
        totals = list(pool.map(add, range(40)))

    assert sorted(first for first, _ in totals) == list(range(1, 41))
    assert sorted(second for _, second in totals) == list(range(1, 41))


def test_an_address_of_any_length_is_counted(database):
    added(database, Counted(DAY, "/" + "x" * 500, 2))

    with database.reading() as session:
        (counted,) = usage.of_day(session, DAY)
    assert counted.calls == 2
