"""How far people's word goes: few voices say little, many say much (Wilson's lower bound)."""

from domain.satisfaction import share_at_least

_Z = 1.645  # nine in ten


def lower_bound(yes: int, no: int) -> float:
    """The share of yes that is at least so high, as far as these voices tell."""
    total = yes + no
    return share_at_least(yes / total, total, _Z) if total else 0.0


def usefulness(useful: int, useless: int) -> float:
    """Between -1 and 1; 0 where nobody has said anything."""
    return lower_bound(useful, useless) - lower_bound(useless, useful)
