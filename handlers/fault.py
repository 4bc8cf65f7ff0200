"""A fault as the draft of a report holds it, and as it is read from words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from domain.category import Category
from domain.priority import Impact, Urgency
from nlp.classifier import ASK_BELOW_CATEGORY, read
from nlp.incident import Incident, read_incident
from nlp.intents import WITH_CATEGORY, Intent
from nlp.reading import Reading
from nlp.told import thing_part
from services.views import BehalfOf, Report, Wished

_SURE = 0.8
"""Words that name no kind of thing tell of a fault only if their intent is this sure."""

_URGENT_IF = 0.75
"""Below this the classifier's «high» is a guess, and nobody is promised haste on a guess."""

_SURE_IN_LATIN = 0.9
"""English words are few in what the classifier learnt: below this its category is a guess."""

_GUESS = 0.15
"""A kind of thing below this share is no likelier than the ones that most people call about."""

_COMMON = (Category.COMPUTER, Category.NETWORK, Category.PRINTER)
_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """What is known so far; `category` is None until it is read surely or asked for."""

    words: str = ""  # all that was said of it, whole
    symptom: str = ""
    device: str | None = None
    place: str | None = None
    category: str | None = None
    guesses: tuple[str, ...] = ()  # the kinds to offer, the likeliest first
    urgency: str = Urgency.NORMAL.value
    impact: str = Impact.PERSON.value
    error_code: str | None = None
    is_request: bool = False
    is_told: bool = False  # the words hold a fault, not only a place, a name or a greeting
    reading: Mapping[str, Any] | None = None
    device_code: str | None = None  # of the device whose code was scanned, or that was meant
    behalf_of: Mapping[str, Any] | None = None  # whose fault it is, if another's
    wished: Mapping[str, Any] | None = None  # when somebody may come

    @property
    def lacks_symptom(self) -> bool:
        """Nothing yet, or only the name of a thing: what is wrong with it?"""
        return not self.symptom or self.symptom == self.device

    @property
    def is_urgent(self) -> bool:
        return self.urgency == Urgency.HIGH

    @property
    def is_surely_told(self) -> bool:
        """The words as a whole mean to report, beyond doubt."""
        return bool(self.reading) and (self.reading or {})["intent_confidence"] >= _SURE

    def to_json(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in _KEPT}, "guesses": list(self.guesses)}

    def report(self) -> Report:
        """The fault as the desk takes it; only a complete one has a category and a place."""
        return Report(
            symptom=self.symptom,
            description=self.words,
            place=self.place or "",
            category=Category(self.category or Category.OTHER),
            urgency=Urgency(self.urgency),
            impact=Impact(self.impact),
            device=self.device,
            error_code=self.error_code,
            is_request=self.is_request,
            reading=dict(self.reading) if self.reading else None,
            device_code=self.device_code,
            behalf_of=_behalf(self.behalf_of) if self.behalf_of else None,
            wished=wished_from(self.wished),
        )


_KEPT = tuple(field.name for field in fields(Fault))


def _behalf(kept: Mapping[str, Any]) -> BehalfOf:
    return BehalfOf(kept["name"], kept.get("department"), kept.get("phone"))


def from_json(kept: Mapping[str, Any]) -> Fault:
    return Fault(**{**kept, "guesses": tuple(kept.get("guesses", ()))})


def told_in(text: str) -> Fault:
    """The fault that these words tell of, if any."""
    return of(text, read(text), read_incident(text))


def of(text: str, reading: Reading, incident: Incident) -> Fault:
    """The fault, from what was already read out of the words."""
    told = thing_part(text)
    if told and len(told) < len(text.strip()):
        reading = _of_the_thing(reading, read(told))  # 电话 13900001111 makes it no telephone
    category = _category(text, reading)
    is_high = reading.urgency is Urgency.HIGH and reading.urgency_confidence >= _URGENT_IF
    has_words = any(character.isalpha() for character in incident.symptom)
    return Fault(
        words=text.strip(),
        symptom=incident.symptom if has_words else "",
        device=incident.device,
        place=incident.place,
        category=category.value if category else None,
        guesses=_guesses(text, reading),
        urgency=(Urgency.HIGH if incident.is_urgent or is_high else Urgency.NORMAL).value,
        impact=incident.people_hit.value,
        error_code=incident.error_code,
        is_request=reading.intent in (Intent.REQUEST, Intent.HOWTO),
        is_told=_is_told(reading, incident),
        reading=_kept(reading),
    )


def wished_from(kept: Mapping[str, Any] | None) -> Wished | None:
    """The wish as the desk takes it; a draft keeps instants as text."""
    if kept is None:
        return None
    begins, ends = (
        kept[name] and datetime.fromisoformat(kept[name]) for name in ("begins", "ends")
    )
    return Wished(kept["words"], begins or None, ends or None)


def _of_the_thing(whole: Reading, told: Reading) -> Reading:
    """What is wanted, by all the words; with which thing, by those that tell of it."""
    is_clearer = told.intent is Intent.REPORT and whole.intent is not Intent.REPORT
    intent = told if is_clearer else whole
    return replace(
        told,
        intent=intent.intent,
        intent_confidence=intent.intent_confidence,
        category=told.categories[0][0] if intent.intent in WITH_CATEGORY else None,
    )


def _is_told(reading: Reading, incident: Incident) -> bool:
    if not incident.symptom:
        return False
    is_report = reading.intent in (Intent.REPORT, Intent.REQUEST)
    is_of_something = incident.device is not None or reading.categories[0][1] >= ASK_BELOW_CATEGORY
    is_sure = reading.intent is Intent.REPORT and reading.intent_confidence >= _SURE
    return is_report and (is_of_something or is_sure)


def _category(text: str, reading: Reading) -> Category | None:
    """None if it has to be asked for."""
    best, confidence = reading.categories[0]
    needed = _SURE_IN_LATIN if text.isascii() else ASK_BELOW_CATEGORY
    return best if confidence >= needed else None


def _guesses(text: str, reading: Reading) -> tuple[str, ...]:
    """The likeliest first; in English, where they are a guess, behind the common ones."""
    likely = [kind for kind, share in reading.categories[:_OFFERED] if share >= _GUESS]
    if text.isascii():
        return _offered(*_COMMON, *likely)
    return _offered(*likely, *_COMMON)[:_OFFERED]


def _offered(*kinds: Category) -> tuple[str, ...]:
    return tuple(kind.value for kind in dict.fromkeys(kinds) if kind is not Category.OTHER)


def _kept(reading: Reading) -> dict[str, Any]:
    """What the ticket keeps of the reading: the answer, how sure it was, and the words for it."""
    best, confidence = reading.categories[0]
    return {
        "intent": reading.intent.value,
        "intent_confidence": round(reading.intent_confidence, 3),
        "category": best.value,
        "category_confidence": round(confidence, 3),
        "urgency": reading.urgency.value,
        "urgency_confidence": round(reading.urgency_confidence, 3),
        "evidence": [[found.word, found.label] for found in reading.evidence],
        "weights": [round(found.weight, 3) for found in reading.evidence],
        "model": reading.model,
    }
