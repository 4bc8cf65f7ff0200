"""The command line: demo, serve, clock, sandbox, migrate, person, ticket, menu, doctor."""

import gc
from datetime import UTC, datetime

gc.disable()  # as cli.lasting says, which is not yet there

from cli.lasting import leave_out

if __name__ == "__main__":
    leave_out()

import click

from cli.commands import Commands
from cli.context import Desk, config_option
from settings import ROOT

gc.enable()


def clock() -> datetime:
    """The machine's time; everything else is told it."""
    return datetime.now(UTC)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@config_option
@click.pass_context
def main(ctx: click.Context) -> None:
    """An IT service desk that lives in a WeChat official account."""
    ctx.obj = ctx.find_object(Desk) or Desk(ROOT / "config.yaml", clock)


if __name__ == "__main__":
    main()
