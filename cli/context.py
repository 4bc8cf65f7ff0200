"""What every command gets: the settings of `--config`, the clock, and the database they name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from models import Database
from settings import ROOT, Settings, SettingsError, read_settings
from texts import Texts
from wiring import texts_of


@dataclass
class Desk:
    """One invocation of the command line."""

    config: Path
    clock: Callable[[], datetime]

    @cached_property
    def settings(self) -> Settings:
        try:
            return read_settings(self.config)
        except SettingsError as error:
            raise click.ClickException(str(error)) from None

    @cached_property
    def database(self) -> Database:
        # A person waits here, not the platform: statements may take their time.
        return Database(self.settings.database.url, statement_within=60)

    @cached_property
    def texts(self) -> Texts:
        return texts_of()


pass_desk = click.make_pass_decorator(Desk)


def config_option(command: Any) -> Any:
    """`--config FILE`, accepted behind each command."""

    def take(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            ctx.ensure_object(Desk).config = value

    return click.option(
        "--config",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help=f"Settings; {(ROOT / 'config.yaml').name} of the project unless given.",
        callback=take,
        expose_value=False,
        is_eager=True,
    )(command)
