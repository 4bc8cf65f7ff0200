"""The command line of the desk: demo, serve, sandbox, migrate, person, ticket, menu, doctor."""

from datetime import UTC, datetime

import click

from cli.account import menu
from cli.classify import classify
from cli.clerks import clerk
from cli.context import Desk, config_option
from cli.demo import demo, sandbox
from cli.devices import device
from cli.doctor import doctor
from cli.notices import notice
from cli.people import person
from cli.schema import migrate
from cli.serve import serve
from cli.tickets import ticket
from settings import ROOT


def clock() -> datetime:
    """The machine's time; everything else is told it."""
    return datetime.now(UTC)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@config_option
@click.pass_context
def main(ctx: click.Context) -> None:
    """An IT service desk that lives in a WeChat official account."""
    ctx.obj = ctx.find_object(Desk) or Desk(ROOT / "config.yaml", clock)


for command in (demo, serve, sandbox, migrate, person, ticket, device, notice, clerk):
    main.add_command(command)
for command in (classify, menu, doctor):
    main.add_command(command)


if __name__ == "__main__":
    main()
