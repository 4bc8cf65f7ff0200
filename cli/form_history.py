"""What happened to a ticket, what was sent with it, and who was told: a line for each."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cli.columns import clock, printable, shortened
from cli.context import Desk
from cli.words import say
from domain.sentence import from_json
from models import Activity, Attachment, Notice, Purpose
from services.dossier import Dossier, Told
from services.talks import Talk

_BETWEEN = " · "
_WIDEST = 60  # columns of what a notice said


def happened(desk: Desk, dossier: Dossier, activity: Activity) -> str:
    """When, who, what, from which status to which, and what was said."""
    clerk = (activity.detail or {}).get("clerk")  # of a talk with the desk (W1)
    who = dossier.name(activity.actor_id) or clerk or say(desk, "form.itself")
    act = say(desk, f"form.actions.{activity.action.value}")
    parts = [f"{clock(activity.happened_at)}  {who} {act}", _moved(desk, activity)]
    parts += _detail(desk, dossier, activity.detail or {})
    return _BETWEEN.join(filter(None, parts))


def _moved(desk: Desk, activity: Activity) -> str:
    after = say(desk, f"status.{activity.status_after.value}")
    if activity.status_before is None:
        return after
    if activity.status_before is activity.status_after:
        return ""
    return f"{say(desk, f'status.{activity.status_before.value}')} → {after}"


def _detail(desk: Desk, dossier: Dossier, detail: dict[str, Any]) -> Iterator[str]:
    if former := dossier.name(detail.get("from_engineer_id")):
        yield say(desk, "form.from", name=former)
    for key in ("engineer_id", "to", "supporter_id"):
        if name := dossier.name(detail.get(key)):
            yield say(desk, "form.to", name=name)
    if detail.get("is_on_site") is True:
        yield say(desk, "form.arrived")
    if "takeover_id" in detail:
        yield _talked(desk, detail)
        return
    for key in ("words", "reason"):
        if isinstance(detail.get(key), str):
            yield detail[key]
    if isinstance(detail.get("until"), str):
        yield say(desk, "form.until", at=clock(datetime.fromisoformat(detail["until"])))


def _talked(desk: Desk, detail: dict[str, Any]) -> str:
    """From when to when, and how much was said."""
    began, ended = (datetime.fromisoformat(detail[name]) for name in ("began", "ended"))
    return say(desk, "form.talk_lines", began=began, ended=ended, lines=detail["lines"])


def talk_lines(desk: Desk, dossier: Dossier, talk: Talk) -> Iterator[str]:
    """A talk with the desk and every word of it; what the person said in the queue as well."""
    key = "form.talk" if talk.ended_at else "form.talking"
    facts = {"clerk": talk.clerk, "began": talk.began_at or talk.asked_at, "ended": talk.ended_at}
    yield say(desk, key, **facts, lines=len(talk.lines))
    for line in talk.lines:
        who = talk.clerk if line.is_clerk else dossier.name(dossier.ticket.requester_id)
        at = clock(line.at).partition(" ")[2]
        words = printable(line.text)
        yield f"  {printable(say(desk, 'form.talk_line', at=at, who=who, words=words))}"


def attachment_line(desk: Desk, attachment: Attachment) -> str:
    parts = [
        f"{clock(attachment.created_at)}  {say(desk, f'form.kinds.{attachment.kind}')}",
        _purpose(desk, attachment),
        say(desk, f"form.saved.{attachment.state.value}"),
        attachment.file or "",
        f"{attachment.size} B" if attachment.size else "",
        attachment.label or "",
        _position(attachment),
        say(desk, "form.heard", words=attachment.words) if attachment.words else "",
    ]
    return _BETWEEN.join(filter(None, parts))


def _purpose(desk: Desk, attachment: Attachment) -> str:
    """What a report shows needs no word; results and signatures are the form's (R1)."""
    if attachment.purpose is Purpose.REPORT:
        return ""
    return say(desk, f"form.purposes.{attachment.purpose.value}")


def _position(attachment: Attachment) -> str:
    if attachment.latitude is None or attachment.longitude is None:
        return ""
    return f"{attachment.latitude:.5f}, {attachment.longitude:.5f}"


def notice_line(desk: Desk, dossier: Dossier, told: Told) -> str:
    """To whom, what, and what became of it (P6)."""
    notice = told.notice
    to = dossier.name(notice.recipient_id)
    parts = [
        f"{clock(notice.created_at)}  → {to} {say(desk, f'form.fates.{notice.state.value}')}",
        say(desk, "form.tries", count=len(told.tries)) if told.tries else "",
        _last_try(desk, told),
        _first_line(desk, notice),
    ]
    return _BETWEEN.join(filter(None, parts))


def _last_try(desk: Desk, told: Told) -> str:
    if not told.tries:
        return ""
    last = told.tries[-1]
    errcode = f" errcode {last.errcode}" if last.errcode else ""
    return say(desk, f"form.channels.{last.channel.value}") + errcode


def _first_line(desk: Desk, notice: Notice) -> str:
    """A sentence that has been reworded or dropped since is known by its key."""
    try:
        words = desk.texts.render(from_json(notice.say), desk.clock()).text
    except (KeyError, ValueError):
        return notice.text_key
    return shortened(words.partition("\n")[0], _WIDEST)
