"""Pictures of articles as they are read: with the versions that name them (K2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from domain.knowledge import OPEN_VERSIONS
from domain.permissions import Permission, demand, has_role_for, may
from domain.refusals import NotFound
from models import Article, ArticlePicture, ArticleVersion, VersionPicture, table_of
from services.knowledge.searching import audiences_of
from services.media_links import Kept
from storage import type_of

if TYPE_CHECKING:
    from services.desk import Desk

_pictures, _ties = table_of(ArticlePicture), table_of(VersionPicture)
_versions, _articles = table_of(ArticleVersion), table_of(Article)


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture, and the place that a page keeps free for it."""

    id: int
    width: int
    height: int


def of_text(desk: "Desk", named: Iterable[int]) -> tuple[PictureView, ...]:
    """Of these numbers the pictures that the actor may see."""
    if not (ids := tuple(named)):
        return ()
    return _views(desk.session, and_(_pictures.c.id.in_(ids), _is_seen(desk)))


def of_versions(session: Session, ids: Iterable[int]) -> Mapping[int, tuple[PictureView, ...]]:
    """The pictures of each of these versions; who may read those may see them."""
    wanted = tuple(ids)
    statement = (
        select(_ties.c.version_id, _pictures.c.id, _pictures.c.width, _pictures.c.height)
        .join_from(_ties, _pictures, _pictures.c.id == _ties.c.picture_id)
        .where(_ties.c.version_id.in_(wanted))
        .order_by(_pictures.c.id)
    )
    found: dict[int, tuple[PictureView, ...]] = dict.fromkeys(wanted, ())
    for row in session.execute(statement):
        found[row.version_id] += (PictureView(row.id, row.width, row.height),)
    return found


def opened(desk: "Desk", picture_id: int) -> Kept:
    """Its file, for those who may read an article that shows it; NotFound for all others."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_READ)
    this = and_(_pictures.c.id == picture_id, _is_seen(desk))
    file = desk.session.scalar(select(_pictures.c.file).where(this))
    if file is None:
        raise NotFound()
    return Kept(file, type_of(file), f"{picture_id}.{file.rpartition('.')[2]}")


def _is_seen(desk: "Desk") -> ColumnElement[bool]:
    """Named by a version that the actor reads; or put in by themselves, and not saved yet."""
    named = (
        exists()
        .where(_ties.c.picture_id == _pictures.c.id)
        .where(_versions.c.id == _ties.c.version_id, _articles.c.id == _versions.c.article_id)
        .where(_is_read(desk))
    )
    writes = has_role_for(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    return or_(named, _pictures.c.added_by_id == desk.actor.id if writes else false())


def _is_read(desk: "Desk") -> ColumnElement[bool]:
    """The same as services/knowledge/reading.py, for writers as services/knowledge/paging.py."""
    actor = desk.actor
    is_published = and_(
        _articles.c.live_version_id == _versions.c.id,
        _versions.c.audience.in_(audiences_of(actor)),
    )
    if may(actor.roles, Permission.KNOWLEDGE_MANAGE):
        return _versions.c.id.is_not(None)
    if not has_role_for(actor.roles, Permission.KNOWLEDGE_WRITE):
        return is_published
    is_old = and_(_articles.c.live_version_id.is_not(None), _versions.c.state.not_in(OPEN_VERSIONS))
    is_own = or_(_versions.c.written_by_id == actor.id, _articles.c.owner_id == actor.id)
    return or_(is_published, is_old, is_own)


def _views(session: Session, which: ColumnElement[bool]) -> tuple[PictureView, ...]:
    statement = select(_pictures.c.id, _pictures.c.width, _pictures.c.height).where(which)
    return tuple(PictureView(*row) for row in session.execute(statement))
