"""The platform's daily quotas: how often each API may be called, and when to speak up."""

from collections.abc import Mapping
from datetime import date, datetime

from domain.calendar import CHINA

DAILY: Mapping[str, int] = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/menu/addconditional": 2_000,
    "/cgi-bin/menu/delconditional": 2_000,
    "/cgi-bin/menu/trymatch": 20_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
    "/cgi-bin/ticket/getticket": 1_000_000,
}
"""Of a certified account (wechat-platform §11); the backend's own figures prevail."""

LEVELS = (95, 80)
"""Percent of a quota at which operators are told, each once a day."""


def platform_day(at: datetime) -> date:
    """The day to which a call counts: they end at midnight UTC+8."""
    return at.astimezone(CHINA).date()


def level_crossed(before: int, after: int, limit: int) -> int | None:
    """The highest level that lies between two counts."""
    for percent in LEVELS:
        if before * 100 < percent * limit <= after * 100:
            return percent
    return None
