"""The demonstration's articles: written by its engineer, published by its clerk."""

from sqlalchemy import delete, func, select

from cli.context import Desk
from domain.permissions import Role
from domain.speaker import Speaker
from models import Article, Notice, Person, Session
from services.desk import Desk as Acts
from services.knowledge import reviewing, writing
from services.knowledge.files import read_article
from services.speakers import holds, speaker_of
from settings import ROOT
from wiring import rules_of

ARTICLES = ROOT / "demo" / "articles"


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
            number = writing.create(written, read_article(file).wording).number
            writing.submit(written, number)
            reviewing.publish(Acts(session, desk.clock(), rules, reviewer), number)
        # Written long ago, as it were: nobody's first messages of the day are spent on them.
        session.execute(delete(Notice).where(Notice.text_key.in_(_TOLD)))


_TOLD = ("knowledge.told.submitted", "knowledge.told.published")


def _somebody(session: Session, role: Role) -> Speaker | None:
    person = session.scalar(select(Person).where(holds(role)).order_by(Person.id).limit(1))
    return speaker_of(person) if person else None
