"""The platform's own pages: who reads a page of the product, and who agrees to be written to."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.oauth import Scope
from sandbox.state import Person
from sandbox.template_library import one_time_template
from sandbox.world import World

_SCOPES: dict[str, Scope] = {"snsapi_base": "snsapi_base", "snsapi_userinfo": "snsapi_userinfo"}
_STATE = re.compile(r"[A-Za-z0-9]{0,128}")
_SCENES = range(10_001)
_WORDS = {
    10003: "redirect_uri 域名与后台配置不一致",
    10005: "该公众号没有这些 scope 的权限",
    10010: "scope 不能为空",
    10011: "redirect_uri 不能为空",
    10012: "appid 不能为空",
    10013: "state 不合规则",
    40013: "appid 不对",
    40037: "template_id 不对",
    40097: "参数错误",
}


class WrongPage(Exception):
    """The address is wrong: the reader sees the platform's number."""

    def __init__(self, errcode: int, more: str = "") -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.more = more


def blueprint(world: World) -> Blueprint:
    routes = Blueprint("pages", __name__)

    @routes.errorhandler(WrongPage)
    def wrong(error: WrongPage) -> str:
        _note(world, "", f"error {error.errcode}")
        words = _WORDS[error.errcode]
        return render_template(
            "wrong.html", title="出错了", words=words, errcode=error.errcode, more=error.more
        )

    @routes.get("/connect/oauth2/authorize")
    def authorize() -> Any:
        scope = _checked_authorize(world)
        person = _reader(world)
        if person is None:
            return _pick(world, f"{scope} · {request.args['redirect_uri']}")
        with world.locked() as state:
            is_snapshot = person.is_snapshotuser
            now = world.clock.now()
            code = state.oauth.code_for(person.openid, scope, now, is_snapshot=is_snapshot)
        _note(world, person.openid, f"code for {scope}")
        return _back(world, person, code=code, state=request.args.get("state", ""))

    @routes.get("/mp/subscribemsg")
    def subscribe() -> Any:
        scene = _checked_subscribe(world)
        person = _reader(world)
        if person is None:
            return _pick(world, "一次性订阅消息")
        decision = request.args.get("decision")
        if decision not in ("confirm", "cancel"):
            return _asked(world, person)
        return _decided(world, person, scene, decision)

    return routes


# --- what an address must be ------------------------------------------------------------------


def _checked_authorize(world: World) -> Scope:
    query = request.args
    _check_account(world)
    _check_address(world, query.get("redirect_uri", ""))
    if query.get("response_type") != "code":
        raise WrongPage(40097, "response_type=code")
    if not query.get("scope"):
        raise WrongPage(10010)
    is_closed = request.path in world.rules.unauthorized
    if query["scope"] not in _SCOPES or is_closed:
        raise WrongPage(10005, query["scope"])
    if not _STATE.fullmatch(query.get("state", "")):
        raise WrongPage(10013, "state：最多 128 个字母和数字")
    return _SCOPES[query["scope"]]


def _checked_subscribe(world: World) -> str:
    query = request.args
    _check_account(world)
    _check_address(world, query.get("redirect_url", ""))
    if query.get("action") != "get_confirm":
        raise WrongPage(40097, "action=get_confirm")
    scene = query.get("scene", "")
    if not scene.isdecimal() or int(scene) not in _SCENES:
        raise WrongPage(40097, "scene：0 到 10000")
    if query.get("template_id") != one_time_template(world.settings.app_id).id:
        raise WrongPage(40037)
    if not _STATE.fullmatch(query.get("reserved", "")):
        raise WrongPage(40097, "reserved：最多 128 个字母和数字")
    return str(int(scene))


def _check_account(world: World) -> None:
    if not request.args.get("appid"):
        raise WrongPage(10012)
    if request.args["appid"] != world.settings.app_id:
        raise WrongPage(40013, request.args["appid"])


def _check_address(world: World, address: str) -> None:
    """The host alone counts, and exactly; each phone's own name of this machine is one with it."""
    if not address:
        raise WrongPage(10011)
    parts, domain = urlsplit(address), world.rules.oauth_domain
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise WrongPage(10003, address)
    is_phones_own = domain == "localhost" and host.endswith(".localhost")
    if domain and host != domain and not is_phones_own:
        raise WrongPage(10003, f"{host} ≠ {domain}")


# --- whose phone it is ------------------------------------------------------------------------


def _reader(world: World) -> Person | None:
    openid = request.args.get("as") or request.cookies.get("sandbox_phone", "")
    with world.reading() as state:
        return state.people.get(openid)


def _pick(world: World, what: str) -> str:
    with world.reading() as state:
        people = [
            {
                "openid": person.openid,
                "name": person.name,
                "caption": person.caption,
                "href": _again(**{"as": person.openid}),
            }
            for person in state.people.values()
        ]
    account = world.settings.account_title
    return render_template(
        "pick.html", title="选一部手机", account=account, people=people, what=what
    )


def _again(**more: str) -> str:
    """This very address, with something added."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), **more})}"


def _back(world: World, person: Person, **more: str) -> Response:
    """To the product's page; a phone that was named has its own name of this machine."""
    address = request.args.get("redirect_uri") or request.args.get("redirect_url", "")
    parts = urlsplit(address)
    netloc = parts.netloc
    if parts.hostname == "localhost" and request.args.get("as"):
        port = f":{parts.port}" if parts.port else ""
        netloc = f"{world.host_of(person)}.localhost{port}"
    kept = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([*kept, *more.items()])
    return redirect(urlunsplit((parts.scheme, netloc, parts.path, query, parts.fragment)))


# --- 一次性订阅 ---------------------------------------------------------------------------------


def _asked(world: World, person: Person) -> str:
    return render_template(
        "subscribe.html",
        title="服务通知",
        account=world.settings.account_title,
        template=one_time_template(world.settings.app_id).title,
        person=person,
        confirm=_again(decision="confirm"),
        cancel=_again(decision="cancel"),
    )


def _decided(world: World, person: Person, scene: str, decision: str) -> Response:
    more = {"template_id": request.args["template_id"], "action": decision, "scene": scene}
    more["reserved"] = request.args.get("reserved", "")
    if decision == "confirm":
        with world.locked() as state:
            state.grants.allow_once(person.openid, scene)
        more = {"openid": person.openid, **more}
    _note(world, person.openid, f"one message, scene {scene}: {decision}")
    return _back(world, person, **more)


def _note(world: World, openid: str, outcome: str) -> None:
    with world.locked():
        world.journal.add(
            at=world.clock.real(),
            direction="note",
            method="GET",
            path=request.path,
            openid=openid,
            what="page",
            outcome=outcome,
            request=request.args.get("redirect_uri") or request.args.get("redirect_url", ""),
        )
