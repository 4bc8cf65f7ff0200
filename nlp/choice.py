"""Answers to a question: yes, no, amend, cancel; or which of the options."""

from enum import StrEnum, auto

from nlp.numerals import NUMERAL, numeral
from nlp.patterns import any_of, linear, words_in
from nlp.wording import folded

__all__ = ["Choice", "read_choice", "read_option"]


class Choice(StrEnum):
    YES = auto()
    NO = auto()
    AMEND = auto()
    CANCEL = auto()
    UNCLEAR = auto()


_POLITE, _OTHER = "polite", "other"

# A word in two lists has the kind that stands last here.
_KIND_OF = {
    word: kind
    for heading, kind in (
        ("polite", _POLITE),
        ("cancel", Choice.CANCEL),
        ("amend", Choice.AMEND),
        ("no", Choice.NO),
        ("yes", Choice.YES),
        ("neither", _OTHER),
    )
    for word in words_in("choices", heading)
}
_WORD = linear(any_of(_KIND_OF) + "|[^ ]")
_CLAUSE_END = linear(r"[,。;!、~…\n]|\.(?= |$)")
_IS_QUESTION = linear(r"[?]|[吗么]\W{0,3}$")
_LATIN = linear(r"[a-z0-9]")


# 地点改成 A座306; a longer text that begins so tells of a fault.
_AMENDS = linear(
    rf"{any_of(word for word in words_in('choices', 'amend') if len(word) > 1)}[^,。]{{0,20}}$"
)


def read_choice(text: str) -> Choice:
    """好了 and a question are unclear; 取消 and 改 count wherever they stand in the answer."""
    seen = folded(text)
    if _IS_QUESTION.search(seen):
        return Choice.UNCLEAR
    clauses = [kinds for part in _CLAUSE_END.split(seen) if (kinds := _kinds(part))]
    if _says(Choice.CANCEL, clauses):
        return Choice.CANCEL
    if _says(Choice.AMEND, clauses) or _AMENDS.match(seen):
        return Choice.AMEND
    return _first_answer(clauses)


def _says(choice: Choice, clauses: list[set[str]]) -> bool:
    """A clause says this and nothing that is not known: 取消按钮点不动 is a fault."""
    return any(choice in kinds and _OTHER not in kinds for kinds in clauses)


def _first_answer(clauses: list[set[str]]) -> Choice:
    """Yes or no when the message begins with a clause that is just that, and does not turn."""
    meant = [said for kinds in clauses if (said := kinds - {_POLITE})]
    answers = [said for said in meant if said in ({Choice.YES}, {Choice.NO})]
    if not answers or meant[0] != answers[0] or any(said != meant[0] for said in answers):
        return Choice.UNCLEAR
    return Choice(*meant[0])


def _kinds(clause: str) -> set[str]:
    """Which kinds of words make up the clause; one unknown character makes it `other` too."""
    found: set[str] = set()
    for match in _WORD.finditer(clause):
        word = match[0]
        kind = _KIND_OF.get(word)
        if kind and not _is_inside_a_word(clause, *match.span()):
            found.add(kind)
        elif word.isalnum():
            found.add(_OTHER)
    return found


def _is_inside_a_word(text: str, start: int, end: int) -> bool:
    """«no» does not stand in «note», nor 1 in 12."""
    is_cut_before = start > 0 and _LATIN.match(text[start]) and _LATIN.match(text[start - 1])
    is_cut_after = _LATIN.match(text[end - 1]) and _LATIN.match(text, end)
    return bool(is_cut_before or is_cut_after)


_OPTION = linear(
    r"(?:我?(?:选择?|要|看|点|只报|只要|报|是|就)\s?)?(?:第\s?)?"
    rf"(?:(?P<number>{NUMERAL})|(?P<last>最后(?:一[个张条项])?)|(?P<letter>[a-i])"
    r"|(?P<end>[前后上下](?:面?那|面?一)[个张条项]))"
    r"\s?(?:[个张条项号]|那个|这个|种)?(?:吧|的|呢|啊|啦)?"
)
_EDGES = " .,。、;!()[]【】「」:#~"


def read_option(text: str, count: int) -> int | None:
    """Which of `count` options the whole message names, counted from 0."""
    match = _OPTION.fullmatch(folded(text).strip(_EDGES))
    if match is None:
        return None
    if match["last"]:
        place = count - 1
    elif match["end"]:  # 前一个, 后一个 are clear only between two
        place = (0 if match["end"][0] in "前上" else 1) if count == 2 else -1
    elif match["letter"]:
        place = ord(match["letter"]) - ord("a")
    else:
        place = (numeral(match["number"]) or 0) - 1
    return place if 0 <= place < count else None
