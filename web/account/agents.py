"""A browser as people call it: Edge · Windows."""

import re

_BROWSERS = (
    ("WeChat", "MicroMessenger/"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("QQ", "QQBrowser/"),
    ("Firefox", "(?:Firefox|FxiOS)/"),
    ("Opera", "OPR/"),
    ("Chrome", "(?:Chrome|CriOS)/"),
    ("Safari", "Version/.* Safari/"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("HarmonyOS", "HarmonyOS|OpenHarmony"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X|Macintosh"),
    ("Linux", "Linux|X11"),
)
_LONGEST = 60


def called(agent: str) -> str | None:
    """By what it says of itself; its own first words if nobody knows it; None if it says none."""
    agent = agent[:400]
    known = [_first(_BROWSERS, agent), _first(_SYSTEMS, agent)]
    named = " · ".join(name for name in known if name)
    own_words = "".join(char for char in agent if char.isprintable())
    return named or own_words[:_LONGEST].strip() or None


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for name, sign in names if re.search(sign, agent)), None)
