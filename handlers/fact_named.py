"""Which fact of appraisal an order names, by its number: 申辩 12 …, 定申辩 12 维持."""

from handlers.dialog import Context
from nlp.verdicts import read_leading_number


def fact_named(ctx: Context) -> tuple[int | None, str]:
    """Its id, and the words behind it; short numbers stand among the words."""
    if ctx.number and ctx.number.isdecimal():
        return int(ctx.number), ctx.words
    return read_leading_number(ctx.words)
