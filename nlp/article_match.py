"""How near an article is to a question: what is said in it as asked, or sounds so (K1).

Ways of asking weigh more than the title, the title more than the text. `closeness` looks at the
one sentence that comes nearest, in both directions: a fault («打印机卡纸») has much in common with
an article («怎么连打印机») that says nothing of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from nlp.article_words import Piece, key, keys_in, parts_of, pieces, written_in

SOUNDS_ALIKE = 0.75  # of what is written the same
SINGLE = 0.6  # characters of a stretch that stand apart
LEAST_LIKE = 0.45  # trigrams that two Latin words must share
_TEXT_WEIGHTS = (3.0, 2.0, 1.0)  # ways of asking, title, text
_IS_THERE = 0.55  # of a word that counts as said
_SATURATION = 1.2  # k1 of BM25
_UNKNOWN = 0.6  # weight of what stands in no article, against the rarest that does


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared."""

    written: frozenset[str]
    keys: frozenset[str]
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as it is compared."""

    asks: tuple[Text, ...]  # the title is one of them
    fields: tuple[Text, Text, Text]  # ways of asking, title, answer and body


@lru_cache(maxsize=2_000)
def prepared(title: str, asks: tuple[str, ...], text: str) -> Prepared:
    """A published version never changes: each worker takes it apart once."""
    said = (_text(" \n".join(asks)), _text(title), _text(text))
    return Prepared(tuple(_sentence(each) for each in (title, *asks)), said)


def _text(text: str) -> Text:
    return Text(written_in(text), frozenset(keys_in(text)))


def _sentence(text: str) -> Text:
    return Text(written_in(text), frozenset(keys_in(text)), pieces(text))


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked; how rare each of its words is among the articles."""

    text: Text
    weights: tuple[float, ...]  # of its pieces
    rareness: Mapping[str, float]


def question(text: str, counts: Mapping[str, int], total: int) -> Question:
    """`counts`: how many articles have each key."""
    said = _sentence(text)
    rareness = {each: idf(count, total) for each, count in counts.items() if count}
    return Question(said, tuple(weight(each, rareness, total) for each in said.pieces), rareness)


def idf(count: int, total: int) -> float:
    return math.log(1 + (total - min(count, total) + 0.5) / (count + 0.5))


def weight(piece: Piece, rareness: Mapping[str, float], total: int) -> float:
    """A word weighs as its parts do on the average; one character says less than a word."""
    unknown = _UNKNOWN * idf(1, total)
    own = [piece.latin] if piece.latin else [key(each) for each in piece.written]
    known = [rareness.get(each, unknown) for each in own]
    is_short = len(piece.written) == 1 and len(piece.written[0]) == 1
    return sum(known) / len(known) * (0.5 if is_short else 1.0)


# --- how much of it is there ---------------------------------------------------------------------


def found(piece: Piece, text: Text) -> float:
    """How much of a word stands in a text: 0 to 1."""
    if piece.latin:
        return _latin_found(piece.latin, text)
    share = _share_of(piece.written, text)
    if piece.single and share < SINGLE:
        return max(share, SINGLE * _share_of(piece.single, text))
    return share


def _share_of(pairs: tuple[str, ...], text: Text) -> float:
    """Of these pairs of characters; one loop, for it is run for each word of each article."""
    written, keys, there = text.written, text.keys, 0.0
    for each in pairs:
        if each in written:
            there += 1.0
        elif key(each) in keys:
            there += SOUNDS_ALIKE
    return there / len(pairs)


def _latin_found(latin: str, text: Text) -> float:
    if latin in text.written:
        return 1.0
    mine = frozenset(parts_of(latin))
    shared = len(mine & text.keys)
    if not mine or shared < LEAST_LIKE * len(mine):
        return 0.0
    return SOUNDS_ALIKE * shared / len(mine)


def covered(said: Sequence[Piece], weights: Sequence[float], text: Text) -> float:
    """The share of the words, by weight, that stand in the text."""
    total = sum(weights)
    if not total:
        return 0.0
    return sum(w * found(piece, text) for piece, w in zip(said, weights, strict=True)) / total


# --- the two answers -----------------------------------------------------------------------------


Shares = Sequence[tuple[float, ...]]
"""Of each word, how much of it stands in each field."""


def shares(asked: Question, article: Prepared) -> Shares:
    return [tuple(found(piece, each) for each in article.fields) for piece in asked.text.pieces]


def relevance(asked: Question, there: Shares) -> float:
    """BM25 over the three fields, as a share of what a perfect article would have."""
    total = sum(asked.weights)
    if not total:
        return 0.0
    gained = 0.0
    for rarity, fields in zip(asked.weights, there, strict=True):
        often = sum(map(mul, _TEXT_WEIGHTS, fields))
        gained += rarity * often / (often + _SATURATION)
    best = sum(_TEXT_WEIGHTS)
    return gained / total * (best + _SATURATION) / best


def left_over(asked: Question, there: Shares) -> float:
    """The share of the question that neither its title nor any way of asking speaks of.

    One word more may ask for something else: «U盘哪里领» is no «U盘打不开».
    """
    total = sum(asked.weights)
    if not total:
        return 1.0
    missing = (
        rarity
        for rarity, (asks, title, _) in zip(asked.weights, there, strict=True)
        if max(asks, title) < _IS_THERE
    )
    return sum(missing) / total


def closeness(asked: Question, article: Prepared) -> float:
    """The nearest of its sentences, both ways: 1 where somebody asks just as it is written."""
    return max((_both_ways(asked, ask) for ask in article.asks), default=0.0)


def _both_ways(asked: Question, ask: Text) -> float:
    there = covered(asked.text.pieces, asked.weights, ask)
    if not there or not ask.pieces:
        return 0.0
    highest = max(asked.rareness.values(), default=1.0)
    weights = [_weight_of(piece, asked.rareness, highest) for piece in ask.pieces]
    back = covered(ask.pieces, weights, asked.text)
    return 2 * there * back / (there + back) if back else 0.0


def _weight_of(piece: Piece, rareness: Mapping[str, float], highest: float) -> float:
    """Of an article's own word: what was not asked for was not counted, and weighs as much."""
    own = [piece.latin] if piece.latin else [key(each) for each in piece.written]
    known = [rareness.get(each, highest * _UNKNOWN) for each in own]
    is_short = len(piece.written) == 1 and len(piece.written[0]) == 1
    return sum(known) / len(known) * (0.5 if is_short else 1.0)
