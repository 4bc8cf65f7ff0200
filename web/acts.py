"""Acts of a reader: a Desk that only reads, and one that does what a form asks, once."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Response, request

from domain.delivery import Wallet
from domain.speaker import Speaker
from models import Session
from services import conversations, inbox
from services.conversations import Talk
from services.desk import Desk
from services.inbox import Arrival
from web.area import area
from web.forms import SentBefore, request_key
from web.page import go, is_following, reader
from web.reading import reading
from web.site import site

_WALLET = "wallet"


@dataclass(frozen=True, slots=True)
class Led:
    """What came of an act: the page to go on with, and the ticket that it was about."""

    path: str
    ticket_id: int | None = None
    ends: str | None = None  # the conversation in chat that has its end with it


@contextmanager
def looking() -> Iterator[Desk]:
    """The desk for a page that changes nothing."""
    with reading() as session:
        yield Desk(session, site().now(), site().rules, reader())


def once(tapped: str, do: Callable[[Desk], Led], text: str = "") -> Response:
    """Does it in one transaction and goes on; the same form again gets the same page (R-089).

    `text`: what the person said, for the inbox. SentBefore if it says something else by now (H-52).
    """
    with site().database.transaction() as session:
        path = _taken(session, tapped, do, text)
    if session.tells_somebody:
        site().nudge()
    return go(path)


def _taken(session: Session, tapped: str, do: Callable[[Desk], Led], text: str) -> str:
    now, me, key = site().now(), reader(), f"{area().name}:{request_key()}"
    arrival = Arrival(_box_of(me), key, area().name, text, None, tapped[:128], now, now)
    inbox_id = inbox.take(session, arrival)
    if inbox_id is None:
        return _answered(session, arrival.openid, key)
    led = _done(session, do, inbox_id)
    kept = {"path": led.path, "digest": _digest()}
    inbox.keep_answer(session, inbox_id, kept, led.ticket_id)
    return led.path


def _box_of(me: Speaker) -> str:
    """Whose words these are; not everybody at a desk has an account of WeChat."""
    return me.openid or f"person:{me.id}"


def _done(session: Session, do: Callable[[Desk], Led], inbox_id: int) -> Led:
    now, me = site().now(), reader()
    if not (area().is_chat and me.openid):
        return do(Desk(session, now, site().rules, me, inbox_id))
    talk = conversations.load(session, me.openid, now)
    session.info[_WALLET] = talk.wallet
    led = do(Desk(session, now, site().rules, talk.speaker, inbox_id))
    _spoken_of(session, talk, led)
    return led


def _answered(session: Session, openid: str, key: str) -> str:
    kept = inbox.answered(session, openid, key) or {}
    path = str(kept.get("path", area().start))
    if kept.get("digest") != _digest():
        raise SentBefore(path)
    return path


def is_within_reach(desk: Desk) -> bool:
    """Whether a message gets to the actor now: what a page has shown already need not wait."""
    wallet: Wallet | None = desk.session.info.get(_WALLET)
    if wallet is None:
        return False
    return is_following() and wallet.left(desk.now, desk.rules.reach.limits) > 0


def _digest() -> str:
    """Of all that the form says, but for the token, which each page has anew."""
    fields = sorted((name, value) for name, value in request.form.items() if name != "csrf_token")
    return hashlib.sha256(json.dumps([request.path, fields]).encode()).hexdigest()[:32]


def _spoken_of(session: Session, talk: Talk, led: Led) -> None:
    """Chat and pages are one talk: what was said here is what 催单 means there."""
    if led.ticket_id is None:
        return
    standing = replace(talk.standing, ticket_id=led.ticket_id)
    if led.ends is not None and standing.name == led.ends:
        standing = replace(standing, name=None, step=None, draft={}, misses=0)
    conversations.save(session, talk.speaker.id, standing, talk.wallet)
