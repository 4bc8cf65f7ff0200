"""Which tickets go along when a shift is handed over: 0002 也转, 0001 不转, 都转, 都不转."""

from collections.abc import Collection, Mapping

from nlp.patterns import any_of, linear, words_in
from nlp.wording import folded

_EDGES = " ,，。.!！~吧了的\n"
_LONGEST = 80  # characters: more is something else
_ALL, _GOES, _STAYS = (any_of(words_in("answers", each)) for each in ("every", "goes", "stays"))
_NUMBER = linear(r"\d{1,6}")
_SAID = linear(
    rf"(?:(?P<every>{_ALL})|(?P<numbers>\d{{1,6}}(?:[和、,， ]{{1,3}}\d{{1,6}}){{0,9}})) ?"
    rf"(?:(?P<stays>{_STAYS})|{_GOES})"
)


def read_moves(text: str, numbers: Collection[str]) -> Mapping[str, bool] | None:
    """By short number whether it goes; None if the words say something else."""
    said = folded(text).strip(_EDGES)
    found = _SAID.fullmatch(said) if len(said) <= _LONGEST else None
    if found is None:
        return None
    named = list(numbers) if found["every"] else _named(found["numbers"], numbers)
    return dict.fromkeys(named, not found["stays"]) if named else None


def _named(said: str, numbers: Collection[str]) -> list[str]:
    """Nothing if one of them is not among those."""
    wanted = [each.zfill(4) for each in _NUMBER.findall(said)]
    return wanted if set(wanted) <= set(numbers) else []
