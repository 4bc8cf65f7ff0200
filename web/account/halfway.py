"""Who has given the right password and still has something to do before they are signed in."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, session

from models import Session as Rows
from services import signing_in
from services.signing_in import Next
from services.web_sessions import Via
from web.account.entering import enter
from web.account.guard import SIGN_IN
from web.page import go
from web.site import site

_KEPT_AS = "halfway"
_GOES_ON_WITHIN = 600  # seconds

CODE = f"{SIGN_IN}/code"
NEW_PASSWORD = f"{SIGN_IN}/new-password"


@dataclass(frozen=True, slots=True)
class Halfway:
    """Kept by the browser, signed by us; it opens nothing but the next step."""

    person_id: int
    step: str
    stamp: str  # which password was right: with another one this way has ended
    since: float
    to: str


def goes_on(writing: Rows, person_id: int, step: Next, to: str) -> Response:
    """To the next step, or in."""
    session.clear()
    if step is Next.IN:
        return enter(writing, person_id, Via.PASSWORD, to)
    stamp, since = signing_in.stamp_of(writing, person_id), site().now().timestamp()
    session[_KEPT_AS] = asdict(Halfway(person_id, step.value, stamp, since, to))
    return go(CODE if step is Next.CODE else NEW_PASSWORD)


def found(step: Next) -> Halfway | None:
    """Whoever stands before this step in this browser; None: they have to begin anew."""
    kept = _kept()
    if kept is None or kept.step != step.value:
        return None
    if not 0 <= site().now().timestamp() - kept.since <= _GOES_ON_WITHIN:
        return None
    with site().database.reading() as reading:
        is_theirs = signing_in.stamp_of(reading, kept.person_id) == kept.stamp
        return kept if is_theirs and signing_in.is_active(reading, kept.person_id) else None


def _kept() -> Halfway | None:
    kept: Any = session.get(_KEPT_AS)
    try:
        return Halfway(**kept)
    except TypeError:
        return None
