"""What the account answers: token, clock, where pushes come from, quotas, the pages' ticket."""

from collections.abc import Iterator
from datetime import timedelta

from bot.errors import ApiError
from cli.checks.finding import Finding, Room, look, right, wrong
from cli.checks.refusals import refused

_SKEW = 5  # seconds; the API's clock is told in whole ones, after a journey
_SKEW_TOO_LARGE = 60
_USED_UP = 0.05  # of a day's quota left
_NEARLY = 0.2
_UNKNOWN_PATH = 76021
_PATHS = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/media/get",
    "/cgi-bin/media/upload",
    "/cgi-bin/menu/create",
    "/cgi-bin/menu/addconditional",
    "/cgi-bin/menu/trymatch",
    "/cgi-bin/user/info",
    "/cgi-bin/user/info/updateremark",
    "/cgi-bin/qrcode/create",
)


def token(room: Room) -> Iterator[Finding]:
    """AppID, secret and IP whitelist, by fetching one and using it."""
    room.client.callback_ips()
    yield right("doctor.token.right", host=room.settings.wechat.api_base_url)


def clock(room: Room) -> Iterator[Finding]:
    """Ours against the platform's: timestamps of callbacks are judged by it."""
    room.client.callback_ips()
    skew = room.client.clock_skew
    if skew is None:
        yield look("doctor.clock.unknown")
        return
    seconds = round(skew / timedelta(seconds=1))
    if abs(seconds) <= _SKEW:
        yield right("doctor.clock.right")
    elif abs(seconds) <= _SKEW_TOO_LARGE:
        yield look("doctor.clock.off", seconds=seconds)
    else:
        yield wrong("doctor.clock.wrong", seconds=seconds)


def callback_ips(room: Room) -> Iterator[Finding]:
    """The networks from which the platform pushes; a firewall must let them by."""
    networks = room.client.callback_ips()
    if networks:
        yield right("doctor.callback_ips.right", count=len(networks), first=networks[0])
    else:
        yield look("doctor.callback_ips.none")


def quotas(room: Room) -> Iterator[Finding]:
    """What is left today of each API that the desk calls (§11)."""
    found = [finding for path in _PATHS for finding in _quota(room, path)]
    yield from found or [right("doctor.quotas.right", count=len(_PATHS))]


def _quota(room: Room, path: str) -> list[Finding]:
    try:
        quota = room.client.quota_of(path)
    except ApiError as error:
        return [] if error.errcode == _UNKNOWN_PATH else [_of_path(error, path)]
    facts = {"path": path, "left": quota.left, "limit": quota.limit}
    if quota.left <= quota.limit * _USED_UP:
        return [wrong("doctor.quotas.used_up", **facts)]
    if quota.left <= quota.limit * _NEARLY:
        return [look("doctor.quotas.nearly", **facts)]
    return []


def _of_path(error: ApiError, path: str) -> Finding:
    """The quota was asked for; what is not permitted is the path that it is of."""
    finding = refused(error)
    return Finding(finding.mark, finding.key, {**finding.facts, "path": path})


def jssdk(room: Room) -> Iterator[Finding]:
    """The ticket with which pages sign; only where there are pages."""
    if not room.public_url:
        yield look("doctor.jssdk.no_pages")
        return
    room.client.call("GET", "/cgi-bin/ticket/getticket", params={"type": "jsapi"})
    yield right("doctor.jssdk.right")
