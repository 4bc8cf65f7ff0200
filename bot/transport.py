"""One exchange with the API: within its time and size, and known for what it was."""

import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.filepost import encode_multipart_formdata

from bot.connections import Connections, NotConnected
from bot.errors import TOKEN_CODES, ApiError, ApiUnclear, ApiUnsent, Reaction, reaction_to

Answer = dict[str, Any]

JSON_LIMIT = 2 * 1024 * 1024  # bytes; getmsglist's 10,000 records are the longest answer

TOKEN_PATH = "/cgi-bin/token"
STABLE_TOKEN_PATH = "/cgi-bin/stable_token"
TICKET_PATH = "/cgi-bin/ticket/getticket"
AUTHORIZATION_PATH = "/sns/oauth2/access_token"

# Queries answer without errcode; then this field is the only sign of success.
_WANTED: dict[str, tuple[str, type | tuple[type, ...]]] = {
    TOKEN_PATH: ("access_token", str),
    STABLE_TOKEN_PATH: ("access_token", str),
    "/cgi-bin/getcallbackip": ("ip_list", list),
    "/cgi-bin/callback/check": ("dns", list),
    "/cgi-bin/openapi/quota/get": ("quota", dict),
    "/cgi-bin/openapi/rid/get": ("request", dict),
    TICKET_PATH: ("ticket", str),
    AUTHORIZATION_PATH: ("openid", str),
    "/cgi-bin/customservice/getkflist": ("kf_list", list),
    "/cgi-bin/customservice/getonlinekflist": ("kf_online_list", list),
    "/customservice/kfsession/getsessionlist": ("sessionlist", list),
    "/customservice/kfsession/getwaitcase": ("waitcaselist", list),
    "/customservice/kfsession/getsession": ("kf_account", str),
    "/customservice/msgrecord/getmsglist": ("recordlist", list),
    "/cgi-bin/menu/get": ("menu", dict),
    "/cgi-bin/menu/addconditional": ("menuid", (str, int)),
    "/cgi-bin/menu/trymatch": ("button", list),
    "/cgi-bin/tags/create": ("tag", dict),
    "/cgi-bin/tags/get": ("tags", list),
    "/cgi-bin/tags/getidlist": ("tagid_list", list),
    "/cgi-bin/media/upload": ("media_id", str),
    "/cgi-bin/qrcode/create": ("ticket", str),
    "/cgi-bin/user/info": ("openid", str),
    "/cgi-bin/template/get_all_private_template": ("template_list", list),
}


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    params: Mapping[str, Any]
    data: bytes | None = None
    files: Mapping[str, Any] | None = None
    limit: int = JSON_LIMIT
    within: float | None = None


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    content: bytes
    disposition: str


def machine_time() -> datetime:
    """For programs that were handed no clock."""
    return datetime.now(UTC)


class Transport:
    """Sends requests to one host, without proxy, cookie, redirect or retry."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: tuple[float, float] = (2, 5),
        pool: int = 32,
        roots: str = DEFAULT_CA_BUNDLE_PATH,
    ) -> None:
        """`timeout`: seconds to connect and to wait for each part of the answer (R-051)."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url must start with http:// or https://")
        self.host = parts.hostname
        self._timeout = timeout
        self._roots = roots
        self._connections = Connections(parts, timeout, pool, roots)
        self.clock_skew: timedelta | None = None  # our clock minus theirs, at the last answer

    def exchange(
        self, request: Request, url: str | None = None, token: str | None = None
    ) -> Response:
        """One request and its whole answer, within time and size."""
        try:
            if url is not None:
                return self._elsewhere(request, url)
            return self._exchanged(request, _target(request, token), self._connections)
        except NotConnected as error:
            failure: ApiError = ApiUnsent(request.path, str(error))
        except (HTTPException, OSError, ValueError, zlib.error) as error:
            failure = ApiUnclear(request.path, type(error).__name__)
        # Raised out here, so that it does not drag along an error whose text holds the address.
        raise failure

    def _elsewhere(self, request: Request, url: str) -> Response:
        """From another address, which only this request goes to."""
        parts = urlsplit(url)
        target = quote(parts.path or "/", safe=_READY)
        if parts.query:
            target += "?" + quote(parts.query, safe=_READY)
        connections = Connections(parts, self._timeout, 0, self._roots)
        return self._exchanged(request, target, connections)

    def _exchanged(self, request: Request, target: str, connections: Connections) -> Response:
        ends = time.monotonic() + (request.within or sum(self._timeout))
        connection = connections.take()
        is_whole = False
        try:
            body, content_type = _body(request)
            headers = {**_HEADERS, "Content-Type": content_type} if content_type else _HEADERS
            connection.request(request.method, target, body, headers)
            response = connection.getresponse()
            content = _read(response, request, ends)
            is_whole = not response.will_close
            response.close()
        finally:
            self._done(connections, connection, is_whole=is_whole)
        self._note_clock(response.headers.get("Date"))
        return Response(response.status, content, response.headers.get("Content-Disposition", ""))

    def _done(
        self, connections: Connections, connection: HTTPConnection, *, is_whole: bool
    ) -> None:
        if is_whole:
            connections.keep(connection)
        else:
            connection.close()

    def _note_clock(self, date: str | None) -> None:
        try:
            theirs = parsedate_to_datetime(date or "")
        except ValueError:
            return
        if theirs.tzinfo is not None:
            self.clock_skew = machine_time() - theirs


_HEADERS = {"User-Agent": "itdesk", "Accept": "*/*"}
_READY = "/%:=&?~+!$,;'@()*[]"  # of an address that the platform gave: only the rest is quoted


def _target(request: Request, token: str | None) -> str:
    params = {**request.params, "access_token": token} if token else request.params
    return f"{request.path}?{urlencode(params)}" if params else request.path


def _body(request: Request) -> tuple[bytes | None, str | None]:
    if request.files:
        return encode_multipart_formdata(request.files)
    return request.data, "application/json" if request.data else None


def _read(response: HTTPResponse, request: Request, ends: float) -> bytes:
    promised = response.length  # None where the answer is chunked, or ends with the connection
    if promised is not None and promised > request.limit:
        raise _too_large(request)
    # read1 gives what has come; read would wait, as long as each byte comes in time.
    content = bytearray()
    while promised is None or len(content) < promised:
        part = response.read1(65536 if promised is None else promised - len(content))
        if not part:
            break
        content += part
        if len(content) > request.limit:
            raise _too_large(request)
        if time.monotonic() > ends:
            raise ApiUnclear(request.path, "answer too slow")
    if promised is not None and len(content) < promised:
        raise ApiUnclear(request.path, "answer cut short")
    return _decoded(bytes(content), response.headers.get("Content-Encoding"), request)


def _decoded(content: bytes, encoding: str | None, request: Request) -> bytes:
    """We asked for none, but somebody in between may not have listened."""
    if encoding not in ("gzip", "deflate"):
        return content
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    whole_content = unpack.decompress(content, request.limit + 1)
    if len(whole_content) > request.limit:
        raise _too_large(request)
    if not unpack.eof:
        raise ApiUnclear(request.path, "answer cut short")
    return whole_content


def _too_large(request: Request) -> ApiError:
    if request.method == "GET":  # nothing can have come of it, and it would be as large again
        return ApiError(request.path, Reaction.PERMANENT, errmsg="answer too large")
    return ApiUnclear(request.path, "answer too large")


def checked_answer(path: str, response: Response) -> Answer:
    """The answer, if it is one and says that the call did what it should."""
    answer = json_object(response.content)
    if answer is None:
        raise ApiUnclear(path, f"status {response.status}, no JSON object")
    raise_refusal(path, answer)
    wanted = _WANTED.get(path)
    if wanted is None:
        is_success = whole(answer.get("errcode")) == 0
    else:
        is_success = isinstance(answer.get(wanted[0]), wanted[1])
    if not is_success or response.status != 200:
        raise ApiUnclear(path, f"status {response.status}, no sign of success")
    return answer


def raise_refusal(path: str, answer: Answer) -> None:
    errcode = whole(answer.get("errcode"))
    if not errcode:
        return
    reaction = reaction_to(errcode)
    if path in (TOKEN_PATH, STABLE_TOKEN_PATH) and errcode in TOKEN_CODES:
        reaction = Reaction.MISCONFIGURED  # no token was sent: it is the secret that is wrong
    raise ApiError(path, reaction, errcode=errcode, errmsg=str(answer.get("errmsg", "")))


def json_object(content: bytes) -> Answer | None:
    try:
        # Always UTF-8, whatever the header says; control characters are seen inside strings.
        value = json.loads(content.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def whole(value: object) -> int | None:
    """A whole number that the platform may have sent as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None
