"""Reviewing: publish or return, retire or bring back, and look again in half a year (K2)."""

import logging
from datetime import date
from typing import TYPE_CHECKING

from domain.knowledge import ArticleAct, VersionState
from domain.numbers import desk_day
from domain.permissions import Permission, demand, has_role_for, may
from domain.refusals import NotFound, Refusal
from models import Article, ArticleVersion, Person
from services.knowledge import illustrating, index, records, telling

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)


class OwnArticle(Refusal):
    """Who wrote it does not review it (K2)."""

    text_key = "knowledge.refusal.own"


class ReadAgain(Refusal):
    """It is not what the reviewer had before them."""

    text_key = "knowledge.refusal.read_again"


class NoReason(Refusal):
    """What comes back without a word cannot be made better."""

    text_key = "knowledge.refusal.no_reason"


class NotRead(Refusal):
    """Nobody reads it: it was never published, or is retired."""

    text_key = "knowledge.refusal.not_read"


class NoWriter(Refusal):
    """An article is seen to by somebody who writes articles."""

    text_key = "knowledge.refusal.no_writer"


def publish(desk: "Desk", number: str, revision: int | None = None) -> Article:
    """From now on people read it, in place of the version before; it was read by two people."""
    article, version = _to_review(desk, number, revision)
    before = records.facts(version)
    _supersede(desk, article)
    records.move(desk, version, ArticleAct.PUBLISH)
    version.reviewed_by_id, version.reviewed_at = desk.actor.id, desk.now
    version.remark = None
    _put_live(desk, article, version)
    records.record(desk, article, "publish", before, records.facts(version))
    facts = {"title": version.title, "reviewer": desk.actor.name or ""}
    telling.tell(desk, version.written_by_id, article, "knowledge.told.published", **facts)
    log.info("article_published article=%s version=%s", article.number, version.version)
    return article


def return_(desk: "Desk", number: str, remark: str, revision: int | None = None) -> Article:
    """To its writer, with what should be better."""
    article, version = _to_review(desk, number, revision)
    if not remark.strip():
        raise NoReason()
    before = records.facts(version)
    records.move(desk, version, ArticleAct.RETURN)
    version.reviewed_by_id, version.reviewed_at = desk.actor.id, desk.now
    version.remark = remark.strip()[: records.REMARK_LIMIT]
    records.record(desk, article, "return", before, records.facts(version))
    facts = {"title": version.title, "reviewer": desk.actor.name or "", "remark": version.remark}
    telling.tell(desk, version.written_by_id, article, "knowledge.told.returned", **facts)
    return article


def retire(desk: "Desk", number: str, reason: str) -> Article:
    """Nobody reads or finds it any more; it is kept."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_MANAGE)
    article = _read_by_people(desk, number)
    if not reason.strip():
        raise NoReason()
    _supersede(desk, article)
    article.live_version_id = article.review_on = None
    article.retired_at = desk.now
    index.take_out(desk.session, article.id)
    after = {"reason": reason.strip()[: records.NOTE_LIMIT]}
    records.record(desk, article, "retire", None, after)
    return article


def restore(desk: "Desk", number: str) -> Article:
    """As it was read last: what two people read once needs no second review."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_MANAGE)
    article = records.located(desk, number)
    last = records.last_published(desk, article)
    if article.retired_at is None or last is None:
        raise NotFound()
    version = records.new_version(desk, article, records.wording_of(last))
    version.state, version.written_by_id = VersionState.PUBLISHED, last.written_by_id
    version.reviewed_by_id, version.reviewed_at = last.reviewed_by_id, desk.now
    desk.session.add(version)
    desk.session.flush()
    illustrating.tie(desk, version)
    _put_live(desk, article, version)
    records.record(desk, article, "restore", None, records.facts(version))
    return article


def keep(desk: "Desk", number: str) -> Article:
    """Somebody looked: it still holds."""
    article = _read_by_people(desk, number)
    records.demand_owner(desk, article)
    before = {"review_on": _told(article.review_on)}
    article.review_on = next_review(desk)
    records.record(desk, article, "keep", before, {"review_on": _told(article.review_on)})
    return article


def give_to(desk: "Desk", number: str, person_id: int) -> Article:
    """Somebody else sees to it from now on, and hears so."""
    article = records.located(desk, number)
    records.demand_owner(desk, article)
    person = desk.session.get(Person, person_id)
    if person is None or not records.writes(person.roles):
        raise NoWriter()
    before = {"owner": records.name_of(desk, article.owner_id)}
    article.owner_id = person.id
    records.record(desk, article, "give", before, {"owner": person.name or ""})
    title = (records.live_version(desk, article) or records.newest(desk, article)).title
    telling.tell(desk, person.id, article, "knowledge.told.yours", title=title)
    return article


def next_review(desk: "Desk") -> date:
    return desk_day(desk.now + desk.rules.knowledge.review_after)


def _to_review(desk: "Desk", number: str, revision: int | None) -> tuple[Article, ArticleVersion]:
    """What waits for review, by somebody who may; as it was when they read it."""
    article = records.located(desk, number)
    version = records.being_written(desk, article)
    stand = records.stand_of(desk, version)
    is_reviewer = has_role_for(desk.actor.roles, Permission.KNOWLEDGE_REVIEW)
    if is_reviewer and not may(desk.actor.roles, Permission.KNOWLEDGE_REVIEW, stand):
        raise OwnArticle()  # the same no, said so that it is understood
    demand(desk.actor.roles, Permission.KNOWLEDGE_REVIEW, stand)
    if revision is not None and version.revision != revision:
        raise ReadAgain()
    return article, version


def _read_by_people(desk: "Desk", number: str) -> Article:
    article = records.located(desk, number)
    if article.live_version_id is None:
        raise NotRead()
    return article


def _supersede(desk: "Desk", article: Article) -> None:
    live = records.live_version(desk, article)
    if live is not None:
        records.move(desk, live, ArticleAct.SUPERSEDE)
        desk.session.flush()  # one is published at a time


def _put_live(desk: "Desk", article: Article, version: ArticleVersion) -> None:
    article.live_version_id, article.retired_at = version.id, None
    article.review_on = next_review(desk)
    index.put(desk.session, article.id, index.tokens_of(version))


def _told(day: date | None) -> str | None:
    return day.isoformat() if day else None
