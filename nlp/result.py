"""What an engineer says of finished work: cause, what was done, minutes, where, parts."""

from collections.abc import Iterator
from dataclasses import dataclass

from nlp.numerals import numeral
from nlp.patterns import any_of, linear, words_in
from nlp.wording import Wording, wording

__all__ = ["CAUSES", "Result", "read_minutes", "read_result"]

CAUSES = (
    "consumable",
    "worn_part",
    "setting",
    "operation",
    "software",
    "network",
    "power",
    "other",
)


@dataclass(frozen=True, slots=True)
class Result:
    """`cause` is a key of CAUSES; a replaced part was replaced on site unless told otherwise."""

    cause: str | None = None
    action_taken: str | None = None
    minutes: int | None = None
    is_on_site: bool | None = None
    parts: tuple[str, ...] = ()


Span = tuple[int, int]

# A thing decides before the word for its state: 网线断了 is the network's, 搓纸轮断了 a worn part.
_ORDER = (
    "operation",
    "consumable",
    "power",
    "network",
    "setting",
    "software",
    "worn_part",
    "other",
)
_CAUSE = {cause: linear(any_of(words_in("results", cause))) for cause in _ORDER}
_PART = linear(any_of(words_in("results", "part")))
_ACTION = linear(any_of(words_in("results", "action")))
_REPLACES = linear(r"换|新装|加装|装了|加了|添了|补了|备件")
_NEW_ONE = linear(
    r"换了(?:一?[个台条块根只套]?新的?)?(?![\u4e00-\u9fff\w])|换(?:了?个)?新的?(?![\u4e00-\u9fff\w])"
)
_ON_SITE = linear(any_of(words_in("results", "on_site")))
_REMOTE = linear(any_of(words_in("results", "remote")))
_LABEL = linear(
    r"(?:故障)?(?P<cause>原因)(?:是|为|[:])?\s?|(?P<action>处理(?:方法|方式|结果|过程)?|措施|做法)[:]\s?"
    r"|(?:用时|耗时|时间|工时|备件|配件|方式)[:]?\s?"
)
_CLAUSE = linear(r"[^,。;!、\n]{1,200}")


def read_result(text: str) -> Result:
    """The parts that the words hold; the cause's clause is left out of what was done."""
    said = wording(text)
    minutes, time_span = _minutes(said.folded)
    clauses = [_trimmed(said.folded, clause, time_span) for clause in _clauses(said.folded)]
    clauses = [clause for clause in clauses if clause[0] < clause[1]]
    cause, cause_clause = _cause(said.folded, clauses)
    parts = _parts(said, clauses)
    done = [clause for clause in clauses if _tells_action(said.folded, clause, cause_clause)]
    return Result(
        cause=cause,
        action_taken=_action(said, done, parts) or None,
        minutes=minutes,
        is_on_site=_is_on_site(said.folded, has_parts=bool(parts)),
        parts=parts,
    )


def _clauses(seen: str) -> Iterator[Span]:
    for match in _CLAUSE.finditer(seen):
        yield match.span()


def _trimmed(seen: str, clause: Span, time_span: Span | None) -> Span:
    """Without the time spent at either end, a label, and blanks."""
    start, end = clause
    if time_span and start <= time_span[0] < end:
        if not seen[time_span[1] : end].strip(" 左右吧了。."):
            end = time_span[0]
        elif not seen[start : time_span[0]].strip():
            start = time_span[1]
    if label := _LABEL.match(seen, start, end):
        start = label.end()
    while start < end and seen[start] == " ":
        start += 1
    while start < end and seen[end - 1] == " ":
        end -= 1
    return start, end


# the cause

_UNDONE = linear(r"没有?|未|忘了?|不")


def _cause(seen: str, clauses: list[Span]) -> tuple[str | None, Span | None]:
    """From the first clause that names one without telling of work, else from the first."""
    labelled = _LABEL.match(seen)
    for may_act in (False, True):
        for number, clause in enumerate(clauses):
            is_labelled = number == 0 and labelled and labelled["cause"]
            acts = not is_labelled and _acts(seen, clause)
            if acts and not may_act:
                continue
            if cause := _cause_in(seen, clause):
                return cause, None if acts else clause
    return None, None


def _acts(seen: str, clause: Span) -> bool:
    """没插紧 is no work done."""
    found = _ACTION.search(seen, *clause)
    return found is not None and not _UNDONE.search(seen, clause[0], found.start())


def _cause_in(seen: str, clause: Span) -> str | None:
    return next((cause for cause in _ORDER if _CAUSE[cause].search(seen, *clause)), None)


# what was done

_ONLY_WHERE = linear(
    rf"(?:{any_of(words_in('results', 'remote'))}|{any_of(words_in('results', 'on_site'))})"
    r"(?:处理|解决|完成|搞定|协助|指导)?(?:的|了)?"
)
_TAIL = " ,，。.;；"


def _tells_action(seen: str, clause: Span, cause_clause: Span | None) -> bool:
    if clause == cause_clause or _ONLY_WHERE.fullmatch(seen, *clause):
        return False
    return bool(_ACTION.search(seen, *clause)) or len(seen[slice(*clause)]) > 3


def _action(said: Wording, done: list[Span], parts: tuple[str, ...]) -> str:
    """The clauses as they were said; 换了新的 gets the name of the part that came before it."""
    told = []
    for clause in done:
        words = said.said(*clause)
        if (
            parts
            and _NEW_ONE.search(said.folded, *clause)
            and not _PART.search(said.folded, *clause)
        ):
            words += parts[0]
        told.append(words)
    return ",".join(told).strip(_TAIL)


def _parts(said: Wording, clauses: list[Span]) -> tuple[str, ...]:
    """What was replaced: named beside 换, or in the clause before 换了新的."""
    found: list[str] = []
    before: list[str] = []
    for clause in clauses:
        named = [said.said(*match.span()) for match in _PART.finditer(said.folded, *clause)]
        if _REPLACES.search(said.folded, *clause):
            found += named or before[-1:]
        before = named or before
    return tuple(dict.fromkeys(found))


def _is_on_site(seen: str, *, has_parts: bool) -> bool | None:
    if _ON_SITE.search(seen):
        return True
    if _REMOTE.search(seen):
        return False
    return True if has_parts else None


# the time spent

_COUNT = r"(?:\d{1,4}(?:\.\d)?|[零一二两三四五六七八九十百]{1,5})"
_SPENT = (
    r"(?:用时|耗时|用了|花了|花费|费时|历时|工时|时间"
    r"|大概|大约|约|总共|一共|共|差不多|前后|[: ]){0,4}"
)
_TIME = linear(
    rf"(?P<lead>{_SPENT})(?:"
    rf"(?P<hours>{_COUNT})\s?(?P<half>个半)?(?:个半?)?(?:多|来)?\s?(?:小时|钟头|h(?:ours?|rs?)?(?![a-z]))(?P<after>半)?"
    rf"(?:零?(?P<more>{_COUNT}|半)\s?(?:分钟?|刻钟?|min))?"
    r"|(?P<half_hour>半个?(?:多)?(?:小时|钟头))"
    rf"|(?P<quarters>[一两三])刻钟?"
    rf"|(?P<minutes>{_COUNT})(?:来|多|几)?\s?(?:分钟|分(?![\u4e00-\u9fff])|mins?(?![a-z])|m(?![a-z])|')"
    r")"
)
_SAYS_SPENT = linear(r"用时|耗时|用了|花了|费时|历时|共|工时")
_MOST_MINUTES = 60 * 24 * 7


def read_minutes(text: str) -> int | None:
    """How long it took: 30分钟, 半小时, 1个半小时, 1.5h, 一刻钟; a bare number is minutes."""
    seen = wording(text).folded
    value, _ = _minutes(seen)
    if value is None and (bare := numeral(seen)):
        value = bare if bare <= _MOST_MINUTES else None
    return value


def _minutes(seen: str) -> tuple[int | None, Span | None]:
    """The duration that 用了 or the like stands before, else the last one."""
    best: tuple[int, Span] | None = None
    for match in _TIME.finditer(seen):
        value = _in_minutes(match.groupdict())
        if value is None or not 0 < value <= _MOST_MINUTES:
            continue
        if (
            best is None
            or not _SAYS_SPENT.match(seen, *best[1])
            or _SAYS_SPENT.match(match["lead"])
        ):
            best = value, match.span()
    return best if best else (None, None)


def _in_minutes(part: dict[str, str | None]) -> int | None:
    if part["half_hour"]:
        return 30
    if quarters := part["quarters"]:
        return 15 * (numeral(quarters) or 0)
    if minutes := part["minutes"]:
        return _rounded(minutes, 1)
    hours = _rounded(part["hours"] or "", 60)
    if hours is None:
        return None
    if part["half"] or part["after"]:
        hours += 30
    more = part["more"]
    if not more:
        return hours
    return hours + (30 if more == "半" else _rounded(more, 1) or 0)


def _rounded(count: str, unit: int) -> int | None:
    if count.replace(".", "", 1).isdecimal() and count.isascii():
        return round(float(count) * unit)
    value = numeral(count)
    return None if value is None else value * unit
