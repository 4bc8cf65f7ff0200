"""`run.py clerk`: the accounts with which the desk talks in the WeChat backend (W1)."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.errors import ApiError
from cli.access import reading, writing
from cli.columns import clock, table
from cli.context import Desk, config_option, pass_desk
from cli.whom import one_of_name
from cli.words import say
from models import Clerk
from services import clerks
from services.clerks import ClerkView

_COLUMNS = ("account", "nickname", "person", "is_bound", "is_online", "sessions", "seen_at")


@click.group()
def clerk() -> None:
    """Customer-service accounts: who answers in the WeChat backend, and whose account it is."""


@clerk.command("list")
@config_option
@pass_desk
def list_clerks(desk: Desk) -> None:
    """Every account, whether somebody is there, and whose it is; asked of WeChat now."""
    why = _refreshed(desk)
    with reading(desk) as session:
        rows = [_row(desk, each) for each in clerks.listed(session)]
    if why:
        click.echo(say(desk, "cli.clerks_not_asked", why=why))
    if not rows:
        click.echo(say(desk, "cli.no_clerks"))
        return
    click.echo(table([say(desk, f"cli.clerks.{name}") for name in _COLUMNS], rows))


def _refreshed(desk: Desk) -> str:
    """Asks the platform; why that failed, in which case what was last seen is shown."""
    with reading(desk):  # a database without tables is said first
        client = desk.client
    try:
        listed, online = client.kf_list(), client.kf_online()
    except ApiError as error:
        return str(error)
    now = desk.clock()
    with writing(desk) as session:
        accounts = [clerks.Account(each.account, each.nickname, each.is_bound) for each in listed]
        clerks.keep_accounts(session, accounts, now)
        clerks.keep_online(session, {each.account: each.accepted for each in online}, now)
    return ""


def _row(desk: Desk, each: ClerkView) -> list[str]:
    return [
        each.account,
        each.nickname,
        each.person or "",
        _yes(desk, each.is_bound),
        _yes(desk, each.is_online),
        str(each.sessions),
        clock(each.seen_at),
    ]


def _yes(desk: Desk, is_so: bool) -> str:
    return say(desk, "cli.is_so" if is_so else "cli.is_not")


@clerk.command()
@config_option
@click.argument("account")
@click.argument("nickname")
@pass_desk
def add(desk: Desk, account: str, nickname: str) -> None:
    """Make ACCOUNT (such as desk1@yourdesk) at WeChat; people read NICKNAME."""
    with _asked(desk):
        desk.client.kf_add(account, nickname)
    with writing(desk) as session:
        new = clerks.Account(account, nickname, is_bound=False)
        clerks.keep_accounts(session, [new], desk.clock())
    click.echo(say(desk, "cli.clerk_added", account=account, nickname=nickname))


@clerk.command()
@config_option
@click.argument("account")
@click.argument("wechat_id")
@pass_desk
def invite(desk: Desk, account: str, wechat_id: str) -> None:
    """Ask the person behind WECHAT_ID, in their WeChat, to answer for ACCOUNT."""
    with _asked(desk):
        desk.client.kf_invite(account, wechat_id)
    click.echo(say(desk, "cli.clerk_invited", account=account))


@clerk.command("map")
@config_option
@click.argument("account")
@click.argument("name")
@click.option("--id", "person_id", type=int, help="Which of several of this name.")
@pass_desk
def map_clerk(desk: Desk, account: str, name: str, person_id: int | None) -> None:
    """Say that ACCOUNT is NAME's: who is served reads by whom, and tickets keep it."""
    with writing(desk) as session:
        is_known = session.get(Clerk, account) is not None
        owner = one_of_name(desk, session, name, person_id)
        clerks.map_to(session, account, owner.id, desk.clock())
    click.echo(say(desk, "cli.clerk_mapped", account=account, name=name))
    if not is_known:
        click.echo(say(desk, "cli.clerk_not_seen", account=account))


@contextmanager
def _asked(desk: Desk) -> Iterator[None]:
    """A refusal in one line, with what is to be done where that is known."""
    with reading(desk):
        pass
    try:
        yield
    except ApiError as error:
        known = error.errcode if error.errcode in _ADVICE else 0
        advice = say(desk, f"cli.clerk_refused.{_ADVICE[known]}")
        raise click.ClickException(f"{advice} ({error})") from None


_ADVICE = {
    0: "other",
    48001: "no_right",
    65400: "not_enabled",
    65401: "no_account",
    65403: "nickname",
    65404: "account",
    65405: "too_many",
    65406: "exists",
    65407: "is_clerk",
    65408: "invited",
    65409: "wechat_id",
    65411: "invited",
    65412: "bound",
}
