"""Labelled messages as the corpus files hold them: one JSON object a line."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from domain.category import Category
from domain.priority import Urgency
from nlp.intents import Intent

DATA = Path(__file__).parent / "data"

L = TypeVar("L", bound=StrEnum)


class BadLine(ValueError):
    """A line that is not a message with known labels; says which."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message and what its file says about it: nothing, for a file that is only to be read."""

    text: str
    intent: Intent | None
    category: Category | None
    urgency: Urgency | None
    file: str
    weight: float = 1.0  # how much it counts when it is learnt


def corpus_files() -> list[Path]:
    return sorted(DATA.glob("utterances*.jsonl"))


def phrase_files() -> list[Path]:
    """What we wrote ourselves; learnt, never measured.

    Phrases that the desk teaches people to type, quiet complaints beside angry faults, and
    sentences of other branches than the corpus has, by what they are about.
    """
    return [DATA / "phrases.jsonl", DATA / "complaints.jsonl", *sorted(DATA.glob("own-*.jsonl"))]


def fingerprint(files: Iterable[Path]) -> str:
    """Changes when a line of these files does."""
    digest = sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read_corpus(file: Path) -> list[Utterance]:
    lines = file.read_text(encoding="utf-8-sig").split("\n")
    numbered = enumerate(lines, 1)
    return [_utterance(line, file, number) for number, line in numbered if line.strip()]


def _utterance(line: str, file: Path, number: int) -> Utterance:
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
            raise ValueError("not an object with a text")
        return Utterance(
            text=fields["text"],
            intent=_label(Intent, fields, "intent"),
            category=_label(Category, fields, "category"),
            urgency=_label(Urgency, fields, "urgency"),
            file=file.stem,
        )
    except ValueError as error:
        raise BadLine(f"{file}, line {number}: {error}") from error


def _label(labels: type[L], fields: Mapping[str, Any], key: str) -> L | None:
    value = fields.get(key)
    if value is None:
        return None
    try:
        return labels(value)
    except ValueError as error:
        raise ValueError(f"{key} {value!r} is none of {', '.join(labels)}") from error
