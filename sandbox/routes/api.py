"""The platform's API over HTTP, with the faults that the rules ask for, and a log of each call."""

import contextlib
import json
import re
import socket
import time
from fnmatch import fnmatchcase
from urllib.parse import urlencode

from flask import Blueprint, Request, Response, request

from sandbox.api.call import Answer, Blob
from sandbox.api.gate import Gate, refused
from sandbox.callback import Sender
from sandbox.refusals import ApiRefusal
from sandbox.samples import code_picture
from sandbox.settings import ApiFault
from sandbox.world import World

_JSON = "application/json; encoding=utf-8"  # as the platform writes it, without a charset
_SECRETS = re.compile(r'("(?:secret|appsecret|access_token|refresh_token)"\s*:\s*")[^"]*')
_HIDDEN = {"access_token", "refresh_token", "secret", "appsecret", "code"}
_OPENID_FIELDS = ("touser", "openid", "user_id")
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_UNANSWERED = ("close", "lost")


class Front:
    """One way in for every API call."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._gate = Gate(world, sender)

    def handle(self, request: Request) -> Response:
        began = time.monotonic()
        fault = self._fault(request.path)
        time.sleep(self._world.rules.api_latency + (fault.seconds if fault else 0))
        answer: Answer | Blob | Response | None = _broken(fault) if fault else None
        if answer is None:
            answer = self._gate.answer(request)
        response = _response(answer)
        if fault and fault.kind == "truncated":
            response.set_data(response.get_data()[: len(response.get_data()) // 2])
        self._note(request, response, fault, time.monotonic() - began)
        self._keep_rid(request, response, time.monotonic() - began)
        if fault and fault.kind in _UNANSWERED:
            _hang_up(request)
        return response

    def _fault(self, path: str) -> ApiFault | None:
        """The first fault that is meant for this path; one turn of it is used up."""
        with self._world.locked():
            for fault in self._world.rules.api_faults:
                if fault.times == 0 or not fnmatchcase(path, fault.path):
                    continue
                if fault.times is not None:
                    fault.times -= 1
                fault.spent += 1
                return fault
        return None

    def _keep_rid(self, request: Request, response: Response, seconds: float) -> None:
        """What was refused can be asked for by its request id."""
        answer = _object(_body(response))
        _, mark, rid = str(answer.get("errmsg", "")).rpartition(" rid: ")
        if not mark:
            return
        query = {name: value for name, value in request.args.items() if name not in _HIDDEN}
        told = {
            "invoke_time": int(self._world.clock.now()),
            "cost_in_ms": round(seconds * 1000),
            "request_url": f"{request.path}?{urlencode(query)}",
            "request_body": _SECRETS.sub(r"\1…", request.get_data(as_text=True)),
            "response_body": json.dumps(answer, ensure_ascii=False),
            "client_ip": request.remote_addr or "",
        }
        with self._world.locked():
            self._world.rids.keep(rid, told)

    def _note(
        self, request: Request, response: Response, fault: ApiFault | None, seconds: float
    ) -> None:
        said = _object(request.get_data()) if request.is_json or not request.files else {}
        is_answered = not fault or fault.kind not in _UNANSWERED
        with self._world.locked():
            self._world.journal.add(
                at=self._world.clock.real(),
                direction="api",
                method=request.method,
                path=request.path,
                openid=_openid(request, said),
                what=str(said.get("msgtype", "")),
                words=_words(said),
                status=response.status_code if is_answered else None,
                errcode=_object(_body(response)).get("errcode"),
                ms=round(seconds * 1000, 1),
                outcome=fault.kind if fault else "",
                request=_shown_request(request),
                answer=_SECRETS.sub(r"\1…", _body(response).decode("utf-8", "replace")),
            )


def _broken(fault: ApiFault) -> Answer | Response | None:
    """What a fault says instead of the call; None when the call is made all the same."""
    match fault.kind:
        case "html502":
            return Response(_BAD_GATEWAY, 502, content_type="text/html")
        case "empty" | "close":
            return Response(b"", 200)
        case "errcode":
            return refused(ApiRefusal(fault.errcode, fault.errmsg or "system error"))
    return None


def _response(answer: Answer | Blob | Response) -> Response:
    if isinstance(answer, Response):
        return answer
    if isinstance(answer, Blob):
        response = Response(answer.content, content_type=answer.content_type)
        response.headers["Content-disposition"] = f'attachment; filename="{answer.filename}"'
        return response
    return Response(json.dumps(answer, ensure_ascii=False), content_type=_JSON)


def _hang_up(request: Request) -> None:
    """Cuts the connection, so that the caller never learns what became of the call."""
    asks_waitress = request.environ.get("waitress.client_disconnected")
    channel = getattr(asks_waitress, "__self__", None)
    if channel is not None:
        with contextlib.suppress(OSError):
            channel.socket.shutdown(socket.SHUT_RDWR)


def _body(response: Response) -> bytes:
    is_text = response.content_type.startswith(("application/json", "text/"))
    return response.get_data() if is_text else b""


def _object(content: bytes) -> Answer:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _openid(request: Request, said: Answer) -> str:
    found = (said.get(name) or request.args.get(name) for name in _OPENID_FIELDS)
    return next((str(each) for each in found if each), "")


def _words(said: Answer) -> str:
    """The beginning of a message, or the name of a tag."""
    for section, name in (("text", "content"), ("msgmenu", "head_content"), ("tag", "name")):
        inner = said.get(section)
        if isinstance(inner, dict) and inner.get(name):
            return str(inner[name])
    return str(said.get("command", ""))


def _shown_request(request: Request) -> str:
    query = {name: value for name, value in request.args.items() if name not in _HIDDEN}
    words = " ".join(f"{name}={value}" for name, value in query.items())
    if request.files:
        return f"{words} multipart".strip()
    return "\n".join(filter(None, (words, _SECRETS.sub(r"\1…", request.get_data(as_text=True)))))


def blueprint(world: World, sender: Sender) -> Blueprint:
    front, routes = Front(world, sender), Blueprint("api", __name__)

    @routes.get("/cgi-bin/showqrcode")
    def show_code() -> Response:
        code = world.state.qrcodes.get(request.args.get("ticket", ""))
        if code is None:
            return Response("", 404)
        return Response(code_picture(code.url), content_type="image/jpg")

    def call(**_path: str) -> Response:
        return front.handle(request)

    for start in ("cgi-bin", "customservice", "sns", "wxa", "wxaapi"):
        routes.add_url_rule(f"/{start}/<path:rest>", start, call, methods=["GET", "POST"])
    return routes
