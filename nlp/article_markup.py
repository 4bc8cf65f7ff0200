"""The closed markup of articles: headings, steps, points, notes, code, keys, links (K1, S-051).

    ## heading          1. step          - point
    > note              ! warning        ``` code of several lines ```
    **bold**  `code`  [[Ctrl]]  [words](https://…)  ZS0042  ![what it shows](picture:42)

Nothing else means anything: all other characters, HTML above all, stand for themselves. Links lead
to https or to another article; a picture is one that the article has, never an address. `TAGS` is
all that ever comes out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from nlp.article_pictures import MARK, Picture, Pictures

TAGS = frozenset(
    {"h3", "h4", "p", "br", "ol", "ul", "li", "aside", "pre", "strong", "code", "kbd", "a", "img"}
)
LONGEST = 20_000  # characters

_UNNAMED = re.sub(r"\?P<\w+>", "?:", MARK)
_HEADING = re.compile(r"(#{2,3})[ \t]+(\S.*)")
_STEP = re.compile(r"(?P<at>\d{1,3})[.、)）][ \t]*(?P<words>\S.*)")
_POINT = re.compile(r"[-*•·][ \t]+(\S.*)")
_NOTE = re.compile(r"[>》][ \t]*(\S.*)")
_WARNING = re.compile(rf"(?!{_UNNAMED})[!！][ \t]*(\S.*)")  # a picture begins like one
_MORE = re.compile(r"(?: {2,}|\t)\s*(\S.*)")  # goes on with the step above
_FENCE = "```"
_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]{1,300})\*\*"
    r"|`(?P<code>[^`\n]{1,300})`"
    r"|\[\[(?P<kbd>[^\[\]\n]{1,40})\]\]"
    rf"|{MARK}"
    r"|\[(?P<words>[^\[\]\n]{1,200})\]\((?P<address>https://[^\s()<>\"'\\]{1,500})\)"
    r"|(?<![A-Za-z0-9])(?P<article>ZS\d{4,8})(?![A-Za-z0-9])"
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list, a box or code, with its lines."""

    kind: str  # h3, h4, p, ol, ul, note, warning, pre
    lines: tuple[str, ...]
    first: int = 1  # number of the first step: code between two steps does not begin anew


def as_html(body: str, articles_at: str, pictures: Pictures | None = None) -> str:
    """Safe to put into a page; `articles_at` is the path that another article's number follows."""
    return "\n".join(_block(each, articles_at, pictures or {}) for each in blocks(body))


def as_text(body: str) -> str:
    """The same without marks, as it is said in chat or searched."""
    return "\n".join(_plain_block(each) for each in blocks(body))


def articles_in(body: str) -> tuple[str, ...]:
    """The numbers of other articles that it leads to."""
    found = (match["article"] for match in _INLINE.finditer(_seen(body)))
    return tuple(dict.fromkeys(number for number in found if number))


# --- reading -------------------------------------------------------------------------------------


def blocks(body: str) -> tuple[Block, ...]:
    """Lines of one kind belong together; an empty line ends them."""
    found: list[Block] = []
    lines: list[str] = []
    kind, first = "", 1
    for next_kind, line, at in _read(_seen(body)):
        if next_kind == "more" and kind in ("ol", "ul"):
            lines[-1] += f"\n{line}"
            continue
        next_kind = "p" if next_kind == "more" else next_kind
        if lines and (next_kind != kind or kind in ("h3", "h4")):
            found.append(Block(kind, tuple(lines), first))
            lines = []
        kind = next_kind
        if kind:
            first = first if lines else at
            lines.append(line)
    if lines:
        found.append(Block(kind, tuple(lines), first))
    return tuple(found)


def _read(body: str) -> Iterator[tuple[str, str, int]]:
    """Each line with its kind, and its number if it is a step."""
    is_code = False
    for line in body.split("\n"):
        if line.strip().startswith(_FENCE):
            is_code = not is_code
            yield "", "", 1
        elif is_code:
            yield "pre", line, 1
        else:
            yield _kind_of(line)


def _kind_of(line: str) -> tuple[str, str, int]:
    if not line.strip():
        return "", "", 1
    if match := _HEADING.fullmatch(line):
        return f"h{len(match[1]) + 1}", match[2], 1
    if match := _STEP.fullmatch(line):
        return "ol", match["words"], int(match["at"])
    for kind, pattern in _KINDS:
        if match := pattern.fullmatch(line):
            return kind, match[1], 1
    return "p", line, 1


_KINDS = (("more", _MORE), ("ul", _POINT), ("note", _NOTE), ("warning", _WARNING))


def _seen(body: str) -> str:
    """Without characters that show nothing or turn the text round."""
    kept = body[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return "".join(each for each in kept if each in "\n\t" or _is_seen(each))


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN


# --- writing -------------------------------------------------------------------------------------


def _block(block: Block, articles_at: str, pictures: Pictures) -> str:
    if block.kind == "pre":
        return f"<pre><code>{escape(chr(10).join(block.lines))}</code></pre>"
    lines = [_inline(line, articles_at, pictures).replace("\n", "<br>") for line in block.lines]
    if block.kind in ("ol", "ul"):
        items = "".join(f"<li>{line}</li>" for line in lines)
        start = f' start="{block.first}"' if block.first > 1 else ""
        return f"<{block.kind}{start}>{items}</{block.kind}>"
    joined = "<br>".join(lines)
    if block.kind in ("note", "warning"):
        return f'<aside class="article-{block.kind}">{joined}</aside>'
    return f"<{block.kind}>{joined}</{block.kind}>"


def _inline(line: str, articles_at: str, pictures: Pictures) -> str:
    parts: list[str] = []
    at = 0
    for match in _INLINE.finditer(line):
        parts += [escape(line[at : match.start()]), _marked(match, articles_at, pictures)]
        at = match.end()
    return "".join([*parts, escape(line[at:])])


def _marked(match: re.Match[str], articles_at: str, pictures: Pictures) -> str:
    if match["picture"]:
        return _picture(match["alt"], pictures.get(int(match["picture"])))
    if number := match["article"]:
        return f'<a href="{escape(articles_at)}{number}">{number}</a>'
    if address := match["address"]:
        return (
            f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">'
            f"{escape(match['words'])}</a>"
        )
    tag = match.lastgroup or ""
    return f"<{tag}>{escape(match[tag])}</{tag}>"


def _picture(words: str, picture: Picture | None) -> str:
    """As wide as the page at most, fetched when it comes into sight, in full by a tap."""
    if picture is None:
        return f"[{escape(words)}]"
    address = escape(picture.address)
    return (
        f'<a class="article-picture" href="{address}"><img src="{address}" alt="{escape(words)}"'
        f' width="{picture.width}" height="{picture.height}" loading="lazy" decoding="async"></a>'
    )


def _plain_block(block: Block) -> str:
    if block.kind == "pre":
        return "\n".join(block.lines)
    lines = [_INLINE.sub(_plain, line) for line in block.lines]
    if block.kind == "ol":
        return "\n".join(f"{at}. {line}" for at, line in enumerate(lines, block.first))
    return "\n".join(lines)


def _plain(match: re.Match[str]) -> str:
    if match["picture"]:
        return f"[{match['alt']}]"
    if match["address"]:
        return f"{match['words']}（{match['address']}）"
    return next(word for word in match.groups() if word)
