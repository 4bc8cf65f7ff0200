"""What is known of a complaint under way, and how its steps keep it."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum, auto
from typing import Any

from domain.complaints import About
from handlers.dialog import Button, Context, Facts, Medium, Say, StepFunction, Turn
from services.complaints import naming
from services.views import TicketView

NAME = "complain"


class Step(StrEnum):
    SURE = auto()  # a complaint, or a fault?
    WHICH = auto()  # which ticket, who, or the service as a whole
    WORDS = auto()
    PROFILE = auto()


def begun(ctx: Context, *, is_sure: bool) -> Context:
    """With no words yet; what an interrupted report holds is not the complaint's."""
    fresh: Mapping[str, Any] = {
        "said": [],
        "messages": [],
        "is_sure": is_sure,
        "is_told": False,
        "about": None,
        "ticket_id": None,
        "subject": None,
        "people": [],
    }
    return with_message(replace(ctx, draft=fresh))


def with_message(ctx: Context) -> Context:
    """The message of this moment is the complaint's, and will be seen with it only."""
    inbox_id = ctx.desk.inbox_id
    known = ctx.draft.get("messages", [])
    if inbox_id is None or inbox_id in known:
        return ctx
    return ctx.learnt(messages=[*known, inbox_id])


def with_words(ctx: Context, words: str) -> Context:
    words = words.strip()
    return ctx.learnt(said=[*ctx.draft["said"], words]) if words else ctx


def words_of(ctx: Context) -> str:
    """All that was said of it."""
    return "\n".join(ctx.draft["said"])


def of_ticket(ctx: Context, ticket: TicketView) -> Context:
    subject = f"{ticket.short} {ticket.symptom}"
    return ctx.learnt(about=About.TICKET.value, ticket_id=ticket.id, subject=subject)


def of_people(ctx: Context, words: str) -> Context:
    """Who is called in the words; by the only ticket that they have in hand, if there is one."""
    people = naming.staff_called(ctx.desk, words)
    if not people:
        return ctx
    ctx = ctx.learnt(people=sorted(people), about=About.PERSON.value)
    theirs = [
        each
        for each in naming.tickets(ctx.desk)
        if each.assignee is not None and each.assignee.id in people
    ]
    if ctx.draft["ticket_id"] is not None or len(theirs) != 1:
        return ctx
    return of_ticket(ctx, theirs[0]).learnt(about=About.PERSON.value)


def asked(
    ctx: Context,
    step: Step,
    key: str,
    buttons: tuple[Button, ...] = (),
    facts: Facts | None = None,
) -> Turn:
    """Says and waits; all that is known stays in the draft."""
    return Turn((Say(key, facts or {}, buttons),), step, dict(ctx.draft), into=NAME)


def missed(ctx: Context, step: Step, key: str, buttons: tuple[Button, ...] = ()) -> Turn:
    return replace(asked(ctx, step, key, buttons), is_miss=True)


def with_media(step: StepFunction, ask: StepFunction) -> StepFunction:
    """Photos, places and voices at any moment: they wait for the complaint (C1)."""

    def given(ctx: Context) -> Turn:
        ctx = with_message(ctx)
        medium = ctx.heard.medium
        if medium is Medium.TEXT:
            return step(ctx)
        ctx.desk.attach(ctx.heard, is_waiting=True)
        if medium is Medium.VOICE and ctx.text.strip():
            heard = Say("media.heard", {"words": ctx.text})
            turn = step(ctx)
            return replace(turn, says=(heard, *turn.says))
        turn = ask(ctx)
        return replace(turn, says=(Say(f"complain.kept.{medium.value}"), *turn.says))

    return given
