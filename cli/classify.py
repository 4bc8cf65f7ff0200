"""`run.py classify`: how a message is read and why, and how well messages are read at all."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from cli.columns import printable
from cli.context import config_option
from nlp import classifier
from nlp.corpus import BadLine
from nlp.reading import Reading


@click.command()
@config_option
@click.argument("text", required=False)
@click.option("--json", "is_json", is_flag=True, help="For machines.")
@click.option("--cross-validate", "is_crossed", is_flag=True, help="Measure on our own corpus.")
@click.option(
    "--evaluate",
    "file",
    type=click.Path(path_type=Path),
    help="Measure on a labelled file: JSON lines with text, intent, category, urgency.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write what was read of each line.")
def classify(
    text: str | None, is_json: bool, is_crossed: bool, file: Path | None, out: Path | None
) -> None:
    """Say what TEXT wants, what it is about and how urgent it is, with the words that decided.

    Needs neither settings nor a database.
    """
    if (text is not None) + is_crossed + (file is not None) != 1:
        raise click.UsageError("give one of TEXT, --cross-validate and --evaluate FILE")
    if out is not None and file is None:
        raise click.UsageError("--out goes with --evaluate")
    if is_json and text is None:
        raise click.UsageError("--json goes with TEXT")
    if text is not None:
        _answer(text, is_json=is_json)
    elif file is not None:
        _evaluate(file, out)
    else:
        _cross_validate()


def _answer(text: str, *, is_json: bool) -> None:
    read = classifier.read(text)
    if is_json:
        told = json.dumps(_as_json(text, read), ensure_ascii=False, indent=2)
        click.echo(told.encode("utf-8", "backslashreplace"))  # \ud800 is JSON, and no UTF-8
        return
    for line in _in_words(read):
        click.echo(printable(line))


def _in_words(read: Reading) -> Iterator[str]:
    yield _line("intent", read.intent, read.intent_confidence, _words(read, read.intent))
    if read.category is None:
        best, confidence = read.categories[0]
        yield f"category  none (a thing would most likely be {best}, {confidence:.0%})"
    else:
        words = _words(read, read.category)
        yield _line("category", read.category, read.category_confidence, words)
    yield _line("urgency", read.urgency, read.urgency_confidence, _words(read, read.urgency))


def _line(question: str, answer: str, confidence: float, words: list[str]) -> str:
    decided = f"  {' '.join(words)}" if words else ""
    return f"{question:9} {answer} {confidence:.0%}{decided}"


def _words(read: Reading, label: str) -> list[str]:
    return [found.word for found in read.evidence if found.label == label]


def _as_json(text: str, read: Reading) -> dict[str, Any]:
    return {
        "text": text,
        "intent": read.intent,
        "intent_confidence": round(read.intent_confidence, 4),
        "category": read.category,
        "category_confidence": round(read.category_confidence, 4),
        "categories": {kind.value: round(share, 4) for kind, share in read.categories},
        "urgency": read.urgency,
        "urgency_confidence": round(read.urgency_confidence, 4),
        "evidence": [
            {"word": found.word, "label": found.label, "weight": round(found.weight, 4)}
            for found in read.evidence
        ],
    }


# --- measuring ---------------------------------------------------------------------------------


def _evaluate(file: Path, out: Path | None) -> None:
    from nlp.evaluation import evaluate

    click.echo(str(_measured(lambda: evaluate(file, out), file)))


def _cross_validate() -> None:
    from nlp.evaluation import cross_validate

    click.echo(str(_measured(cross_validate)))


def _measured(measure: Callable[[], object], file: Path | None = None) -> object:
    """A file that cannot be read or written is named, in one line."""
    try:
        return measure()
    except BadLine as error:
        raise click.ClickException(str(error)) from None
    except UnicodeDecodeError as error:
        why = f"{file}: not UTF-8: {error.reason} at byte {error.start}"
        raise click.ClickException(why) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
