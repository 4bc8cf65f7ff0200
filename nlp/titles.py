"""How people call somebody whose name they half know: 周工, 老周, 周师傅."""

import re

_TITLES = "工程师|师傅|师父|老师|主任|经理|科长|处长|组长|工|总|哥|姐"
_BY_TITLE = re.compile(rf"(?:小|老)?(\w)(?:{_TITLES})")
_BY_AGE = re.compile(r"(?:小|老)(\w)")


def surname_in(called: str) -> str | None:
    """The surname, where no more of the name is said; None for a whole name."""
    called = called.strip()
    found = _BY_TITLE.fullmatch(called) or _BY_AGE.fullmatch(called)
    return found[1] if found else None


def may_be_one(called: str, known: str) -> bool:
    """Whether both may mean the same person: the same name, or a surname that is all there is."""
    if called == known:
        return True
    said, kept = surname_in(called), surname_in(known)
    if said is None and kept is None:
        return False
    return (said or called[:1]) == (kept or known[:1])
