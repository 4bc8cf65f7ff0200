"""Which file holds which command: each is read when it is called, for most need little."""

from importlib import import_module

import click

from cli.lasting import lasting

WHERE = {
    "demo": "demo",
    "serve": "serve",
    "clock": "clock",
    "sandbox": "sandbox",
    "migrate": "schema",
    "person": "people",
    "ticket": "tickets",
    "device": "devices",
    "notice": "notices",
    "clerk": "clerks",
    "token": "tokens",
    "samples": "samples",
    "search": "search",
    "knowledge": "knowledge",
    "classify": "classify",
    "nlp": "nlp",
    "menu": "account",
    "doctor": "doctor",
}


class Commands(click.Group):
    """The commands of `WHERE`, under their own names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = WHERE.get(cmd_name)
        if where is None:
            return None
        with lasting():
            found = getattr(import_module(f"cli.{where}"), cmd_name)
        assert isinstance(found, click.Command)
        return found
