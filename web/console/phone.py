"""A call is registered in half a minute, without the mouse (F2, F7, B1): who, what, where, done."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Response, request

from domain.category import Category
from domain.knowledge import UsePlace
from domain.lifecycle import OPEN_STATUSES
from domain.permissions import Permission
from domain.priority import Urgency
from handlers import fault as faults
from models import IntakeChannel
from nlp.contact import Contact as Numbers
from nlp.contact import read_contact
from nlp.result import CAUSES
from services import phone_callers, phone_intake, talk_page
from services.desk import Desk
from services.phone_callers import CallerCard
from services.phone_intake import Call, Contact, Outcome
from services.views import Report, WorkResult
from web import knowledge_pages
from web.acts import Led, looking, once
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.page import needs, show

routes = pages("phone", "/phone")
BASE = f"{PATH}/phone"

_KINDS = tuple(each.value for each in Category)
_HASTE = (Urgency.NORMAL.value, Urgency.HIGH.value)
_MOST_MINUTES = 600
_FAULT = 500  # characters
_FIELDS = (
    Field("who", 60),
    Field("person", 12),
    Field("name", 40, is_required=True, missing="console_phone.name_missing"),
    Field("department", 60, is_required=True, missing="console_phone.department_missing"),
    Field("phone", 24, is_required=True, missing="console_phone.phone_missing"),
    Field("fault", _FAULT, is_required=True, missing="console_phone.fault_missing"),
    Field("place", 80, is_required=True, missing="console_phone.place_missing"),
    Field("device", 40),
    Field("category", 24, choices=_KINDS),
    Field("urgency", 8, choices=_HASTE),
    Field("outcome", 10, choices=[each.value for each in Outcome]),
    Field("cause", 24, choices=CAUSES),
    Field("action", 500),
    Field("minutes", 4),
    Field("talk", 1, choices=("1",)),
    Field("use", 12),  # of the answer that was read out
)


@routes.get("")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def blank() -> Response:
    """Empty; or for `person`, and with what they said in the talk under way."""
    with looking() as desk:
        person_id = request.args.get("person", type=int)
        card = phone_callers.card(desk, person_id) if person_id else None
        values = {"urgency": Urgency.NORMAL.value, **(_known(card) if card else {})}
        if card and request.args.get("talk") and desk.actor.could(Permission.CONVERSATION_TAKE):
            values |= {"fault": talk_page.matter(desk, card.caller.id, _FAULT), "talk": "1"}
        return _page(Filled(values), card)


def _page(filled: Filled, card: CallerCard | None, status: int = 200) -> Response:
    return show(
        "console/phone/call.html",
        status,
        filled=filled,
        card=card,
        kinds=_KINDS,
        causes=CAUSES,
        open_statuses=OPEN_STATUSES,
    )


def _known(card: CallerCard) -> dict[str, str]:
    caller = card.caller
    return {
        "who": caller.name or "",
        "person": str(caller.id),
        "name": caller.name or "",
        "department": caller.department or "",
        "phone": caller.reached_by,
        "place": _place(card),
    }


def _place(card: CallerCard) -> str:
    """Where they sit; else where they last had something wrong."""
    last = (*card.open, *card.ended)
    return card.caller.office or (last[0].place if last else "")


# --- while somebody speaks -----------------------------------------------------------------------


@routes.get("/callers")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def callers() -> Response:
    """Who it may be, as options of the list below the field."""
    with looking() as desk:
        found = phone_callers.find(desk, request.args.get("q", ""))
        return show("console/phone/callers.html", found=found)


@routes.get("/caller/<int:person_id>")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def caller(person_id: int) -> Response:
    with looking() as desk:
        card = phone_callers.card(desk, person_id)
        return show(
            "console/phone/card.html", card=card, place=_place(card), open_statuses=OPEN_STATUSES
        )


@routes.post("/reading")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def reading() -> Response:
    """What the words mean, by which of them, and who would get it; nothing is kept."""
    filled = read_form(*_FIELDS)
    fault = faults.told_in(filled["fault"][:_FAULT])
    kind = filled["category"] or fault.category
    urgency = _urgency(filled, fault)
    with looking() as desk:
        proposal = phone_intake.propose(
            desk,
            Category(kind) if kind else None,
            filled["place"] or fault.place or "",
            urgency,
            fault.report().impact,
            _person_id(filled),
        )
        return show(
            "console/phone/reading.html",
            fault=fault,
            kind=kind,
            is_chosen=bool(filled["category"]),
            is_high=urgency is Urgency.HIGH,
            proposal=proposal,
            maintained=desk.maintenance_for(kind, filled["place"] or fault.place),
        )


@routes.post("/answers")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def answers() -> Response:
    """What can be read out to the caller at once (K1, F7)."""
    return knowledge_pages.like(f"{BASE}/answers")


@routes.post("/answers/<string(maxlength=12):number>/open")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def answer(number: str) -> Response:
    return knowledge_pages.opened(number, UsePlace.CONSOLE)


def _urgency(filled: Filled, fault: faults.Fault) -> Urgency:
    is_high = Urgency.HIGH in (filled["urgency"], fault.urgency)
    return Urgency.HIGH if is_high else Urgency.NORMAL


# --- the call is over ----------------------------------------------------------------------------


@routes.post("")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def register() -> Response:
    filled = read_form(*_FIELDS)
    outcome = Outcome(filled["outcome"] or Outcome.DISPATCH.value)
    numbers = _numbers(filled)
    report = _report(filled)
    result = _result(filled) if outcome is Outcome.SOLVED else None
    if filled.problems or report is None:
        return _once_more(filled)
    contact = Contact(
        filled["name"], filled["department"], numbers.phone, numbers.extension, filled["place"]
    )
    channel = IntakeChannel.WECHAT if filled["talk"] else IntakeChannel.PHONE
    call = Call(contact, report, outcome, _person_id(filled), result, channel)

    def do(desk: Desk) -> Led:
        opened = phone_intake.register(desk, call)
        is_solved = outcome is Outcome.SOLVED
        knowledge_pages.report_came_of(desk, filled["use"], opened.ticket.id, is_solved=is_solved)
        return Led(f"{BASE}/done/{opened.ticket.number}", opened.ticket.id)

    return once("call", do, filled["fault"])


@routes.post("/again/<ticket:number>")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def again(number: str) -> Response:
    """It is about a ticket that is open: what was said goes there; nothing said is haste (B1)."""
    filled = read_form(*_FIELDS)
    words = filled["fault"][:_FAULT]

    def do(desk: Desk) -> Led:
        ticket = desk.find(number)
        if words:
            desk.amend(ticket.id, words)
        else:
            desk.urge(ticket.id)
        return Led(f"{BASE}/done/{ticket.number}?again=1", ticket.id)

    return once("call_again", do, words)


@routes.get("/done/<ticket:number>")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def done(number: str) -> Response:
    """The number, to be read out."""
    with looking() as desk:
        is_again = bool(request.args.get("again"))
        return show("console/phone/done.html", ticket=desk.find(number), is_again=is_again)


@routes.post("/join")
@needs(Permission.TICKET_OPEN_FOR_OTHER)
def join() -> Response:
    """The one who was known by phone is the one in chat: the clerk has asked."""
    filled = read_form(Field("by_phone", 12), Field("in_chat", 12))

    def do(desk: Desk) -> Led:
        in_chat = _number(filled["in_chat"])
        phone_intake.join(desk, _number(filled["by_phone"]), in_chat)
        return Led(f"{BASE}?person={in_chat}")

    return once("call_join", do)


# --- the form ------------------------------------------------------------------------------------


def _once_more(filled: Filled) -> Response:
    with looking() as desk:
        person_id = _person_id(filled)
        card = phone_callers.card(desk, person_id) if person_id else None
        return _page(filled, card, 400)


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and value.isascii() else 0


def _person_id(filled: Filled) -> int | None:
    return _number(filled["person"]) or None


def _numbers(filled: Filled) -> Numbers:
    """A mobile number, a land line, or an extension."""
    found = read_contact(filled["phone"], expect_all=True)
    if filled["phone"] and not (found.phone or found.extension):
        filled.refuse("phone", "console_phone.phone_unclear")
    return found


def _report(filled: Filled) -> Report | None:
    """What was said, with what its words say; None if the kind of thing has to be chosen."""
    fault = faults.told_in(filled["fault"])
    category = filled["category"] or fault.category
    if category is None:
        filled.refuse("category", "console_phone.category_unclear")
        return None
    told = replace(
        fault,
        symptom=fault.symptom or filled["fault"],
        place=filled["place"],
        category=category,
        urgency=_urgency(filled, fault).value,
    )
    return replace(told.report(), device_code=filled["device"] or None)


def _result(filled: Filled) -> WorkResult:
    """Short, for a call: why, what helped, how long it took (F7)."""
    missing: Mapping[str, str] = {
        "cause": "console_phone.cause_missing",
        "action": "console_phone.action_missing",
    }
    for name, key in missing.items():
        if not filled[name]:
            filled.refuse(name, key)
    minutes = _number(filled["minutes"] or "5")
    if not 0 < minutes <= _MOST_MINUTES:
        filled.refuse("minutes", "console_phone.minutes_unclear")
    return WorkResult(filled["cause"], filled["action"], minutes, is_on_site=False)
