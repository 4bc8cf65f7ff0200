"""Weights that are there beside those that are live: `python -m nlp.measuring`, as `learning`."""

import json
import sys
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from nlp import lessons, live, weights
from nlp.classifier import Classifier
from nlp.comparing import compare
from nlp.learning import own_words, unpacked


def main() -> None:
    json.dump(measured(json.load(sys.stdin)), sys.stdout, ensure_ascii=False)


def measured(job: Mapping[str, Any]) -> dict[str, Any]:
    """Both on the held sentences; without a new one the old one beside itself."""
    live.put_words(own_words(job["own"]))
    learnt, held = lessons.shared_out(lessons.from_json(each) for each in job["lessons"])
    old = unpacked(job["old"]) or weights.load()
    new = (
        weights.unpack(b64decode(job["new"]["weights"]), job["new"]["card"]) if job["new"] else old
    )
    crossed = (old.card.get("crossed", {}), new.card.get("crossed", {}))
    return compare(held, learnt, Classifier(old).read, Classifier(new).read, crossed).to_json()


if __name__ == "__main__":
    main()
