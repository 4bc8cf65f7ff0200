"""Which passwords are taken: long ones that nobody guesses first (H-41; NIST SP 800-63B)."""

import unicodedata
from collections.abc import Collection
from enum import StrEnum, auto

SHORTEST = 10  # characters
LONGEST = 128  # more is not read: hashing must stay cheap for us

_COMMON = frozenset(
    """
    0123456789 1234567890 12345678910 123456789a 123456789q a123456789 q123456789 1234567890a
    9876543210 0987654321 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty123456 qwertyuiop123 asdfghjkl123
    zaq12wsxcde3 password12 password123 password1234 passw0rd123 p@ssw0rd123 p@ssword123
    admin12345 admin123456 administrator adminadmin root123456 iloveyou1314 woaini1314 woaini520
    woaini1314520 5201314520 1314520520 520131452013 abc1234567 abcd123456 abcdefghij a1b2c3d4e5
    aa12345678 qq123456789 wang123456 li12345678 zhang123456 changeme123 welcome123 letmein123
    1234qwerasdf qazwsxedcrfv 1qazxsw23edc itdesk12345
    """.split()
)
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
_FEWEST_DIFFERENT = 4  # characters


class Weakness(StrEnum):
    """Why a password is not taken; the name of its sentence."""

    SHORT = auto()
    LONG = auto()
    COMMON = auto()
    OWN = auto()


def normal(password: str) -> str:
    """The same characters for the same keys, whatever the input method made of them."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, own: Collection[str | None]) -> Weakness | None:
    """Why this password is not taken, or None; `own`: number, name and the like of its owner."""
    told = normal(password)
    if len(told) < SHORTEST:
        return Weakness.SHORT
    if len(told) > LONGEST:
        return Weakness.LONG
    if _is_common(told.lower()):
        return Weakness.COMMON
    if _is_own(told.lower(), own):
        return Weakness.OWN
    return None


def _is_common(told: str) -> bool:
    if told in _COMMON or len(set(told)) < _FEWEST_DIFFERENT:
        return True
    return any(told in run for run in _RUNS)


def _is_own(told: str, own: Collection[str | None]) -> bool:
    """Made of what everybody knows of its owner, and of little else."""
    known = [fact.lower() for fact in own if fact and len(fact) > 1]
    return any(fact in told and len(told) - len(fact) < SHORTEST // 2 for fact in known)
