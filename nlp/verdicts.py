"""What is answered where a complaint is handled: a verdict, points, and how a draft begins (C3)."""

from collections.abc import Iterable, Mapping

from nlp.patterns import any_of, linear, words_in
from nlp.wording import folded, wording

__all__ = [
    "clauses_of_names",
    "draft",
    "read_leading_number",
    "read_one_of",
    "read_points",
    "read_revision",
    "read_verdict",
]

VERDICTS = ("upheld", "partly", "not_upheld", "more")
REVISIONS = ("keep", "change", "strike")

_EDGES = " ,，。.!！~吧了\n"


def _begins(headings: Iterable[str]) -> tuple[Mapping[str, str], str]:
    known = {word: heading for heading in headings for word in words_in("verdicts", heading)}
    expression = rf"(?P<word>{any_of(known)})(?P<gap>[ ,:;。\n]{{0,3}})(?P<rest>[^\0]{{0,500}})"
    return known, expression


_VERDICT_OF, _VERDICT = _begins(VERDICTS)
_REVISION_OF, _REVISION = _begins(REVISIONS)
_BY_VERDICT, _BY_REVISION = linear(_VERDICT), linear(_REVISION)
_POINTS = linear(
    rf"(?P<sign>{any_of(words_in('verdicts', 'less', 'plus'))})? ?(?P<count>\d{{1,4}}) ?分?"
    r"(?:[ ,:;。\n]{1,3}(?P<rest>[^\0]{0,500}))?"
)
_LEADING = linear(r" ?(?:第 ?)?(?P<count>\d{1,9})(?!\d) ?[号条]?[ ,:。\n]{0,3}")
_PLUS = frozenset(words_in("verdicts", "plus"))
_JOINED = linear(any_of(words_in("verdicts", "joined")))


def read_verdict(text: str) -> tuple[str, str] | None:
    """Upheld, partly, not_upheld or more, and the words behind it; None if it begins otherwise."""
    said = wording(text)
    match = _BY_VERDICT.fullmatch(said.folded.strip())
    if match is None:
        return None
    return _VERDICT_OF[match["word"]], _behind(said.own, match["rest"])


def read_revision(text: str) -> tuple[str, str] | None:
    """What becomes of a fact that was answered: keep, change or strike, and the words behind it."""
    said = wording(text)
    match = _BY_REVISION.fullmatch(said.folded.strip())
    if match is None:
        return None
    return _REVISION_OF[match["word"]], _behind(said.own, match["rest"])


def _behind(own: str, rest: str) -> str:
    own = own.strip()
    return own[len(own) - len(rest) :].strip() if rest.strip() else ""


def read_points(text: str) -> tuple[int, str] | None:
    """What is held against somebody, and the words behind it: 3, -3 and 扣3分 are three less."""
    said = wording(text)
    seen = said.folded.strip()
    if seen.strip(_EDGES) in words_in("verdicts", "no_points"):
        return 0, ""
    match = _POINTS.fullmatch(seen)
    if match is None:
        return None
    count = int(match["count"])
    points = count if match["sign"] in _PLUS else -count
    return points, _behind(said.own, match["rest"] or "")


def read_leading_number(text: str) -> tuple[int | None, str]:
    """A number of few digits at the beginning, and the words behind it."""
    said = wording(text)
    match = _LEADING.match(said.folded)
    return (int(match["count"]), said.own[match.end() :]) if match else (None, text)


def read_one_of(text: str, headings: Iterable[str]) -> str | None:
    """The heading that holds just these words."""
    seen = folded(text).strip()
    said = {seen, seen.strip(_EDGES)}
    return next((each for each in headings if said & set(words_in("verdicts", each))), None)


def clauses_of_names(text: str) -> str:
    """The words with 和 and its like as commas: each part may name somebody."""
    said = wording(text)
    return _JOINED.sub(",", said.own)


def draft(verdict: str, measures: str) -> str:
    """A first answer to the complainant, which the desk may put in words of its own."""
    begins = next(iter(words_in("verdicts", f"said_{verdict}")), "")
    return begins + measures.rstrip("。. ") + "。"
