"""`run.py device labels`: the sheet to print, with a QR code that the platform makes once."""

from collections.abc import Iterable
from pathlib import Path

import click

from bot.client import WeChatClient
from bot.errors import ApiError
from cli.access import reading, writing
from cli.context import Desk, config_option, pass_desk
from cli.labels import Label, sheet, svg
from cli.words import say
from models import Device
from services import devices

_SHEET = Path("labels.html")


@click.command()
@config_option
@click.argument("codes", nargs=-1)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=_SHEET,
    show_default=True,
    help="The sheet: A4, to be printed from a browser.",
)
@click.option(
    "--svg-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also each QR code as a picture of its own.",
)
@pass_desk
def labels(desk: Desk, codes: tuple[str, ...], out: Path, svg_dir: Path | None) -> None:
    """Make a sheet of labels for the devices with CODES, or for all in use.

    A device's QR code is made on the account once and kept: there are 100,000 of them for ever.
    """
    with reading(desk) as session:
        found = devices.list_all(session)
        chosen = _chosen(desk, found, codes)
        session.expunge_all()
    if not chosen:
        raise click.ClickException(say(desk, "cli.device.none"))
    made = [_label(each, url) for each, url in zip(chosen, urls(desk, chosen), strict=True)]
    title, invitation = say(desk, "cli.device.sheet"), say(desk, "cli.device.scan_me")
    _write(out, sheet(made, title=title, invitation=invitation))
    for label in made if svg_dir else ():
        _write(svg_dir / f"{label.code}.svg", svg(label.url))  # type: ignore[operator]
    click.echo(say(desk, "cli.device.labels_made", count=len(made), file=str(out)))


def _chosen(desk: Desk, found: list[Device], codes: tuple[str, ...]) -> list[Device]:
    by_code = {each.code: each for each in found}
    missing = [code for code in codes if devices.code_of(code) not in by_code]
    if missing:
        raise click.ClickException(say(desk, "cli.device.none_such", code=", ".join(missing)))
    wanted = {devices.code_of(code) for code in codes} or by_code.keys()
    return [each for each in found if each.code in wanted]


def urls(desk: Desk, chosen: Iterable[Device]) -> list[str]:
    """What each device's QR code holds; each that is made is kept before the next is asked for."""
    client = desk.client
    return [each.qr_url or _made(desk, client, each) for each in chosen]


def _made(desk: Desk, client: WeChatClient, device: Device) -> str:
    try:
        url = client.create_qr(f"{devices.SCENE}{device.code}", None).url
    except ApiError as error:
        raise click.ClickException(f"WeChat refused: {error}") from None
    with writing(desk) as session:
        devices.keep_qr(session, device.id, url)
    return url


def _label(device: Device, url: str) -> Label:
    return Label(device.code, device.name, device.place, url)


def _write(file: Path, content: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
