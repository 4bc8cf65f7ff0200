"""A ticket as form HXXXJL06S, with its history below it (R1)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cli.columns import clock, padded, printable, width
from cli.context import Desk
from cli.form_history import attachment_line, happened, notice_line, talk_lines
from cli.masks import masked_openid
from cli.words import say
from models import Rating, Resolution, Ticket
from services.dossier import Dossier

_INDENT = "  "
_Field = tuple[str, str]


def form(desk: Desk, dossier: Dossier) -> str:
    """Blocks of labelled fields; what is not known is left out, what nobody gave is said."""
    ticket = dossier.ticket
    blocks = [
        _block(desk, "title", _state(desk, ticket)),
        _block(desk, "user", _user(dossier)),
        _block(desk, "repair", _repair(ticket)),
        _block(desk, "judgement", _judgement(desk, ticket)),
        _block(desk, "work", _work(dossier)),
        _lines(desk, "receipt", _receipt(desk, dossier)),
        *(_block(desk, "result", _result(desk, dossier, each)) for each in dossier.results),
        *(_block(desk, "rating", _rating(desk, each)) for each in dossier.ratings),
        _lines(desk, "timeline", (happened(desk, dossier, each) for each in dossier.activities)),
        *_talks(desk, dossier),
        _lines(desk, "attachments", (attachment_line(desk, a) for a in dossier.attachments)),
        _lines(desk, "notices", (notice_line(desk, dossier, each) for each in dossier.notices)),
    ]
    return "\n\n".join(filter(None, blocks))


def _talks(desk: Desk, dossier: Dossier) -> Iterator[str]:
    """What was said with people of the desk; most tickets need no talk."""
    if dossier.talks:
        lines = [line for talk in dossier.talks for line in talk_lines(desk, dossier, talk)]
        yield "\n".join([say(desk, "form.talks"), *(f"{_INDENT}{line}" for line in lines)])


def _block(desk: Desk, heading: str, fields: Iterable[_Field]) -> str:
    told = [(say(desk, f"form.{name}"), value) for name, value in fields if value]
    widest = max((width(label) for label, _ in told), default=0)
    lines = (f"{_INDENT}{padded(label, widest)}  {_hung(value, widest)}" for label, value in told)
    return "\n".join([say(desk, f"form.{heading}"), *lines])


def _hung(value: str, widest: int) -> str:
    """Further lines stand below the first."""
    lines = [printable(line) for line in value.splitlines() if line.strip()]
    return ("\n" + " " * (len(_INDENT) + widest + 2)).join(lines)


def _lines(desk: Desk, heading: str, lines: Iterable[str]) -> str:
    told = [f"{_INDENT}{printable(line)}" for line in lines]
    told = told or [f"{_INDENT}{say(desk, 'form.nothing')}"]
    return "\n".join([say(desk, f"form.{heading}"), *told])


# --- the form ----------------------------------------------------------------------------------


def _state(desk: Desk, ticket: Ticket) -> Iterator[_Field]:
    yield "number", ticket.number
    yield "status", say(desk, f"status.{ticket.status.value}")


def _user(dossier: Dossier) -> Iterator[_Field]:
    ticket = dossier.ticket
    yield "department", ticket.contact_department
    yield "contact", ticket.contact_name
    yield "wechat", masked_openid(dossier.requester.openid)
    yield "office", ticket.contact_office
    yield "phone", ticket.contact_phone


def _repair(ticket: Ticket) -> Iterator[_Field]:
    yield "reported_at", clock(ticket.opened_at)
    yield "device", ticket.device or ""
    yield "device_description", ticket.device_description or ""
    yield "fault", ticket.description
    yield "place", ticket.place
    yield "error_code", ticket.error_code or ""


def _judgement(desk: Desk, ticket: Ticket) -> Iterator[_Field]:
    read: Mapping[str, Any] = ticket.reading or {}
    yield "category", _category(desk, ticket, read)
    yield "evidence", ", ".join(_evidence(ticket, read))
    yield "impact", say(desk, f"form.impacts.{ticket.impact.value}")
    yield "urgency", say(desk, f"form.urgencies.{ticket.urgency.value}")
    yield "priority", say(desk, f"priority.{ticket.priority.name.lower()}")


def _category(desk: Desk, ticket: Ticket, read: Mapping[str, Any]) -> str:
    """With how sure the reading was, unless a person said otherwise."""
    word = say(desk, f"category.{ticket.category.value}")
    if read.get("category") != ticket.category.value:
        return word
    percent = round(100 * float(read.get("category_confidence", 0)))
    return say(desk, "form.confidence", category=word, percent=percent)


def _evidence(ticket: Ticket, read: Mapping[str, Any]) -> list[str]:
    """The words that spoke for the type of the fault."""
    return [word for word, label in read.get("evidence", ()) if label == ticket.category.value]


def _work(dossier: Dossier) -> Iterator[_Field]:
    ticket = dossier.ticket
    yield "engineer", dossier.name(ticket.assignee_id)
    yield "supporter", dossier.name(ticket.supporter_id)
    for name in (
        "assigned_at",
        "response_due_at",
        "responded_at",
        "resolution_due_at",
        "hold_until",
        "resolved_at",
        "closed_at",
    ):
        yield name, clock(getattr(ticket, name))


def _receipt(desk: Desk, dossier: Dossier) -> list[str]:
    """Why this engineer, part by part (F8)."""
    kept = dossier.receipt
    if kept is None:
        is_assigned = dossier.ticket.assignee_id is not None
        return [say(desk, "form.by_hand")] if is_assigned else []
    scores = [say(desk, "form.score", **score) for score in kept["scores"]]
    return scores + [
        say(desk, "form.left_out", name=name, why=say(desk, f"left_out.{why}"))
        for name, why in kept["left_out"]
    ]


def _result(desk: Desk, dossier: Dossier, result: Resolution) -> Iterator[_Field]:
    yield "cause", say(desk, f"cause.{result.cause}")
    yield "action_taken", result.action_taken
    yield "minutes", say(desk, "form.minutes_count", count=result.minutes)
    yield "where", say(desk, "form.on_site" if result.is_on_site else "form.remote")
    yield "parts", ", ".join(result.parts) or say(desk, "form.nothing")
    by = f"{dossier.name(result.engineer_id)} {clock(result.reported_at)}"
    yield "reported_by", f"{by} {_cycle(desk, result.cycle)}"


def _rating(desk: Desk, rating: Rating) -> Iterator[_Field]:
    scores = {name: getattr(rating, name) for name in ("speed", "attitude", "result")}
    words = [say(desk, "form.scores", **scores), rating.comment or ""]
    yield "rating", "\n".join(words)
    yield "reported_by", f"{clock(rating.rated_at)} {_cycle(desk, rating.cycle)}"


def _cycle(desk: Desk, cycle: int) -> str:
    """Which time round, from the second on."""
    return say(desk, "form.cycle", count=cycle) if cycle > 1 else ""
