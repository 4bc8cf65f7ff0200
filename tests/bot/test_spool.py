"""Messages while the database is away: on the disk first, back in order (R-006, R-007, R-020)."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.spool import Spool
from models import Database, DatabaseUnavailable, InboxMessage, Notice
from tests.bot.desk import Desk
from tests.bot.pushes import text_xml

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def desk(database_url, tmp_path):
    database = Database(database_url)
    yield Desk(database, tmp_path / "spool")
    database.dispose()


@pytest.fixture
def away(desk, monkeypatch):
    """The database is away until `back` is set."""
    back = threading.Event()
    real, probe = desk.database.transaction, desk.database.probe

    def transaction(*arguments):
        if not back.is_set():
            raise DatabaseUnavailable("away")
        return real(*arguments)

    def probing():
        if not back.is_set():
            raise DatabaseUnavailable("away")
        probe()

    monkeypatch.setattr(desk.database, "transaction", transaction)
    monkeypatch.setattr(desk.database, "probe", probing)
    return back


def test_r020_what_was_said_meanwhile_is_answered_afterwards_in_order(desk, away):
    words = ["三楼财务室打印机卡纸", "财务部 王芳 13800001234", "是"]

    first, *others = [desk.says(text, msg_id=number) for number, text in enumerate(words, 1)]
    assert first and not any(others)  # one line for each person and outage
    away.set()
    assert desk.replayer.replay() == 3

    with desk.database.reading() as session:
        assert list(session.scalars(select(InboxMessage.text).order_by(InboxMessage.id))) == words
        said = [
            notice.say["facts"]["text"]
            for notice in session.scalars(
                select(Notice).where(Notice.text_key == "late.reply").order_by(Notice.id)
            )
        ]
    assert len(said) == 3 and "IT20260101-0001" in said[2]
    assert len(desk.spool) == 0


def test_r020_a_live_message_waits_behind_its_own_person_only(desk, away):
    desk.says("打印机卡纸", msg_id=1)
    away.set()

    assert desk.says("在三楼财务室", msg_id=2) == ""
    assert desk.says("在吗", msg_id=3, openid="oOther0aBcDeFgHiJkLmNoPqRsTu") != ""

    desk.replayer.replay()
    with desk.database.reading() as session:
        assert len(list(session.scalars(select(InboxMessage)))) == 3


def test_r020_a_retry_of_a_spooled_message_is_kept_once(desk, away):
    desk.says("打印机卡纸", msg_id=1)

    assert desk.says("打印机卡纸", msg_id=1) == ""

    assert len(desk.spool) == 1


def test_r007_a_message_that_was_committed_before_it_was_spooled_is_not_handled_twice(desk, away):
    away.set()
    desk.says("打印机卡纸", msg_id=1)
    desk.spool.append("oDesk0aBcDeFgHiJkLmNoPqRsTuV", "m:1", text_xml("打印机卡纸", msg_id=1), AT)

    assert desk.replayer.replay() == 1

    with desk.database.reading() as session:
        assert len(list(session.scalars(select(InboxMessage)))) == 1


def test_r023_after_three_failures_nobody_waits_for_the_database(desk, away, monkeypatch):
    for number in range(3):
        desk.says("打印机卡纸", msg_id=number + 1, openid=f"oDesk0aBcDeFgHiJkLmNoPqRsTu{number}")
    assert desk.outage.is_on

    monkeypatch.setattr(desk.turns, "answer", lambda *_: pytest.fail("asked the database"))
    desk.says("还有电脑", msg_id=9)


def test_r032_what_cannot_be_kept_is_not_answered_with_success(desk, away, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(desk.spool, "append", full)

    assert desk.post(text_xml("打印机卡纸")).status_code == 503


def test_r006_a_torn_last_line_is_dropped_and_all_before_it_kept(tmp_path):
    spool = Spool(tmp_path)
    for number in range(3):
        spool.append("o1", f"m:{number}", b"<xml/>", AT)
    file = tmp_path / "inbound.jsonl"
    whole = file.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1

    for cut in range(last, len(whole)):
        file.write_bytes(whole[:cut])
        assert [line.key for line in Spool(tmp_path).waiting()] == ["m:0", "m:1"]


def test_a_changed_line_is_not_believed(tmp_path):
    Spool(tmp_path).append("o1", "m:0", b"<xml/>", AT)
    file = tmp_path / "inbound.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"openid":"o1"', b'"openid":"o2"'))

    assert list(Spool(tmp_path).waiting()) == []


def test_what_was_replayed_is_not_given_again_after_a_restart(tmp_path):
    spool = Spool(tmp_path)
    for number in range(3):
        spool.append("o1", f"m:{number}", b"<xml/>", AT)
    spool.done(next(spool.waiting()))

    again = Spool(tmp_path)

    assert [line.key for line in again.waiting()] == ["m:1", "m:2"]
    assert again.holds("o1")


def test_nobody_else_may_read_the_spool(tmp_path):
    Spool(tmp_path).append("o1", "m:0", b"<xml/>", AT)

    assert (tmp_path / "inbound.jsonl").stat().st_mode & 0o077 == 0
