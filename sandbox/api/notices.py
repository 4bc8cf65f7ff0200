"""Messages that a person allowed one by one: 一次性订阅消息, 订阅通知, and their library."""

from typing import Any

from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.api.template import lines_of
from sandbox.refusals import ApiRefusal
from sandbox.state import FIRST_JOB_ID, CardLine, Template
from sandbox.template_library import CATEGORY, NOTICE_LIBRARY, Shelved, one_time_template

_TITLE_LIMIT = 15  # characters
_CONTENT_LIMIT = 200
_SCENE_LIMIT = 15
_PAGE = 30


def subscribe(call: Call) -> Answer:
    """一次性订阅消息: one message for each agreement, also to who does not follow."""
    person = call.person(call.text("touser"))
    template = one_time_template(call.world.settings.app_id)
    if call.text("template_id") != template.id:
        raise ApiRefusal(40037, "invalid template_id")
    title = call.text("title")
    if not 1 <= len(title) <= _TITLE_LIMIT:
        raise ApiRefusal(40062, "invalid title size")
    content = _value(call, "content")
    if not 1 <= len(content) <= _CONTENT_LIMIT:
        raise ApiRefusal(47003, "argument invalid! data.content.value invalid")
    call.state.grants.take_once(person.openid, call.text("scene"))
    _show(call, title, [CardLine(label="", value=content)])
    return OK


def _value(call: Call, name: str) -> str:
    data = call.section("data", errcode=47003, errmsg="argument invalid! data")
    given = data.get(name)
    return str(given.get("value", "")) if isinstance(given, dict) else ""


def bizsend(call: Call) -> Answer:
    """订阅通知: one message for each tap on its consent; its fate is pushed."""
    person = call.person(call.text("touser"))
    template = call.state.notices.get(call.text("template_id"))
    if template is None:
        raise ApiRefusal(40037, "invalid template_id")
    data = call.section("data", errcode=47003, errmsg="argument invalid! data")
    lines = lines_of(template, data)
    call.state.grants.take(person.openid, template.id)
    is_delivered = not person.is_blocking
    if is_delivered:
        _show(call, template.title, lines)
    fate: dict[str, Any] = {"ErrorCode": 0, "ErrorStatus": "success"}
    if not is_delivered:
        fate = {"ErrorCode": 43101, "ErrorStatus": "user refuse to accept the msg"}
    number = call.state.next("job", FIRST_JOB_ID)
    row = {"TemplateId": template.id, "MsgID": number, **fate}
    event = {"Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": [row]}}
    call.sender.later(call.rules.template_delay, person.openid, event)
    return OK


def _show(call: Call, title: str, lines: list[CardLine]) -> None:
    url = call.text("page") or call.text("url") or None
    call.world.show(
        call.text("touser"), "account", "template", "subscribe", title=title, url=url, fields=lines
    )


# --- the library of notices -------------------------------------------------------------------


def category(_call: Call) -> Answer:
    return {**OK, "data": [{"id": CATEGORY[0], "name": CATEGORY[1]}]}


def titles(call: Call) -> Answer:
    ids = call.text("ids")
    if not ids:
        raise ApiRefusal(200018, "ids missing")
    if not all(each.isdecimal() for each in ids.split(",")):
        raise ApiRefusal(200019, "invalid ids")
    start = call.whole("start", errcode=200016, errmsg="invalid start")
    limit = call.whole("limit", errcode=200017, errmsg="invalid limit")
    if not 1 <= limit <= _PAGE:
        raise ApiRefusal(200017, "invalid limit")
    ours = list(NOTICE_LIBRARY.values()) if str(CATEGORY[0]) in ids.split(",") else []
    shown = [
        {"tid": int(each.number), "title": each.title, "type": 2, "categoryId": str(CATEGORY[0])}
        for each in ours[start : start + limit]
    ]
    return {**OK, "count": len(ours), "data": shown}


def keywords(call: Call) -> Answer:
    shelved = _shelved(call)
    rows = [
        {"kid": place + 1, "name": name, "example": name, "rule": kind}
        for place, (name, kind) in enumerate(shelved.keywords.items())
    ]
    return {**OK, "count": len(rows), "data": rows}


def add(call: Call) -> Answer:
    shelved = _shelved(call)
    if len(call.state.notices) >= call.rules.template_limit:
        raise ApiRefusal(200012, "template num exceeds limit")
    if not 0 <= len(call.text("sceneDesc")) <= _SCENE_LIMIT:
        raise ApiRefusal(200021, "invalid sceneDesc")
    template = shelved.made(_chosen(shelved, call.body.get("kidList")))
    call.state.notices[template.id] = template
    return {**OK, "priTmplId": template.id}


def _shelved(call: Call) -> Shelved:
    shelved = NOTICE_LIBRARY.get(call.text("tid"))
    if shelved is None:
        raise ApiRefusal(200014, "invalid tid")
    return shelved


def _chosen(shelved: Shelved, kids: object) -> list[str]:
    """The keywords by their places, 2 to 5 different ones."""
    known = {str(place + 1): name for place, name in enumerate(shelved.keywords)}
    names = [known.get(str(kid), "") for kid in kids] if isinstance(kids, list) else []
    if not 2 <= len(names) <= 5 or "" in names or len(set(names)) != len(names):
        raise ApiRefusal(200020, "invalid kidList")
    return names


def listed(call: Call) -> Answer:
    return {**OK, "data": [_told(each) for each in call.state.notices.values()]}


def _told(template: Template) -> Answer:
    return {
        "priTmplId": template.id,
        "title": template.title,
        "content": template.content,
        "example": template.example,
        "type": 2,
    }


def delete(call: Call) -> Answer:
    if call.state.notices.pop(call.text("priTmplId"), None) is None:
        raise ApiRefusal(40037, "invalid template_id")
    return OK


ENDPOINTS = {
    "/cgi-bin/message/template/subscribe": Endpoint("POST", subscribe),
    "/cgi-bin/message/subscribe/bizsend": Endpoint("POST", bizsend),
    "/wxaapi/newtmpl/getcategory": Endpoint("GET", category),
    "/wxaapi/newtmpl/getpubtemplatetitles": Endpoint("GET", titles),
    "/wxaapi/newtmpl/getpubtemplatekeywords": Endpoint("GET", keywords),
    "/wxaapi/newtmpl/addtemplate": Endpoint("POST", add),
    "/wxaapi/newtmpl/gettemplate": Endpoint("GET", listed),
    "/wxaapi/newtmpl/deltemplate": Endpoint("POST", delete),
}
