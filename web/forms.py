"""Forms: only the fields that a page lists, each within its limit (H-46, S-093)."""

import re
import unicodedata
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import request
from werkzeug.exceptions import BadRequest

from domain.calendar import CHINA
from domain.sentence import Say

KEY = "request_key"
_OURS = ("csrf_token", KEY)
_KEY = re.compile(r"[0-9a-f]{32}")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")


class SentBefore(Exception):
    """The same form was sent already, and said something else; `path` is what came of it (H-52)."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; `choices`: all that it may hold."""

    name: str
    limit: int = 200  # characters
    is_required: bool = False
    choices: Collection[str] | None = None
    missing: str = "h5.form.missing"  # what is said if it is empty and must not be


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, and what is wrong with it: by field."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: dict[str, Say] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def refuse(self, name: str, key: str) -> None:
        """Says of one field what is wrong with it."""
        self.problems.setdefault(name, Say(key))


def read_form(*fields: Field, files: Collection[str] = ()) -> Filled:
    """The form that was sent; BadRequest for a field that is not on it, or is there twice."""
    known = {each.name: each for each in fields}
    strange = set(request.form) - set(known) - set(_OURS) | set(request.files) - set(files)
    if strange or any(len(request.form.getlist(name)) > 1 for name in request.form):
        raise BadRequest()
    values = {name: _clean(request.form.get(name, "")) for name in known}
    filled = Filled(values)
    for each in fields:
        _check(each, filled)
    return filled


def instant(filled: Filled, name: str, wrong: str) -> datetime | None:
    """By the desk's own clock, for a browser sends no zone; `wrong` is said of what is no time."""
    if not filled[name]:
        return None
    try:
        return datetime.fromisoformat(filled[name]).replace(tzinfo=CHINA)
    except ValueError:
        filled.refuse(name, wrong)
        return None


def _check(wanted: Field, filled: Filled) -> None:
    value = filled[wanted.name]
    if wanted.choices is not None and value and value not in wanted.choices:
        raise BadRequest()
    if wanted.is_required and not value:
        filled.refuse(wanted.name, wanted.missing)
    elif len(value) > wanted.limit:
        filled.problems[wanted.name] = Say("h5.form.too_long", {"most": wanted.limit})


def _clean(value: str) -> str:
    """Without what no keyboard has: control characters and halves of characters."""
    value = _LINE_ENDS.sub("\n", value)
    kept = (
        char for char in value if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
    )
    return "".join(kept).strip()


def new_key() -> str:
    """A request key for one form: what is sent twice with it is done once (R-089)."""
    return uuid.uuid4().hex


def request_key() -> str:
    key = request.form.get(KEY, "")
    if not _KEY.fullmatch(key):
        raise BadRequest()
    return key
