"""`run.py notice`: what the desk wanted to tell somebody and could not, and once more."""

import click

from cli.access import reading, writing
from cli.columns import clock, printable, shortened, table
from cli.context import Desk, config_option, pass_desk
from cli.masks import masked_phone
from cli.words import say, told
from domain.refusals import Refusal
from domain.sentence import Say
from services import undelivered
from services.views import TryView, Undelivered

_COLUMNS = ("id", "to", "phone", "ticket", "since", "fate", "why")
_WIDEST = 36  # columns of a cell
_MOST = 200


@click.group()
def notice() -> None:
    """Notices: which did not get through, what was tried, and sending one once more."""


@notice.command("list")
@config_option
@click.option("--all", "is_all", is_flag=True, help="The newest, whatever became of them.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@pass_desk
def list_notices(desk: Desk, is_all: bool, limit: int) -> None:
    """Notices of the last three days that did not get through, the newest first."""
    with reading(desk) as session:
        if is_all:
            found = undelivered.newest(session, limit)
        else:
            found = undelivered.listed(session, desk.clock(), limit)
    if not found:
        click.echo(say(desk, "cli.notice.none" if is_all else "stuck.none"))
        return
    heading = [say(desk, f"cli.notice.columns.{name}") for name in _COLUMNS]
    click.echo(table(heading, [_row(desk, each) for each in found]))


def _row(desk: Desk, each: Undelivered) -> list[str]:
    last = each.tries[-1] if each.tries and each.state != "delivered" else None
    cells = [
        str(each.id),
        each.name,
        masked_phone(each.phone),
        each.number or "",
        clock(each.since),
        say(desk, f"form.fates.{each.state}"),
        _why(desk, last) if last else "",
    ]
    return [shortened(printable(cell), _WIDEST) for cell in cells]


def _why(desk: Desk, tried: TryView) -> str:
    code = f" ({tried.errcode})" if tried.errcode else ""
    return f"{say(desk, tried.why.key)}{code}"


@notice.command()
@config_option
@click.argument("notice_id", metavar="ID", type=click.IntRange(1, 2**31 - 1))
@pass_desk
def show(desk: Desk, notice_id: int) -> None:
    """One notice: its words, and each try to say it."""
    try:
        with reading(desk) as session:
            found = undelivered.one(session, notice_id)
    except Refusal:
        raise click.ClickException(say(desk, "cli.notice.none_such", id=notice_id)) from None
    heading = [say(desk, f"cli.notice.columns.{name}") for name in _COLUMNS]
    click.echo(table(heading, [_row(desk, found)]))
    click.echo("\n" + "\n".join(map(printable, told(desk, found.say).splitlines())))
    for tried in found.tries:
        click.echo(_try_line(desk, tried, is_delivered=found.state == "delivered"))


def _try_line(desk: Desk, tried: TryView, *, is_delivered: bool) -> str:
    channel = say(desk, f"form.channels.{tried.channel}")
    is_through = is_delivered and tried.is_accepted
    outcome = say(desk, "cli.notice.accepted") if is_through else _why(desk, tried)
    return f"  {clock(tried.at)}  {channel}  {outcome}"


@notice.command()
@config_option
@click.argument("notice_id", metavar="ID", type=click.IntRange(1, 2**31 - 1))
@pass_desk
def retry(desk: Desk, notice_id: int) -> None:
    """Send the notice with ID once more; a running server does it at its next look."""
    try:
        with writing(desk) as session:
            sent = undelivered.put_back(session, notice_id, desk.clock())
    except Refusal as no:
        raise click.ClickException(_told_no(desk, no, notice_id)) from None
    number = undelivered.short_of(sent)
    click.echo(say(desk, "stuck.again", name=printable(sent.name), number=number))


def _told_no(desk: Desk, no: Refusal, notice_id: int) -> str:
    if isinstance(no, undelivered.NoticeSettled):
        return told(desk, Say(no.text_key))
    return say(desk, "cli.notice.none_such", id=notice_id)
