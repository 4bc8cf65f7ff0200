"""Template messages: fields that fit their types, one delivery per id, a receipt later."""

import re
from collections.abc import Iterator

from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.state import FIRST_JOB_ID, CardLine, Person, Template, TemplateJob

_ONCE_WITHIN = 600  # seconds in which a client_msg_id counts
_MINUTE = 60

_FIELD = re.compile(r"([^\n:]*):\{\{([a-z_]+\d*)\.DATA\}\}")
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?"
_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
_MOMENT = rf"(?:{_DATE}(?: {_TIME})?|{_TIME})"
_RULES: dict[str, str] = {
    "thing": r".{1,20}",
    "short_thing": r".{1,10}",
    "character_string": r"[!-~\u00a0-\u024f ]{1,32}",
    "number": r"(?=.{1,32}$)-?\d+(?:\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[ -~]{1,20}",
    "time": rf"{_MOMENT}(?:\s?~\s?{_MOMENT})?",
    "date": rf"{_DATE}(?: {_TIME})?",
    "amount": r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?",
    "phone_number": r"[\d+()\- ]{1,17}",
    "car_number": r".{1,8}",
    "const": r".{1,20}",
}


def send(call: Call) -> Answer:
    person = call.person(call.text("touser"))
    template = call.state.templates.get(call.text("template_id"))
    if template is None:
        raise ApiRefusal(40037, "invalid template_id")
    if not person.follows:
        raise ApiRefusal(call.rules.template_unfollowed_errcode, "require subscribe")
    lines = _lines(template, call.section("data", errcode=47003, errmsg="argument invalid! data"))
    if (earlier := _earlier(call, person)) is not None:
        return {**OK, "msgid": earlier.msgid}
    _check_pace(call, person)
    job = _accepted(call, person)
    _deliver(call, job, template, lines)
    return {**OK, "msgid": job.msgid}


def _lines(template: Template, data: dict[str, object]) -> list[CardLine]:
    return [
        CardLine(label=label, value=_value(name, data)) for label, name in _fields(template.content)
    ]


def _fields(content: str) -> Iterator[tuple[str, str]]:
    """Label and name of each field."""
    return ((found[1].strip(), found[2]) for found in _FIELD.finditer(content))


def _value(name: str, data: dict[str, object]) -> str:
    given = data.get(name)
    value = given.get("value") if isinstance(given, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise ApiRefusal(47003, f"argument invalid! data.{name}.value is emtpy")
    kind = name.rstrip("0123456789")
    if not re.fullmatch(_RULES.get(kind, ".*"), value):
        raise ApiRefusal(47003, f"argument invalid! data.{name}.value invalid")
    return value


def _earlier(call: Call, person: Person) -> TemplateJob | None:
    """The same message, if it was accepted a short time ago."""
    wanted = call.text("client_msg_id")
    for job in call.state.template_jobs if wanted else ():
        is_same = (job.openid, job.client_msg_id) == (person.openid, wanted)
        if is_same and call.now - job.at < _ONCE_WITHIN:
            return job
    return None


def _check_pace(call: Call, person: Person) -> None:
    jobs = call.state.template_jobs
    lately = [job for job in jobs if job.openid == person.openid and call.now - job.at < _MINUTE]
    if len(lately) >= call.rules.template_per_minute:
        words = "Sending messages to this openid too frequently,please try later"
        raise ApiRefusal(43117, words)


def _accepted(call: Call, person: Person) -> TemplateJob:
    job = TemplateJob(
        msgid=call.state.next("job", FIRST_JOB_ID),
        openid=person.openid,
        client_msg_id=call.text("client_msg_id"),
        at=call.now,
    )
    kept = [each for each in call.state.template_jobs if call.now - each.at < _ONCE_WITHIN]
    call.state.template_jobs = [*kept, job]
    return job


def _deliver(call: Call, job: TemplateJob, template: Template, lines: list[CardLine]) -> None:
    status = call.rules.template_outcome
    if call.state.people[job.openid].is_blocking:
        status = "failed:user block"
    if status in ("success", "never"):
        call.world.show(
            job.openid,
            "account",
            "template",
            "template",
            title=template.title,
            url=call.text("url") or None,
            fields=lines,
        )
    if status != "never":
        receipt = {"Event": "TEMPLATESENDJOBFINISH", "MsgID": job.msgid, "Status": status}
        call.sender.later(call.rules.template_delay, job.openid, receipt)


def listed(call: Call) -> Answer:
    return {
        "template_list": [
            {
                "template_id": each.id,
                "title": each.title,
                "primary_industry": "",
                "deputy_industry": "",
                "content": each.content,
                "example": each.example,
            }
            for each in call.state.templates.values()
        ]
    }


def delete(call: Call) -> Answer:
    if call.state.templates.pop(call.text("template_id"), None) is None:
        raise ApiRefusal(40037, "invalid template_id")
    return OK


ENDPOINTS = {
    "/cgi-bin/message/template/send": Endpoint("POST", send, daily=100_000),
    "/cgi-bin/template/get_all_private_template": Endpoint("GET", listed),
    "/cgi-bin/template/del_private_template": Endpoint("POST", delete),
}
