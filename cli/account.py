"""`run.py menu …`: make the account's menus and tags those of the program; see who gets which."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from bot import menus
from bot.client import WeChatClient
from bot.errors import ApiError
from bot.menus import CONDITIONAL, DEFAULT, Menu
from bot.tagging import TAG_OF, Tagger
from cli.access import reading, writing
from cli.columns import printable
from cli.context import Desk, config_option, pass_desk
from cli.words import say
from models import DatabaseUnavailable
from services import tagging
from services.tagging import Member

_TRIED = 3  # people of each menu: the first may have left unheard


@click.group()
def menu() -> None:
    """The menus under the chat, and the tags by which people get theirs."""


@menu.command()
@config_option
@pass_desk
def publish(desk: Desk) -> None:
    """Publish the menus, tag who should have one of their own, and prove that they get it."""
    with _asking(desk) as client:
        published = menus.publish(client, public_url=desk.settings.server.public_url)
        click.echo(say(desk, "cli.menu.published" if published.is_changed else "cli.menu.right"))
        _forget(desk, published.new_tags)
        _retag(desk, client)
        _prove(desk, client)


@menu.command()
@config_option
@pass_desk
def check(desk: Desk) -> None:
    """Ask WeChat which menu somebody of each kind gets; changes nothing."""
    with _asking(desk) as client:
        if not menus.is_published(client, public_url=desk.settings.server.public_url):
            raise click.ClickException(say(desk, "cli.menu.differs"))
        _prove(desk, client)


@menu.command()
@config_option
@pass_desk
def retag(desk: Desk) -> None:
    """Put everybody's tag on anew, whatever was done to tags in WeChat's backend."""
    with _asking(desk) as client:
        _forget(desk)
        _retag(desk, client)


@contextmanager
def _asking(desk: Desk) -> Iterator[WeChatClient]:
    """The client; what it is refused is said in one line."""
    with reading(desk):  # a database without tables is said first
        client = desk.client
    try:
        yield client
    except ApiError as error:
        raise click.ClickException(say(desk, "cli.menu.refused", why=str(error))) from None
    except DatabaseUnavailable as error:
        raise click.ClickException(f"the database does not answer ({error})") from None


def _forget(desk: Desk, tags: frozenset[str] | None = None) -> None:
    with writing(desk) as session:
        tagging.forget(session, tags)


def _retag(desk: Desk, client: WeChatClient) -> None:
    tagger, count = Tagger(desk.database, client), 0
    while some := tagger.retag():
        count += some
    if count:
        click.echo(say(desk, "cli.menu.retagged", count=count))


def _prove(desk: Desk, client: WeChatClient) -> None:
    """By somebody of each menu who follows the account."""
    with reading(desk) as session:
        members = tagging.members(session, TAG_OF, each=_TRIED)
    outcomes = [_tried(desk, client, each, members[each.tag]) for each in (DEFAULT, *CONDITIONAL)]
    if not all(outcomes):
        raise SystemExit(1)


def _tried(desk: Desk, client: WeChatClient, each: Menu, members: Sequence[Member]) -> bool:
    facts = {"menu": each.tag or say(desk, "cli.menu.default")}
    for member in members:
        gets_it = menus.shows(client, member.openid, each, desk.settings.server.public_url)
        if gets_it is not None:
            key = "cli.menu.proved" if gets_it else "cli.menu.other"
            click.echo(say(desk, key, **facts, name=printable(member.name or "")))
            return gets_it
    click.echo(say(desk, "cli.menu.nobody", **facts))
    return True
