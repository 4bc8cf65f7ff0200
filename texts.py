"""Looks sentences up in texts.yaml and puts the facts in; here alone keys become words."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from domain.calendar import CHINA
from domain.sentence import Fact, Facts, Say, Word

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads in a tenth of the time, where PyYAML was built with it; both are safe."""

log = logging.getLogger(__name__)

_GONE = "sentence.gone"
_PLACE = re.compile(r"\{([a-z_]+)\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


class TextsError(Exception):
    """texts.yaml cannot be used; the message says where."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to tap, in words."""

    act: str
    label: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words."""

    text: str
    lines: tuple[Line, ...]


class Texts:
    """Every sentence by its key; `neutral` makes a person's own words harmless for the edge."""

    def __init__(
        self, sentences: Mapping[str, str], neutral: Callable[[str], str], public_url: str = ""
    ) -> None:
        """`public_url`: where phones find our pages; without it no message links to one."""
        self._written = dict(sentences)
        self._sentences: Mapping[str, str] = self._written
        self._neutral = neutral
        self._public_url = public_url.rstrip("/")
        self._days = _days_of(self._sentences)
        self._edition = 0

    @property
    def edition(self) -> int:
        """Another number whenever sentences read otherwise than before."""
        return self._edition

    @property
    def written(self) -> Mapping[str, str]:
        """Every sentence as the files have it."""
        return self._written

    def put_over(self, own: Mapping[str, str]) -> None:
        """From now on these are said so, the others as written; who reads meanwhile sees one state.

        A key that no file has any more is left out: nobody asks for it.
        """
        known = {key: words for key, words in own.items() if key in self._written}
        self._sentences = {**self._written, **known}
        self._days = _days_of(self._sentences)
        self._edition += 1

    def now_said(self, key: str) -> str:
        """A sentence as it is said now, with its places unfilled; KeyError for no key."""
        return self._sentences[key]

    def tried(self, sentence: str, facts: Facts, now: datetime) -> str:
        """How a sentence would read that is not said yet."""
        return self._filled(sentence, facts, now)

    def render(self, say: Say, now: datetime) -> Rendered:
        """The message in words; times read as they stand to `now` at the desk."""
        lines = tuple(
            Line(button.act, self.words(button.label, button.facts, now)) for button in say.buttons
        )
        text = self.words(say.key, say.facts, now)
        url = self.url(say)
        if url and say.page:
            text += f'\n<a href="{url}">{self.words(say.page.label, say.facts, now)}</a>'
        return Rendered(text, lines)

    def url(self, say: Say) -> str | None:
        """The address of the page that the message leads to."""
        return self._public_url + say.page.path if say.page and self._public_url else None

    def has(self, key: str) -> bool:
        return key in self._sentences

    def said(self, say: Say, now: datetime) -> str:
        """A message as its readers see it later: what an older release kept may have no words now.

        KeyError for a key of this release that nobody wrote.
        """
        try:
            return self.words(say.key, say.facts, now)
        except KeyError as missing:
            if not say.is_kept:
                raise
            log.warning("sentence_gone key=%s missing=%s", say.key, missing.args[0])
            return self._sentences[_GONE]

    def words(self, key: str, facts: Facts, now: datetime) -> str:
        """One sentence; KeyError for a key that nobody wrote."""
        return self._filled(self._sentences[key], facts, now)

    def _filled(self, sentence: str, facts: Facts, now: datetime) -> str:
        def optional(match: re.Match[str]) -> str:
            names = _PLACE.findall(match[1])
            return match[1] if all(_is_given(facts.get(name)) for name in names) else ""

        def place(match: re.Match[str]) -> str:
            return self._fact(facts.get(match[1]), now)

        return _PLACE.sub(place, _OPTIONAL.sub(optional, sentence)).strip()

    def _fact(self, fact: Fact, now: datetime) -> str:
        match fact:
            case None:
                return ""
            case Word():
                return self._sentences[fact.key]
            case Say():
                return self.words(fact.key, fact.facts, now)
            case datetime():
                return self.spoken(fact, now)
            case str():
                return self._neutral(fact)
            case int():
                return str(fact)
        return "\n".join(self._fact(each, now) for each in fact)

    def spoken(self, at: datetime, now: datetime) -> str:
        """10:42 today, else with the day: as people say a time."""
        local = at.astimezone(CHINA)
        if local.second >= 30:
            local += timedelta(seconds=30)  # 10:41:52 is said as 10:42
        clock = f"{local.hour}:{local.minute:02d}"
        away = (local.date() - now.astimezone(CHINA).date()).days
        if away == 0:
            return clock
        return f"{self._days.near.get(away) or self._dated(local, now)} {clock}"

    def _dated(self, local: datetime, now: datetime) -> str:
        is_this_year = local.year == now.astimezone(CHINA).year
        pattern = self._days.date if is_this_year else self._days.date_and_year
        facts = {"year": local.year, "month": local.month, "day": local.day}
        return self._filled(pattern, facts, now)


def _is_given(fact: Fact) -> bool:
    return fact is not None and fact not in ("", (), [])


@dataclass(frozen=True)
class _Days:
    """How a day is called that is near, and how one that is not."""

    near: Mapping[int, str]  # days from today
    date: str
    date_and_year: str


def _days_of(sentences: Mapping[str, str]) -> _Days:
    return _Days(
        {
            -1: sentences.get("days.yesterday", ""),
            1: sentences.get("days.tomorrow", ""),
            2: sentences.get("days.after_tomorrow", ""),
        },
        sentences.get("days.date", "{month}-{day}"),
        sentences.get("days.date_and_year", "{year}-{month}-{day}"),
    )


def read_texts(path: Path, neutral: Callable[[str], str], public_url: str = "") -> Texts:
    """All sentences of the file, and of the pages' files beside it (web/texts).

    TextsError if one is not what it should be, or says a key that another says.
    """
    return Texts(read_sentences(path), neutral, public_url)


def read_sentences(path: Path) -> dict[str, str]:
    """Every sentence by its key, as it is written."""
    sentences: dict[str, str] = {}
    for file in (path, *sorted((path.parent / "web" / "texts").glob("*.yaml"))):
        found = dict(_leaves(_tree_of(file)))
        if twice := sentences.keys() & found.keys():
            raise TextsError(f"{file.name}: {min(twice)} stands elsewhere, too")
        sentences |= found
    return sentences


def _tree_of(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, yaml.YAMLError) as error:
        raise TextsError(f"{file.name}: {type(error).__name__}") from error


def _leaves(tree: Any, prefix: str = "") -> list[tuple[str, str]]:
    if not isinstance(tree, Mapping):
        raise TextsError(f"{prefix.rstrip('.') or 'the file'} is not a section")
    found: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, str):
            found.append((f"{prefix}{name}", value.strip("\n")))
        else:
            found += _leaves(value, f"{prefix}{name}.")
    return found
