"""What the account did with what it read of a message, and which report came of it (F6)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.understanding import Handling
from handlers import answer_said, report_draft
from handlers.dialog import Context, Turn
from handlers.report_draft import READ_IN
from nlp.intents import Intent
from services.conversations import Standing

_ASKED_BACK = frozenset(
    {
        (report_draft.NAME, report_draft.Step.WISH),
        (report_draft.NAME, report_draft.Step.CATEGORY),
        (answer_said.NAME, answer_said.Step.WHICH),
    }
)


def handling_of(ctx: Context, turn: Turn, after: Standing) -> Handling | None:
    """None: what the classifier read decided nothing here."""
    if not (turn.is_read or _is_of_fault(ctx, after)):
        return None
    if turn.hands_over:
        is_wanted = ctx.reading.intent is Intent.HUMAN
        return Handling.ACTED if is_wanted else Handling.HANDED_OVER
    if turn.is_miss or turn.is_lost:
        return Handling.NOT_UNDERSTOOD
    if (after.name, after.step) in _ASKED_BACK:
        return Handling.ASKED
    is_answered = (after.name, after.step) == (answer_said.NAME, answer_said.Step.HELPED)
    return Handling.ANSWERED if is_answered else Handling.ACTED


def _is_of_fault(ctx: Context, after: Standing) -> bool:
    """Whether these words, an answer or not, are by what the fault is now known."""
    before, now = ctx.draft.get("fault"), after.draft.get("fault")
    if ctx.heard.tap is not None or not now or not ctx.text.strip():
        return False
    is_new = (before or {}).get("reading") != now.get("reading")
    return is_new and ctx.text.strip() in now.get("words", "")


def remembered(ctx: Context, after: Standing, handling: Handling | None) -> Standing:
    """The draft names the message until its ticket is open; one that told two faults has none."""
    if after.step is None:
        return after
    draft = after.draft
    if handling is not None and ctx.desk.inbox_id is not None:
        draft = {**draft, READ_IN: ctx.desk.inbox_id}
    elif READ_IN not in draft and READ_IN in ctx.draft and after.name == report_draft.NAME:
        draft = {**draft, READ_IN: ctx.draft[READ_IN]}
    if _is_of_two(draft):
        draft = {name: value for name, value in draft.items() if name != READ_IN}
    return after if draft == after.draft else replace(after, draft=draft)


def _is_of_two(draft: Mapping[str, Any]) -> bool:
    return "parts" in draft or "rest" in draft
