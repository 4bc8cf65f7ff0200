"""`run.py person password`: a provisional password, printed once (H-29)."""

import re

import click

from cli.access import writing
from cli.columns import printable
from cli.context import Desk, config_option, pass_desk
from cli.whom import one_of_name
from cli.words import say
from models import Person, Session
from services import own_account, people
from services.credentials import PROVISIONAL_FOR

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]*")
_LONGEST: int = Person.staff_number.type.length


@click.command()
@config_option
@click.argument("who")
@click.option("--id", "person_id", type=int, help="Which of several of this name.")
@click.option("--staff-number", help="Given to somebody who has none yet.")
@pass_desk
def password(desk: Desk, who: str, person_id: int | None, staff_number: str | None) -> None:
    """Print a provisional password for WHO, a staff number or a name.

    It is changed at the first sign-in. Browsers that were signed in are signed out, and a second
    factor that was set up is gone: its phone may be lost.
    """
    now = desk.clock()
    with writing(desk) as session:
        chosen = _chosen(desk, session, who, person_id)
        if not chosen.staff_number or staff_number:
            chosen.staff_number = new_number(desk, session, staff_number)
        name, number = printable(chosen.name or ""), chosen.staff_number
        if not number:
            raise click.ClickException(say(desk, "cli.number_missing", name=name))
        given = own_account.give_provisional(session, chosen.id, now)
    facts = {"name": name, "number": number, "password": given, "until": now + PROVISIONAL_FOR}
    click.echo(say(desk, "cli.password", **facts))


def _chosen(desk: Desk, session: Session, who: str, person_id: int | None) -> Person:
    return people.numbered(session, who.upper()) or one_of_name(desk, session, who, person_id)


def new_number(desk: Desk, session: Session, number: str | None) -> str | None:
    """The number as it is kept; one line for what is none, or is somebody else's."""
    wanted = (number or "").strip().upper()
    if not wanted:
        return None
    if len(wanted) > _LONGEST or not _NUMBER.fullmatch(wanted):
        raise click.ClickException(say(desk, "cli.number_wrong", most=_LONGEST))
    holder = people.numbered(session, wanted)
    if holder is not None:
        facts = {"number": wanted, "id": holder.id, "name": holder.name or ""}
        raise click.ClickException(say(desk, "cli.number_taken", **facts))
    return wanted
