"""`run.py ticket`: tickets as the desk keeps them, and one of them as form HXXXJL06S."""

import json

import click

from cli.access import reading
from cli.columns import clock, printable, shortened, table
from cli.context import Desk, config_option, pass_desk
from cli.form import form
from cli.form_json import as_json
from cli.words import say
from domain.lifecycle import Status
from models import Session, Ticket
from services import dossier

_COLUMNS = (
    "number",
    "status",
    "priority",
    "opened_at",
    "category",
    "symptom",
    "place",
    "contact",
    "engineer",
)
_WIDEST = 24  # columns of what people said


@click.group()
def ticket() -> None:
    """Tickets: those that there are, and one of them with all of its history."""


@ticket.command("list")
@config_option
@click.option("--status", "words", multiple=True, help=f"{', '.join(Status)}; may be repeated.")
@click.option("--engineer", help="Only those that this engineer has.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@pass_desk
def list_tickets(desk: Desk, words: tuple[str, ...], engineer: str | None, limit: int) -> None:
    """Tickets, the newest first."""
    statuses = [_status(desk, word) for word in words]
    with reading(desk) as session:
        found = dossier.newest(session, statuses, engineer, limit)
        rows = [_row(desk, each, name) for each, name in found]
    if not rows:
        click.echo(say(desk, "cli.no_tickets"))
        return
    click.echo(table([say(desk, f"cli.tickets.{name}") for name in _COLUMNS], rows))


def _status(desk: Desk, word: str) -> Status:
    """By its name or its word."""
    for status in Status:
        if word in (status.value, say(desk, f"status.{status.value}")):
            return status
    raise click.ClickException(say(desk, "cli.unknown_status", word=word, known=", ".join(Status)))


def _row(desk: Desk, each: Ticket, engineer: str) -> list[str]:
    return [
        each.number,
        say(desk, f"status.{each.status.value}"),
        say(desk, f"priority.{each.priority.name.lower()}"),
        clock(each.opened_at),
        say(desk, f"category.{each.category.value}"),
        shortened(printable(each.symptom), _WIDEST),
        shortened(printable(each.place), _WIDEST),
        each.contact_name,
        engineer,
    ]


@ticket.command()
@config_option
@click.argument("number")
@click.option("--json", "is_json", is_flag=True, help="For machines.")
@pass_desk
def show(desk: Desk, number: str, is_json: bool) -> None:
    """One ticket as form HXXXJL06S, by NUMBER or by its last four digits."""
    with reading(desk) as session:
        found = dossier.open_dossier(session, _found(desk, session, number))
        if is_json:
            shown = json.dumps(as_json(found), ensure_ascii=False, indent=2)
        else:
            shown = form(desk, found)
    click.echo(shown)


def _found(desk: Desk, session: Session, number: str) -> Ticket:
    tickets = dossier.matching(session, number, desk.clock())
    if len(tickets) == 1:
        return tickets[0]
    if not tickets:
        raise click.ClickException(say(desk, "cli.no_such_ticket", number=number))
    numbers = ", ".join(each.number for each in tickets)
    raise click.ClickException(say(desk, "cli.several_tickets", number=number, numbers=numbers))
