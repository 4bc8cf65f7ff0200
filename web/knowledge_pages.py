"""The knowledge base for its readers, in whichever area they open it: found, read, judged (K1).

A use is counted when an article is opened: the address then names it, and a reload counts nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request

from domain.category import Category
from domain.knowledge import UseOutcome, UsePlace
from domain.refusals import NotFound
from models import DatabaseUnavailable
from services import answering
from services.answering import AnswerShown
from services.desk import Desk
from services.knowledge import reading, searching, using
from services.knowledge.reading import ArticleLine, ArticlePage
from services.knowledge.searching import FoundArticle
from services.maintenance import Window
from web import article_pictures
from web.acts import Led, looking, once
from web.area import area
from web.forms import Field, read_form
from web.page import go, reader, show
from web.site import site

log = logging.getLogger(__name__)

_KINDS = frozenset(each.value for each in Category)
_SAID = (UseOutcome.USEFUL.value, UseOutcome.USELESS.value)
_VERDICT = (Field("use", 12), Field("outcome", 8, True, _SAID), Field("remark", 200))
_ASKED = Field("fault", 500)
_LONGEST = 60  # characters of a search
_DIGITS = 10  # as many has no id


Maintained = Callable[[Desk, str], Window | None]
"""What runs and explains such words, for pages that say it nowhere else."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The list: what was searched for, else a kind of thing, else what helped most."""

    query: str
    kind: str
    found: tuple[FoundArticle | ArticleLine, ...]
    kinds: dict[Category, int]


# --- finding -------------------------------------------------------------------------------------


def listed() -> Response:
    query = request.args.get("q", "").strip()[:_LONGEST]
    asked = request.args.get("kind", "")
    kind = asked if asked in _KINDS else ""
    with looking() as desk:
        shelf = _Shelf(query, kind, _found(desk, query, kind), _kinds(desk))
    return show(f"{area().name}/knowledge.html", shelf=shelf)


def _found(desk: Desk, query: str, kind: str) -> tuple[FoundArticle | ArticleLine, ...]:
    if query:
        return searching.search(desk, query)
    audiences = searching.audiences_of(desk.actor)
    if kind:
        return reading.listed(desk.session, audiences, Category(kind), limit=100)
    return reading.popular(desk.session, audiences)


def _kinds(desk: Desk) -> dict[Category, int]:
    counted = reading.kinds(desk.session, searching.audiences_of(desk.actor))
    return {kind: counted[kind] for kind in Category if kind in counted}


def like(base: str = "", maintained: Maintained | None = None) -> Response:
    """What is known already of the words so far; nothing is counted before it is opened."""
    words = read_form(_ASKED)["fault"]
    with looking() as desk:
        found = desk.answers(words) if words else ()
        runs = maintained(desk, words) if maintained and words else None
    base = base or f"{area().path}/knowledge"
    return show("answers.html", answers=found, base=base, maintained=runs)


# --- reading -------------------------------------------------------------------------------------


def one(number: str, place: UsePlace) -> Response:
    with looking() as desk:
        article = reading.article(desk, number)
        shown = _shown(desk, article, request.args.get("use", ""))
    if shown is not None:
        return _page(article, shown)
    use = _counted(article, place, request.args.get("q", "")[:_LONGEST])
    return go(f"{_path(article)}?use={use}") if use else _page(article, None)


def _page(article: ArticlePage, shown: AnswerShown | None) -> Response:
    body = article_pictures.drawn(article.body, article.pictures)
    return show(f"{area().name}/article.html", article=article, body=body, shown=shown)


def _path(article: ArticlePage) -> str:
    return f"{area().path}/knowledge/{article.number}"


def _shown(desk: Desk, article: ArticlePage, use: str) -> AnswerShown | None:
    """The use that the address names, if it is the reader's own and of this article."""
    shown = asked_before(desk, use)
    return shown if shown is not None and shown.number == article.number else None


def _counted(article: ArticlePage, place: UsePlace, query: str) -> int | None:
    """A busy database keeps nobody from reading."""
    try:
        with site().database.transaction() as session:
            desk = Desk(session, site().now(), site().rules, reader())
            return using.show(desk, article, place, query or article.title)
    except DatabaseUnavailable:
        log.info("use_not_counted article=%s", article.number)
        return None


def opened(number: str, place: UsePlace) -> Response:
    """In place, beside a report that is being written: the short answer, counted as shown."""
    words = read_form(_ASKED)["fault"]
    with looking() as desk:
        article = reading.article(desk, number)
    use = _counted(article, place, words)
    is_for_caller = place is UsePlace.CONSOLE  # what came of it the end of the call says
    template = "console/phone/answer.html" if is_for_caller else "answer_opened.html"
    return show(template, article=article, use=use, path=_path(article))


# --- judging -------------------------------------------------------------------------------------


def said(number: str) -> Response:
    """有用, or 没用 and why; said twice, the last word counts."""
    filled = read_form(*_VERDICT)
    use = _number(filled["use"])
    outcome = UseOutcome(filled["outcome"] or UseOutcome.USEFUL.value)

    def do(desk: Desk) -> Led:
        using.say(desk, use, outcome, remark=filled["remark"] or None)
        return Led(f"{area().path}/knowledge/{number}?use={use}")

    return once("answer", do)


def asked_before(desk: Desk, use: str) -> AnswerShown | None:
    """What a report begins with that follows an answer; nothing if it is not the reader's own."""
    try:
        return answering.shown(desk, _number(use)) if use else None
    except NotFound:
        return None


def report_came_of(desk: Desk, use: str, ticket_id: int, *, is_solved: bool = False) -> None:
    """还是要报修; or it was solved with the answer, on the phone."""
    if use:
        outcome = UseOutcome.USEFUL if is_solved else UseOutcome.REPORTED
        answering.came_of(desk, _number(use), ticket_id, outcome)


def _number(typed: str) -> int:
    """The id of a use; 0, which none has, for whatever else an address says."""
    is_id = typed.isascii() and typed.isdecimal() and len(typed) < _DIGITS
    return int(typed) if is_id else 0
