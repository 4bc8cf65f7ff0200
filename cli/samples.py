"""`run.py samples`: sample data to try the desk out, and its removal (C §25)."""

import click

from cli.access import reading, writing
from cli.context import Desk, config_option, pass_desk
from cli.words import say
from domain.permissions import Role
from domain.refusals import Refusal
from models import Session
from services import people
from services.desk import Desk as Acts
from services.samples import contents, loading, planning, removing
from services.samples.planning import Plan
from services.speakers import speaker_of
from settings import ROOT
from wiring import rules_of


@click.group()
def samples() -> None:
    """Sample people, devices, articles and tickets: there in one act, gone in one act."""


@samples.command()
@config_option
@pass_desk
def load(desk: Desk) -> None:
    """Load the samples; a second time changes nothing."""
    told = contents.read_contents(ROOT / "demo")
    with writing(desk) as session:
        try:
            counts = loading.load(_acts(desk, session), told)
        except Refusal as no:
            raise click.ClickException(say(desk, no.text_key, **no.facts)) from None
    if not counts:
        click.echo(say(desk, "cli.samples_there"))
    for kind, count in counts.items():
        click.echo(f"{kind.value}\t{count}")


@samples.command()
@config_option
@click.option("--dry-run", is_flag=True, help="Only say what would go, and what would stay.")
@pass_desk
def remove(desk: Desk, *, dry_run: bool) -> None:
    """Remove every sample, and all that hangs on one; real people's work stays."""
    if dry_run:
        with reading(desk) as session:
            _tell(desk, planning.plan(_acts(desk, session)))
        return
    with writing(desk) as session:
        removed = removing.remove(_acts(desk, session))
    _tell(desk, removed.plan)


def _tell(desk: Desk, plan: Plan) -> None:
    if plan.is_empty:
        click.echo(say(desk, "cli.samples_none"))
        return
    for name, count in plan.counts.items():
        if count:
            click.echo(f"{name}\t{count}")
    for key, found in (("freed", plan.freed), ("kept", plan.kept), ("touched", plan.touched)):
        if found:
            click.echo(f"{key}\t{', '.join(found)}")


def _acts(desk: Desk, session: Session) -> Acts:
    """In the name of the first admin: what a sample made is handed on to somebody."""
    admin = next(
        (
            each
            for each, _ in people.list_all(session)
            if each.is_active and Role.ADMIN in each.roles
        ),
        None,
    )
    if admin is None:
        raise click.ClickException(say(desk, "cli.samples_no_admin"))
    return Acts(session, desk.clock(), rules_of(desk.settings), speaker_of(admin))
