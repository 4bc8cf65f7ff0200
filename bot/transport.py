"""One exchange with the API: within its time and size, and known for what it was."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from bot.errors import TOKEN_CODES, ApiError, ApiUnclear, ApiUnsent, Reaction, reaction_to

# Its debug line holds the whole address, and that holds the token.
logging.getLogger("urllib3.connectionpool").setLevel(logging.WARNING)

Answer = dict[str, Any]

JSON_LIMIT = 2 * 1024 * 1024  # bytes; getmsglist's 10,000 records are the longest answer

TOKEN_PATH = "/cgi-bin/token"
STABLE_TOKEN_PATH = "/cgi-bin/stable_token"

# Queries answer without errcode; then this field is the only sign of success.
_WANTED: dict[str, tuple[str, type | tuple[type, ...]]] = {
    TOKEN_PATH: ("access_token", str),
    STABLE_TOKEN_PATH: ("access_token", str),
    "/cgi-bin/getcallbackip": ("ip_list", list),
    "/cgi-bin/customservice/getonlinekflist": ("kf_online_list", list),
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


class Transport:
    """Sends requests to one host, without proxy, cookie, redirect or retry."""

    def __init__(self, base_url: str, *, timeout: tuple[float, float], pool: int) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url must start with http:// or https://")
        self.host = parts.hostname
        self._base = f"{parts.scheme}://{parts.netloc}"
        self._timeout = timeout
        self._http = _session(pool)
        self.clock_skew: timedelta | None = None  # our clock minus theirs, at the last answer

    def exchange(
        self, request: Request, url: str | None = None, token: str | None = None
    ) -> Response:
        """One request and its whole answer, within time and size."""
        ends = time.monotonic() + (request.within or sum(self._timeout))
        try:
            with self._http.request(
                request.method,
                url or self._base + request.path,
                params={**request.params, "access_token": token} if token else request.params,
                data=request.data,
                files=request.files,
                headers={"Content-Type": "application/json"} if request.data else None,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _read(response, request, ends)
                self._note_clock(response.headers.get("Date"))
                return Response(
                    response.status_code,
                    content,
                    response.headers.get("Content-Disposition", ""),
                )
        except (requests.RequestException, HTTPError, HTTPException, OSError) as error:
            failure = _failure(request.path, error)
        # Raised out here, so that it does not drag along an error whose text holds the address.
        raise failure

    def _note_clock(self, date: str | None) -> None:
        try:
            theirs = parsedate_to_datetime(date or "")
        except ValueError:
            return
        if theirs.tzinfo is not None:
            self.clock_skew = datetime.now(UTC) - theirs


def _session(pool: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy and no password from somebody's environment
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["Accept-Encoding"] = "identity"
    adapter = HTTPAdapter(pool_maxsize=pool, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _read(response: requests.Response, request: Request, ends: float) -> bytes:
    # read1 gives what has come; read would wait, as long as each byte comes in time.
    content = bytearray()
    while part := response.raw.read1(65536, decode_content=True):
        content += part
        if len(content) > request.limit:
            raise _too_large(request)
        if time.monotonic() > ends:
            raise ApiUnclear(request.path, "answer too slow")
    return bytes(content)


def _too_large(request: Request) -> ApiError:
    if request.method == "GET":  # nothing can have come of it, and it would be as large again
        return ApiError(request.path, Reaction.PERMANENT, errmsg="answer too large")
    return ApiUnclear(request.path, "answer too large")


def _failure(path: str, error: Exception) -> ApiError:
    """Whether a broken exchange may have had its effect. Never the error's own text."""
    why = type(error).__name__
    if isinstance(error, requests.ConnectTimeout):
        return ApiUnsent(path, why)
    inner = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    if isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError):
        return ApiUnsent(path, type(inner.reason).__name__)
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY" in str(error):
        return ApiUnsent(path, "certificate not trusted")
    return ApiUnclear(path, why)


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
