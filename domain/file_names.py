"""Names of files that people send: what is shown, saved under, and never a path or a trick."""

import re
import unicodedata

MOST_BYTES = 180
"""Of a name without its ending: with it and a browser's «(1)» it fits in every file system."""

_BROKEN = re.compile(r'[<>:"|?*]+')
_BLANKS = re.compile(r"\s+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_NAMELESS = "file"
_LONGEST_ENDING = 6


def clean_name(sent: str, ending: str, alike: frozenset[str] = frozenset()) -> str:
    """The last part of what was sent, with an ending that tells the truth of the content.

    `alike`: endings that are as true as `ending`, such as log for txt.
    """
    last = re.split(r"[/\\]", _plain(sent))[-1]
    stem, dot, said = last.rpartition(".")
    said = said.lower()
    if dot and said in {ending, *alike}:
        ending = said
    else:
        stem = last
    return f"{_cut(_safe(stem))}.{ending}"


def ending_of(sent: str) -> str:
    """What stands behind the last point, in small letters; empty if that is no ending."""
    _, dot, said = _plain(sent).rpartition(".")
    return said.lower() if dot and len(said) <= _LONGEST_ENDING else ""


def _plain(sent: str) -> str:
    """Without what is not seen: controls, and marks that turn the direction of writing."""
    composed = unicodedata.normalize("NFC", sent)
    return "".join(each for each in composed if unicodedata.category(each)[0] != "C")


def _safe(stem: str) -> str:
    name = _BLANKS.sub(" ", _BROKEN.sub("_", stem)).strip(" .")
    return f"_{name}" if _RESERVED.match(name) else name or _NAMELESS


def _cut(stem: str) -> str:
    """Not within a character, however long the name was."""
    return stem.encode()[:MOST_BYTES].decode(errors="ignore").rstrip(" .") or _NAMELESS
