"""What other own words would change, tried in a process of its own: `python -m nlp.trying`.

Words change how everything is read, in the whole process at once: they cannot be tried where
messages are being read. A job on stdin, what would be read on stdout.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

from domain.understanding import WordKind
from nlp import classifier, live
from nlp.weights import ModelUnusable


def main() -> None:
    json.dump(tried(json.load(sys.stdin)), sys.stdout, ensure_ascii=False)


def tried(job: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """Intent, category and urgency of each text, by the words as they are and as wanted."""
    if job["old"]:
        try:
            live.put_weights(b64decode(job["old"]["weights"]), job["old"]["card"])
        except ModelUnusable:
            live.put_shipped()
    return {name: _read_by(job[name], job["texts"]) for name in ("now", "wanted")}


def _read_by(words: Sequence[Sequence[Any]], texts: Sequence[str]) -> list[list[str]]:
    live.put_words(live.own_words((word, WordKind(kind), means) for word, kind, means in words))
    found = map(classifier.read, texts)
    return [[each.intent, each.categories[0][0], each.urgency] for each in found]


if __name__ == "__main__":
    main()
