"""Access tokens of both kinds, and the ticket that pages need."""

import hashlib
from hmac import compare_digest

from sandbox.api.call import Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.tokens import FORCED_PER_DAY, Token

_TICKET_TTL = 7200  # seconds
_TICKETS = ("jsapi", "wx_card")


def token(call: Call) -> Answer:
    _check_credentials(call, "client_credential")
    return _told(call.state.tokens.issue_plain(call.rules, call.now), call)


def stable_token(call: Call) -> Answer:
    _check_credentials(call, "client_credential")
    is_forced = call.body.get("force_refresh") is True
    if is_forced and call.state.tokens.forced_today(call.now) >= FORCED_PER_DAY:
        raise ApiRefusal(45009, "reach max api daily quota limit")
    issued = call.state.tokens.issue_stable(call.rules, call.now, is_forced=is_forced)
    return _told(issued, call)


def ticket(call: Call) -> Answer:
    kind = call.text("type") or "jsapi"
    if kind not in _TICKETS:
        raise ApiRefusal(40097, "invalid args")
    turn, age = divmod(call.now, _TICKET_TTL)
    seed = f"{call.world.settings.app_secret} {kind} {turn}"
    value = hashlib.sha256(seed.encode()).hexdigest()
    return {
        "errcode": 0,
        "errmsg": "ok",
        "ticket": f"sandbox_{value}",
        "expires_in": int(_TICKET_TTL - age),
    }


def _check_credentials(call: Call, grant: str) -> None:
    settings = call.world.settings
    if call.text("grant_type") != grant:
        raise ApiRefusal(40002, "invalid grant_type")
    if not call.text("appid"):
        raise ApiRefusal(41002, "appid missing")
    if not call.text("secret"):
        raise ApiRefusal(41004, "appsecret missing")
    if call.text("appid") != settings.app_id:
        raise ApiRefusal(40013, "invalid appid")
    if call.rules.is_secret_frozen:
        raise ApiRefusal(40243, "invalid secret, secret is frozen")
    if not compare_digest(call.text("secret").encode(), settings.app_secret.encode()):
        raise ApiRefusal(40125, "invalid appsecret")
    if call.rules.allowed_ips and call.caller not in call.rules.allowed_ips:
        where = f"invalid ip {call.caller} ipv6 ::ffff:{call.caller}, not in whitelist"
        raise ApiRefusal(40164, where)


def _told(issued: Token, call: Call) -> Answer:
    return {"access_token": issued.value, "expires_in": round(issued.expires_at - call.now)}


ENDPOINTS = {
    "/cgi-bin/token": Endpoint("GET", token, daily=2000, has_token=False),
    "/cgi-bin/stable_token": Endpoint(
        "POST", stable_token, daily=500_000, has_token=False, minute=10_000
    ),
    "/cgi-bin/ticket/getticket": Endpoint("GET", ticket),
}
