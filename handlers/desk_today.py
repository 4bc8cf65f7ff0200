"""What desk and head ask for: how it stands today, which notices did not get through (P3)."""

from domain.commands import Command, tap
from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Permission
from handlers.dialog import Button, Context, Facts, Say, Turn, Word, answer, aside, order
from services.undelivered import short_of
from services.views import Overview, TicketView, TryView, Undelivered

_SYMPTOM = 16  # characters of it in a line
_TRIES = 3  # of a notice; the rest is in the console
_ID_DIGITS = 9  # that an id's column holds
_STILL_OPEN = ("pending", "claimed")  # these are sent anyway


def overview(ctx: Context) -> Turn:
    """Numbers first, names where somebody has to act."""
    now = ctx.desk.overview()
    buttons = (
        *_look_at(now.oldest),
        *((order(Command.UNDELIVERED),) if now.undelivered else ()),
    )
    return answer(Say("overview.today", _facts(now), buttons))


def _look_at(oldest: TicketView | None) -> tuple[Button, ...]:
    if oldest is None:
        return ()
    return (order(Command.SHOW, oldest.number, "button.look_at", short=oldest.short),)


def _facts(now: Overview) -> Facts:
    open_count = sum(now.by_status.get(status, 0) for status in OPEN_STATUSES)
    statuses: Facts = {status.value: now.by_status.get(status) for status in OPEN_STATUSES}
    unreached = [each.name for each in now.on_duty if not each.is_reachable]
    return {
        "opened": now.opened_today,
        "ended": now.ended_today,
        "open": open_count,
        "statuses": Say("overview.statuses", statuses) if open_count else None,
        "resolved": now.by_status.get(Status.RESOLVED),
        "late_count": now.late_count or None,
        "late": "、".join(now.late) or None,
        "oldest": _oldest(now.oldest),
        "on_duty": len(now.on_duty) or None,
        "staff": "、".join(f"{each.name} {each.open_tickets}" for each in now.on_duty) or None,
        "nobody": None if now.on_duty else Word("overview.nobody_on_duty"),
        "unreached": "、".join(unreached) or None,
        "people": now.people_waiting or None,
        "undelivered": now.undelivered or None,
    }


def _oldest(ticket: TicketView | None) -> Say | None:
    if ticket is None:
        return None
    facts: Facts = {
        "number": ticket.short,
        "symptom": _cut(ticket.symptom),
        "since": ticket.opened_at,
        "status": Word(f"status.{ticket.status.value}"),
    }
    return Say("overview.oldest", facts)


# --- notices that did not get through --------------------------------------------------------


def undelivered(ctx: Context) -> Turn:
    """To whom, about what, since when, and what was tried."""
    found = ctx.desk.undelivered()
    if not found.newest:
        return aside("stuck.none")
    lines = tuple(_line(place, each) for place, each in enumerate(found.newest, 1))
    buttons = _retries(found.newest) if ctx.speaker.could(Permission.NOTICE_RETRY) else ()
    shown = len(lines) if len(lines) < found.count else None
    facts: Facts = {"count": found.count, "shown": shown, "lines": lines}
    return answer(Say("stuck.list", facts, buttons))


def _line(place: int, notice: Undelivered) -> Say:
    facts: Facts = {
        "place": place,
        "name": notice.name,
        "phone": notice.phone,
        "number": short_of(notice),
        "symptom": _cut(notice.symptom) if notice.symptom else None,
        "since": notice.since,
        "fate": Word(f"form.fates.{notice.state}"),
        "tries": tuple(map(_try, _different(notice.tries))),
    }
    return Say("stuck.line", facts)


def _different(tries: tuple[TryView, ...]) -> list[TryView]:
    """The last of each kind: the tenth try that failed alike tells nothing new."""
    last = {(each.channel, each.why.key): each for each in tries}
    return sorted(last.values(), key=lambda each: each.at)[-_TRIES:]


def _try(tried: TryView) -> Say:
    facts: Facts = {
        "at": tried.at,
        "channel": Word(f"form.channels.{tried.channel}"),
        "why": tried.why,
    }
    return Say("stuck.try", facts)


def _retries(found: tuple[Undelivered, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(tap(Command.RETRY, str(each.id)), "button.retry_that", {"place": place})
        for place, each in enumerate(found, 1)
        if each.state not in _STILL_OPEN
    )


def retry(ctx: Context) -> Turn:
    """One by its tap; 重发 alone shows which there are."""
    if not (ctx.number and ctx.number.isdecimal() and len(ctx.number) <= _ID_DIGITS):
        return undelivered(ctx)
    sent = ctx.desk.retry(int(ctx.number))
    buttons = (order(Command.UNDELIVERED, label="button.what_is_left"),)
    return aside("stuck.again", name=sent.name, number=short_of(sent), buttons=buttons)


def _cut(words: str) -> str:
    return words if len(words) <= _SYMPTOM else f"{words[:_SYMPTOM]}…"
