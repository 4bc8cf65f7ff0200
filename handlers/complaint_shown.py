"""A complaint as clerk and head read it in chat: one message, the rest on request (C2, C3)."""

from collections.abc import Sequence

from handlers.complaint_in_hand import cut, waits
from handlers.dialog import Button, Context, Facts, Say, Step, Turn, Word, choice
from nlp.verdicts import read_one_of
from services.complaints import showing
from services.complaints.at_hand import AtHand, at_hand
from services.complaints.views import ComplaintView, attachments, concerned

_ROOM = 220
"""Characters of people's words in one card: with its lines to tap it stays below 2,048 bytes."""

_PART = 380  # characters of the whole words in one message
_DEPARTMENT, _SYMPTOM, _NAMES = 16, 24, 4


def card(ctx: Context, complaint: ComplaintView, *parts: str | None) -> Say:
    """Who complains of what; `parts` are words that stand below, and share the room."""
    around = at_hand(ctx.desk, complaint.id)
    (words,) = shares((complaint.words, *parts))[:1]
    facts: Facts = {
        "number": complaint.number,
        "about": None if complaint.ticket else Word(f"complaint.about.{complaint.about.value}"),
        "contact": complaint.contact_name,
        "department": cut(complaint.contact_department, _DEPARTMENT) or None,
        "phone": complaint.contact_phone,
        "at": complaint.submitted_at,
        "earlier": len(around.complainant.earlier) or None,
        "words": words,
        "ticket": _ticket(complaint, around),
        "media": len(attachments(ctx.desk, complaint.id)) or None,
        "verifier": complaint.verifier.name if complaint.verifier else None,
    }
    return Say("complaint_desk.card", facts)


def _ticket(complaint: ComplaintView, around: AtHand) -> Say | None:
    if complaint.ticket is None or around.ticket is None:
        return None
    ticket, scores = complaint.ticket, around.ticket.scores
    solved_by = around.ticket.solved_by
    facts: Facts = {
        "number": ticket.short,
        "symptom": cut(ticket.symptom, _SYMPTOM),
        "engineer": ticket.assignee.name if ticket.assignee else solved_by,
        "speed": scores.speed if scores else None,
        "attitude": scores.attitude if scores else None,
        "result": scores.result if scores else None,
        "unrated": None if scores else Word("complaint_desk.unrated"),
    }
    return Say("complaint_desk.ticket", facts)


def findings(ctx: Context, complaint: ComplaintView) -> tuple[Say, ...]:
    """What the desk found and whom it names; after an objection what was decided before, too."""
    told = later_words(complaint)
    _, found, measures, objection = shares((complaint.words, *told))
    facts: Facts = {
        "findings": found or None,
        "unverified": None if found else Word("complaint_head.unverified"),
        "names": names_found(ctx, complaint),
    }
    says = [Say("complaint_head.findings", facts)]
    if complaint.objection:
        before: Facts = {
            "verdict": Word(f"complaint.verdict.{complaint.verdict.value}")
            if complaint.verdict
            else None,
            "measures": measures or None,
            "objection": objection,
        }
        says.append(Say("complaint_head.objected", before))
    return tuple(says)


def later_words(complaint: ComplaintView) -> tuple[str | None, str | None, str | None]:
    """What stands below the complaint's own words for who decides."""
    measures = complaint.measures if complaint.objection else None
    return complaint.findings, measures, complaint.objection


def names_found(ctx: Context, complaint: ComplaintView) -> str | None:
    people = [each.person.name for each in concerned(ctx.desk, complaint.id) if each.is_found]
    return joined(people)


def joined(names: Sequence[str]) -> str | None:
    shown = "、".join(names[:_NAMES])
    return (f"{shown}…" if len(names) > _NAMES else shown) or None


def shares(texts: Sequence[str | None]) -> tuple[str, ...]:
    """Each text cut so that all together fit the room; short ones leave theirs to the others."""
    left, shown = _ROOM, dict[int, str]()
    by_length = sorted(range(len(texts)), key=lambda place: len(texts[place] or ""))
    for done, place in enumerate(by_length):
        shown[place] = cut(texts[place] or "", max(left // (len(texts) - done), 1))
        left -= len(shown[place])
    return tuple(shown[place] for place in range(len(texts)))


# --- on request ----------------------------------------------------------------------------------


def extras(ctx: Context, complaint: ComplaintView, *parts: str | None) -> tuple[Button, ...]:
    """Its photos, and its whole words where the card cuts them."""
    texts = (complaint.words, *parts)
    is_cut = tuple(each or "" for each in texts) != shares(texts)
    return (
        *((choice("photos"),) if attachments(ctx.desk, complaint.id) else ()),
        *((choice("whole", "button.whole_text"),) if is_cut else ()),
    )


def looked(
    ctx: Context, complaint: ComplaintView, step: Step, ask: Say, *parts: str | None
) -> Turn | None:
    """Photos are sent, or the words go on; the question waits below. None: something else is said.

    `ask` is the question as it is put again, with its lines.
    """
    wants = ctx.tapped or read_one_of(ctx.text, ("photos", "whole"))
    if wants == "photos":
        counts = showing.show_media(ctx.desk, complaint.id)
        key = "complaint_desk.photos_follow" if counts else "complaint_desk.no_photos"
        return waits(step, Say(key, {"count": sum(counts.values())}), ask)
    if wants == "whole":
        text = "\n".join(each for each in (complaint.words, *parts) if each)
        begins = int(ctx.draft.get("shown") or 0)
        ends = begins + _PART if begins + _PART < len(text) else 0
        more = (choice("whole", "button.go_on"),) if ends else ()
        part = Say("complaint_desk.whole", {"words": text[begins : ends or None]}, more)
        return waits(step, part, ask, shown=ends)
    return None
