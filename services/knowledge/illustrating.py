"""Pictures put into articles, tied to the versions that name them, and swept (K2)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.refusals import Refusal
from models import ArticlePicture, ArticleVersion, VersionPicture, table_of
from nlp.article_pictures import pictures_in
from services.knowledge.pictures import of_text
from storage import Saved

if TYPE_CHECKING:
    from services.desk import Desk

MOST = 40  # in one article
MOST_WAITING = 80  # of one writer, that no text names
LONGEST_SIDE = 1600  # pixels: as wide as a page shows it, twice as sharp
WAITS_FOR = timedelta(days=3)  # for its text to be saved: longer than a weekend
_AT_ONCE = 200

_pictures, _ties = table_of(ArticlePicture), table_of(VersionPicture)
_IS_NAMED = exists().where(_ties.c.picture_id == _pictures.c.id)


class TooManyPictures(Refusal):
    """So many that no text names are a mistake."""

    text_key = "knowledge.refusal.too_many_pictures"


def add(desk: "Desk", saved: Saved) -> int:
    """Kept for its text; answers with the number that the text names it by."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    if _count_waiting(desk) >= MOST_WAITING:
        raise TooManyPictures()
    picture = ArticlePicture(
        file=saved.name,
        thumbnail=saved.thumbnail,
        width=saved.width,
        height=saved.height,
        added_by_id=desk.actor.id,
        added_at=desk.now,
        keep_until=desk.now + WAITS_FOR,
    )
    desk.session.add(picture)
    desk.session.flush()
    return picture.id


def _count_waiting(desk: "Desk") -> int:
    mine = and_(_pictures.c.added_by_id == desk.actor.id, _pictures.c.keep_until > desk.now)
    statement = select(func.count()).select_from(_pictures).where(mine, ~_IS_NAMED)
    return desk.session.scalar(statement) or 0


def tie(desk: "Desk", version: ArticleVersion) -> None:
    """The version has the pictures that its text names, of those that the actor may see."""
    session = desk.session
    had = set(session.scalars(select(_ties.c.picture_id).where(_ties.c.version_id == version.id)))
    named = pictures_in(version.body)[:MOST]
    if not had and not named:
        return
    wanted = {each.id for each in of_text(desk, named)}
    kept = _kept_longer(desk, wanted | had)
    gone, new = had - wanted, (wanted - had) & kept
    if gone:
        this = and_(_ties.c.version_id == version.id, _ties.c.picture_id.in_(gone))
        session.execute(delete(_ties).where(this))
    if new:
        rows = [{"version_id": version.id, "picture_id": each} for each in sorted(new)]
        session.execute(insert(_ties), rows)


def _kept_longer(desk: "Desk", ids: Collection[int]) -> set[int]:
    """Those that are still there: from now on the sweep leaves them alone, named or not."""
    statement = update(_pictures).where(_pictures.c.id.in_(ids))
    longer = statement.values(keep_until=desk.now + WAITS_FOR).returning(_pictures.c.id)
    return set(desk.session.scalars(longer))


def is_due(session: Session, now: datetime) -> bool:
    """Whether there are any that nobody has put into a text for days."""
    return bool(session.scalar(select(exists().where(_is_over(now)))))


def sweep(session: Session, now: datetime) -> int:
    """Their rows; the files follow, as all do that no row has (bot/fetching.py)."""
    some = select(_pictures.c.id).where(_is_over(now)).limit(_AT_ONCE)
    done = delete(_pictures).where(_pictures.c.id.in_(some), _is_over(now))
    return len(session.execute(done.returning(_pictures.c.id)).all())


def _is_over(now: datetime) -> ColumnElement[bool]:
    return and_(_pictures.c.keep_until <= now, ~_IS_NAMED)
