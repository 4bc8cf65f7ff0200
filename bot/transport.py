"""One exchange with the API: within its time and size, and known for what it was."""

import json
import logging
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException, IncompleteRead
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, Retry, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.filepost import encode_multipart_formdata

from bot.errors import TOKEN_CODES, ApiError, ApiUnclear, ApiUnsent, Reaction, reaction_to

Answer = dict[str, Any]

IDLE_FOR = 30.0  # seconds after which a connection is not trusted to be still there
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
        self._pool = _pool(parts, timeout, pool, roots)
        self.clock_skew: timedelta | None = None  # our clock minus theirs, at the last answer

    def exchange(
        self, request: Request, url: str | None = None, token: str | None = None
    ) -> Response:
        """One request and its whole answer, within time and size."""
        try:
            if url is not None:
                return self._elsewhere(request, url)
            return self._exchanged(request, _target(request, token), self._pool)
        except (_NotConnectedError, LocationValueError) as error:
            failure: ApiError = ApiUnsent(request.path, _why(error))
        except (HTTPError, HTTPException, OSError, ValueError, zlib.error) as error:
            failure = ApiUnclear(request.path, _why(error))
        # Raised out here, so that it does not drag along an error whose text holds the address.
        raise failure

    def _elsewhere(self, request: Request, url: str) -> Response:
        """From another address, which only this request goes to."""
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        with _pool(parts, self._timeout, 1, self._roots) as pool:
            return self._exchanged(request, target, pool)

    def _exchanged(self, request: Request, target: str, pool: HTTPConnectionPool) -> Response:
        ends = time.monotonic() + (request.within or sum(self._timeout))
        response = self._answered(request, target, pool)
        try:
            content = _read(response, request, ends)
        finally:
            # After a whole answer the connection is in the pool again; neither line touches it.
            response.close()
            response.release_conn()
        self._note_clock(response.headers.get("Date"))
        return Response(response.status, content, response.headers.get("Content-Disposition", ""))

    def _answered(self, request: Request, target: str, pool: HTTPConnectionPool) -> HTTPResponse:
        body, content_type = _body(request)
        response = pool.urlopen(
            request.method,
            target,
            body,
            {**_HEADERS, "Content-Type": content_type} if content_type else _HEADERS,
            redirect=False,
            timeout=self._timeout_for(request),
            preload_content=False,
            decode_content=False,
        )
        assert isinstance(response, HTTPResponse)
        return response

    def _timeout_for(self, request: Request) -> Timeout:
        """urllib3 lets sending take as long as connecting: too short for a picture."""
        to_connect, to_read = self._timeout
        return Timeout(connect=to_read if request.files else to_connect, read=to_read)

    def _note_clock(self, date: str | None) -> None:
        try:
            theirs = parsedate_to_datetime(date or "")
        except ValueError:
            return
        if theirs.tzinfo is not None:
            self.clock_skew = machine_time() - theirs


_HEADERS = {"User-Agent": "itdesk", "Accept": "*/*"}

for _name in ("connection", "connectionpool"):
    logging.getLogger(f"urllib3.{_name}").disabled = True  # they would tell addresses and tokens


class _NotConnectedError(Exception):
    """There was no connection, so nothing was sent."""


class _Connection(HTTPConnection):
    """Tells a connection that was not made from one that broke, and is not trusted for ever."""

    _heard_at = 0.0

    def connect(self) -> None:
        # urllib3 raises the same errors for TLS that is not begun and for TLS that ends early.
        try:
            super().connect()
        except Exception as error:
            raise _NotConnectedError from error

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3
        self._heard_at = time.monotonic()
        return super().getresponse()

    @property
    def is_connected(self) -> bool:
        return time.monotonic() < self._heard_at + IDLE_FOR and super().is_connected


class _TlsConnection(_Connection, HTTPSConnection):
    pass


def _pool(
    address: SplitResult, timeout: tuple[float, float], size: int, roots: str
) -> HTTPConnectionPool:
    """Connections to one host, kept for the next request, that read no environment."""
    # Never the part of the address before an @: it looks like a host and is none.
    host, port = address.hostname or "", address.port
    limits, once = Timeout(connect=timeout[0], read=timeout[1]), Retry(False)
    if address.scheme != "https":
        pool = HTTPConnectionPool(host, port, limits, size, retries=once)
        pool.ConnectionCls = _Connection
        return pool
    context = _trusting(roots)
    pool = HTTPSConnectionPool(
        host, port, limits, size, retries=once, cert_reqs="CERT_REQUIRED", ssl_context=context
    )
    pool.ConnectionCls = _TlsConnection
    return pool


def _trusting(roots: str) -> ssl.SSLContext:
    """urllib3 would read the roots for each connection, and log keys where SSLKEYLOGFILE says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(roots)
    return context


def _why(error: BaseException) -> str:
    """The kind of what was at the root of it; the text may tell an address."""
    inner = error.__cause__ or next(reversed(error.args), None)
    if isinstance(inner, BaseException):
        return _why(inner)
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate not trusted"
    return "answer cut short" if isinstance(error, IncompleteRead) else type(error).__name__


def _target(request: Request, token: str | None) -> str:
    params = {**request.params, "access_token": token} if token else request.params
    return f"{request.path}?{urlencode(params)}" if params else request.path


def _body(request: Request) -> tuple[bytes | None, str | None]:
    if request.files:
        return encode_multipart_formdata(request.files)
    return request.data, "application/json" if request.data else None


def _read(response: HTTPResponse, request: Request, ends: float) -> bytes:
    if (response.length_remaining or 0) > request.limit:
        raise _too_large(request)
    # read1 gives what has come; read would wait, as long as each byte comes in time.
    content = bytearray()
    while part := response.read1(65536):
        content += part
        if len(content) > request.limit:
            raise _too_large(request)
        if time.monotonic() > ends:
            raise ApiUnclear(request.path, "answer too slow")
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
