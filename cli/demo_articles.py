"""The demonstration's articles: written by its engineer, published by its clerk."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import delete, func, select

from cli.context import Desk
from cli.demo_drawing import rear_cover
from domain.permissions import Role
from domain.speaker import Speaker
from models import Article, Notice, Person, Session
from nlp.article_pictures import picture_mark
from services.desk import Desk as Acts
from services.knowledge import reviewing, writing
from services.knowledge.files import ArticleFile, illustrated, read_article
from services.knowledge.records import Wording
from services.speakers import holds, speaker_of
from settings import ROOT
from storage import MediaStore
from wiring import rules_of

ARTICLES = ROOT / "demo" / "articles"

_DRAWN: Mapping[str, tuple[str, Callable[[], bytes]]] = {"paper-jam": ("rear_cover", rear_cover)}
"""What is drawn for an article, by the name of its file; its words are texts of the same name."""

_HEADING = "\n## "
_FIRST = 1  # the number of a picture in its file


def seed_articles(desk: Desk) -> None:
    """Those of the folder, if there are none yet; a second run changes nothing."""
    with desk.database.transaction() as session:
        if session.scalar(select(func.count()).select_from(Article)):
            return
        writer, reviewer = _somebody(session, Role.ENGINEER), _somebody(session, Role.DESK)
        if writer is None or reviewer is None:
            return
        rules = rules_of(desk.settings)
        for file in sorted(ARTICLES.glob("*.md")):
            written = Acts(session, desk.clock(), rules, writer)
            number = writing.create(written, _wording(desk, written, file)).number
            writing.submit(written, number)
            reviewing.publish(Acts(session, desk.clock(), rules, reviewer), number)
        # Written long ago, as it were: nobody's first messages of the day are spent on them.
        session.execute(delete(Notice).where(Notice.text_key.in_(_TOLD)))


_TOLD = ("knowledge.told.submitted", "knowledge.told.published")


def _wording(desk: Desk, acts: Acts, file: Path) -> Wording:
    """What the file says, with its picture if one is drawn for it."""
    article = read_article(file)
    if file.stem not in _DRAWN:
        return article.wording
    key, draw = _DRAWN[file.stem]
    shows = desk.texts.words(f"cli.demo.{key}", {}, acts.now)
    body = _with_picture(article.wording.body, f"{picture_mark(shows, _FIRST)}\n\n{shows}")
    article = ArticleFile(replace(article.wording, body=body), pictures={_FIRST: draw()})
    return illustrated(acts, MediaStore(desk.settings.storage.media), article)


def _with_picture(body: str, picture: str) -> str:
    """Below the heading of its first section."""
    before, heading, section = body.partition(_HEADING)
    title, _, rest = section.partition("\n")
    return f"{before}{heading}{title}\n{picture}\n\n{rest}"


def _somebody(session: Session, role: Role) -> Speaker | None:
    person = session.scalar(select(Person).where(holds(role)).order_by(Person.id).limit(1))
    return speaker_of(person) if person else None
