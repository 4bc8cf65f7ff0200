"""Log lines: nothing in them that is a secret, a whole openid, a phone or somebody's words."""

import io
import logging

import pytest

from logs import failure, masked, set_up

OPENID = "oABCdefGHIjkl0123456789_-xyz"


@pytest.fixture
def lines(monkeypatch):
    """What a record becomes on standard error."""
    written = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", written)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    set_up()
    yield lambda: written.getvalue().splitlines()
    root.handlers[:], root.level = before


# --- what is hidden ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "GET /cgi-bin/token?appid=wx1&secret=S3CRET&x=1",
        "https://api.weixin.qq.com/cgi-bin/menu?access_token=S3CRET",
        '{"access_token": "S3CRET", "expires_in": 7200}',
        "app_secret=S3CRET appsecret: S3CRET",
        "refresh_token=S3CRET client_secret=S3CRET",
        "encoding_aes_key=S3CRET previous_encoding_aes_key: S3CRET",
        "signature=S3CRET&msg_signature=S3CRET&echostr=S3CRET",
        "code=S3CRET",
        "password: S3CRET",
        "Authorization: Bearer S3CRET",
        "authorization=Basic S3CRET",
        "postgresql+psycopg://desk:S3CRET@db/desk",
        "redis://:S3CRET@cache:6379/0",
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(text):
    assert "S3CRET" not in masked(text)
    assert "***" in masked(text)


@pytest.mark.parametrize(
    "text",
    ["errcode=40001", "expires_in=7200", "key=IT20261124-0001", "http://127.0.0.1:8080/wechat"],
)
def test_what_is_no_secret_stays_readable(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800001234。", "电话138****1234。"),
        ("+8613800001234", "+86138****1234"),
        ("138 0000 1234", "138****1234"),
        ("138-0000-1234", "138****1234"),
        ("message 24138000012345678", "message 24138000012345678"),
    ],
)
def test_of_a_phone_number_only_the_ends_are_shown(text, shown):
    assert masked(text) == shown


def test_of_an_openid_only_the_beginning_is_shown():
    assert masked(f"from {OPENID} to gh_0a1b2c3d4e5f") == "from oABC*** to gh_0a1b2c3d4e5f"
    assert masked(f"openid={OPENID}") == "openid=***"
    assert masked("opened_by_itself=1") == "opened_by_itself=1"


# --- what is written -----------------------------------------------------------------------------


def test_a_record_is_one_line_of_names_and_values(lines):
    logging.getLogger("services").info("ticket_opened number=%s", "IT20261124-0001")

    (line,) = lines()
    assert "level=info" in line and "ticket_opened number=IT20261124-0001" in line
    assert line.startswith("timestamp=")


def test_whoever_writes_a_secret_it_is_hidden(lines):
    """Also a library's own logger."""
    logging.getLogger("urllib3").warning("GET /token?secret=S3CRET for %s 13800001234", OPENID)

    (line,) = lines()
    assert "S3CRET" not in line and OPENID not in line and "138****1234" in line


def test_the_text_of_an_exception_is_never_written(lines):
    """It may quote what a person wrote; where it happened is what helps."""
    log = logging.getLogger("bot")
    try:
        raise ValueError("打印机卡纸，我的密码是 hunter2")
    except ValueError as error:
        log.exception("turn_failed")
        failure(log, "thread_failed", error, thread="sender-1")

    by_itself, by_hand = lines()
    for line in (by_itself, by_hand):
        assert "hunter2" not in line and "Traceback" not in line
        assert "ValueError" in line and "test_logs.py:" in line
    assert "thread=sender-1" in by_hand


def test_a_line_break_in_what_is_logged_begins_no_new_line(lines):
    """Nobody writes lines of their own into the log."""
    logging.getLogger("bot").info("event=%s", "subscribe\nlevel=error event=broken")

    assert len(lines()) == 1


def test_a_closed_pipe_stops_nothing(lines):
    """R-084: what cannot be logged is lost, the message is not."""
    assert logging.raiseExceptions is False
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    gone = io.StringIO()
    gone.close()
    handler.setStream(gone)

    logging.getLogger("bot").error("turn_failed")


def test_chatter_of_libraries_is_left_out(lines):
    for name in ("apscheduler", "jieba"):
        logging.getLogger(name).info("tick")

    assert lines() == []
