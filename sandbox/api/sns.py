"""What pages ask with a code: who reads them, and, if that was allowed, a little about them."""

from hmac import compare_digest

from sandbox.api.call import NO_LIMIT, OK, Answer, Call, Endpoint
from sandbox.oauth import TOKEN_FOR, Grant, unionid
from sandbox.refusals import ApiRefusal

_A_MINUTE = 50_000  # calls


def access_token(call: Call) -> Answer:
    _check_account(call)
    if not compare_digest(call.text("secret").encode(), call.world.settings.app_secret.encode()):
        raise ApiRefusal(40125, "invalid appsecret")
    if call.text("grant_type") != "authorization_code":
        raise ApiRefusal(40002, "invalid grant_type")
    if not call.text("code"):
        raise ApiRefusal(41008, "missing code")
    return _told(call, call.state.oauth.redeem(call.text("code"), call.rules, call.now))


def refresh_token(call: Call) -> Answer:
    _check_account(call)
    if call.text("grant_type") != "refresh_token":
        raise ApiRefusal(40002, "invalid grant_type")
    if not call.text("refresh_token"):
        raise ApiRefusal(41003, "missing refresh_token")
    return _told(call, call.state.oauth.refresh(call.text("refresh_token"), call.now))


def userinfo(call: Call) -> Answer:
    grant = _granted(call)
    if grant.reader.scope != "snsapi_userinfo":
        raise ApiRefusal(48001, "api unauthorized")
    owner = call.state.people.get(grant.reader.owner)
    is_real = owner is not None and not grant.reader.is_snapshot
    told: Answer = {
        "openid": grant.reader.openid,
        "nickname": owner.name if owner and is_real else "微信用户",
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }
    return {**told, **_unionid(call, grant)}


def auth(call: Call) -> Answer:
    _granted(call)
    return OK


def _check_account(call: Call) -> None:
    if not call.text("appid"):
        raise ApiRefusal(41002, "appid missing")
    if call.text("appid") != call.world.settings.app_id:
        raise ApiRefusal(40013, "invalid appid")


def _granted(call: Call) -> Grant:
    return call.state.oauth.granted(call.text("access_token"), call.text("openid"), call.now)


def _told(call: Call, grant: Grant) -> Answer:
    told: Answer = {
        "access_token": grant.access_token,
        "expires_in": TOKEN_FOR,
        "refresh_token": grant.refresh_token,
        "openid": grant.reader.openid,
        "scope": grant.reader.scope,
    }
    if grant.reader.is_snapshot:
        told["is_snapshotuser"] = 1
    return {**told, **_unionid(call, grant)}


def _unionid(call: Call, grant: Grant) -> Answer:
    if grant.reader.scope != "snsapi_userinfo" or not call.rules.has_unionid:
        return {}
    return {"unionid": unionid(grant.reader.openid)}


def _endpoint(act: object, minute: int | None = None) -> Endpoint:
    return Endpoint("GET", act, daily=NO_LIMIT, has_token=False, minute=minute)  # type: ignore[arg-type]


ENDPOINTS = {
    "/sns/oauth2/access_token": _endpoint(access_token, _A_MINUTE),
    "/sns/oauth2/refresh_token": _endpoint(refresh_token),
    "/sns/userinfo": _endpoint(userinfo),
    "/sns/auth": _endpoint(auth),
}
