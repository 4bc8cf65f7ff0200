"""Whether a message says only that something told before is otherwise: place, number, time."""

from dataclasses import dataclass
from datetime import datetime

from nlp.contact import read_contact
from nlp.devices import device_in, read_meant
from nlp.english import Part, is_english, part_named, says_calm
from nlp.incident import read_correction, read_place
from nlp.patterns import any_of, linear, words_in
from nlp.places import places_in
from nlp.wish import Wish, read_wish, without_wish
from nlp.wording import folded, wording

__all__ = ["Amendment", "is_amendment", "is_same_thing", "read_amendment", "read_part"]


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is otherwise now, as far as it was said; 不急了 says only that there is time."""

    place: str | None = None
    number: str | None = None  # to be reached by
    device: str | None = None
    device_code: str | None = None  # a word that may be one
    wish: Wish | None = None

    @property
    def is_of_facts(self) -> bool:
        return any((self.place, self.number, self.device, self.device_code))


_OF_PLACE = linear(any_of(words_in("amendments", "place")))
_OF_NUMBER = linear(any_of(words_in("amendments", "number")))
_OF_DEVICE = linear(any_of(words_in("amendments", "device")))
_CODE = linear(r"(?<![a-z\d])[a-z]{1,6}-?\d{2,8}(?![a-z\d])")
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
    return read_amendment(text, now) is not None


def read_amendment(text: str, now: datetime) -> Amendment | None:
    """不是打印机,是电脑 is none: with another thing broken it is another fault."""
    wish = read_wish(text, now)
    if wish and not any(map(str.isalnum, without_wish(text))):
        return Amendment(wish=wish)
    seen, meant = folded(text), read_correction(text)
    if _CALM.match(seen) or says_calm(seen):
        return Amendment()
    found = _facts(text, seen, meant) if meant else Amendment()
    return found if found.is_of_facts else None


def _facts(text: str, seen: str, meant: str) -> Amendment:
    """Of what the message begins with, and of what else is beside it."""
    named = _named(seen, meant)
    is_of_place, is_of_number = named is Part.PLACE, named is Part.NUMBER
    contact = read_contact(meant, expect_all=is_of_number)
    number = contact.phone or (contact.extension if is_of_number else None)
    place = read_place(text) if is_of_place else None
    if is_of_place or is_of_number:
        return Amendment(place=place, number=number if is_of_number or place else None)
    return _of_device(_what_was(seen, meant), meant, is_named_so=named is Part.DEVICE)


def _named(seen: str, meant: str) -> Part | None:
    """What a correction is of; in English a place says so by itself: B201, not A305."""
    for part, pattern in ((Part.PLACE, _OF_PLACE), (Part.NUMBER, _OF_NUMBER)):
        if pattern.match(seen):
            return part
    if not is_english(seen):
        return Part.DEVICE if _OF_DEVICE.match(seen) else None
    said = wording(meant)
    is_place = any((each.start, each.end) == (0, len(said.own)) for each in places_in(said))
    return Part.PLACE if is_place else part_named(seen)


def _what_was(seen: str, meant: str) -> str:
    """In English what is meant may stand first: the computer, not the printer."""
    return seen.replace(folded(meant), "", 1) if is_english(seen) else seen


def _of_device(seen: str, meant: str, *, is_named_so: bool) -> Amendment:
    """编号写错了,是PR-0012; 不是惠普打印机,是佳能打印机."""
    code = _CODE.search(folded(meant))
    if is_named_so and code:
        return Amendment(device_code=code[0].upper())
    device = device_in(wording(meant))
    is_only_named = device is not None and folded(device) == folded(meant)
    if device and is_only_named and (is_named_so or is_same_thing(device, seen)):
        return Amendment(device=device)
    return Amendment()


def is_same_thing(device: str, other: str) -> bool:
    """A printer and another printer; both words name the same kind of thing."""
    one, another = read_meant(device, None), read_meant(other, None)
    return bool(one and another and one.thing and one.thing == another.thing)
