"""Followers: what the platform tells of them, their remarks, and the blacklist."""

from typing import Any

from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.oauth import unionid
from sandbox.refusals import ApiRefusal
from sandbox.state import Person

_PAGE = 10_000
_BATCH = 100
_BLACKLIST_AT_ONCE = 20
_REMARK_LIMIT = 30  # characters


def info(call: Call) -> Answer:
    return _told(call, call.person(call.text("openid")))


def batch(call: Call) -> Answer:
    wanted = call.body.get("user_list")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= _BATCH:
        raise ApiRefusal(40032, "invalid openid list size")
    openids = [str(each.get("openid", "")) if isinstance(each, dict) else "" for each in wanted]
    return {"user_info_list": [_told(call, call.person(openid)) for openid in openids]}


def _told(call: Call, person: Person) -> dict[str, Any]:
    """Names and pictures are kept back, as they are since the end of 2021."""
    if not person.follows:
        return {"subscribe": 0, "openid": person.openid}
    return {
        "subscribe": 1,
        "openid": person.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(person.followed_at),
        **({"unionid": unionid(person.openid)} if call.rules.has_unionid else {}),
        "remark": person.remark,
        "groupid": person.tags[-1] if person.tags else 0,
        "tagid_list": list(person.tags),
        "subscribe_scene": person.follow_scene,
        "qr_scene": int(person.scene) if person.scene.isdecimal() else 0,
        "qr_scene_str": "" if person.scene.isdecimal() else person.scene,
    }


def listed(call: Call) -> Answer:
    followers = [each.openid for each in call.state.people.values() if each.follows]
    return {"total": len(followers), **_page(followers, call.text("next_openid"))}


def _page(openids: list[str], after: str) -> Answer:
    start = openids.index(after) + 1 if after in openids else 0
    page = openids[start : start + _PAGE]
    if not page:
        return {"count": 0, "next_openid": ""}
    return {"count": len(page), "data": {"openid": page}, "next_openid": page[-1]}


def remark(call: Call) -> Answer:
    person = call.person(call.text("openid"))
    words = call.text("remark")
    if len(words) > _REMARK_LIMIT:
        raise ApiRefusal(45001, "remark size out of limit")
    person.remark = words
    return OK


def blacklist(call: Call) -> Answer:
    openids = [each.openid for each in call.state.people.values() if each.is_blacklisted]
    return {"total": len(openids), **_page(openids, call.text("begin_openid"))}


def put_on_blacklist(call: Call) -> Answer:
    return _blacklist(call, is_blacklisted=True)


def take_off_blacklist(call: Call) -> Answer:
    return _blacklist(call, is_blacklisted=False)


def _blacklist(call: Call, *, is_blacklisted: bool) -> Answer:
    openids = call.body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= _BLACKLIST_AT_ONCE:
        raise ApiRefusal(40032, "invalid openid list size")
    for person in [call.person(str(openid)) for openid in openids]:
        person.is_blacklisted = is_blacklisted
    return OK


ENDPOINTS = {
    "/cgi-bin/user/info": Endpoint("GET", info, daily=5_000_000),
    "/cgi-bin/user/info/batchget": Endpoint("POST", batch),
    "/cgi-bin/user/get": Endpoint("GET", listed, daily=500),
    "/cgi-bin/user/info/updateremark": Endpoint("POST", remark, daily=10_000),
    "/cgi-bin/tags/members/getblacklist": Endpoint("POST", blacklist),
    "/cgi-bin/tags/members/batchblacklist": Endpoint("POST", put_on_blacklist),
    "/cgi-bin/tags/members/batchunblacklist": Endpoint("POST", take_off_blacklist),
}
