"""Photos, voices, films and places: before, during or after a report, always kept (F1)."""

from domain.commands import Command
from handlers import registry
from handlers.dialog import Context, Medium, Turn, aside, order
from handlers.media_kept import kept
from handlers.report_incident import begin_with_media
from services.views import Attached

_KEPT = frozenset({Medium.IMAGE, Medium.VOICE, Medium.VIDEO, Medium.LOCATION})


def received(ctx: Context) -> Turn:
    """Kept with the ticket it belongs to, or until the report that it comes before."""
    if ctx.heard.medium not in _KEPT:
        return aside("media.cannot_use")
    attached = kept(ctx)
    if ctx.conversation:
        return _during(ctx, attached)
    if ctx.heard.medium is Medium.VOICE and ctx.text.strip():
        return registry.words(ctx)
    return _after(ctx, attached) if attached.ticket else _before(ctx, attached)


def _during(ctx: Context, attached: Attached) -> Turn:
    """The question under way is put again behind it."""
    if ctx.heard.medium is Medium.VOICE:
        return aside("media.voice_needs_words")
    return aside(f"media.{ctx.heard.medium.value}_kept", count=_several(attached))


def _after(ctx: Context, attached: Attached) -> Turn:
    ticket = attached.ticket
    if ticket is None:
        return _before(ctx, attached)
    other = (order(Command.REPORT, label="button.other_fault"),)
    return aside(
        f"media.{ctx.heard.medium.value}_added",
        ticket_id=ticket.id,
        number=ticket.short,
        symptom=ticket.symptom,
        buttons=other if ticket.requester_id == ctx.speaker.id else (),
    )


def _before(ctx: Context, attached: Attached) -> Turn:
    """A place on the map helps whoever has no office yet; a room says more than a street."""
    place = None if ctx.speaker.office else ctx.heard.label.strip() or None
    return begin_with_media(ctx, f"media.{ctx.heard.medium.value}_first", place)


def _several(attached: Attached) -> int | None:
    return attached.count if attached.count > 1 else None
