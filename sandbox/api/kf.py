"""Customer-service accounts, their sessions with people, and the log of what was said."""

import re
from dataclasses import replace
from typing import Any

from sandbox import kf, shelf
from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.api.media import checked_file
from sandbox.refusals import ApiRefusal
from sandbox.settings import DAY
from sandbox.state import FIRST_KF_ID, Clerk

_ACCOUNTS = 100
_WAITING_SHOWN = 100
_RECORDS = 10_000
_NICKNAME = 16  # characters
_INVITED_FOR = 86_400  # seconds
_FACE_LIMIT = 2 * 1024 * 1024  # bytes


def add(call: Call) -> Answer:
    account = call.text("kf_account")
    prefix, _, wechat_name = account.partition("@")
    is_ours = wechat_name == call.world.settings.wechat_name
    if not re.fullmatch(r"[A-Za-z0-9_]{1,10}", prefix) or not is_ours:
        raise ApiRefusal(65404, "illegal custom service account")
    nickname = _nickname(call)
    if account in call.state.clerks:
        raise ApiRefusal(65406, "custom service account exists")
    if len(call.state.clerks) >= _ACCOUNTS:
        raise ApiRefusal(65405, "custom service account number reach limit")
    number = call.state.next("kf", FIRST_KF_ID)
    call.state.clerks[account] = Clerk(account=account, nickname=nickname, kf_id=str(number))
    return OK


def update(call: Call) -> Answer:
    kf.clerk_of(call.state, call.text("kf_account")).nickname = _nickname(call)
    return OK


def _nickname(call: Call) -> str:
    nickname = call.text("nickname")
    if not 1 <= len(nickname) <= _NICKNAME:
        raise ApiRefusal(65403, "illegal nickname")
    return nickname


def delete(call: Call) -> Answer:
    clerk = kf.clerk_of(call.state, call.text("kf_account"))
    for person in kf.sessions_of(call.state, clerk.account):
        call.sender.events(kf.close(call.world, person, clerk.account, "api"))
    del call.state.clerks[clerk.account]
    return OK


def invite(call: Call) -> Answer:
    clerk = kf.clerk_of(call.state, call.text("kf_account"))
    name = call.text("invite_wx")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{1,19}", name):
        raise ApiRefusal(65409, "wechat account invalid")
    if clerk.wechat:
        raise ApiRefusal(65412, "the account is bound by a wechat user")
    _check_worker(call, clerk, name)
    if call.rules.kf_invite == "accepted":
        clerk.wechat = name
        return OK
    is_open = call.rules.kf_invite == "waiting"
    clerk.invited, clerk.invited_until = name, call.now + (_INVITED_FOR if is_open else 0)
    return OK


def _check_worker(call: Call, clerk: Clerk, name: str) -> None:
    others = [each for each in call.state.clerks.values() if each is not clerk]
    if any(each.wechat == name for each in others):
        raise ApiRefusal(65407, "already one of your workers")
    if clerk.invited_until > call.now:
        raise ApiRefusal(65411, "an effective invitation exists")
    if any(each.invited == name and each.invited_until > call.now for each in others):
        raise ApiRefusal(65408, "already invited")


def upload_face(call: Call) -> Answer:
    clerk = kf.clerk_of(call.state, call.query.get("kf_account", ""))
    file = checked_file(call, {"jpg", "jpeg"})
    if not file.content.startswith(b"\xff\xd8"):
        raise ApiRefusal(40005, "invalid file type")
    if len(file.content) > _FACE_LIMIT:
        raise ApiRefusal(40009, "invalid image size")
    media = shelf.keep(call.world, "image", file.content, file.filename)
    media.is_permanent = True
    clerk.head = media.id
    return OK


def listed(call: Call) -> Answer:
    return {
        "kf_list": [
            {
                "kf_account": clerk.account,
                "kf_nick": clerk.nickname,
                "kf_id": clerk.kf_id,
                "kf_headimgurl": f"{call.origin}/media/{clerk.head}" if clerk.head else "",
                **_bound_to(call, clerk),
            }
            for clerk in call.state.clerks.values()
        ]
    }


def _bound_to(call: Call, clerk: Clerk) -> Answer:
    """Whose account it is, or how the invitation stands."""
    if clerk.wechat:
        return {"kf_wx": clerk.wechat}
    if not clerk.invited:
        return {}
    status = "waiting" if clerk.invited_until > call.now else "expired"
    if call.rules.kf_invite == "rejected":
        status = "rejected"
    until = int(clerk.invited_until)
    return {"invite_wx": clerk.invited, "invite_expire_time": until, "invite_status": status}


def online(call: Call) -> Answer:
    return {
        "kf_online_list": [
            {
                "kf_account": clerk.account,
                "status": 1,
                "kf_id": clerk.kf_id,
                "accepted_case": len(kf.sessions_of(call.state, clerk.account)),
            }
            for clerk in call.state.clerks.values()
            if clerk.is_online
        ]
    }


def create_session(call: Call) -> Answer:
    clerk = _bound(call)
    person = call.person(call.text("openid"))
    if not clerk.is_online:
        raise ApiRefusal(65415, "the worker is not online")
    call.sender.events(kf.create(call.world, person, clerk))
    return OK


def close_session(call: Call) -> Answer:
    account = kf.clerk_of(call.state, call.text("kf_account")).account
    person = call.person(call.text("openid"))
    call.sender.events(kf.close(call.world, person, account, "api"))
    return OK


def session(call: Call) -> Answer:
    link = call.person(call.text("openid")).kf
    is_served = link.state == "session"
    return {
        "createtime": int(link.since) if is_served else 0,
        "kf_account": link.account if is_served else "",
    }


def sessions(call: Call) -> Answer:
    people = kf.sessions_of(call.state, _bound(call).account)
    return {
        "sessionlist": [
            {"createtime": int(person.kf.since), "openid": person.openid} for person in people
        ]
    }


def waiting(call: Call) -> Answer:
    people = kf.waiting(call.state)
    return {
        "count": len(people),
        "waitcaselist": [
            {"latest_time": int(person.kf.last_at), "openid": person.openid}
            for person in people[:_WAITING_SHOWN]
        ],
    }


def records(call: Call) -> Answer:
    start, end, after, number = (
        call.whole(name, errcode=65416, errmsg="param invalid, please check")
        for name in ("starttime", "endtime", "msgid", "number")
    )
    if end < start or not 1 <= number <= _RECORDS:
        raise ApiRefusal(65416, "param invalid, please check")
    if end - start > DAY:
        raise ApiRefusal(65417, "it is too long from the starttime to endtime")
    seen_until = call.now - call.rules.kf_records_delay
    start = max(start, round(call.now - call.rules.kf_records_days * DAY))
    found = [
        record
        for record in call.state.records
        if start <= record.at <= min(end, seen_until) and record.id > after
    ][:number]
    rows: list[dict[str, Any]] = [
        {
            "openid": record.openid,
            "opercode": record.opercode,
            "text": record.text,
            "time": int(record.at),
            "worker": record.worker,
        }
        for record in found
    ]
    return {
        "recordlist": rows,
        "number": len(rows),
        "msgid": found[-1].id if found else after,
    }


def _bound(call: Call) -> Clerk:
    clerk = kf.clerk_of(call.state, call.text("kf_account"))
    if not clerk.wechat:
        raise ApiRefusal(65402, "need to bind a wechat user")
    return clerk


def _if_enabled(endpoint: Endpoint) -> Endpoint:
    def act(call: Call) -> Any:
        if not call.rules.kf_enabled:
            raise ApiRefusal(65400, "please enable new custom service")
        return endpoint.act(call)

    return replace(endpoint, act=act)


ENDPOINTS = {
    path: _if_enabled(endpoint)
    for path, endpoint in {
        "/customservice/kfaccount/add": Endpoint("POST", add),
        "/customservice/kfaccount/update": Endpoint("POST", update),
        "/customservice/kfaccount/del": Endpoint("BOTH", delete),
        "/customservice/kfaccount/inviteworker": Endpoint("POST", invite),
        "/customservice/kfaccount/uploadheadimg": Endpoint("POST", upload_face, form=True),
        "/cgi-bin/customservice/getkflist": Endpoint("GET", listed),
        "/cgi-bin/customservice/getonlinekflist": Endpoint("GET", online),
        "/customservice/kfsession/create": Endpoint("POST", create_session),
        "/customservice/kfsession/close": Endpoint("POST", close_session),
        "/customservice/kfsession/getsession": Endpoint("GET", session),
        "/customservice/kfsession/getsessionlist": Endpoint("GET", sessions),
        "/customservice/kfsession/getwaitcase": Endpoint("GET", waiting),
        "/customservice/msgrecord/getmsglist": Endpoint("POST", records),
    }.items()
}
