"""`run.py device`: the devices that carry a code."""

from collections.abc import Mapping

import click

from cli.access import reading, writing
from cli.columns import clock, printable, shortened, table
from cli.context import Desk, config_option, pass_desk
from cli.device_import import import_devices
from cli.device_labels import labels
from cli.words import say
from domain.category import Category
from models import Device, Session, Ticket
from services import devices, people
from services.devices import CodeTaken, NewDevice
from services.roster_words import WordUnknown, skills_of

_COLUMNS = ("code", "name", "category", "place", "description", "owner", "is_active", "has_qr")
_WIDEST = 28  # columns of a cell


@click.group()
def device() -> None:
    """Devices that carry a code: scanned, it opens the report with device and place filled in."""


device.add_command(import_devices)
device.add_command(labels)


# --- keeping them ------------------------------------------------------------------------------


@device.command()
@config_option
@click.argument("code")
@click.argument("name")
@click.option("--place", required=True, help="Where it stands, as people say it.")
@click.option("--category", required=True, help=f"{', '.join(Category)}.")
@click.option("--description", help="Model, serial number.")
@click.option("--owner", help="The name of whoever has it.")
@pass_desk
def add(
    desk: Desk,
    code: str,
    name: str,
    place: str,
    category: str,
    description: str | None,
    owner: str | None,
) -> None:
    """Make a device known by CODE (letters, digits, - _ .) and NAME."""
    if devices.code_of(code) is None:
        raise click.ClickException(say(desk, "import.bad_code", word=code))
    kind = _category(desk, category)
    facts = {"name": name, "place": place, "description": description}
    with writing(desk) as session:
        known = _fitting(desk, {each: fact for each, fact in facts.items() if fact})
        owner_id = _owner(desk, session, owner) if owner else None
        new = NewDevice(code=code, category=kind, owner_id=owner_id, **known)
        try:
            added = devices.add(session, new, desk.clock())
        except CodeTaken:
            raise click.ClickException(say(desk, "cli.device.taken", code=code.upper())) from None
        told = {"code": added.code, "name": printable(added.name)}
    click.echo(say(desk, "cli.device.added", **told))


@device.command()
@config_option
@click.argument("code")
@click.option("--name")
@click.option("--place")
@click.option("--category", help=f"{', '.join(Category)}.")
@click.option("--description")
@click.option("--owner", help="The name of whoever has it.")
@pass_desk
def change(
    desk: Desk, /, code: str, category: str | None, owner: str | None, **facts: str | None
) -> None:
    """Change what is known of the device with CODE; what is not named stays."""
    told = _fitting(desk, {name: fact for name, fact in facts.items() if fact})
    kind = {"category": _category(desk, category)} if category else {}
    with writing(desk) as session:
        found = _found(desk, session, code)
        whose = {"owner_id": _owner(desk, session, owner)} if owner else {}
        if not (told or kind or whose):
            raise click.ClickException(say(desk, "cli.device.nothing_told"))
        devices.change(session, found, **told, **kind, **whose)
        changed = {"code": found.code, "name": printable(found.name)}
    click.echo(say(desk, "cli.device.changed", **changed))


@device.command()
@config_option
@click.argument("code")
@click.option("--back", "is_back", is_flag=True, help="Take it into use again.")
@pass_desk
def retire(desk: Desk, code: str, is_back: bool) -> None:
    """Take the device with CODE out of use; its code then opens no report."""
    with writing(desk) as session:
        found = _found(desk, session, code)
        devices.retire(session, found, is_active=is_back)
        told = {"code": found.code, "name": printable(found.name)}
    click.echo(say(desk, "cli.device.back" if is_back else "cli.device.retired", **told))


def _fitting(desk: Desk, facts: dict[str, str]) -> dict[str, str]:
    """On one line, and no longer than the column."""
    tidy = {name: " ".join(fact.split()) for name, fact in facts.items()}
    for name, fact in tidy.items():
        most = getattr(Device, name).type.length
        if len(fact) > most:
            why = say(desk, "import.too_long", most=most)
            raise click.ClickException(f"{name}: {why}")
    return tidy


def _category(desk: Desk, word: str) -> Category:
    try:
        (kind,) = skills_of(word)
    except (WordUnknown, ValueError):
        facts = {"word": word, "known": ", ".join(Category)}
        raise click.ClickException(say(desk, "import.unknown_category", **facts)) from None
    return kind


def _owner(desk: Desk, session: Session, name: str) -> int:
    same = list(people.named(session, name))
    if len(same) != 1:
        key = "import.several" if same else "import.unknown_owner"
        ids = ", ".join(str(each.id) for each in same)
        raise click.ClickException(say(desk, key, ids=ids, word=name))
    return same[0].id


def _found(desk: Desk, session: Session, code: str) -> Device:
    found = devices.get(session, code)
    if found is None:
        raise click.ClickException(say(desk, "cli.device.none_such", code=code))
    return found


# --- reading them ------------------------------------------------------------------------------


@device.command("list")
@config_option
@click.option("--all", "with_retired", is_flag=True, help="Also those out of use.")
@pass_desk
def list_devices(desk: Desk, with_retired: bool) -> None:
    """Devices by place."""
    with reading(desk) as session:
        owners = devices.owners(session)
        found = devices.list_all(session, with_retired=with_retired)
        rows = [_row(desk, each, owners) for each in found]
    if not rows:
        click.echo(say(desk, "cli.device.none"))
        return
    click.echo(_table(desk, rows))


def _table(desk: Desk, rows: list[list[str]]) -> str:
    return table([say(desk, f"cli.device.columns.{name}") for name in _COLUMNS], rows)


def _row(desk: Desk, each: Device, owners: Mapping[int, str]) -> list[str]:
    what = [each.code, each.name, say(desk, f"category.{each.category.value}"), each.place]
    whose = [each.description or "", owners.get(each.owner_id or 0, "")]
    cells = [shortened(printable(cell), _WIDEST) for cell in (*what, *whose)]
    return [*cells, _yes(desk, each.is_active), _yes(desk, each.qr_url is not None)]


def _yes(desk: Desk, is_so: bool) -> str:
    return say(desk, "cli.is_so" if is_so else "cli.is_not")


@device.command()
@config_option
@click.argument("code")
@pass_desk
def show(desk: Desk, code: str) -> None:
    """The device with CODE, and its last tickets."""
    with reading(desk) as session:
        found = _found(desk, session, code)
        shown = _table(desk, [_row(desk, found, devices.owners(session))])
        tickets = [_ticket_line(desk, each) for each in devices.last_tickets(session, found.id)]
    click.echo("\n".join([shown, "", *(tickets or [say(desk, "cli.device.no_tickets")])]))


def _ticket_line(desk: Desk, ticket: Ticket) -> str:
    status = say(desk, f"status.{ticket.status.value}")
    return f"{ticket.number}  {clock(ticket.opened_at)}  {status}  {printable(ticket.symptom)}"
