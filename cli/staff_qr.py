"""A staff code as a QR code: one scan joins a colleague, as typing the code does (H-28)."""

from pathlib import Path

import click

from bot.errors import ApiError
from cli.context import Desk
from cli.labels import svg, terminal
from cli.words import say
from services import binding

IN_TERMINAL = "-"
"""In place of a file's name: the code is shown on the screen."""


def show_code(desk: Desk, name: str, code: str, file: str) -> None:
    """The platform's code for as long as the staff code holds; without it the words still do."""
    client = desk.client
    lasts = int(binding.CODE_VALID_FOR.total_seconds())
    try:
        url = client.create_qr(f"{binding.SCENE}{code}", lasts).url
    except ApiError as error:
        raise click.ClickException(say(desk, "cli.qr_failed", why=str(error))) from None
    click.echo(say(desk, "cli.qr", name=name, code=code))
    if file == IN_TERMINAL:
        click.echo(terminal(url))
        return
    try:
        Path(file).write_text(svg(url), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    click.echo(say(desk, "cli.qr_written", file=file))
