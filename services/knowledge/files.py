"""Articles as files: a head of facts, three dashes, the text; one file for each article."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from domain.category import Category
from domain.knowledge import Audience
from services.knowledge.records import Wording

_LINE = "---"
_KNOWN = frozenset({"number", "title", "category", "audience", "asks", "answer"})


class BadFile(Exception):
    """A file that is no article; the message says why."""


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """What a file holds; without a number it is a new article."""

    wording: Wording
    number: str | None = None


def read_article(path: Path) -> ArticleFile:
    """The article of a file, or `BadFile`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        end = lines.index(_LINE, 1)
        head = yaml.safe_load("\n".join(lines[1:end]))
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        raise BadFile(f"{path.name}: {type(error).__name__}") from None
    if not isinstance(head, dict) or not set(head) <= _KNOWN or not head.get("title"):
        raise BadFile(f"{path.name}: head")
    try:
        return ArticleFile(_wording(head, "\n".join(lines[end + 1 :])), head.get("number"))
    except ValueError as error:
        raise BadFile(f"{path.name}: {error}") from None


def _wording(head: Mapping[str, Any], body: str) -> Wording:
    return Wording(
        title=str(head["title"]),
        answer=str(head.get("answer") or ""),
        body=body,
        asks=tuple(str(ask) for ask in head.get("asks") or ()),
        category=Category(head.get("category") or Category.OTHER),
        audience=Audience(head.get("audience") or Audience.EVERYBODY),
    )


def write_article(path: Path, article: ArticleFile) -> None:
    """So that `read_article` reads the same."""
    said = article.wording
    head: dict[str, Any] = {"number": article.number} if article.number else {}
    head |= {
        "title": said.title,
        "category": said.category.value,
        "audience": said.audience.value,
        "asks": list(said.asks),
        "answer": said.answer,
    }
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1_000)
    path.write_text(f"{_LINE}\n{text}{_LINE}\n{said.body.rstrip()}\n", encoding="utf-8")
