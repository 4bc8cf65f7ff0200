"""One sentence about many tickets: written down once, its blanks filled for each."""

import json
import re
from collections.abc import Mapping

from domain.sentence import Fact, Say, fact_to_json, to_json

_EDGE = "\ue000"  # of private use: nobody writes it
_BLANK = re.compile(f'"{_EDGE}(\\w+){_EDGE}"|{_EDGE}(\\w+){_EDGE}')
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def blank(name: str) -> str:
    """What stands in a sentence where each ticket has its own: a whole fact, or part of a word."""
    return f"{_EDGE}{name}{_EDGE}"


class Mould:
    """Gives what `to_json` gives for each of the sentences, as the text that a row keeps."""

    def __init__(self, say: Say) -> None:
        text = _written(to_json(say)).replace("%", "%%")
        self._text = _BLANK.sub("%s", text)
        self._blanks = [(whole or part, bool(whole)) for whole, part in _BLANK.findall(text)]

    def filled(self, facts: Mapping[str, Fact]) -> str:
        known = {name: _written(fact_to_json(fact)) for name, fact in facts.items()}
        return self._text % tuple(
            [known[name] if is_whole else known[name][1:-1] for name, is_whole in self._blanks]
        )
