"""QR codes that carry a scene, and short keys for data that no scene can hold."""

import secrets
from typing import Any

from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.state import QrCode, ShortKey

_LONGEST = 30 * 86400  # seconds
_SHORTEST = 60
_LONG_DATA = 4096  # bytes
_KEY = 15  # characters
_BAD = (40053, "invalid action info, please check document")


def create(call: Call) -> Answer:
    action = call.text("action_name")
    scene = _scene(call, action)
    expires_in = None if action.startswith("QR_LIMIT") else _seconds(call)
    if expires_in is None:
        _check_room(call)
    code = QrCode(
        ticket=f"gQ{secrets.token_urlsafe(60)}==",
        url=f"http://weixin.qq.com/q/{secrets.token_urlsafe(15)}",
        scene=scene,
        expires_at=None if expires_in is None else call.now + expires_in,
    )
    call.state.qrcodes[code.ticket] = code
    answer: Answer = {"ticket": code.ticket, "url": code.url}
    return answer if expires_in is None else {**answer, "expire_seconds": expires_in}


def _scene(call: Call, action: str) -> str:
    info = call.section("action_info", errcode=_BAD[0], errmsg=_BAD[1])
    scene = info.get("scene")
    if not isinstance(scene, dict):
        raise ApiRefusal(*_BAD)
    if action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
        return _words(scene.get("scene_str"))
    if action in ("QR_SCENE", "QR_LIMIT_SCENE"):
        most = 100_000 if action == "QR_LIMIT_SCENE" else 2**32 - 1
        return _number(scene.get("scene_id"), most)
    raise ApiRefusal(*_BAD)


def _words(scene: Any) -> str:
    if not isinstance(scene, str) or not 1 <= len(scene) <= 64:
        raise ApiRefusal(*_BAD)
    return scene


def _number(scene: Any, most: int) -> str:
    if not isinstance(scene, int) or not 1 <= scene <= most:
        raise ApiRefusal(*_BAD)
    return str(scene)


def _seconds(call: Call) -> int:
    wanted = call.body.get("expire_seconds", _SHORTEST)
    if not isinstance(wanted, int) or not 0 < wanted <= _LONGEST:
        raise ApiRefusal(*_BAD)
    return wanted


def _check_room(call: Call) -> None:
    permanent = [code for code in call.state.qrcodes.values() if code.expires_at is None]
    if len(permanent) >= call.rules.permanent_codes:
        raise ApiRefusal(45029, "qrcode count out of limit")


def shorten(call: Call) -> Answer:
    data = call.body.get("long_data")
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= _LONG_DATA:
        raise ApiRefusal(40097, "invalid args")
    wanted = call.body.get("expire_seconds", _LONGEST)
    if not isinstance(wanted, int) or not 0 < wanted <= _LONGEST:
        raise ApiRefusal(40097, "invalid args")
    key = secrets.token_urlsafe(_KEY)[:_KEY]
    kept = ShortKey(long_data=data, created_at=call.now, expires_at=call.now + wanted)
    call.state.short_keys[key] = kept
    return {**OK, "short_key": key}


def lengthen(call: Call) -> Answer:
    kept = call.state.short_keys.get(call.text("short_key"))
    if kept is None or kept.expires_at <= call.now:
        raise ApiRefusal(40097, "invalid args")
    return {
        **OK,
        "long_data": kept.long_data,
        "create_time": int(kept.created_at),
        "expire_seconds": round(kept.expires_at - call.now),
    }


ENDPOINTS = {
    "/cgi-bin/qrcode/create": Endpoint("POST", create, daily=100_000),
    "/cgi-bin/shorten/gen": Endpoint("POST", shorten),
    "/cgi-bin/shorten/fetch": Endpoint("POST", lengthen),
}
