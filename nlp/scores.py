"""Ratings: how fast, how kind, how well, 1 to 5 each, and what else was said.

What the words do not settle stays None: 6 分 and 4.5 are no scores, 5 4 names no parts. A number
beats a word about the same part, also in the clause after it: 速度慢了点,3分. A word scores all
parts only if its clause says nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.patterns import any_of, linear, words_in
from nlp.wording import wording

__all__ = ["Scores", "read_handling", "read_score", "read_scores", "scores_everything"]


@dataclass(frozen=True, slots=True)
class Scores:
    speed: int | None = None
    attitude: int | None = None
    result: int | None = None
    comment: str | None = None


_PARTS = ("speed", "attitude", "result")
_HANDLING = ("process", "result")  # of a complaint; its result is called the outcome
_REST, _ALL = "rest", "all"

_LABEL_OF = {
    word: label
    for label in (_ALL, _REST, *_PARTS, *_HANDLING)
    for word in words_in("scores", label)
}
_WORTH = {word: int(value) for value in "12345" for word in words_in("scores", value)}
_DIGITS = {character: value for value, character in enumerate("一二三四五", 1)} | {"两": 2}
_STARS = "⭐★"

_BEST = 5

_UNIT = r"(?:分(?![钟之析辨机])|颗?星)"
_NOT_COUNTED = r"(?![\d.%:/-]|\s?[个次天点半年月日号楼层遍人台位块元多来]|\s?(?:小时|分钟))"
_TOKEN = linear(
    rf"(?P<label>{any_of(_LABEL_OF)}|[给打]个?(?=\s?[1-5一二三四五]\s?{_UNIT}))"
    rf"|(?<![\d.])(?P<triple>[1-5]{{3}})(?![\d.]|\s?{_UNIT})"
    rf"|(?<![\d./+扣减少留差-])(?P<number>[1-5]\s?{_UNIT}|[1-5]{_NOT_COUNTED}|[一二两三四五]\s?{_UNIT}"
    rf"|[{_STARS}]{{1,5}}(?![{_STARS}]))"
    rf"|(?P<word>{any_of(_WORTH)})"
    r"|(?P<beyond>[\d.]{1,6}\s?分?(?!钟)|[六七八九十零百]\s?(?:分(?!钟)|星))"
)
_STANDS_ALONE = linear(
    r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[度务果量术都也挺蛮还很其他余])).(?![\u4e00-\u9fff])"
    r"|(?:^|(?<=[^\u4e00-\u9fff])|(?<=[度务果量术都也挺蛮还很其他余])).(?=[的了吧啊呀哦哈态速结服响])"
)
_CLAUSE = linear(r"[^,。;!?~…\n ]+")
_FILLER = linear(any_of(words_in("scores", "filler")) + r"|[\W_\x00]")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    label: str
    value: int
    start: int
    end: int


def read_scores(text: str) -> Scores:
    """The three parts of a rating; a part that was not scored is None."""
    said = wording(text)
    tokens = list(_tokens(said.folded))
    talk = _clauses_that_say_more(said.folded, tokens)
    comment = ",".join(said.said(*clause) for clause in talk) or None
    return Scores(**_scored(tokens, talk), comment=comment)


def read_handling(text: str) -> dict[str, int]:
    """How a complaint was handled, as far as the words score it: `process` and `outcome`."""
    said = wording(text)
    tokens = list(_tokens(said.folded))
    found = _scored(tokens, _clauses_that_say_more(said.folded, tokens), _HANDLING)
    named = {"process": found.get("process"), "outcome": found.get("result")}
    return {part: score for part, score in named.items() if score is not None}


def scores_everything(text: str) -> bool:
    """都很好 says of every part what one word alone, 满意, does not."""
    tokens = list(_tokens(wording(text).folded))
    values = {token.value for token in tokens if token.value}
    return values == {_BEST} and any(token.label == _ALL for token in tokens)


def read_score(text: str) -> int | None:
    """The score of the one part that was asked for."""
    seen = wording(text).folded
    if (bare := seen.strip(" .。!")) in _DIGITS:
        return _DIGITS[bare]
    tokens = list(_tokens(seen))
    if any(token.kind == "beyond" for token in tokens):
        return None
    numbers = {token.value for token in tokens if token.kind == "number"}
    values = numbers or {token.value for token in tokens if token.kind == "word"}
    return values.pop() if len(values) == 1 else None


def _tokens(seen: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(seen):
        kind, word = str(match.lastgroup), match[0]
        if kind == "word" and len(word) == 1 and not _STANDS_ALONE.match(seen, match.start()):
            continue
        label = _LABEL_OF.get(word, _ALL) if kind == "label" else ""
        yield _Token(kind, label, _value(kind, word), *match.span())


def _value(kind: str, word: str) -> int:
    match kind:
        case "word":
            return _WORTH[word]
        case "number" if word[0] in _STARS:
            return len(word)
        case "number":
            return _DIGITS.get(word[0]) or int(word[0])
        case "triple":
            return int(word)
        case _:
            return 0


def _clauses_that_say_more(seen: str, tokens: list[_Token]) -> list[tuple[int, int]]:
    """The clauses that hold more than scores; 6 分 is no score, so it is more."""
    rest = seen
    for token in tokens:
        if token.kind != "beyond":
            rest = rest[: token.start] + "\x00" * (token.end - token.start) + rest[token.end :]
    return [
        match.span()
        for match in _CLAUSE.finditer(seen)
        if _FILLER.sub("", rest[slice(*match.span())])
    ]


def _scored(
    tokens: list[_Token], talk: list[tuple[int, int]], parts: Sequence[str] = _PARTS
) -> dict[str, int | None]:
    if any(token.label in (*parts, _REST) for token in tokens):
        by_label = _by_label(tokens)
        others = by_label.get(_REST) or by_label.get(_ALL)
        return {part: by_label.get(part) or others for part in parts}
    if any(token.kind == "beyond" for token in tokens):
        return {}
    said = [token for token in tokens if token.value]
    return _unlabelled([t for t in said if t.kind != "word" or not _is_in(t, talk)], parts)


def _is_in(token: _Token, clauses: list[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in clauses)


def _by_label(tokens: list[_Token]) -> dict[str, int]:
    """Each value goes to the labels before it: 态度和结果都是5 has two."""
    found: dict[str, int] = {}
    labels: list[str] = []
    answer = ""  # the kind of what these labels have got
    for token in tokens:
        if token.kind == "label":
            if answer:
                labels, answer = [], ""
            if token.label != _ALL or not labels:
                labels.append(token.label)
        elif token.kind == "beyond":
            answer = token.kind
        elif token.kind != "triple" and (not answer or (answer, token.kind) == ("word", "number")):
            found.update(dict.fromkeys(labels, token.value))
            answer = token.kind
    return found


def _unlabelled(tokens: list[_Token], parts: Sequence[str]) -> dict[str, int | None]:
    """5 4 5, 545, or one value for all parts."""
    values = [token.value for token in tokens if token.kind == "number"]
    triples = [token.value for token in tokens if token.kind == "triple"]
    if triples:
        values += map(int, str(triples[0]))
    elif not values:
        values = [token.value for token in tokens][:1]
    if len(values) == len(parts):
        return dict(zip(parts, values, strict=True))
    return dict.fromkeys(parts, values[0]) if len(set(values)) == 1 else {}
