"""`run.py search`: the words by which tickets are found."""

import click

from cli.access import reading
from cli.context import Desk, config_option, pass_desk
from cli.words import say
from models import DatabaseUnavailable
from services import search_index

_TOLD_EVERY = 10_000  # tickets


@click.group()
def search() -> None:
    """What the console's search finds tickets by; the server keeps it up to date by itself."""


@search.command()
@config_option
@pass_desk
def rebuild(desk: Desk) -> None:
    """Write the words of all tickets anew, beside a desk that is at work."""
    with reading(desk) as session:
        left = search_index.count(session)
    done, told, last = 0, 0, 0
    try:
        while step := search_index.rebuild_some(desk.database, last):
            last, written = step
            done += written
            if done - told >= _TOLD_EVERY:
                told = done
                click.echo(say(desk, "cli.search_rebuilding", done=done, all=left))
    except DatabaseUnavailable as error:
        raise click.ClickException(f"the database does not answer ({error})") from None
    finally:
        desk.database.dispose()
    click.echo(say(desk, "cli.search_rebuilt", done=done))
