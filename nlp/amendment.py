"""Whether a message says only that something told before is otherwise: place, number, time."""

from datetime import datetime

from nlp.contact import read_contact
from nlp.incident import read_correction, read_place
from nlp.patterns import any_of, linear, words_in
from nlp.wish import read_wish, without_wish
from nlp.wording import folded

__all__ = ["is_amendment", "read_part"]

_OF_PLACE = linear(any_of(words_in("amendments", "place")))
_OF_NUMBER = linear(any_of(words_in("amendments", "number")))
_CALM = linear(rf"{any_of(words_in('amendments', 'calm'))}[了啦吧的,。! ]{{0,3}}$")


_PARTS = {
    word: part
    for part in ("symptom", "place", "contact", "haste", "calm", "as_it_is")
    for word in words_in("amendments", f"part.{part}")
}


def read_part(text: str) -> str | None:
    """Which part of a summary is named, where it was asked what to change: 地点."""
    return _PARTS.get(folded(text).strip(" ,，。.!"))


def is_amendment(text: str, now: datetime) -> bool:
    """不是打印机,是电脑 is none: with another thing broken it is another fault."""
    if read_wish(text, now) and not any(map(str.isalnum, without_wish(text))):
        return True
    seen, meant = folded(text), read_correction(text)
    if _CALM.match(seen):
        return True
    if meant is None:
        return False
    if _OF_PLACE.match(seen):
        return read_place(text) is not None
    contact = read_contact(meant, expect_all=True)
    return bool(_OF_NUMBER.match(seen) and (contact.phone or contact.extension))
