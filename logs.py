"""Log lines: `event key=value`, with nothing in them that is a secret or somebody's words."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog

_HIDDEN = "***"
_SECRET = re.compile(
    r"(?i)\b((?:\w+_)?(?:token|app_?secret|secret|signature|aes_key|password)|echostr|code|openid"
    r"|authorization)(\"?\s*[=:]\s*\"?(?:(?:bearer|basic)\s+)?)[^\s&\"',;)]+"
)
_IN_URL = re.compile(r"(://[^\s:/@]*:)[^\s/@]+@")
_PHONE = re.compile(r"(?<!\d)((?:\+?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_OPENID = re.compile(r"(?<![A-Za-z0-9_-])(o[A-Za-z0-9_-]{3})[A-Za-z0-9_-]{23,26}(?![A-Za-z0-9_-])")


def masked(text: str) -> str:
    """`text` without secrets, whole openids and whole phone numbers (reliability §5)."""
    text = _IN_URL.sub(rf"\1{_HIDDEN}@", text)
    text = _SECRET.sub(rf"\1\2{_HIDDEN}", text)
    text = _PHONE.sub(r"\1****\2", text)
    return _OPENID.sub(rf"\1{_HIDDEN}", text)


def set_up(level: str = "INFO") -> None:
    """One line for each record on standard error, masked whoever wrote it."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_exception_text,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            _masked_line,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.raiseExceptions = False  # a full disk or a closed pipe stops no message
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    logging.getLogger("jieba").setLevel(logging.WARNING)


def _masked_line(_: object, __: str, line: Any) -> str:
    return masked(str(line))


def failure(log: logging.Logger, event: str, error: BaseException, **facts: object) -> None:
    """Something unforeseen: where it happened, but not its text, which may hold anything."""
    told = " ".join(f"{name}={value}" for name, value in facts.items())
    log.error("%s error=%s where=%s %s", event, type(error).__name__, where(error), told)


def where(error: BaseException) -> str:
    """The innermost places of a traceback, as file:line."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return "<".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[::-1])


def _without_exception_text(_: object, __: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The traceback's places instead of its text: an exception may quote what a person wrote."""
    kept = dict(event)
    raised = kept.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        kept["error"] = type(error).__name__
        kept["where"] = where(error)
    return kept
