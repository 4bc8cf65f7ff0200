"""Places in English: room B201, the meeting room on the second floor, building C."""

from nlp.patterns import any_of, linear, words_in

__all__ = ["EXACT", "PART", "following"]

_CODE = r"[a-h]?-?\d{1,4}[a-h]?(?![\da-z%:])(?!\.\d)"
_COUNT = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth|tenth|ground|top)"
)
PART = linear(
    rf"(?P<room>(?<![a-z])(?:meeting |conference |class|lab )?room (?:no\.? ?|number )?{_CODE}"
    r"|(?<![a-z])(?:desk|lab|bay) (?:no\.? ?|number )?[a-h]?-?\d{1,4}(?![\da-z])"
    r"|(?<![\da-z./:-])(?:[a-h])?\d{1,2}-\d{3,4}(?![\d-])"
    r"|(?<![\da-z./:-])[a-d]-?\d{3}(?![\da-z.-]))"
    rf"|(?P<floor>(?<![a-z\d]){_COUNT} floor|(?<![a-z])floor \d{{1,2}}(?!\d)"
    r"|(?<![\d.a-z])\d{1,2}f(?![a-z0-9])|(?<![a-z0-9])b[1-4](?![a-z0-9]))"
    r"|(?P<building>(?<![a-z])(?:building|block|tower|wing) (?:[a-h]|\d{1,2})(?![a-z\d]))"
    rf"|(?P<named>(?<![a-z])(?:(?:big|small|large|main) )?{any_of(words_in('places', 'english'))}"
    rf"(?![a-z])|(?<![a-z])(?:(?:big|small|large|main) )?"
    r"(?:meeting|conference|server|print|training|board|mail|copy) ?room(?![a-z]))"
)
EXACT = frozenset({"room", "floor", "building"})
_BETWEEN = linear(r"[, ]{0,2}(?:(?:in|on|of|at|the) ){0,2}")


def following(text: str, end: int) -> int:
    """Where the next part of the same place would begin: on the second floor."""
    match = _BETWEEN.match(text, end)
    return match.end() if match else end
