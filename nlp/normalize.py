"""The copy of a message that is matched against; what the person sent is stored as sent."""

import re
import unicodedata

MAX_CHARACTERS = 500  # a message is read so far and no further (H-24)

# Categories that no reader may trip over: controls, marks that show nothing or turn the text
# round (zero-width, RTL override), lone surrogates, unassigned and private characters, and the
# combining marks that NFKC could not join to a letter (Zalgo, emoji variation selectors).
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Mn", "Me"})
_SPACES = re.compile(" +")
_COMMON = re.compile("[\x20-\x7e\u4e00-\u9fff、。“”]*")


def plain(text: str, limit: int = MAX_CHARACTERS) -> str:
    """`text` in NFKC (half-width forms) without unseen characters, spaces single, cut."""
    text = text[:limit]
    if not _COMMON.fullmatch(text):
        text = unicodedata.normalize("NFKC", text)
        if not _COMMON.fullmatch(text):  # as is most that was typed with Chinese commas
            text = _seen(text)
        text = text[:limit]
    if "  " in text:  # what else shows a space is one by now
        text = _SPACES.sub(" ", text)
    return text.strip()


def folded(text: str, limit: int = MAX_CHARACTERS) -> str:
    """`plain(text)` in lower case, for looking words up."""
    return plain(text, limit).lower()


def _seen(text: str) -> str:
    return "".join(map(as_seen, text))


def as_seen(character: str) -> str:
    """Itself, a blank for whatever shows as one, nothing for what shows nothing (H-23)."""
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _UNSEEN else character
