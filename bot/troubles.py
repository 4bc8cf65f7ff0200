"""Which refusals an operator has to hear of, in which words, and how often."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from bot.errors import ApiError
from bot.transport import AUTHORIZATION_PATH, STABLE_TOKEN_PATH, TOKEN_PATH
from domain.sentence import Fact, Facts, Word

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_WITH_THE_SECRET = (TOKEN_PATH, STABLE_TOKEN_PATH, AUTHORIZATION_PATH)
_OF_THE_SECRET = {
    40001: "alarm.secret_wrong",
    40002: "alarm.secret_wrong",
    40013: "alarm.secret_wrong",
    40125: "alarm.secret_wrong",
    41002: "alarm.secret_wrong",
    41004: "alarm.secret_wrong",
    40243: "alarm.secret_frozen",
    40164: "alarm.ip_not_listed",
    61004: "alarm.ip_not_listed",
    89503: "alarm.ip_not_listed",
    50004: "alarm.account_frozen",
    50007: "alarm.account_frozen",
}
_USED_UP = 45009
_OF_ANY_CALL = {
    _USED_UP: "alarm.quota_used_up",
    48001: "alarm.no_right",
    48004: "alarm.sanctioned",
    45087: "alarm.sanctioned",
    45094: "alarm.sanctioned",
    43116: "alarm.template_banned",
    40036: "alarm.template_missing",
    40037: "alarm.template_missing",
}

_NAMES = (
    ("/cgi-bin/message/custom/", "custom"),
    ("/cgi-bin/message/template/", "template"),
    ("/cgi-bin/template/", "template"),
    ("/cgi-bin/token", "token"),
    ("/cgi-bin/stable_token", "token"),
    ("/cgi-bin/media/", "media"),
    ("/cgi-bin/menu/", "menu"),
    ("/cgi-bin/tags/", "tags"),
    ("/cgi-bin/user/", "people"),
    ("/cgi-bin/qrcode/", "qr"),
    ("/cgi-bin/ticket/", "pages"),
    ("/sns/", "pages"),
    ("/customservice/msgrecord/", "records"),
    ("/customservice/", "service"),
    ("/cgi-bin/customservice/", "service"),
)

_ADDRESS = re.compile(r"\binvalid ip ([0-9A-Fa-f.:]{3,45})")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an alarm says; `key` tells troubles apart."""

    key: str
    text_key: str
    quiet_for: timedelta | None  # None: until the platform's day ends
    facts: Facts = field(default_factory=dict)


FOUGHT_OVER = Trouble("token_fought_over", "alarm.token_fought_over", HOUR)
"""R-053: a token was refused right after its renewal."""


def trouble_of(error: ApiError) -> Trouble | None:
    """What the operators have to do about this refusal; None if nothing (R-054, R-056)."""
    if error.errcode is None:
        return None
    if error.path in _WITH_THE_SECRET and error.errcode in _OF_THE_SECRET:
        text_key = _OF_THE_SECRET[error.errcode]
        facts: dict[str, Fact] = {"errcode": error.errcode, "ip": _address(error.errmsg)}
        return Trouble(text_key.removeprefix("alarm."), text_key, HOUR, facts)
    named = _OF_ANY_CALL.get(error.errcode)
    if named is None:
        return None
    key = f"{named.removeprefix('alarm.')}:{error.path}"
    quiet_for = None if error.errcode == _USED_UP else DAY
    return Trouble(key, named, quiet_for, {"errcode": error.errcode, "what": name_of(error.path)})


def name_of(path: str) -> Word:
    """What people call an API."""
    for prefix, name in _NAMES:
        if path.startswith(prefix):
            return Word(f"alarm.api.{name}")
    return Word("alarm.api.other")


def _address(errmsg: str) -> str | None:
    found = _ADDRESS.search(errmsg)
    return found.group(1) if found else None
