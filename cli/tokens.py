"""`run.py token`: what programs call the API with (H-51)."""

from datetime import datetime, timedelta

import click

from cli.access import reading, writing
from cli.columns import clock, printable, table
from cli.context import Desk, config_option, pass_desk
from cli.whom import one_of_name
from cli.words import say
from domain.refusals import NotFound
from domain.scopes import Scope
from models import Session
from services import api_tokens
from services.api_tokens import TokenView

_COLUMNS = ("id", "name", "ending", "person", "scopes", "expires_at", "last_used_at", "state")
_MOST_DAYS = api_tokens.LONGEST.days


@click.group()
def token() -> None:
    """Tokens of the API: who may call it, as which person, and how far."""


@token.command()
@config_option
@click.argument("person")
@click.option("--id", "person_id", type=int, help="Which of several of this name.")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help=f"{', '.join(Scope)}; may be repeated."
)
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=90,
    show_default=True,
    help="How long it holds.",
)
@pass_desk
def issue(
    desk: Desk, person: str, person_id: int | None, name: str, scopes: tuple[str, ...], days: int
) -> None:
    """Make a token that acts as PERSON, and print it; it is not shown again."""
    if not name.strip():
        raise click.ClickException(say(desk, "api.cli.name_needed"))
    wanted = [_scope(desk, word) for word in scopes]
    until = desk.clock() + timedelta(days=days)
    with writing(desk) as session:
        owner = one_of_name(desk, session, person, person_id)
        secret = _issued(desk, session, name.strip(), owner.id, wanted, until)
    facts = {"name": printable(name), "person": printable(person), "until": until}
    click.echo(say(desk, "api.cli.issued", **facts))
    click.echo(secret)


def _scope(desk: Desk, word: str) -> Scope:
    try:
        return Scope(word)
    except ValueError:
        facts = {"word": printable(word), "known": ", ".join(Scope)}
        raise click.ClickException(say(desk, "api.cli.no_such_scope", **facts)) from None


def _issued(
    desk: Desk, session: Session, name: str, owner_id: int, scopes: list[Scope], until: datetime
) -> str:
    """Whoever has the command line acts for whom the token is."""
    try:
        _, secret = api_tokens.issue(
            session,
            name=name,
            person_id=owner_id,
            scopes=scopes,
            created_by_id=owner_id,
            expires_at=until,
            now=desk.clock(),
        )
    except NotFound:
        raise click.ClickException(say(desk, "api.cli.person_left")) from None
    return secret


@token.command("list")
@config_option
@pass_desk
def list_tokens(desk: Desk) -> None:
    """Every token there was, and whether it still opens anything."""
    with reading(desk) as session:
        rows = [_row(desk, each) for each in api_tokens.listed(session)]
    if not rows:
        click.echo(say(desk, "api.cli.none"))
        return
    click.echo(table([say(desk, f"api.cli.columns.{name}") for name in _COLUMNS], rows))


def _row(desk: Desk, each: TokenView) -> list[str]:
    return [
        str(each.id),
        each.name,
        each.ending,
        each.person,
        ", ".join(each.scopes),
        clock(each.expires_at),
        clock(each.last_used_at),
        _state(desk, each),
    ]


def _state(desk: Desk, each: TokenView) -> str:
    if each.is_live(desk.clock()):
        return say(desk, "api.cli.live")
    if each.revoked_at is not None:
        return say(desk, "api.cli.is_revoked")
    return say(desk, "api.cli.over" if each.is_person_active else "api.cli.person_left")


@token.command()
@config_option
@click.argument("token_id", type=int)
@pass_desk
def revoke(desk: Desk, token_id: int) -> None:
    """End token TOKEN_ID; it opens nothing from the next call on."""
    try:
        with writing(desk) as session:
            ended = api_tokens.revoke(session, token_id, desk.clock())
            facts = {"id": ended.id, "name": printable(ended.name)}
    except NotFound:
        raise click.ClickException(say(desk, "api.cli.no_such_token", id=token_id)) from None
    click.echo(say(desk, "api.cli.revoked", **facts))
