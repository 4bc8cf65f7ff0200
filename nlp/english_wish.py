"""A wished time in English: please come tomorrow after 10 am; Friday afternoon works for me."""

from nlp.english_time import TIME
from nlp.patterns import linear

__all__ = ["wished_in"]

Span = tuple[int, int]

_CAN = r"(?:(?:please|pls|kindly|can you|could you|someone can|you can) ){0,2}"
_HERE = (
    r"(?:only |usually |always )?(?:free|available|here|in|around|back|at my desk|in the office)"
)
_I_AM = r"(?:i['’]?m|i am|i['’]ll be|i will be|we are|we['’]re)"
_COME = (
    r"(?:come|visit|stop by|drop by|send (?:someone|somebody|an engineer)|fix it|repair it"
    r"|look at it|have a look|call me|ring me)(?: over| by| back| again| and \w{2,10}(?: at)? it)?"
)
_CHANGE = (
    r"(?:(?:re)?schedule|change|move|set|shift|postpone)"
    r" ?(?:it|that|(?:the|my) (?:time|visit|appointment))?(?: to| for)?"
)
_LEAD = (
    rf"(?:{_CAN}(?:{_COME}|{_CHANGE}|make it|let['’]?s (?:do|say|make it))|{_I_AM} {_HERE}"
    r"|how about|what about|preferably|better|best|the (?:best )?time (?:is|should be))"
)
_TAIL = (
    r"(?:,? (?:(?:is|would be|will be) )?(?:fine|ok|okay|good|great|best|better|perfect|possible)"
    r"|,? (?:works|suits)(?: for)?(?: me| us)?|,? (?:please|pls|instead|if possible)){1,3}"
)
_WISH = linear(
    rf"(?<![a-z])(?:(?P<lead>{_LEAD}) )?(?P<time>{TIME})(?P<tail>{_TAIL})?"
    r"(?:,? (?:thanks|thank you))?[.! ]{0,3}"
)
_BUSY = linear(
    r"(?<![a-z])(?:since|yesterday|ago|last (?:night|week|month|mon|tue|wed|thu|fri|sat|sun)|was"
    r"|were|has been|meeting|need (?:it|to|this|the)|must|have to|due|deadline|submit|present"
    r"|starts?|stopped|began|broke|crashed|happened)(?![a-z])"
)
_ONLY_POLITE = linear(
    r"(?:[ ,]{0,2}(?:please|pls|ok|okay|yes|no|so|and|but|or|then|sorry|actually|maybe|perhaps"
    r"|rather|hi|hello)){0,3}[ ,]{0,2}"
)
_SURELY_TO_COME = linear(
    r"tomorrow|tonight|next|in (?:half|an?|\d|[a-z]{3,5} )|after|before|between|until|till"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_EDGES = (",", ";", "!", "?", "\n", ". ")


def wished_in(seen: str) -> tuple[Span, Span] | None:
    """Where it stands in a folded message, and in it the time itself.

    A time is wished for with «come» before it, «works» behind, or where nothing else is said.
    """
    for match in _WISH.finditer(seen):
        clause = max(seen.rfind(edge, 0, match.start()) + len(edge.strip(" ")) for edge in _EDGES)
        if _BUSY.search(seen, clause, match.end()) or _goes_on(seen, match.end()):
            continue
        is_said = match["lead"] or match["tail"] or _stands_alone(seen, clause, match.span("time"))
        if is_said:
            return match.span(), match.span("time")
    return None


def _goes_on(seen: str, end: int) -> bool:
    """What follows belongs to the time: tomorrow after 10 am I have …"""
    return bool(_BUSY.search(seen, end, min(len(seen), end + 24)))


def _stands_alone(seen: str, clause: int, at: Span) -> bool:
    """The whole of the message, or its end where the time is surely one to come."""
    is_whole = _ONLY_POLITE.fullmatch(seen, 0, at[0]) is not None
    is_clause = _ONLY_POLITE.fullmatch(seen, min(clause, at[0]), at[0]) is not None
    is_last = not any(map(str.isalnum, seen[at[1] :].replace("thank", "").replace("you", "")))
    return is_last and (is_whole or (is_clause and bool(_SURELY_TO_COME.search(seen, *at))))
