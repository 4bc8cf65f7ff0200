"""Writing articles: from nothing, from a solved ticket, as the next version of one (K2).

Nobody overwrites what somebody else wrote meanwhile: whoever saves says which revision they saw.
"""

import logging
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

from domain.knowledge import ArticleAct
from domain.permissions import Permission, demand
from domain.refusals import Refusal
from models import Article, ArticleVersion
from services.knowledge import illustrating, records, telling
from services.knowledge.records import Wording

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)


class ChangedMeanwhile(Refusal):
    """Somebody else saved it since it was opened; `theirs` is what it says now."""

    text_key = "knowledge.refusal.changed"

    def __init__(self, theirs: Wording, revision: int, who: str) -> None:
        super().__init__(who=who)
        self.theirs = theirs
        self.revision = revision


class Incomplete(Refusal):
    """Without a title or an answer there is nothing to review."""

    text_key = "knowledge.refusal.incomplete"


class AlreadyOpen(Refusal):
    """Its next version is being written already."""

    text_key = "knowledge.refusal.already_open"


def create(desk: "Desk", wording: Wording, *, ticket_id: int | None = None) -> Article:
    """A draft, seen by those who work here; whoever wrote it sees to it."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    article = Article(
        number=f"_{token_hex(5)}",  # until its id is known
        owner_id=desk.actor.id,
        source_ticket_id=ticket_id,
        made_at=desk.now,
        changed_at=desk.now,
    )
    desk.session.add(article)
    desk.session.flush()
    article.number = f"ZS{article.id:04d}"
    version = _opened(desk, article, wording)
    records.record(desk, article, "create", None, records.facts(version))
    log.info("article_created article=%s actor=%s", article.number, desk.actor.id)
    return article


def revise(desk: "Desk", number: str) -> ArticleVersion:
    """The next version, as the published one or the last one reads; people go on reading that."""
    article = records.located(desk, number)
    if records.open_version(desk, article) is not None:
        raise AlreadyOpen()
    last = records.live_version(desk, article) or records.newest(desk, article)
    wording = records.wording_of(last)
    version = _opened(desk, article, replace(wording, note=""))
    records.record(desk, article, "revise", None, records.facts(version))
    return version


def save(desk: "Desk", number: str, wording: Wording, revision: int) -> ArticleVersion:
    """The words of the draft; `ChangedMeanwhile` if it is not what the actor had before them."""
    article, version = _written(desk, number)
    if version.revision != revision:
        who = records.name_of(desk, version.written_by_id)
        raise ChangedMeanwhile(records.wording_of(version), version.revision, who)
    before = records.facts(version)
    records.move(desk, version, ArticleAct.SAVE)
    records.put(version, wording)
    illustrating.tie(desk, version)
    version.written_by_id = desk.actor.id
    records.record(desk, article, "save", before, records.facts(version))
    return version


def submit(desk: "Desk", number: str) -> ArticleVersion:
    """To those who may publish it; the writer cannot (K2)."""
    article, version = _written(desk, number)
    if not version.title or not version.answer:
        raise Incomplete()
    _act(desk, article, version, ArticleAct.SUBMIT)
    version.remark = None
    telling.tell_reviewers(desk, article, version)
    return version


def take_back(desk: "Desk", number: str) -> ArticleVersion:
    """Out of review: there is something to change first."""
    article, version = _written(desk, number)
    _act(desk, article, version, ArticleAct.TAKE_BACK)
    return version


def drop(desk: "Desk", number: str) -> None:
    """Never published; what people read stays as it is."""
    article, version = _written(desk, number)
    _act(desk, article, version, ArticleAct.DROP)


def _written(desk: "Desk", number: str) -> tuple[Article, ArticleVersion]:
    article = records.located(desk, number)
    version = records.being_written(desk, article)
    records.demand_writer(desk, article, version)
    return article, version


def _act(desk: "Desk", article: Article, version: ArticleVersion, act: ArticleAct) -> None:
    before = records.facts(version)
    records.move(desk, version, act)
    records.record(desk, article, act.value, before, records.facts(version))
    log.info("article_act article=%s act=%s actor=%s", article.number, act, desk.actor.id)


def _opened(desk: "Desk", article: Article, wording: Wording) -> ArticleVersion:
    version = records.new_version(desk, article, wording)
    desk.session.add(version)
    desk.session.flush()
    illustrating.tie(desk, version)
    return version
