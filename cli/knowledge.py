"""`run.py knowledge`: articles in and out as files, what is to be looked at again, the index."""

from contextlib import suppress
from pathlib import Path

import click
from sqlalchemy import select

from cli.access import reading, writing
from cli.columns import printable
from cli.context import Desk, config_option, pass_desk
from cli.whom import one_of_name
from cli.words import say
from domain.numbers import desk_day
from models import Article, ArticlePicture, ArticleVersion, Session, VersionPicture
from services.desk import Desk as Acts
from services.knowledge import index, records
from services.knowledge import writing as article_writing
from services.knowledge.files import (
    ArticleFile,
    BadFile,
    illustrated,
    read_article,
    write_article,
)
from services.knowledge.records import Wording
from services.speakers import speaker_of
from storage import MediaStore
from wiring import rules_of


@click.group()
def knowledge() -> None:
    """Articles as files, one each; and what nobody looked at for long."""


@knowledge.command("import")
@config_option
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--by", "name", required=True, help="Who writes them: a name.")
@click.option("--id", "person_id", type=int, help="Of several of this name.")
@click.option("--submit", is_flag=True, help="To review at once; somebody else publishes them.")
@pass_desk
def import_(desk: Desk, folder: Path, name: str, person_id: int | None, submit: bool) -> None:
    """Drafts from the .md files of FOLDER: all of them, or none."""
    try:
        articles = [read_article(file) for file in sorted(folder.glob("*.md"))]
    except BadFile as error:
        raise click.ClickException(say(desk, "cli.article_bad_file", why=str(error))) from None
    rules, store = rules_of(desk.settings), MediaStore(desk.settings.storage.media)
    with writing(desk) as session:
        person = one_of_name(desk, session, name, person_id)
        acts = Acts(session, desk.clock(), rules, speaker_of(person))
        for each in articles:
            number = article_writing.create(acts, _illustrated(desk, acts, store, each)).number
            if submit:
                article_writing.submit(acts, number)
            key = "cli.article_published" if submit else "cli.article_imported"
            click.echo(say(desk, key, number=number, title=printable(each.wording.title)))


@knowledge.command()
@config_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@pass_desk
def export(desk: Desk, folder: Path) -> None:
    """Every published article into FOLDER, by its number."""
    folder.mkdir(parents=True, exist_ok=True)
    store = MediaStore(desk.settings.storage.media)
    with reading(desk) as session:
        rows = session.execute(
            select(Article.number, ArticleVersion)
            .join(ArticleVersion, ArticleVersion.id == Article.live_version_id)
            .order_by(Article.id)
        ).all()
        for number, version in rows:
            shown = _pictures_of(session, store, version)
            file = ArticleFile(records.wording_of(version), number, shown)
            write_article(folder / f"{number}.md", file)
    click.echo(say(desk, "cli.articles_exported", count=len(rows), folder=str(folder)))


def _illustrated(desk: Desk, acts: Acts, store: MediaStore, article: ArticleFile) -> Wording:
    try:
        return illustrated(acts, store, article)
    except BadFile as error:
        raise click.ClickException(say(desk, "cli.article_bad_file", why=str(error))) from None


def _pictures_of(session: Session, store: MediaStore, version: ArticleVersion) -> dict[int, bytes]:
    """Those that its text names; where a file is gone, the text goes without it."""
    statement = (
        select(ArticlePicture.id, ArticlePicture.file)
        .join(VersionPicture, VersionPicture.picture_id == ArticlePicture.id)
        .where(VersionPicture.version_id == version.id)
    )
    found = {}
    for number, file in session.execute(statement):
        with suppress(FileNotFoundError):
            found[number] = store.read(file)
    return found


@knowledge.command()
@config_option
@pass_desk
def stale(desk: Desk) -> None:
    """Published articles whose review date has come, the longest waiting first."""
    with reading(desk) as session:
        rows = session.execute(
            select(Article.number, Article.review_on, ArticleVersion.title)
            .join(ArticleVersion, ArticleVersion.id == Article.live_version_id)
            .where(Article.review_on <= desk_day(desk.clock()))
            .order_by(Article.review_on, Article.id)
        ).all()
    for row in rows:
        click.echo(f"{row.review_on}  {row.number}  {printable(row.title)}")
    if not rows:
        click.echo(say(desk, "cli.articles_none_stale"))


@knowledge.command()
@config_option
@pass_desk
def rebuild(desk: Desk) -> None:
    """Write the words by which articles are found anew, after the word lists were changed."""
    with writing(desk) as session:
        versions = session.scalars(
            select(ArticleVersion).join(Article, Article.live_version_id == ArticleVersion.id)
        ).all()
        for version in versions:
            index.put(session, version.article_id, index.tokens_of(version))
    click.echo(say(desk, "cli.articles_rebuilt", count=len(versions)))
