"""How the console draws a ticket: thin lines folded, bubbles for words, fates in words (E)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from domain.lifecycle import Action
from domain.sentence import Fact, Word
from services import attachments, canned, drafts, notes
from services.canned import Canned
from services.desk import Desk
from services.ticket_page import Line, NoticeLine, TicketPage, Verb
from services.timeline import Entry, EntryKind
from services.views import PersonView
from web.page import spoken, words

FOLDED_FROM = 4
"""So many thin lines in a row are folded; fewer tell the story better than a fold does."""

TAPS = ("accept", "arrive", "resume", "confirm", "urge", "unmerge", "dispatch")
"""Acts of one press; the others ask something first."""

_FIRST = ("accept", "resume", "dispatch", "resolve", "confirm")
"""What is most likely meant, in this order."""

_SIDEWAYS = (
    "merge",
    "link",
    "split",
    "cancel",
    "unmerge",
    "urge",
    "decline",
    "transfer",
    "escalate",
    "quiet",
)
"""What stands in the menu, not in the bar."""

_BUBBLES = {
    Action.OPEN: "person",
    Action.AMEND: "person",
    Action.PROGRESS: "ours",
    Action.TALK: "ours",
    Action.NOTE: "note",
    Action.RESOLVE: "solved",
}
_PROBLEMS = ("held", "failed", "expired", "unknown")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of thin lines, or one line that stands for itself."""

    is_thin: bool
    lines: tuple[Line, ...]

    @property
    def is_folded(self) -> bool:
        return self.is_thin and len(self.lines) >= FOLDED_FROM

    @property
    def key(self) -> str:
        return key_of(self.lines[0])


@dataclass(frozen=True, slots=True)
class Bar:
    """The verbs as they are drawn: the first, the others, and the menu."""

    first: Verb | None
    bar: tuple[Verb, ...]
    menu: tuple[Verb, ...]
    not_now: tuple[Verb, ...]


@dataclass(frozen=True, slots=True)
class Composer:
    """What somebody who writes here has at hand."""

    reply: str | None  # the draft; None: this reader does not talk with requesters
    note: str
    canned: tuple[tuple[Canned, str], ...]  # with this ticket's values put in
    colleagues: tuple[PersonView, ...]
    may_attach: bool = False


def blocks(lines: Iterable[Line]) -> list[Block]:
    found: list[Block] = []
    for is_thin, run in groupby(lines, _is_thin):
        if is_thin:
            found.append(Block(True, tuple(run)))
        else:
            found += [Block(False, (line,)) for line in run]
    return found


def _is_thin(line: Line) -> bool:
    """What only says that something was done; a notice that did not get through is more."""
    if line.notice is not None:
        return line.notice.state not in _PROBLEMS and not line.notice.is_waiting
    return line.entry is not None and bubble(line.entry) == ""


def bubble(entry: Entry) -> str:
    """Whose words these are: person, ours, note, solved, rating; empty for a thin line."""
    match entry.kind:
        case EntryKind.MEDIA:
            return "person"
        case EntryKind.TALK:
            return "ours" if entry.say.key.endswith(".clerk") else "person"
        case EntryKind.RATING:
            return "rating"
    kind = _BUBBLES.get(entry.action, "") if entry.action else ""
    has_words = bool(entry.say.facts.get("words")) or entry.action is Action.OPEN
    return kind if has_words else ""


def key_of(line: Line) -> str:
    """What a line is known by in the page, whenever it is drawn."""
    if line.notice is not None:
        return f"n{line.notice.id}"
    entry = line.entry
    if entry is None:
        return "none"
    if entry.attachment is not None:
        return f"m{entry.attachment.id}"
    if entry.line_id is not None:
        return f"a{entry.line_id}"
    return f"t{int(entry.at.timestamp() * 1000)}"


def who(entry: Entry) -> str:
    fact = entry.say.facts.get("who")
    return words(fact.key) if isinstance(fact, Word) else str(fact or "")


def spoken_words(entry: Entry, description: str) -> str:
    """What was said in it; of the report the whole of it."""
    if entry.action is Action.OPEN:
        return description
    return fact_words(entry.say.facts.get("words"))


def fact_words(fact: Fact) -> str:
    return fact if isinstance(fact, str) else ""


def fate(notice: NoticeLine) -> str:
    return words(
        "ticket_page.fate.soon" if notice.is_waiting else f"ticket_page.fate.{notice.state}"
    )


def bar(page: TicketPage) -> Bar:
    allowed = [each for each in page.verbs if each.is_allowed]
    if not page.facts.may_unmerge:
        allowed = [each for each in allowed if each.name != "unmerge"]
    names = {each.name: each for each in allowed}
    first = next((names[name] for name in _FIRST if name in names), None)
    rest = [each for each in allowed if each is not first]
    return Bar(
        first,
        tuple(each for each in rest if each.name not in _SIDEWAYS),
        tuple(each for each in rest if each.name in _SIDEWAYS),
        tuple(each for each in page.verbs if each not in allowed),
    )


# --- writing ------------------------------------------------------------------------------------


def composer(desk: Desk, page: TicketPage, *, may_reply: bool, may_note: bool) -> Composer | None:
    """None for who only reads."""
    if not may_note:
        return None
    number, me = page.ticket.number, desk.actor.id
    ticket = notes.ticket_of(desk, page.ticket.id)
    return Composer(
        drafts.read(desk.session, me, f"reply:{number}") if may_reply else None,
        drafts.read(desk.session, me, f"note:{number}"),
        _canned(desk, page) if canned.may_use(desk) else (),
        notes.readers_of(desk, ticket),
        may_attach=attachments.may_attach(desk, ticket),
    )


def _canned(desk: Desk, page: TicketPage) -> tuple[tuple[Canned, str], ...]:
    values = values_of(desk, page)
    listed = canned.listed(desk, page.ticket.category)
    return tuple((each, canned.filled(each.text, values)) for each in listed)


def values_of(desk: Desk, page: TicketPage) -> dict[str, str]:
    """The variables of canned words for this ticket; those without a value are left out."""
    engineer = page.ticket.assignee.name if page.ticket.assignee else None
    facts = canned.facts_for(desk, page.ticket, engineer)
    due = spoken(page.ticket.resolution_due_at)
    worded = {name: due if name == "due" else fact_words(fact) for name, fact in facts.items()}
    return {name: value for name, value in worded.items() if value}


def open_variables(text: str) -> str:
    """The names of what was not filled in, as people call them."""
    return ", ".join(words(f"ticket_compose.names.{name}") for name in canned.left_open(text))
