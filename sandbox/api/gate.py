"""The gate before each API call: method, token, body, quotas, permission; then the call."""

import json
import re
from collections import defaultdict, deque

from flask import Request

from sandbox.api import ENDPOINTS
from sandbox.api.call import Answer, Blob, Call, Endpoint, Upload
from sandbox.callback import Sender
from sandbox.refusals import ApiRefusal
from sandbox.rids import new_rid
from sandbox.tokens import EXPIRED, GARBAGE, MISSING, SUPERSEDED
from sandbox.world import World

_TOKEN_WORDS = {
    MISSING: "access_token missing",
    GARBAGE: "invalid access_token",
    SUPERSEDED: "invalid credential, access_token is invalid or not latest",
    EXPIRED: "access_token expired",
}
# Escapes of what is no control character: the platform shows them to people as they stand.
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-fA-F]{4}")
_MINUTE = 60  # seconds


class Gate:
    """Answers API calls, in the order of checks that the platform keeps."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._sender = sender
        self._lately: dict[str, deque[float]] = defaultdict(deque)

    def answer(self, request: Request) -> Answer | Blob:
        """What the platform says; a refusal is an answer like any other."""
        try:
            return self._passed(request)
        except ApiRefusal as refusal:
            return refused(refusal)

    def _passed(self, request: Request) -> Answer | Blob:
        endpoint = ENDPOINTS.get(request.path)
        if endpoint is None:
            raise ApiRefusal(40066, "invalid url")
        _check_method(endpoint, request.method)
        if endpoint.has_token:
            self._check_token(request.args.get("access_token", ""))
        call = self._call(endpoint, request)
        with self._world.locked():
            self._check_quota(endpoint, request.path)
            self._check_minute(endpoint, request.path)
            if request.path in self._world.rules.unauthorized:
                raise ApiRefusal(48001, "api unauthorized")
            return endpoint.act(call)

    def _check_token(self, token: str) -> None:
        with self._world.reading() as state:
            errcode = state.tokens.errcode_of(token, self._world.clock.now())
        if errcode is None:
            return
        words = _TOKEN_WORDS[errcode]
        if errcode == SUPERSEDED:  # under which number is an open question
            errcode = self._world.rules.superseded_errcode
        raise ApiRefusal(errcode, words)

    def _call(self, endpoint: Endpoint, request: Request) -> Call:
        kind = endpoint.body_of(request.method)
        return Call(
            world=self._world,
            sender=self._sender,
            path=request.path,
            query=request.args.to_dict(),
            body=json_body(request.get_data()) if kind == "json" else {},
            upload=_upload(request) if kind == "form" else None,
            form=request.form.to_dict() if kind == "form" else {},
            caller=request.remote_addr or "",
            origin=request.host_url.rstrip("/"),
        )

    def _check_quota(self, endpoint: Endpoint, path: str) -> None:
        state, rules = self._world.state, self._world.rules
        today = self._world.clock.china_day()
        if state.quota_day != today:
            state.quota_day, state.quota_used = today, {}
        used = state.quota_used.get(path, 0)
        if used >= rules.quotas.get(path, endpoint.daily):
            raise ApiRefusal(45009, "reach max api daily quota limit")
        state.quota_used[path] = used + 1

    def _check_minute(self, endpoint: Endpoint, path: str) -> None:
        limit = self._world.rules.minute_quotas.get(path, endpoint.minute)
        if limit is None:
            return
        now, lately = self._world.clock.now(), self._lately[path]
        while lately and lately[0] <= now - _MINUTE:
            lately.popleft()
        if len(lately) >= limit:
            raise ApiRefusal(45011, "api minute-quota reach limit, must slower, retry next minute")
        lately.append(now)


def refused(refusal: ApiRefusal) -> Answer:
    errmsg = f"{refusal.errmsg} rid: {new_rid()}"
    return {"errcode": refusal.errcode, "errmsg": errmsg, **refusal.extra}


def json_body(content: bytes) -> Answer:
    """A body as an object, or the platform's complaint."""
    if not content:
        raise ApiRefusal(44002, "empty post data")
    if _ESCAPED.search(content):
        raise ApiRefusal(47002, "do NOT use json unicode encode (\\uxxxx\\uxxxx), please use utf8")
    try:
        body = json.loads(content.decode())
    except (ValueError, RecursionError):
        raise ApiRefusal(47001, "data format error") from None
    if not isinstance(body, dict):
        raise ApiRefusal(47001, "data format error")
    return body


def _check_method(endpoint: Endpoint, method: str) -> None:
    if endpoint.method == "BOTH" or method == endpoint.method:
        return
    if endpoint.method == "GET":
        raise ApiRefusal(43001, "require GET method")
    raise ApiRefusal(43002, "require POST method")


def _upload(request: Request) -> Upload | None:
    file = request.files.get("media")
    return Upload(file.filename or "", file.read()) if file else None
