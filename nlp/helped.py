"""What people say to an answer: 管用, 还是不行, 还是报修吧; and what they say behind it."""

from dataclasses import dataclass
from enum import StrEnum, auto

from nlp.patterns import any_of, linear, words_in
from nlp.wording import folded

__all__ = ["Helped", "Verdict", "read_helped"]


class Verdict(StrEnum):
    USEFUL = auto()
    USELESS = auto()
    REPORT = auto()
    NONE = auto()  # of those that were offered
    TRY = auto()  # what was offered beside a report


@dataclass(frozen=True, slots=True)
class Helped:
    """A verdict, and the words behind it: 还是不行,提示找不到打印机."""

    verdict: Verdict
    words: str = ""


_YES = words_in("helped", "yes")
_VERDICT_OF = {
    **dict.fromkeys(_YES, Verdict.USEFUL),
    **{word: each for each in Verdict for word in words_in("helped", each.value)},
}
_POLITE = any_of((*words_in("choices", "polite"), "嗯", "哦"))
_SAID = linear(
    rf"(?:{_POLITE}[ ,。!~]{{0,2}}+){{0,4}}+(?P<word>{any_of(_VERDICT_OF)})(?:{_POLITE}){{0,4}}+"
    r"(?:[ ,。;!.~、\n]{1,4}(?P<rest>[^\0]{0,450}))?"
)
_EDGES = " ,，。.!！~\n"


def read_helped(text: str, *, is_asked: bool = False) -> Helped | None:
    """None for words that say neither: 谢谢 alone does not say that it helped, 是的 if asked."""
    seen = folded(text).strip(_EDGES)
    match = _SAID.fullmatch(seen)
    if match is None or (match["word"] in _YES and not is_asked):
        return None
    rest = (match["rest"] or "").strip(_EDGES)
    if rest and (more := read_helped(rest)) and more.verdict is Verdict.REPORT:
        return more  # 没用,还是报修吧
    return Helped(_VERDICT_OF[match["word"]], _own(text, rest))


def _own(text: str, rest: str) -> str:
    """The words behind the verdict as they were typed; they stand at the message's end."""
    own = text.strip().rstrip(_EDGES)
    return own[len(own) - len(rest) :] if rest else ""
