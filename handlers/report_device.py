"""The code on a device's case, scanned or typed, opens the report with device and place filled in.

code → its open ticket, if the person has one, else SYMPTOM of report_incident
"""

from dataclasses import replace

from domain.commands import Command
from domain.lifecycle import Status
from handlers.dialog import Button, Context, Facts, Say, Turn, Word, answer, aside, order
from handlers.fault import Fault
from handlers.report_draft import NAME, after, fault_of, is_under_way, with_fault
from handlers.report_questions import ask_symptom, ask_to_confirm_again, next_question
from handlers.report_told import told
from nlp.commands import read_device_code
from services.views import DeviceView, TicketView

_WELCOMED = frozenset({"subscribe"})

# What another report may have left in the draft; it says nothing of this device.
_NOTHING_ELSE = dict.fromkeys(("parts", "fixes", "said", "wish"))


def scanned(ctx: Context, code: str) -> Turn:
    """Also in the middle of something else, which goes on afterwards."""
    device = ctx.desk.device(code)
    return _met(ctx, device) if device else aside("device.unknown", buttons=_report())


def named(ctx: Context) -> Turn | None:
    """The code typed as it is printed, alone, behind 报修, or before what is wrong."""
    said = read_device_code(ctx.text)
    if said is None or not (said.is_ordered or ctx.conversation in (None, NAME)):
        return None
    device = ctx.desk.device(said.code)
    return _met(ctx, device, said.words) if device else None


def begin(ctx: Context) -> Turn:
    """Another fault of a device that has a ticket already; without a code it is said how."""
    device = ctx.desk.device(ctx.number) if ctx.number else None
    if device is None:
        return aside("device.how", buttons=_report())
    return _begun(ctx, device) if device.is_active else _retired(device)


def _met(ctx: Context, device: DeviceView, words: str = "") -> Turn:
    if not device.is_active:
        return _retired(device)
    ticket = None if words else ctx.desk.reported_on(device.id)
    if ticket is not None and not _is_being_reported(ctx, device):
        return _in_work(device, ticket)
    turn = _begun(ctx, device)
    if words and turn.step is not None:
        heard = replace(ctx.heard, text=words)
        return _into(told(replace(ctx, heard=heard, draft=dict(turn.learned))))
    return turn


def _into(turn: Turn) -> Turn:
    return replace(turn, into=NAME) if turn.step is not None else turn


def _retired(device: DeviceView) -> Turn:
    """Somebody stands before it all the same: what is broken there can be told."""
    return answer(Say("device.retired", _facts(device), _report()))


def _in_work(device: DeviceView, ticket: TicketView) -> Turn:
    """One device, one fault, one ticket; unless something else is wrong with it."""
    key = "device.in_work" if ticket.status is not Status.RESOLVED else "device.resolved"
    if ticket.status is Status.RESOLVED:
        first = order(Command.REOPEN, ticket.number), order(Command.CONFIRM, ticket.number)
    else:
        first = order(Command.SHOW, ticket.number), order(Command.URGE, ticket.number)
    facts: Facts = {
        **_facts(device),
        "number": ticket.short,
        "symptom": ticket.symptom.removeprefix(device.name),
        "status": Word(f"status.{ticket.status.value}"),
        "engineer": ticket.assignee.name if ticket.assignee else None,
    }
    other = order(Command.REPORT_DEVICE, device.code, "button.other_fault")
    return answer(Say(key, facts, (*first, other)), ticket_id=ticket.id)


# --- the report ------------------------------------------------------------------------------


def _begun(ctx: Context, device: DeviceView) -> Turn:
    if ctx.conversation != NAME or not is_under_way(ctx):
        return _asked(with_fault(replace(ctx, draft={}), _fault(device)))
    old = fault_of(ctx)
    if _is_being_reported(ctx, device):
        return next_question(ctx)
    ctx = ctx.learnt(**_NOTHING_ELSE)
    if old.lacks_symptom:
        return _asked(with_fault(ctx, _at(old, device)))
    if old.device_code is None and old.category in (None, device.category):
        noted = Say("device.noted", _facts(device))
        return ask_to_confirm_again(with_fault(ctx, _at(old, device)), (noted,))
    return _before(ctx, old, device)


def _before(ctx: Context, old: Fault, device: DeviceView) -> Turn:
    """Something else was being reported: that comes after this."""
    rest = [old.to_json(), *(ctx.draft.get("rest") or ())]
    turn = _asked(with_fault(ctx.learnt(rest=rest), _fault(device)))
    return after((Say("device.other_waits", {"symptom": old.symptom}),), turn)


def _is_being_reported(ctx: Context, device: DeviceView) -> bool:
    return ctx.conversation == NAME and fault_of(ctx).device_code == device.code


def _asked(ctx: Context) -> Turn:
    """What is wrong, in one message; whoever follows by scanning is greeted with it."""
    turn = ask_symptom(ctx)
    if ctx.heard.event not in _WELCOMED:
        return turn
    return replace(turn, says=(replace(turn.says[0], key="device.welcome"),))


def _fault(device: DeviceView) -> Fault:
    return _at(Fault(), device)


def _at(fault: Fault, device: DeviceView) -> Fault:
    return replace(
        fault,
        device=device.name,
        place=device.place,
        category=device.category.value,
        device_code=device.code,
    )


def _facts(device: DeviceView) -> Facts:
    return {"device": device.name, "place": device.place, "code": device.code}


def _report() -> tuple[Button, ...]:
    return (order(Command.REPORT),)
