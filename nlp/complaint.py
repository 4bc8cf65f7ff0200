"""Whether words complain of people and service, tell of a fault in anger, or may do either (C1)."""

from dataclasses import dataclass
from enum import StrEnum, auto

from nlp import lexicon
from nlp.classifier import ASK_BELOW_INTENT
from nlp.devices import DEVICE
from nlp.incident import tells_of_fault
from nlp.intents import Intent
from nlp.patterns import any_of, linear, words_in
from nlp.reading import Reading
from nlp.wording import folded

__all__ = ["Kind", "Told", "calls", "read_about", "read_complaint", "says_enough", "tells_all"]


class Kind(StrEnum):
    """What words of displeasure are."""

    WISH = auto()  # says outright that it is a complaint
    COMPLAINT = auto()
    EITHER = auto()  # to be asked
    NONE = auto()  # a fault, or anything else


@dataclass(frozen=True, slots=True)
class Told:
    """`is_whole`: the words tell what happened, and need not be asked for it."""

    kind: Kind
    is_whole: bool = False


_SURE = 0.7
"""From here on a complaint is taken for one, if no fault is told of in it."""
_LIKELY = 0.2
"""So likely a complaint is asked about where the words would go on as a report."""
_SURE_OF_OTHER = 0.8
"""What people say of service in passing, when they surely want something else."""
_FEW = 4
"""Characters; so short a sigh, 太慢了, is no account of anything."""
_THING_ONLY = 8
"""Characters behind the wish; so few name only what is complained of."""
_WHOLE_FROM = 20
"""Characters without the wish itself; so long an account tells what happened."""

_EDGES = " ,，。.!！~吧了的\n"
_LEAD = any_of(words_in("complaints", "lead"))
_NO_WISH = any_of(words_in("complaints", "no_wish"))
_WISHED = any_of(words_in("complaints", "wish"))
_WISH = linear(rf"[,。! ]{{0,2}}(?:{_LEAD}[,。! ]?){{0,6}}(?P<wish>{_WISHED})(?!{_NO_WISH})")
_DENIED = linear(any_of(words_in("complaints", "denied", "threat")))
_SERVER = linear(any_of(words_in("complaints", "server")))
_CONDUCT = linear(any_of(words_in("complaints", "conduct")))
_GRAVE = linear(any_of(words_in("complaints", "grave")))
_RECORD = linear(any_of(words_in("complaints", "record")))
_CONTRARY = linear(any_of(words_in("complaints", "contrary")))
_PRAISE = linear(any_of(words_in("complaints", "praise")))

_MAY_MEAN_IT = frozenset({Intent.REPORT, Intent.REQUEST, Intent.HOWTO, Intent.OTHER})
"""What a quiet complaint is easily taken for, and must not be without asking."""


def read_complaint(text: str, reading: Reading) -> Told:
    """By the words themselves first, then by what the classifier takes them for."""
    seen = folded(text)
    wish = _WISH.match(seen)
    if wish is None or _DENIED.search(seen):
        return Told(_kind(seen, reading), tells_all(seen))
    is_of_thing = not _blames(seen) and _is_of_thing(seen[wish.end() :])
    return Told(Kind.EITHER if is_of_thing else Kind.WISH, tells_all(seen))


def _is_of_thing(rest: str) -> bool:
    """我要投诉打印机 may be a fault, told in anger."""
    return _is_fault(rest) or (_letters(rest) <= _THING_ONLY and bool(DEVICE.search(rest)))


def tells_all(text: str) -> bool:
    """Whether so much was said that nobody has to be asked what happened."""
    seen = folded(text)
    wish = _WISH.match(seen)
    return _letters(seen[wish.end() :] if wish else seen) >= _WHOLE_FROM


def says_enough(text: str) -> bool:
    """就这些: nothing more is to be said."""
    return folded(text).strip(_EDGES) in words_in("complaints", "enough")


def read_about(text: str) -> str | None:
    """`other_matter` or `whole_service`, if the whole answer says so."""
    seen = folded(text).strip(_EDGES)
    headings = ("other_matter", "whole_service")
    return next((each for each in headings if seen in words_in("complaints", each)), None)


def _kind(seen: str, reading: Reading) -> Kind:
    blames, is_fault = _blames(seen), _is_fault(seen)
    if reading.intent is Intent.COMPLAIN:
        is_sure = reading.intent_confidence >= _SURE or blames
        if not is_sure and _letters(seen) < _FEW:
            return Kind.NONE
        return Kind.COMPLAINT if is_sure and (blames or not is_fault) else Kind.EITHER
    is_surely_other = reading.intent_confidence >= _SURE_OF_OTHER
    if blames and (_GRAVE.search(seen) or not is_surely_other):
        return Kind.NONE if _PRAISE.search(seen) else Kind.EITHER
    if reading.intent not in _MAY_MEAN_IT and reading.intent_confidence >= ASK_BELOW_INTENT:
        return Kind.NONE
    is_likely = reading.displeasure >= _LIKELY and not is_fault and _letters(seen) >= _FEW
    return Kind.EITHER if blames or is_likely else Kind.NONE


def _blames(seen: str) -> bool:
    """Somebody who serves did what they should not, or a record says what is not so."""
    if _RECORD.search(seen) and _CONTRARY.search(seen):
        return True
    return bool(_SERVER.search(seen) and _CONDUCT.search(seen))


def _is_fault(seen: str) -> bool:
    return tells_of_fault(seen) or any(
        mention.concept.endswith(".symptom") for mention in lexicon.mentions(seen)
    )


def _letters(seen: str) -> int:
    return sum(character.isalnum() for character in seen)


# --- who is meant ---------------------------------------------------------------------------------

_TITLES = words_in("answers", "title")


def calls(name: str, text: str) -> bool:
    """Whether somebody of this name is called anywhere in the words: whole, or 周工, 周师傅."""
    seen = folded(text)
    if not name:
        return False
    if folded(name) in seen:
        return True
    return any(f"{name[0]}{title}" in seen for title in _TITLES)
