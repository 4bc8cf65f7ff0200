"""One article as those who write it read it: its versions, how they differ, its use (K2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.knowledge import OPEN_VERSIONS, UseOutcome, VersionState
from domain.numbers import desk_day
from domain.permissions import Permission, demand, may
from models import Article, ArticleUse, ArticleVersion, Person
from services import audit
from services.knowledge import pictures, records
from services.knowledge.pictures import PictureView
from services.knowledge.reading import NoSuchArticle
from services.knowledge.records import Wording

if TYPE_CHECKING:
    from services.desk import Desk

_SAID_SHOWN = 10


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version, with who wrote and who reviewed it."""

    version: int
    state: VersionState
    revision: int
    wording: Wording
    writer: str
    changed_at: datetime
    reviewer: str
    reviewed_at: datetime | None
    remark: str | None
    pictures: tuple[PictureView, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of it, and what they had asked."""

    query: str
    outcome: UseOutcome
    remark: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the actor may do with it now."""

    may_edit: bool
    may_review: bool
    is_own: bool  # it is in review, and the actor wrote it
    may_manage: bool
    may_keep: bool


@dataclass(frozen=True, slots=True)
class Managed:
    """Everything that the article's page at the console shows."""

    number: str
    owner_id: int
    owner: str
    is_retired: bool
    is_stale: bool
    review_on: date | None
    shown: int
    useful: int
    useless: int
    versions: tuple[VersionView, ...]  # the newest first
    live: VersionView | None
    open: VersionView | None
    said: tuple[Said, ...]
    changes: tuple[audit.Entry, ...]
    acts: Allowed

    @property
    def shown_version(self) -> VersionView:
        return self.open or self.live or self.versions[0]


def page(desk: "Desk", number: str) -> Managed:
    """NotFound for a draft of somebody else's."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    article = desk.session.scalar(select(Article).where(Article.number == number.upper()))
    if article is None:
        raise NoSuchArticle()
    rows = _versions(desk, article)
    shown = pictures.of_versions(desk.session, [each.id for each in rows])
    views = tuple(_view(desk, each, shown[each.id]) for each in rows)
    by_state = {view.state: view for view in views}
    opened = next((view for view in views if view.state in OPEN_VERSIONS), None)
    row = next((each for each in rows if each.state in OPEN_VERSIONS), None)
    acts = _acts(desk, article, row)
    if article.live_version_id is None and not (acts.may_edit or acts.may_manage):
        raise NoSuchArticle()
    if not (row is None or acts.may_edit or acts.may_review):
        opened = None
        views = tuple(view for view in views if view.state not in OPEN_VERSIONS)
    return Managed(
        article.number,
        article.owner_id,
        records.name_of(desk, article.owner_id),
        article.retired_at is not None,
        article.review_on is not None and article.review_on <= desk_day(desk.now),
        article.review_on,
        article.shown,
        article.useful,
        article.useless,
        views,
        by_state.get(VersionState.PUBLISHED),
        opened,
        _said(desk, article),
        audit.history(desk.session, f"article:{article.number}"),
        acts,
    )


def _versions(desk: "Desk", article: Article) -> list[ArticleVersion]:
    this = ArticleVersion.article_id == article.id
    statement = select(ArticleVersion).where(this).order_by(ArticleVersion.version.desc())
    return list(desk.session.scalars(statement))


def _view(desk: "Desk", row: ArticleVersion, shown: tuple[PictureView, ...]) -> VersionView:
    reviewer = records.name_of(desk, row.reviewed_by_id) if row.reviewed_by_id else ""
    return VersionView(
        row.version,
        row.state,
        row.revision,
        records.wording_of(row),
        records.name_of(desk, row.written_by_id),
        row.changed_at,
        reviewer,
        row.reviewed_at,
        row.remark,
        shown,
    )


def _acts(desk: "Desk", article: Article, opened: ArticleVersion | None) -> Allowed:
    roles = desk.actor.roles
    manages = may(roles, Permission.KNOWLEDGE_MANAGE)
    is_owner = article.owner_id == desk.actor.id
    writes = (
        manages or is_owner or (opened is not None and records.is_writer(desk, article, opened))
    )
    in_review = opened is not None and opened.state is VersionState.IN_REVIEW
    reviews = (
        in_review
        and opened is not None
        and may(roles, Permission.KNOWLEDGE_REVIEW, records.stand_of(desk, opened))
    )
    is_own = in_review and opened is not None and opened.written_by_id == desk.actor.id
    return Allowed(writes, reviews, is_own, manages, manages or is_owner)


def _said(desk: "Desk", article: Article) -> tuple[Said, ...]:
    """The last that people said of it; who it was is nobody's business here."""
    statement = (
        select(ArticleUse)
        .where(ArticleUse.article_id == article.id, ArticleUse.outcome != UseOutcome.SHOWN)
        .order_by(ArticleUse.shown_at.desc(), ArticleUse.id.desc())
        .limit(_SAID_SHOWN)
    )
    return tuple(
        Said(each.query, each.outcome, each.remark, each.outcome_at or each.shown_at)
        for each in desk.session.scalars(statement)
    )


def writers(desk: "Desk") -> tuple[tuple[int, str], ...]:
    """Who may see to an article, by name."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    people = desk.session.scalars(select(Person).where(Person.is_active.is_(True)))
    found = [each for each in people if records.writes(each.roles)]
    return tuple((each.id, each.name or "") for each in sorted(found, key=lambda p: p.name or ""))


# --- how two versions differ ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: kept, gone or new."""

    text: str
    kind: str  # same, gone, new


def difference(before: str, after: str) -> tuple[Line, ...]:
    """Line by line; what is the same stands between."""
    old, new = before.split("\n"), after.split("\n")
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += _lines(old[a:b], "same")
        else:
            found += [*_lines(old[a:b], "gone"), *_lines(new[c:d], "new")]
    return tuple(found)


def _lines(texts: Iterable[str], kind: str) -> list[Line]:
    return [Line(text, kind) for text in texts]
