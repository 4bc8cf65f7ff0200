"""`run.py device import`: a list of devices, shown first and then taken in."""

from pathlib import Path
from typing import Any

import click

from cli.access import reading, writing
from cli.columns import printable, shortened
from cli.context import Desk, config_option, pass_desk
from cli.words import say, told
from models import Session
from services import device_import
from services.device_import import Plan, Step
from services.roster_file import FileRefused, Line, read_lines
from services.roster_import import Fate

_WIDEST = 40  # columns of a value in the list of changes


@click.command("import")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--apply", "is_applied", is_flag=True, help="Write it; without this it is shown only."
)
@pass_desk
def import_devices(desk: Desk, file: Path, is_applied: bool) -> None:
    """Take in the devices of FILE (.xlsx or .csv): what would change, row by row.

    Nothing is written before --apply, and then all or nothing. A device is known again by its
    code; an empty cell leaves what is known.
    """
    lines = _lines(desk, file)
    if not is_applied:
        with reading(desk) as session:
            _planned(desk, session, file, lines)
        click.echo(say(desk, "cli.import_dry_run"))
        return
    with writing(desk) as session:
        plan = _planned(desk, session, file, lines)
        device_import.apply(session, plan, desk.clock())
    click.echo(say(desk, "cli.import_done"))


def _lines(desk: Desk, file: Path) -> list[Line]:
    try:
        return read_lines(file)
    except FileRefused as refused:
        raise _refused(desk, file, refused) from None


def _refused(desk: Desk, file: Path, refused: FileRefused) -> click.ClickException:
    return click.ClickException(f"{printable(file.name)}: {told(desk, refused.say)}")


def _planned(desk: Desk, session: Session, file: Path, lines: list[Line]) -> Plan:
    """Shown in any case; a wrong row stops all."""
    try:
        plan = device_import.plan(session, lines)
    except FileRefused as refused:
        raise _refused(desk, file, refused) from None
    for line in _shown(desk, plan):
        click.echo(printable(line))
    if plan.wrong:
        raise click.ClickException(say(desk, "cli.device.import_wrong"))
    return plan


def _shown(desk: Desk, plan: Plan) -> list[str]:
    counts = {fate.value: len(plan.of(fate)) for fate in Fate}
    return [
        *(_new_line(desk, step) for step in plan.of(Fate.NEW)),
        *(_changed_line(desk, step) for step in plan.of(Fate.CHANGED)),
        *(
            say(
                desk, "cli.import_wrong_row", row=each.row, column=each.column or None, why=each.why
            )
            for each in plan.wrong
        ),
        say(desk, "cli.import_summary", **counts, wrong=len(plan.wrong)),
    ]


def _new_line(desk: Desk, step: Step) -> str:
    category = say(desk, f"category.{step.facts['category'].value}")
    what = {"name": step.facts["name"], "place": step.facts["place"], "category": category}
    return say(desk, "cli.device.import_new", row=step.row, code=step.code, **what)


def _changed_line(desk: Desk, step: Step) -> str:
    changes = "; ".join(
        f"{say(desk, f'cli.device.columns.{_column(name)}')} "
        f"{_value(desk, name, old)} → {_value(desk, name, new)}"
        for name, (old, new) in step.changes.items()
    )
    return f"{say(desk, 'cli.device.import_changed', row=step.row, code=step.code)} {changes}"


def _column(name: str) -> str:
    return name.removesuffix("_id")


def _value(desk: Desk, name: str, value: Any) -> str:
    if value is None:
        return "-"
    words = say(desk, f"category.{value.value}") if name == "category" else str(value)
    return shortened(words, _WIDEST)
