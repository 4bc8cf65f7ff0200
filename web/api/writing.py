"""Writes: once for each idempotency key, and never over what somebody else did (H-52)."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request
from pydantic import BaseModel

from domain.permissions import Permission
from services import api_answers, api_tickets
from services.api_answers import Answer
from services.desk import Desk
from services.records import locked
from web.api.caller import bearer, holds
from web.api.problems import Changed, KeyMissing, Unconditional, words
from web.api.shapes import TicketDone, etag_of
from web.site import site

KEY = re.compile(r"[\x21-\x7e]{8,80}", re.ASCII)
_ETAG = re.compile(r"\d{1,12}\.(\d{1,12})", re.ASCII)
_CHANGES_SHOWN = 20

Answered = tuple[dict[str, Any], int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a write: the ticket, and what the caller is told of it."""

    ticket_id: int
    said: TicketDone


@contextmanager
def looking() -> Iterator[Desk]:
    """The desk for a call that changes nothing."""
    with site().database.reading() as session:
        yield Desk(session, site().now(), site().rules, bearer().speaker)


def write(asked: BaseModel | None, do: Callable[[Desk], Written], status: int = 200) -> Answered:
    """Does it in one transaction; the same call again gets the same answer."""
    key, token_id, now = _key(), bearer().token_id, site().now()
    with site().database.transaction() as session:
        given = api_answers.take(session, token_id, key, _digest(asked), now)
        is_first = given is None
        if given is None:
            given = _done(Desk(session, now, site().rules, bearer().speaker), do, status)
            api_answers.keep(session, token_id, key, given)
    if session.tells_somebody:
        site().nudge()
    headers = dict(given.body["headers"])
    if not is_first:
        headers["Idempotency-Replayed"] = "true"
    return given.body["said"], given.status, headers


def _done(desk: Desk, do: Callable[[Desk], Written], status: int) -> Answer:
    session, me = desk.session, bearer()
    since = api_tickets.newest_line(session)
    written = do(desk)
    api_tickets.mark(session, written.ticket_id, me.speaker.id, since, me.token_id)
    headers = {"ETag": etag_of(written.ticket_id, api_tickets.version(session, written.ticket_id))}
    if status == 201:
        headers["Location"] = f"{request.path}/{written.said.number}"
    said = written.said.model_dump(mode="json")
    return Answer(status, {"said": said, "headers": headers})


def done(desk: Desk, ticket_id: int) -> Written:
    """How the ticket stands now, whoever may read the whole of it."""
    return Written(ticket_id, TicketDone.model_validate(api_tickets.after_act(desk, ticket_id)))


def demand_unchanged(desk: Desk, ticket_id: int, *, is_demanded: bool = False) -> None:
    """With If-Match: Changed if the ticket is not any more what the caller saw.

    `is_demanded`: Unconditional without one, for what would overwrite another's words.
    """
    if "If-Match" not in request.headers:
        if is_demanded:
            raise Unconditional()
        return
    locked(desk.session, ticket_id)
    now_is = etag_of(ticket_id, api_tickets.version(desk.session, ticket_id))
    if request.if_match.star_tag or request.if_match.contains(now_is.strip('"')):
        return
    raise Changed(now_is, _changes(desk, ticket_id))


def _changes(desk: Desk, ticket_id: int) -> list[dict[str, str]]:
    """For who may read the ticket: what was done since."""
    seen = _ETAG.fullmatch(request.headers["If-Match"].strip().strip('"'))
    if seen is None or not holds(Permission.TICKET_READ):
        return []
    entries = api_tickets.changed_since(desk, ticket_id, int(seen[1]))
    return [
        {"at": each.at.isoformat(), "text": words(each.say.key, **each.say.facts)}
        for each in entries[-_CHANGES_SHOWN:]
    ]


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise KeyMissing()
    return key


def _digest(asked: BaseModel | None) -> str:
    """Of what is asked for, and of which ticket."""
    said = asked.model_dump(mode="json", exclude_unset=True) if asked else None
    written = json.dumps([request.method, request.path, said], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()
