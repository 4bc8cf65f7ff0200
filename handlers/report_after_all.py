"""An answer did not do: the report goes on with all that was said, and nothing is asked twice."""

from dataclasses import replace

from domain.refusals import NotFound
from handlers import fault as faults
from handlers.answer_said import meant
from handlers.dialog import Context, Say, Turn, aside
from handlers.fault import Fault
from handlers.report_draft import after, is_under_way, with_fault
from handlers.report_questions import ask_symptom, next_question
from services.answering import AnswerShown


def report_after_all(ctx: Context) -> Turn:
    """With question, reason, place and device; what kind of thing it is, the article knows."""
    if is_under_way(ctx):
        return aside("incident.under_way")
    shown = _shown(ctx)
    said = _said(ctx, shown)
    fresh = with_fault(replace(ctx, draft={}), Fault())
    if not said:
        return _instead(ask_symptom(fresh))
    fault = _fault(said, shown)
    fresh = with_fault(fresh.learnt(use=shown.id if shown else None), fault)
    return _instead(after((Say("answer.goes_on"),), next_question(fresh)))


def _shown(ctx: Context) -> AnswerShown | None:
    """None where titles only were offered, or where it was somebody else's."""
    is_offer = "offered" in ctx.draft and not ctx.draft.get("use") and not ctx.number
    try:
        return None if is_offer else meant(ctx)
    except NotFound:
        return None


def _said(ctx: Context, shown: AnswerShown | None) -> tuple[str, ...]:
    """The question, and why the answer was of no use."""
    draft = ctx.draft
    is_this_one = shown is None or draft.get("use") == shown.id
    if is_this_one and "question" in draft:
        return tuple(filter(None, (draft["question"], draft["why"])))
    return (shown.query,) if shown else ()


def _fault(said: tuple[str, ...], shown: AnswerShown | None) -> Fault:
    """What is wrong is read from the question; place, device and haste from all of it."""
    question, *why = said
    fault = faults.told_in(question)
    more = faults.told_in("，".join(said)) if why else fault
    return replace(
        fault,
        words="\n".join(said),
        symptom=fault.symptom or question,
        place=fault.place or more.place,
        device=fault.device or more.device,
        error_code=fault.error_code or more.error_code,
        urgency=more.urgency,
        category=fault.category or more.category or (shown.category.value if shown else None),
    )


def _instead(turn: Turn) -> Turn:
    return replace(turn, is_instead=True)
