"""What every command gets: the settings of `--config`, the clock, and the database they name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.render import neutral
from models import Database
from settings import ROOT, Settings, SettingsError, read_settings
from texts import Texts, read_texts

if TYPE_CHECKING:
    from bot.client import WeChatClient


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
        return read_texts(ROOT / "texts.yaml", neutral)

    @cached_property
    def client(self) -> "WeChatClient":
        """The one way to the platform's API."""
        # Behind it stands the whole server: most commands can do without.
        from wiring import client_of

        return client_of(self.settings, self.database, self.clock)


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
