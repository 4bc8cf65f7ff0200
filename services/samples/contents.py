"""What the samples are: people, devices, articles, a shift and tickets, as their file says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.knowledge.files import read_article
from services.knowledge.records import Wording


@dataclass(frozen=True, slots=True)
class Contents:
    """The file's rows; people are named by their staff numbers."""

    people: tuple[Mapping[str, Any], ...]
    clerk: str
    devices: tuple[Mapping[str, Any], ...]
    articles: tuple[Wording, ...]
    shift: Mapping[str, Any]
    tickets: tuple[Mapping[str, Any], ...]


def read_contents(folder: Path) -> Contents:
    """Those of `samples.json`, with the articles that it names from the folder beside it."""
    told = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    articles = (read_article(folder / "articles" / name).wording for name in told["articles"])
    return Contents(
        tuple(told["people"]),
        told["clerk"],
        tuple(told["devices"]),
        tuple(articles),
        told["shift"],
        tuple(told["tickets"]),
    )
