"""`run.py person`: who works here and who is served."""

from collections.abc import Mapping
from dataclasses import replace

import click

from cli.access import reading, writing
from cli.columns import table
from cli.context import Desk, config_option, pass_desk
from cli.masks import masked_phone
from cli.passwords import new_number, password
from cli.people_import import import_people
from cli.staff_qr import IN_TERMINAL, show_code
from cli.whom import one_of_name
from cli.words import code_words, role_words, say, skill_words, told
from domain.permissions import Role
from models import Engineer, Person, Session
from services import binding, people, roster_import
from services.roster_file import Cell
from services.roster_rows import Entry, read_entry
from services.roster_words import WordUnknown, roles_of, same_phone

_COLUMNS = (
    "id",
    "name",
    "roles",
    "level",
    "phone",
    "is_bound",
    "is_on_duty",
    "skills",
    "areas",
    "open_tickets",
)


@click.group()
def person() -> None:
    """People: who works here, who is served, and how they join."""


person.add_command(import_people)
person.add_command(password)


@person.command()
@config_option
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, help=f"{', '.join(Role)}; may be repeated."
)
@click.option("--phone", default="")
@click.option("--department", default="")
@click.option("--office", default="")
@click.option("--extension", default="")
@click.option("--skills", default="", help="What an engineer repairs, such as printer,network.")
@click.option("--areas", default="", help="Where an engineer works: names of places, with commas.")
@click.option("--level", default="", help="1, 2 or 3.")
@click.option("--openid", help="Of somebody whose WeChat is known already.")
@click.option("--staff-number", help="With which they sign in at a computer.")
@pass_desk
def add(
    desk: Desk,
    /,
    roles: tuple[str, ...],
    openid: str | None,
    staff_number: str | None,
    **facts: str,
) -> None:
    """Make NAME known, and print the one-time code with which they join by chat."""
    entry = _entry(desk, {**facts, "roles": ",".join(roles)})
    now = desk.clock()
    with writing(desk) as session:
        _refuse_twice(desk, session, entry, openid)
        number = new_number(desk, session, staff_number)
        new = replace(roster_import.new_person(entry, openid), staff_number=number)
        added = people.add(session, new, now)
        code = None if openid else binding.issue_code(session, added.id, now)
        known = {"id": added.id, "name": added.name, "roles": role_words(desk, added.roles)}
    click.echo(say(desk, "cli.added", **known))
    if code:
        click.echo(code_words(desk, entry.name, code))


def _entry(desk: Desk, facts: Mapping[str, str]) -> Entry:
    """The facts as an entry of a list, held to the same rules."""
    cells = {name: Cell(" ".join(value.split())) for name, value in facts.items()}
    entry, wrong = read_entry(cells)
    if entry is None:
        lines = (f"{name}: {told(desk, why)}" for name, why in wrong)
        raise click.ClickException("\n".join(lines))
    if why := roster_import.check(entry):
        raise click.ClickException(told(desk, why))
    return entry


def _refuse_twice(desk: Desk, session: Session, entry: Entry, openid: str | None) -> None:
    for known in people.named(session, entry.name):
        if same_phone(known.phone, entry.phone):
            facts = {"id": known.id, "name": known.name, "phone": masked_phone(known.phone)}
            raise click.ClickException(say(desk, "cli.known_already", **facts))
    if openid and (known_by := roster_import.holder_of(session, openid)):
        facts = {"id": known_by.id, "name": known_by.name or ""}
        raise click.ClickException(say(desk, "cli.openid_taken", **facts))


@person.command("list")
@config_option
@click.option("--role", help=f"Only those who are {', '.join(Role)}.")
@pass_desk
def list_people(desk: Desk, role: str | None) -> None:
    """Everybody whom the desk knows, with what engineers do."""
    wanted = _role(desk, role) if role else frozenset[Role]()
    with reading(desk) as session:
        known = [pair for pair in people.list_all(session) if wanted <= pair[0].roles]
        rows = [_row(desk, each, card) for each, card in known]
    if not rows:
        click.echo(say(desk, "cli.nobody"))
        return
    click.echo(table([say(desk, f"cli.columns.{name}") for name in _COLUMNS], rows))


def _role(desk: Desk, word: str) -> frozenset[Role]:
    try:
        return roles_of(word)
    except WordUnknown as error:
        facts = {"word": str(error), "known": ", ".join(Role)}
        raise click.ClickException(say(desk, "import.unknown_role", **facts)) from None


def _row(desk: Desk, each: Person, card: Engineer | None) -> list[str]:
    who = [str(each.id), each.name or "", role_words(desk, each.roles)]
    reached = [masked_phone(each.phone), _yes(desk, each.openid is not None)]
    if card is None:
        return [*who, "", *reached, "", "", "", ""]
    work = [skill_words(desk, card.skills), ", ".join(card.areas), str(card.open_tickets)]
    return [*who, str(card.level), *reached, _yes(desk, card.is_on_duty), *work]


def _yes(desk: Desk, is_so: bool) -> str:
    return say(desk, "cli.is_so" if is_so else "cli.is_not")


@person.command()
@config_option
@click.argument("name")
@click.option("--id", "person_id", type=int, help="Which of several of this name.")
@click.option(
    "--qr",
    "qr_file",
    is_flag=False,
    flag_value=IN_TERMINAL,
    metavar="[FILE.svg]",
    help="Also as a QR code: scanned, it joins them. On the screen, or in the file.",
)
@pass_desk
def code(desk: Desk, name: str, person_id: int | None, qr_file: str | None) -> None:
    """Print a new one-time code for NAME; an older one is void."""
    with writing(desk) as session:
        chosen = one_of_name(desk, session, name, person_id)
        issued = binding.issue_code(session, chosen.id, desk.clock())
    click.echo(code_words(desk, name, issued))
    if qr_file:
        show_code(desk, name, issued, qr_file)
