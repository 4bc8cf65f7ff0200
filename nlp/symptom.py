"""The person's own words for what is wrong, without place, urgency and politeness."""

from collections.abc import Iterator

from nlp.contact import contact_and_spans
from nlp.devices import DEVICE
from nlp.patterns import any_of, linear, words_in
from nlp.places import Place
from nlp.wording import Wording

__all__ = ["symptom_of"]

Span = tuple[int, int]

_DIVIDER = linear(r"[,。;!?、~…\n ]+|\.(?= |$)")
_PADDING = linear(rf"{any_of(words_in('incidents', 'padding', 'urgent'))}|(?P<more>[^\W_])")
_LEAD = linear(
    rf"{any_of(words_in('incidents', 'lead'))}"
    rf"|(?:the|my|our) (?=[a-z])|(?:是|就是)?(?:我们?|咱们?|[他她]们?)?的?(?={DEVICE.pattern})"
)
_TRAIL = sorted(
    (
        *words_in("incidents", "trail"),
        *(word for word in words_in("incidents", "urgent") if word != "急"),
    ),
    key=len,
    reverse=True,
)
_COUNTED = linear(r"[\d一二两三四五六七八九十几半多](?:个?小时|分钟|[次遍回天趟])了$|了了$")
_ONLY_DEVICE = linear(rf"{DEVICE.pattern}$")
_HAN_WORD = linear(r"[\u4e00-\u9fff]{2}")


def symptom_of(said: Wording, place: Place | None) -> str:
    """The person's words without place, contact, urgency and politeness."""
    _, spoken_of = contact_and_spans(said)
    kept: list[Span] = []
    for start, end in _without_place(said, place):
        kept += [
            clause
            for clause in _clauses(said.folded, start, end)
            if not _is_padding(said.folded, *clause) and not _is_inside(clause, spoken_of)
        ]
    if not kept:
        return ""
    kept[0] = _led_in(said.folded, *kept[0])
    kept[-1] = _led_out(said.folded, *kept[-1])
    return _joined(said, [clause for clause in kept if clause[0] < clause[1]])


def _clauses(seen: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for match in _DIVIDER.finditer(seen, start, end):
        if at < match.start():
            yield at, match.start()
        at = match.end()
    if at < end:
        yield at, end


def _is_padding(seen: str, start: int, end: int) -> bool:
    return not any(match.lastgroup for match in _PADDING.finditer(seen, start, end))


_SMALL_REST = 3  # characters: 电话是, 我叫


def _is_inside(clause: Span, spans: list[Span]) -> bool:
    """Most of the clause said who the person is: 我是人事的李娜."""
    start, end = clause
    covered = sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in spans)
    return covered > 0 and end - start - covered <= _SMALL_REST


def _led_in(seen: str, start: int, end: int) -> Span:
    for _ in range(5):
        match = _LEAD.match(seen, start, end)
        if match is None or match.end() >= end:
            break
        start = match.end()
    return start, end


def _led_out(seen: str, start: int, end: int) -> Span:
    for _ in range(3):
        word = next((word for word in _TRAIL if seen.endswith(word, start + 2, end)), None)
        if word is None:
            break
        end -= len(word)
    if _COUNTED.search(seen, start, end):
        end -= 1
    return start, end


def _joined(said: Wording, clauses: list[Span]) -> str:
    """The clauses with the person's own punctuation; a blank between two clauses is a comma."""
    text, run = "", 0  # `run` is where the words since the last comma begin
    for number, (start, end) in enumerate(clauses):
        if number:
            divider = _divider(said, (run, clauses[number - 1][1]), (start, end))
            text += divider
            run = run if divider in ("", " ") else start
        else:
            run = start
        text += said.own[start:end]
    return text


def _divider(said: Wording, left: Span, right: Span) -> str:
    """A comma between clauses, a blank between a device or code and what is said of it."""
    between = said.own[left[1] : right[0]]
    if not _DIVIDER.search(said.folded, left[1], right[0]):
        return ""  # the place stood here, in the middle of a clause
    if between := between.strip(" \n"):
        return "," if between[0].isalnum() else between[0]
    if said.folded[left[1] - 1] in ":是说写报弹为叫到在和把给":  # 提示说 Access denied
        return " "
    is_name = not _HAN_WORD.search(said.folded, *left) or _ONLY_DEVICE.match(said.folded, *left)
    return "," if _HAN_WORD.match(said.folded, *right) and not is_name else " "


_POINTS = any_of(words_in("incidents", "points"))
_AFTER_PLACE = linear(
    rf"[ ,。;:!]{{0,2}}(?:{_POINTS}(?![头么些])|(?=[,。;!?\n ]|$)"
    rf"|(?P<thing>(?={DEVICE.pattern})))"
)
_BEFORE_PLACE = linear(
    r",? (?:in|on|at)(?: the)? $|(?:^|(?<=[,。;!?\n ]))(?:我们?|咱们?)?(?:在|的|是)?$|(?P<at>在)$"
)


def _without_place(said: Wording, place: Place | None) -> list[Span]:
    """The stretches of the message that are not the place, if it can be cut out."""
    whole = [(0, len(said.own))]
    if place is None:
        return whole
    before = _BEFORE_PLACE.search(said.folded, 0, place.start)
    after = _AFTER_PLACE.match(said.folded, place.end)
    says_at = before is not None and before["at"] is not None
    if before is None or not (after or says_at):
        return whole
    if after and after.lastgroup == "thing" and not place.is_exact:
        return whole  # 会议室投影 and 机房空调 are names of devices
    end = after.end() if after else place.end
    return [(0, before.start()), (end, len(said.own))]
