"""Whether the platform finds us: the server URL, the platform's own check, the last callback."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha1
from urllib.parse import urlsplit

from bot.errors import ApiError
from bot.transport import Request, Response, Transport
from bot.webhook import PATH
from cli.checks.finding import Finding, Room, is_local, look, right, wrong
from services import checkup

_WITHIN = (2.0, 5.0)  # seconds; the platform waits for five
_ECHO_LIMIT = 64 * 1024  # bytes
_QUIET = timedelta(days=3)  # over a weekend nobody may have anything to say
_NOT_SET = 40201


def server_url(room: Room) -> Iterator[Finding]:
    """The platform's question on saving the URL, asked of ourselves (§1)."""
    address = room.public_url or _local(room)
    url = address + PATH
    port = urlsplit(address).port
    if not is_local(address) and port not in (None, 80, 443):
        yield wrong("doctor.server_url.port", url=url, port=port)
        return
    echo = str(secrets.randbelow(10**19))
    try:
        answer = _asked(room, address, echo, room.settings.wechat.token.get_secret_value())
        stranger = _asked(room, address, echo, secrets.token_hex(8))
    except ApiError as error:
        yield wrong("doctor.server_url.unreachable", url=url, why=error.errmsg)
        return
    yield _judged(answer, stranger, echo, url)
    if not room.public_url:
        yield look("doctor.server_url.only_here")


def _local(room: Room) -> str:
    server = room.settings.server
    host = "127.0.0.1" if server.host in ("0.0.0.0", "::", "") else server.host
    return f"http://{host}:{server.port}"


def _asked(room: Room, address: str, echo: str, token: str) -> Response:
    timestamp, nonce = f"{room.now.timestamp():.0f}", str(secrets.randbelow(10**10))
    signature = sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}
    path = urlsplit(address).path + PATH
    transport = Transport(address, timeout=_WITHIN, pool=1)
    return transport.exchange(Request("GET", path, query, limit=_ECHO_LIMIT))


def _judged(answer: Response, stranger: Response, echo: str, url: str) -> Finding:
    if answer.status == 200 and answer.content == echo.encode():
        if stranger.content == echo.encode():
            return wrong("doctor.server_url.answers_anybody", url=url)
        return right("doctor.server_url.right", url=url)
    if answer.status == 403:
        return wrong("doctor.server_url.token", url=url)
    return wrong("doctor.server_url.other", url=url, status=answer.status)


def platform_check(room: Room) -> Iterator[Finding]:
    """How the platform itself reaches the URL that was saved in its backend."""
    try:
        answer = room.client.callback_check()
    except ApiError as error:
        if error.errcode != _NOT_SET:
            raise
        yield wrong("doctor.platform_check.not_set")
        return
    if not answer.get("dns"):
        yield wrong("doctor.platform_check.no_address")
        return
    lossy = [each for each in answer.get("ping") or [] if _loss(each) > 0]
    for each in lossy:
        facts = {"ip": str(each.get("ip", "")), "loss": str(each.get("package_loss", ""))}
        is_lost = _loss(each) >= 100
        yield (wrong if is_lost else look)("doctor.platform_check.loss", **facts)
    if not lossy:
        addresses = "、".join(str(each.get("ip", "")) for each in answer["dns"][:3])
        yield right("doctor.platform_check.right", ips=addresses)


def _loss(ping: dict[str, object]) -> float:
    try:
        return float(str(ping.get("package_loss", "0")).rstrip("%"))
    except ValueError:
        return 0.0


def last_callback(room: Room) -> Iterator[Finding]:
    """When the platform last told us anything."""
    with room.database.reading() as session:
        at = checkup.last_heard(session)
    if at is None:
        yield look("doctor.last_callback.never")
    elif room.now - at > _QUIET:
        yield look("doctor.last_callback.long_ago", at=at)
    else:
        yield right("doctor.last_callback.right", at=at)


def public_url(room: Room) -> Iterator[Finding]:
    """The address for pages: https, and the files by which the platform knows its owner (§9)."""
    url = room.public_url
    if not url:
        yield look("doctor.public_url.none")
        return
    if urlsplit(url).scheme != "https" and not (room.is_sandbox and is_local(url)):
        yield wrong("doctor.public_url.no_https", url=url)
    files = room.settings.wechat.domain_files
    if not files and not room.is_sandbox:
        yield look("doctor.public_url.no_files")
    found = [finding for name, content in files.items() for finding in _file(url, name, content)]
    yield from found or [right("doctor.public_url.right", url=url)]


def _file(url: str, name: str, content: str) -> list[Finding]:
    facts = {"url": f"{url}/{name}"}
    request = Request("GET", f"{urlsplit(url).path}/{name}", {}, limit=_ECHO_LIMIT)
    try:
        answer = Transport(url, timeout=_WITHIN, pool=1).exchange(request)
    except ApiError as error:
        return [wrong("doctor.public_url.file_unreachable", **facts, why=error.errmsg)]
    is_there = answer.status == 200 and answer.content.decode("utf-8", "replace").strip() == content
    return [] if is_there else [wrong("doctor.public_url.file_missing", **facts)]
