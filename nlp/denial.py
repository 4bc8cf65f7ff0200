"""What a message says it is *not* about: «不是打印机坏了,是没网» speaks of no printer."""

import re

# Bounded on both sides, so that each character is looked at a set number of times (H-27).
_STOP = "^,。;!?~…"
_NOT_THIS = re.compile(rf"(?<![是要])不是([{_STOP} 是]{{1,14}})(?=[,。;!? …是])")
_THIS_IS_FINE = re.compile(
    rf"(?:^|[,。;!? ])([{_STOP} ]{{1,9}}?)(?:都|也|本身|倒|肯定|应该)?"
    r"(?:没坏|没毛病|没问题|没事|是好的|好着呢|好好的|是正常的|正常)"
    rf"(?=[,。;!? …]{{1,3}}[{_STOP} ])"  # something follows that is not fine
)


def denied(folded_text: str) -> list[tuple[int, int]]:
    """Where the denied things stand, each as (from, to)."""
    spans = []
    if "不是" in folded_text:
        spans = [match.span(1) for match in _NOT_THIS.finditer(folded_text)]
    if "没" in folded_text or "好" in folded_text or "正常" in folded_text:
        spans += [match.span(1) for match in _THIS_IS_FINE.finditer(folded_text)]
    return spans
