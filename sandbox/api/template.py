"""Template messages: fields that fit their types, one delivery per id, a receipt later."""

import re
from collections.abc import Iterator

from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.settings import Outcome
from sandbox.state import FIRST_JOB_ID, CardLine, Person, Template, TemplateJob

_ONCE_WITHIN = 600  # seconds in which a client_msg_id counts
_MINUTE = 60
_ID_LENGTH = 43
_URL_LIMIT = 1024  # bytes

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
    _check_burst(call)
    person = call.person(call.text("touser"))
    template = _template(call)
    if not person.follows:
        raise ApiRefusal(call.rules.template_unfollowed_errcode, "require subscribe")
    call.state.grants.check_not_refused(person.openid, template.id)
    _check_address(call)
    data = call.section("data", errcode=47003, errmsg="argument invalid! data")
    lines = lines_of(template, data)
    _check_words(call, lines)
    if (earlier := _earlier(call, person)) is not None:
        return {**OK, "msgid": earlier.msgid}
    _check_pace(call, person)
    job = _accepted(call, person)
    _deliver(call, job, template, lines)
    return {**OK, "msgid": job.msgid}


def _check_burst(call: Call) -> None:
    """The platform is said to give way at some 300 at once; here, within one second."""
    lately = call.world.bursts[call.path]
    second = int(call.world.clock.real())
    lately[second] = lately.get(second, 0) + 1
    for past in [each for each in lately if each < second]:
        del lately[past]
    if lately[second] > call.rules.template_burst:
        raise ApiRefusal(-1, "system error")


def _template(call: Call) -> Template:
    template_id = call.text("template_id")
    if len(template_id) != _ID_LENGTH:
        raise ApiRefusal(40036, "invalid template_id size")
    template = call.state.templates.get(template_id)
    if template is None:
        raise ApiRefusal(40037, "invalid template_id")
    if template_id in call.rules.banned_templates:
        raise ApiRefusal(43116, "This template_id is banned")
    return template


def _check_address(call: Call) -> None:
    if len(call.text("url").encode()) > _URL_LIMIT:
        raise ApiRefusal(40039, "invalid url size")


def _check_words(call: Call, lines: list[CardLine]) -> None:
    for line in lines:
        if any(word in line.value for word in call.rules.blocked_words):
            raise ApiRefusal(40249, "this template msg has been blocked for illegal content")


def lines_of(template: Template, data: dict[str, object]) -> list[CardLine]:
    """The card's lines, if each value fits the type of its field."""
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
            return _again(call, job)
    return None


def _again(call: Call, job: TemplateJob) -> TemplateJob:
    """What a second call with one client_msg_id is answered; nothing is delivered either way."""
    if call.rules.template_repeat == "error":
        raise ApiRefusal(call.rules.template_repeat_errcode, "client_msg_id has been used")
    if call.rules.template_repeat == "new":
        return job.model_copy(update={"msgid": call.state.next("job", FIRST_JOB_ID)})
    return job


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


def _outcome(call: Call) -> Outcome:
    """One of the rates' outcomes by its share, else the one that the rules name."""
    dice = call.sender.chance() if call.rules.template_rates else 1.0
    for outcome, share in call.rules.template_rates.items():
        if dice < share:
            return outcome
        dice -= share
    return call.rules.template_outcome


def _deliver(call: Call, job: TemplateJob, template: Template, lines: list[CardLine]) -> None:
    status = _outcome(call)
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


ENDPOINTS = {
    "/cgi-bin/message/template/send": Endpoint("POST", send, daily=100_000),
}
