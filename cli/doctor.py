"""`run.py doctor`: reads line by line what of the account's set-up is right, and what is not."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import ApiError
from cli.checks import account, calendar, callback, channels, deadlines, here, people, weights
from cli.checks.finding import Check, Finding, Mark, Needs, Room, look, wrong
from cli.checks.refusals import refused
from cli.columns import padded, width
from cli.context import Desk, config_option, pass_desk
from models import DatabaseUnavailable

_API, _DATABASE = (Needs.API,), (Needs.DATABASE,)
CHECKS = (
    Check("settings", here.settings),
    Check("secrets", here.secrets),
    Check("database", here.database),
    Check("folders", here.folders),
    Check("token", account.token),
    Check("clock", account.clock, _API),
    Check("callback_ips", account.callback_ips, _API),
    Check("server_url", callback.server_url),
    Check("platform_check", callback.platform_check, _API),
    Check("last_callback", callback.last_callback, _DATABASE),
    Check("public_url", callback.public_url),
    Check("jssdk", account.jssdk, _API),
    Check("menu", people.menu, (*_API, *_DATABASE)),
    Check("tags", people.tags, (*_API, *_DATABASE)),
    Check("templates", channels.templates, _API),
    Check("kf", channels.kf, (*_API, *_DATABASE)),
    Check("quotas", account.quotas, _API),
    Check("staff", people.staff, _DATABASE),
    Check("calendar", calendar.years, _DATABASE),
    Check("rings", deadlines.rings, _DATABASE),
    Check("deputy", deadlines.deputy, _DATABASE),
    Check("weights", weights.weights, _DATABASE),
    Check("notices", people.notices, _DATABASE),
)
_PROVES = {"database": Needs.DATABASE, "token": Needs.API}
_SIGNS = {Mark.RIGHT: "✓", Mark.LOOK: "!", Mark.WRONG: "✗"}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words."""

    check: str
    name: str
    mark: Mark
    text: str
    advice: str


@click.command()
@config_option
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([check.name for check in CHECKS]),
    metavar="NAME",
    help=f"Only this check; may be repeated. {', '.join(check.name for check in CHECKS)}.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of findings.")
@pass_desk
def doctor(desk: Desk, only: tuple[str, ...], as_json: bool) -> None:
    """Look at the account's set-up from end to end; exits with 1 if something is wrong."""
    room = Room(desk)
    chosen = [check for check in CHECKS if not only or check.name in only]
    if unreadable := here.unreadable(desk):
        chosen = [Check("settings", lambda _: unreadable)]
    told = (_told(room, check, finding) for check, finding in examined(room, chosen))
    findings = _as_json(told) if as_json else _as_lines(room, told, chosen)
    if any(each.mark is Mark.WRONG for each in findings):
        raise SystemExit(1)


def examined(room: Room, checks: Sequence[Check]) -> Iterator[tuple[Check, Finding]]:
    """Each check's findings; one that fails stops no other, what it proves is not asked again."""
    broken: set[Needs] = set()
    for check in checks:
        if missing := broken.intersection(check.needs):
            yield check, look(f"doctor.not_looked_at.{min(missing).value}")
            continue
        found = list(_guarded(check, room))
        if any(finding.mark is Mark.WRONG for finding in found) and check.name in _PROVES:
            broken.add(_PROVES[check.name])
        yield from ((check, finding) for finding in found)


def _guarded(check: Check, room: Room) -> Iterator[Finding]:
    try:
        yield from check.act(room)
    except ApiError as error:
        yield refused(error)
    except (DatabaseUnavailable, SQLAlchemyError) as error:
        yield wrong("doctor.database.away", why=type(error).__name__)
    except Exception as error:
        # Its own words may hold a secret or an address with one.
        yield wrong("doctor.check_failed", why=type(error).__name__)


def _told(room: Room, check: Check, finding: Finding) -> Told:
    text, _, advice = room.words(finding.key, **finding.facts).partition("\n")
    return Told(check.name, _name(room, check), finding.mark, text, advice)


def _name(room: Room, check: Check) -> str:
    return room.words(f"doctor.names.{check.name}")


def _as_lines(room: Room, told: Iterable[Told], checks: Sequence[Check]) -> list[Told]:
    """Printed as they are found: some take seconds."""
    columns = max(width(_name(room, check)) for check in checks)
    findings = []
    for each in told:
        findings.append(each)
        click.echo(f"{_SIGNS[each.mark]} {padded(each.name, columns)}  {each.text}")
        if each.advice:
            click.echo(f"  {' ' * columns}  → {each.advice}")
    counts = {mark.value: sum(each.mark is mark for each in findings) for mark in Mark}
    click.echo(room.words("doctor.summary", **counts))
    return findings


def _as_json(told: Iterable[Told]) -> list[Told]:
    findings = list(told)
    rows = [
        {"check": each.check, "mark": each.mark.value, "text": each.text, "advice": each.advice}
        for each in findings
    ]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    return findings
