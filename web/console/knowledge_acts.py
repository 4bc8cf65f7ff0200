"""Acts on an article at the console: to review and out of it, out of use, to others (K2)."""

from collections.abc import Callable

from flask import Response

from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from services.desk import Desk
from services.knowledge import paging, reviewing, writing
from services.knowledge.records import NOTE_LIMIT, REMARK_LIMIT
from web.acts import Led, looking, once
from web.console.knowledge import HOME, ONE, drawn
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, said

routes = pages("knowledge_acts", "/knowledge")

_SEEN = Field("revision", 9)
_NUMBER = 9  # digits of an id


@routes.post(f"{ONE}/submit")
@needs(Permission.KNOWLEDGE_WRITE)
def submit(number: str) -> Response:
    read_form()
    return _done(number, "submit", lambda desk: writing.submit(desk, number))


@routes.post(f"{ONE}/take_back")
@needs(Permission.KNOWLEDGE_WRITE)
def take_back(number: str) -> Response:
    read_form()
    return _done(number, "take_back", lambda desk: writing.take_back(desk, number))


@routes.post(f"{ONE}/drop")
@needs(Permission.KNOWLEDGE_WRITE)
def drop(number: str) -> Response:
    """Back to the list, where nothing else of it is left to read."""
    read_form()

    def do(desk: Desk) -> Led:
        writing.drop(desk, number)
        return Led(f"{HOME}?which=mine&done=drop")

    return _tried(number, "drop", do)


@routes.post(f"{ONE}/publish")
@needs(Permission.KNOWLEDGE_REVIEW)
def publish(number: str) -> Response:
    seen = _revision(read_form(_SEEN))
    return _done(number, "publish", lambda desk: reviewing.publish(desk, number, seen))


@routes.post(f"{ONE}/return")
@needs(Permission.KNOWLEDGE_REVIEW)
def return_(number: str) -> Response:
    filled = read_form(_SEEN, Field("remark", REMARK_LIMIT))
    seen = _revision(filled)
    return _done(
        number, "return", lambda desk: reviewing.return_(desk, number, filled["remark"], seen)
    )


@routes.post(f"{ONE}/retire")
@needs(Permission.KNOWLEDGE_MANAGE)
def retire(number: str) -> Response:
    filled = read_form(Field("reason", NOTE_LIMIT))
    return _done(number, "retire", lambda desk: reviewing.retire(desk, number, filled["reason"]))


@routes.post(f"{ONE}/restore")
@needs(Permission.KNOWLEDGE_MANAGE)
def restore(number: str) -> Response:
    read_form()
    return _done(number, "restore", lambda desk: reviewing.restore(desk, number))


@routes.post(f"{ONE}/keep")
@needs(Permission.KNOWLEDGE_WRITE)
def keep(number: str) -> Response:
    read_form()
    return _done(number, "keep", lambda desk: reviewing.keep(desk, number))


@routes.post(f"{ONE}/give")
@needs(Permission.KNOWLEDGE_WRITE)
def give(number: str) -> Response:
    filled = read_form(Field("owner", _NUMBER))
    owner = int(filled["owner"]) if filled["owner"].isdecimal() else 0
    return _done(number, "give", lambda desk: reviewing.give_to(desk, number, owner))


def _revision(filled: Filled) -> int:
    return int(filled["revision"]) if filled["revision"].isdecimal() else -1


def _done(number: str, name: str, do: Callable[[Desk], object]) -> Response:
    def act(desk: Desk) -> Led:
        do(desk)
        return Led(f"{HOME}/{number.upper()}?done={name}")

    return _tried(number, name, act)


def _tried(number: str, name: str, do: Callable[[Desk], Led]) -> Response:
    """A no of ours is said on the article's page, where one sees how it stands now."""
    try:
        return once(f"article_{name}", do)
    except Refusal as no:
        if not no.text_key.startswith("knowledge."):
            raise
        with looking() as desk:
            article = paging.page(desk, number)
            writers = paging.writers(desk) if article.acts.may_keep else ()
        return drawn(article, writers, 409, said(Say(no.text_key, no.facts)))
