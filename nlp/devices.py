"""Where the words of a message name a device: 惠普打印机, LQ-630K, OA, 财务部那台惠普."""

from dataclasses import dataclass

from nlp import synonyms
from nlp.patterns import any_of, linear, words_in
from nlp.wording import Wording, wording

__all__ = ["DEVICE", "Meant", "device_in", "names_device", "read_meant"]

_BRAND = any_of(words_in("incidents", "brand"))
_DEVICE_NAME = any_of(words_in("incidents", "device"))
_MODEL = r"[a-z\d][a-z\d-]{0,11}"
DEVICE = linear(
    rf"(?<![a-z])(?:{_BRAND}(?:的|那台)? ?(?:{_MODEL}(?:的| )?)?{_DEVICE_NAME}(?![a-z])"
    rf"|{_BRAND} ?(?=[a-z\d-]{{0,8}}\d){_MODEL}|{_DEVICE_NAME}(?![a-z]))"
)
_NOT_X = linear(
    r"(?<!是)不是[^,。;!\n ]{1,20}[,。;!\n ]"
    r"|(?:it['’]?s )?not (?:the|my|our) [^,;.!\n]{1,30}[,;.] ?"
)


def device_in(said: Wording) -> str | None:
    """The first device; 不是打印机 names none."""
    denied = _NOT_X.match(said.folded)
    begin = denied.end() if denied else 0
    match = DEVICE.search(said.folded, begin)
    for start, usual in synonyms.own_in(said.folded, begin):
        is_first = match is None or start <= match.start()
        if is_first and (meant := DEVICE.search(usual)):
            return meant[0]
    return said.said(*match.span()).removesuffix("的") if match else None


def names_device(seen: str, start: int, end: int) -> bool:
    """Whether a device stands there, by whatever name the desk has for it."""
    own = (usual for _, usual in synonyms.own_in(seen, start, end))
    return bool(DEVICE.search(seen, start, end)) or any(map(DEVICE.search, own))


# --- one of the asset list -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meant:
    """What words say of a thing that the desk may know; brand and thing in lower case."""

    brand: str | None = None
    thing: str | None = None
    department: str | None = None
    place: str | None = None

    @property
    def stem(self) -> str:
        """The department's name as places are called after it: 财务 of 财务部."""
        return (self.department or "").removesuffix("部").removesuffix("室")


_WHICH = r"(?:的|里|那边)?(?:那台|这台|那个|这个|那部|台)"
_ONE_OF = linear(
    rf"(?:(?P<department>{any_of(words_in('contacts', 'department'))}(?:部|科|室|处|办|中心)?)"
    rf"{_WHICH}?|{_WHICH})?(?:{_BRAND}|{_DEVICE_NAME})"
)
_BRAND_SAID = linear(rf"(?<![a-z]){_BRAND}(?![a-z])")
_THING_SAID = linear(rf"(?<![a-z]){_DEVICE_NAME}(?![a-z])")


def read_meant(text: str, place: str | None) -> Meant | None:
    """None unless brand, department, or place and thing narrow it."""
    seen = synonyms.in_usual_words(wording(text).folded)
    brand, thing = _BRAND_SAID.search(seen), _THING_SAID.search(seen)
    one_of = _ONE_OF.search(seen)
    if not (brand or thing):
        return None
    return Meant(
        brand[0] if brand else None,
        thing[0] if thing else None,
        one_of["department"] if one_of else None,
        place,
    )
