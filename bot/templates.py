"""Facts as the fields of a template message, each within what its type takes (R-059)."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.render import clean
from domain.calendar import CHINA
from domain.sentence import Fact, Say, Word
from texts import Texts

NOTHING = "-"  # an empty value is refused

_LIMITS = {  # characters, by the letters that a field's name begins with
    "thing": 20,
    "short_thing": 10,
    "name": 10,
    "phrase": 5,
    "const": 20,
    "character_string": 32,
    "letter": 32,
    "number": 32,
    "symbol": 5,
    "phone_number": 17,
    "car_number": 8,
}
_LONGEST = 20
_KIND = re.compile(r"[a-z_]+")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")
_ASCII_ONLY = frozenset({"character_string", "letter", "number", "phone_number"})


class Template(Protocol):
    """One template of the account: its id, and which fact fills which field."""

    @property
    def id(self) -> str: ...

    @property
    def fields(self) -> Mapping[str, str]: ...


def template_data(template: Template, say: Say, texts: Texts, now: datetime) -> dict[str, str]:
    """Every field with a value that the platform accepts."""
    return {
        field: _value(field, say.facts.get(name), texts, now)
        for field, name in template.fields.items()
    }


def _value(field: str, fact: Fact, texts: Texts, now: datetime) -> str:
    match = _KIND.match(field)
    kind = match[0] if match else field
    line = " ".join(clean(_words(fact, texts, now)).split())
    if kind in _ASCII_ONLY:
        line = _NOT_ASCII.sub("", line).strip()
    if kind in ("time", "date"):
        return line or NOTHING
    if kind == "phrase":  # Chinese characters only, and at least one (47003)
        line = _NOT_HAN.sub("", line) or texts.words("template_field.nothing", {}, now)
    return line[: _LIMITS.get(kind, _LONGEST)].strip() or NOTHING


def _words(fact: Fact, texts: Texts, now: datetime) -> str:
    match fact:
        case None:
            return ""
        case str() | int():
            return str(fact)
        case datetime():
            local = fact.astimezone(CHINA)  # in the form that the type asks for
            return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
        case Word():
            return texts.words(fact.key, {}, now)
        case Say():
            return texts.words(fact.key, fact.facts, now)
    return "; ".join(texts.words(each.key, each.facts, now) for each in fact)
