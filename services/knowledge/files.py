"""Articles as files: a head of facts, three dashes, the text; one file for each article.

Their pictures lie beside them: `![…](picture:42)` is pictures/42.png, or .jpg, .webp, .gif.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from domain.category import Category
from domain.knowledge import Audience
from nlp.article_pictures import pictures_in, renumbered
from services.knowledge import illustrating
from services.knowledge.records import Wording
from storage import MediaRefused, MediaStore, sniff

if TYPE_CHECKING:
    from services.desk import Desk

PICTURES = "pictures"  # the folder beside the articles
LARGEST = 10 * 1024 * 1024  # bytes of one, as on pages
_EXTENSIONS = ("png", "jpg", "jpeg", "webp", "gif")
_ENDS = {"image/jpeg": "jpg"}  # all else that is kept is PNG
_LINE = "---"
_KNOWN = frozenset({"number", "title", "category", "audience", "asks", "answer"})


class BadFile(Exception):
    """A file that is no article; the message says why."""


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """What a file holds; without a number it is a new article."""

    wording: Wording
    number: str | None = None
    pictures: Mapping[int, bytes] = field(default_factory=dict)  # by the numbers in its text


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
    body = "\n".join(lines[end + 1 :])
    try:
        wording = _wording(head, body)
    except ValueError as error:
        raise BadFile(f"{path.name}: {error}") from None
    return ArticleFile(wording, head.get("number"), dict(_pictures(path, body)))


def _pictures(path: Path, body: str) -> Iterator[tuple[int, bytes]]:
    """What the text names lies there, or the file is no article."""
    for number in pictures_in(body):
        found = [path.parent / PICTURES / f"{number}.{each}" for each in _EXTENSIONS]
        file = next((each for each in found if each.is_file()), None)
        if file is None:
            raise BadFile(f"{path.name}: {PICTURES}/{number}")
        if file.stat().st_size > LARGEST:
            raise BadFile(f"{path.name}: {PICTURES}/{file.name}: > {LARGEST // 1024**2} MB")
        yield number, file.read_bytes()


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
    for number, data in article.pictures.items():
        folder = path.parent / PICTURES
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.{_ENDS.get(sniff(data) or '', 'png')}").write_bytes(data)


def illustrated(desk: "Desk", store: MediaStore, article: ArticleFile) -> Wording:
    """Its words, its pictures kept under numbers of this desk; `BadFile` for what is none."""
    said, numbers = article.wording, {}
    for number, data in article.pictures.items():
        try:
            saved = store.save(data, "image", illustrating.LONGEST_SIDE)
        except MediaRefused as error:
            raise BadFile(f"{said.title}: {PICTURES}/{number}: {error}") from None
        numbers[number] = illustrating.add(desk, saved)
    return replace(said, body=renumbered(said.body, numbers)) if numbers else said
