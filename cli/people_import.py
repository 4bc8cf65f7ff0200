"""`run.py person import`: a list of people, shown first and then taken in."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from cli.access import reading, writing
from cli.columns import printable, shortened
from cli.context import Desk, config_option, pass_desk
from cli.masks import masked_phone
from cli.words import code_words, role_words, say, skill_words, told
from domain.permissions import Role
from models import Person, Session
from services import binding, roster_import
from services.roster_file import FileRefused, read_lines
from services.roster_import import Fate, Plan, Step
from services.roster_rows import Roster, Wrong, read_roster

_WIDEST = 40  # columns of a value in the list of changes


@click.command("import")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--apply", "is_applied", is_flag=True, help="Write it; without this it is shown only."
)
@click.option("--skip-wrong", is_flag=True, help="Leave wrong rows out instead of refusing all.")
@pass_desk
def import_people(desk: Desk, file: Path, is_applied: bool, skip_wrong: bool) -> None:
    """Take in the people of FILE (.xlsx or .csv): what would change, row by row.

    Nothing is written before --apply, and then all or nothing. Somebody is known again by name
    and phone, or by the number in a column of ids; an empty cell leaves what is known.
    """
    roster = _roster(desk, file)
    if not is_applied:
        with reading(desk) as session:
            plan = roster_import.plan(session, roster)
        _show(desk, plan)
        click.echo(say(desk, "cli.import_dry_run" if plan.steps else "cli.import_empty"))
        _refuse_wrong(desk, plan, skip_wrong=skip_wrong)
        return
    with writing(desk) as session:
        plan = roster_import.plan(session, roster)
        _show(desk, plan)
        _refuse_wrong(desk, plan, skip_wrong=skip_wrong)
        codes = _taken_in(desk, session, plan)
    click.echo(say(desk, "cli.import_done"))
    for line in codes:
        click.echo(line)


def _roster(desk: Desk, file: Path) -> Roster:
    try:
        return read_roster(read_lines(file))
    except FileRefused as refused:
        why = f"{printable(file.name)}: {told(desk, refused.say)}"
        raise click.ClickException(why) from None


def _refuse_wrong(desk: Desk, plan: Plan, *, skip_wrong: bool) -> None:
    if plan.wrong and not skip_wrong:
        raise click.ClickException(say(desk, "cli.import_wrong"))


def _taken_in(desk: Desk, session: Session, plan: Plan) -> list[str]:
    """Written; answers what new staff have to be told so that they can join."""
    now = desk.clock()
    added = roster_import.apply(session, plan, now)
    staff = [person for person in added if person.roles - {Role.REQUESTER}]
    codes = [(person, binding.issue_code(session, person.id, now)) for person in staff]
    return [code_words(desk, _called(person), code) for person, code in codes]


def _called(person: Person) -> str:
    return person.name or ""


# --- what is shown -----------------------------------------------------------------------------


def _show(desk: Desk, plan: Plan) -> None:
    lines = [
        *(_new_line(desk, step) for step in plan.of(Fate.NEW)),
        *(_changed_line(desk, step) for step in plan.of(Fate.CHANGED)),
        *(_wrong_line(desk, wrong) for wrong in plan.wrong),
    ]
    for line in lines:
        click.echo(printable(line))
    if plan.passed_over:
        rows = ", ".join(map(str, plan.passed_over))
        click.echo(say(desk, "cli.import_passed_over", rows=rows))
    click.echo(_summary(desk, plan))


def _summary(desk: Desk, plan: Plan) -> str:
    counts = {fate.value: len(plan.of(fate)) for fate in Fate}
    rows = len({wrong.row for wrong in plan.wrong})
    return say(desk, "cli.import_summary", **counts, wrong=rows)


def _new_line(desk: Desk, step: Step) -> str:
    entry = step.entry
    roles = role_words(desk, entry.roles or {Role.REQUESTER})
    facts = {"row": step.row, "name": entry.name, "roles": roles}
    return say(desk, "cli.import_new", **facts, phone=masked_phone(entry.phone) or None)


def _changed_line(desk: Desk, step: Step) -> str:
    changes = "; ".join(
        f"{say(desk, f'cli.columns.{name}')} {_shown(desk, name, old)} → {_shown(desk, name, new)}"
        for name, (old, new) in step.changes.items()
    )
    facts = {"row": step.row, "id": step.person_id, "name": step.entry.name}
    return f"{say(desk, 'cli.import_changed', **facts)} {changes}"


def _wrong_line(desk: Desk, wrong: Wrong) -> str:
    facts = {"row": wrong.row, "column": wrong.column or None, "why": wrong.why}
    return say(desk, "cli.import_wrong_row", **facts)


def _shown(desk: Desk, name: str, value: Any) -> str:
    return shortened(_in_words(desk, name, value) or "-", _WIDEST)


def _in_words(desk: Desk, name: str, value: Any) -> str:
    match name:
        case "roles":
            return role_words(desk, value or ())
        case "skills":
            return skill_words(desk, value or ())
        case "phone":
            return masked_phone(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(value)
    return "" if value is None else str(value)
