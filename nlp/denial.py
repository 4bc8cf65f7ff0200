"""What a message says it is *not* about: «不是打印机坏了,是没网» speaks of no printer."""

import re

from nlp.english import denied_in

# Bounded on both sides, so that each character is looked at a set number of times (H-27).
_STOP = "^,。;!?~…"
_THING = rf"([{_STOP} 是]{{1,14}}?)"
_END = r"(?=[,。;!? …])"
# Each is looked for only where its mark stands: most messages deny nothing.
_NOT_THIS = (
    ("不", re.compile(rf"(?<![是要])不是([{_STOP} 是]{{1,14}})(?=[,。;!? …是])")),
    ("不关", re.compile(rf"不关{_THING}的?事")),
    ("关系", re.compile(rf"[跟和与]{_THING}没有?关系")),
    ("别", re.compile(rf"别(?:查|派|当|修|跟我说|怪|往|动)是?{_THING}(?=[,。;!? …了])")),
    ("以为", re.compile(rf"以为是?{_THING}{_END}")),
    ("没", re.compile(rf"没有?(?:中|被|断|感染){_THING}{_END}")),
)
_IS_FINE = "没坏|没毛病|没问题|没事|是好的|都好|好着|好好的|好使|是正常的|正常|不是问题|都顺"
_THIS_IS_FINE = re.compile(
    rf"(?:^|[,。;!? ])([{_STOP} ]{{1,9}}?)(?:都|也|本身|倒|肯定|应该|还)?(?:{_IS_FINE})"
    rf"(?=[{_STOP} ]{{0,8}}[,。;!? …]{{1,3}}[{_STOP} ])"  # something follows that is not fine
)


def denied(folded_text: str) -> list[tuple[int, int]]:
    """Where the denied things stand, each as (from, to)."""
    spans = []
    for mark, pattern in _NOT_THIS:
        if mark in folded_text:
            spans += [match.span(1) for match in pattern.finditer(folded_text)]
    if "没" in folded_text or "好" in folded_text or "正常" in folded_text:
        spans += [match.span(1) for match in _THIS_IS_FINE.finditer(folded_text)]
    if "not " in folded_text:
        spans += denied_in(folded_text)
    return spans
