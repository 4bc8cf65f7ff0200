"""The demonstration has articles, one of them with a drawn picture (K2)."""

from io import BytesIO

from PIL import Image
from sqlalchemy import select

from cli.demo_articles import ARTICLES, seed_articles
from cli.demo_drawing import SIZE
from domain.knowledge import VersionState
from models import ArticlePicture, ArticleVersion, VersionPicture
from nlp.article_pictures import pictures_in
from storage import MediaStore


def test_one_article_shows_the_back_of_a_printer_k2(demo_desk):
    seed_articles(demo_desk)
    seed_articles(demo_desk)  # a second start

    with demo_desk.database.reading() as session:
        versions = session.scalars(select(ArticleVersion)).all()
        picture = session.scalars(select(ArticlePicture)).one()
        tie = session.scalars(select(VersionPicture)).one()
        shows = session.get_one(ArticleVersion, tie.version_id)
    file = MediaStore(demo_desk.settings.storage.media).read(picture.file)

    assert len(versions) == len(list(ARTICLES.glob("*.md")))
    assert {each.state for each in versions} == {VersionState.PUBLISHED}
    assert pictures_in(shows.body) == (picture.id,)
    assert "卡扣" in shows.body.partition("![")[2] and shows.title == "打印机卡纸怎么取出来"
    assert Image.open(BytesIO(file)).size == SIZE == (picture.width, picture.height)
