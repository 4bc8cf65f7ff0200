"""How far people's word goes: few voices say little, many say much (Wilson's lower bound)."""

import math

_Z = 1.645  # nine in ten


def lower_bound(yes: int, no: int) -> float:
    """The share of yes that is at least so high, as far as these voices tell."""
    total = yes + no
    if not total:
        return 0.0
    share, z2 = yes / total, _Z * _Z
    middle = share + z2 / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return (middle - spread) / (1 + z2 / total)


def usefulness(useful: int, useless: int) -> float:
    """Between -1 and 1; 0 where nobody has said anything."""
    return lower_bound(useful, useless) - lower_bound(useless, useful)
