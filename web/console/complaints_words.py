"""How the console says things about complaints: status, due time, lines of the history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.complaints import ComplaintAction, ComplaintStatus
from domain.sentence import Fact, Say, Word
from services.complaints.views import ComplaintView, ConcernedView, EventView
from web.console import queue_words
from web.page import words

_SOON = timedelta(hours=1)
_WORDS_OF = {
    ComplaintAction.ADD: "words",
    ComplaintAction.VERIFY: "findings",
    ComplaintAction.RETURN: "words",
    ComplaintAction.DECIDE: "measures",
    ComplaintAction.FEED_BACK: "words",
    ComplaintAction.OBJECT: "words",
    ComplaintAction.RATE: "words",
    ComplaintAction.WITHDRAW: "words",
}
"""What was written with it; what was submitted stands at the head of the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history: what was done, and the words of that time, whole."""

    id: int
    at: datetime
    action: str
    say: Say
    words: str | None


def status_word(status: ComplaintStatus) -> str:
    return words(f"complaint.status.{status.value}")


def level(due_at: datetime | None, now: datetime) -> str:
    """How a due time looks; its words say the same."""
    if due_at is None:
        return "calm"
    if due_at <= now:
        return "late"
    return "amber" if due_at - now <= _SOON else "calm"


def left(due_at: datetime, now: datetime) -> str:
    return queue_words.left_words(due_at, now)


def subject(complaint: Any) -> str:
    """What it is about, in a few words."""
    return words(f"complaint.about.{complaint.about.value}")


def history(
    events: Iterable[EventView], concerned: Iterable[ConcernedView]
) -> tuple[list[Line], list[Line]]:
    """What was done, and who only read it."""
    names = {each.person.id: each.person.name for each in concerned}
    lines = [_line(each, names) for each in events]
    done = [each for each in lines if each.action != ComplaintAction.READ]
    return done, [each for each in lines if each.action == ComplaintAction.READ]


def _line(event: EventView, names: Mapping[int, str]) -> Line:
    detail = event.detail
    written = detail.get(_WORDS_OF.get(event.action, ""))
    return Line(
        event.id,
        event.at,
        event.action.value,
        Say(f"complaint_page.event.{event.action.value}", _facts(event, names)),
        str(written) if written else None,
    )


def _facts(event: EventView, names: Mapping[int, str]) -> dict[str, Fact]:
    detail = event.detail
    people = [names[each] for each in detail.get("people") or () if each in names]
    kind, verdict, ring = detail.get("kind"), detail.get("verdict"), detail.get("ring")
    return {
        "who": event.who or Word("complaint_page.itself"),
        "what": Word(f"medium.{'video' if kind == 'shortvideo' else kind}") if kind else None,
        "people": ", ".join(people) or None,
        "verdict": Word(f"complaint.verdict.{verdict}") if verdict else None,
        "ring": Word(f"complaint_page.ring.{ring}") if ring else None,
        "process": detail.get("process"),
        "outcome": detail.get("outcome"),
    }


def feedback_draft(complaint: ComplaintView) -> str:
    """What the desk may begin with: the decision, in words for who complained."""
    if complaint.verdict is None:
        return ""
    return words(
        f"complaint_act.draft.{complaint.verdict.value}",
        matter=complaint.words[:40],
        symptom=complaint.ticket.symptom if complaint.ticket else None,
        measures=complaint.measures,
    )
