"""Whom a name on the command line means."""

import click

from cli.columns import printable
from cli.context import Desk
from cli.masks import masked_phone
from cli.words import role_words, say
from models import Person, Session
from services import people


def one_of_name(desk: Desk, session: Session, name: str, person_id: int | None) -> Person:
    known = people.named(session, name)
    chosen = [each for each in known if person_id in (None, each.id)]
    if len(chosen) == 1:
        return chosen[0]
    if not known:
        raise click.ClickException(say(desk, "cli.no_such_name", name=name))
    key = "cli.several_of_name" if chosen else "cli.not_of_name"
    lines = [_line_of(desk, each) for each in known]
    raise click.ClickException("\n".join([say(desk, key, name=name), *lines]))


def _line_of(desk: Desk, each: Person) -> str:
    parts = [role_words(desk, each.roles), each.department or "", masked_phone(each.phone)]
    return "  ".join([f"--id {each.id}", *filter(None, map(printable, parts))])
