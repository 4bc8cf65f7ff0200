"""`run.py menu publish`: make the account's menus those of the program."""

import click

from bot import menus
from bot.errors import ApiError
from cli.context import Desk, config_option, pass_desk
from wiring import client_of


@click.group()
def menu() -> None:
    """The menus under the chat."""


@menu.command()
@config_option
@pass_desk
def publish(desk: Desk) -> None:
    """Publish the menus of requesters and engineers; nothing is called when they are right."""
    client = client_of(desk.settings, desk.database, desk.clock)
    try:
        published = menus.publish(client)
    except ApiError as error:
        raise click.ClickException(f"WeChat refused: {error}") from None
    click.echo("menus published" if published.is_changed else "menus were right already")
