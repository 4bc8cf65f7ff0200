"""`run.py demo`: the desk and the sandbox on this machine, one address, people who play along."""

import json
import os
import secrets
import signal
import socket
import string
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import click
import yaml
from sqlalchemy import select

from bot import menus
from bot.errors import ApiError
from bot.tagging import Tagger
from cli.context import Desk, config_option
from cli.demo_articles import seed_articles
from cli.demo_readings import seed_readings
from cli.demo_roster import seed_roster
from cli.device_labels import urls
from cli.schema import upgrade
from domain.category import Category
from domain.permissions import Role
from models import Clerk, Credential, Engineer, Person, Session
from nlp.initials import initials_of
from services import clerks, credentials, devices, people
from settings import ROOT
from wiring import client_of

HOME = Path("var/demo")
SANDBOX_PORT, DESK_PORT = 9001, 8080  # where they are free
STARTS_WITHIN = 60.0  # seconds; the first start builds jieba's cache
_PEOPLE = ROOT / "demo" / "people.json"
_DEVICES = ROOT / "demo" / "devices.json"
_TEMPLATES = ROOT / "demo" / "templates.json"  # those that the sandbox grants its account
_LETTERS = string.ascii_letters + string.digits
PASSWORD = "demo-desk-2026"  # of everybody in the demonstration, which this machine alone opens
_SIGN_IN_AS = (("1001", "desk"), ("1005", "head"), ("1006", "admin"), ("1002", "engineer"))


@click.command()
@config_option
@click.option("--sandbox-port", type=int, help=f"The page's port; {SANDBOX_PORT} unless taken.")
@click.option("--port", type=int, help=f"The desk's port; {DESK_PORT} unless taken.")
@click.pass_context
def demo(ctx: click.Context, sandbox_port: int | None, port: int | None) -> None:
    """Start the desk and the sandbox with demonstration people; Ctrl-C ends both."""
    for ending in (signal.SIGTERM, signal.SIGINT):  # alike, also where a script ignores Ctrl-C
        signal.signal(ending, signal.default_int_handler)
    desk = ctx.ensure_object(Desk)
    ports = sandbox_port or _free(SANDBOX_PORT), port or _free(DESK_PORT)
    config = _written_config(*ports)
    desk.config = config
    upgrade(desk.database)
    seed(desk)
    seed_devices(desk)
    seed_passwords(desk)
    seed_roster(desk)
    seed_articles(desk)
    seed_readings(desk)
    with _Children() as children:
        children.start("sandbox", [*_RUN, "sandbox", "--config", str(HOME / "sandbox.json")])
        children.wait_for("sandbox", f"http://127.0.0.1:{ports[0]}/")
        _make_device_codes(desk)  # for the phones on the page to scan
        _publish_menus(desk)  # before the desk tags its people: both would make the same tag
        children.start("desk", [*_RUN, "serve", "--config", str(config), "--port", str(ports[1])])
        children.wait_for("desk", f"http://127.0.0.1:{ports[1]}/healthz")
        click.echo(f"\n  Open http://127.0.0.1:{ports[0]}/   (Ctrl-C ends)")
        click.echo(_about_the_console(ports[1]))
        children.wait()


_RUN = [sys.executable, str(ROOT / "run.py")]


def seed(desk: Desk) -> None:
    """Make the demonstration's staff known and put them on duty; a second run changes nothing."""
    now = desk.clock()
    with desk.database.transaction() as session:
        known = set(session.scalars(select(Person.openid)))
        known |= set(session.scalars(select(Clerk.account)))
        known |= set(session.scalars(select(Person.staff_number)))
        for row in json.loads(_PEOPLE.read_text(encoding="utf-8")):
            if {row.get("openid"), row.get("clerk"), row["staff_number"]} & known - {None}:
                continue
            person = people.add(session, _new_person(row), now)
            if account := row.get("clerk"):
                clerks.map_to(session, account, person.id, now)
            if engineer := session.get(Engineer, person.id):
                engineer.is_on_duty, engineer.signed_at = True, now


def seed_passwords(desk: Desk) -> None:
    """Let the demonstration's staff sign in at a computer; whoever has a password keeps it."""
    rows = json.loads(_PEOPLE.read_text(encoding="utf-8"))
    kept = credentials.hash_of(PASSWORD)
    with desk.database.transaction() as session:
        for row in rows:
            person = people.numbered(session, row["staff_number"]) or _unnumbered(session, row)
            if person is not None and session.get(Credential, person.id) is None:
                credentials.set_password(session, person.id, kept, desk.clock())


def _unnumbered(session: Session, row: Mapping[str, Any]) -> Person | None:
    """Somebody from a demonstration that was begun before there were staff numbers."""
    named = [each for each in people.named(session, row["name"]) if not each.staff_number]
    if len(named) != 1:
        return None
    named[0].staff_number = row["staff_number"]
    named[0].initials = initials_of(named[0].name)
    return named[0]


def seed_devices(desk: Desk) -> None:
    """Make the demonstration's devices known; a second run changes nothing."""
    with desk.database.transaction() as session:
        for row in json.loads(_DEVICES.read_text(encoding="utf-8")):
            if devices.get(session, row["code"]) is None:
                kind = Category(row.pop("category"))
                devices.add(session, devices.NewDevice(category=kind, **row), desk.clock())


def _about_the_console(port: int) -> str:
    who = ", ".join(f"{number} ({role})" for number, role in _SIGN_IN_AS)
    return (
        f"  Console http://localhost:{port}/console/   portal http://localhost:{port}/portal/\n"
        f"  Sign in as {who} or 2001 (requester), password {PASSWORD};\n"
        "  or by WeChat: copy the picture of the sign-in's code, paste it into a phone's scanner.\n"
    )


def _make_device_codes(desk: Desk) -> None:
    with desk.database.reading() as session:
        chosen = devices.list_all(session)
        session.expunge_all()
    urls(desk, chosen)


def _new_person(row: Mapping[str, Any]) -> people.NewPerson:
    return people.NewPerson(
        name=row["name"],
        roles=frozenset({Role.REQUESTER, *map(Role, row["roles"])}),
        phone=row["phone"],
        department=row["department"],
        skills=frozenset(map(Category, row.get("skills", ()))),
        areas=tuple(row.get("areas", ())),
        level=row.get("level", 1),
        office=row.get("office"),
        openid=row.get("openid"),
        staff_number=row["staff_number"],
    )


# --- settings of this machine ------------------------------------------------------------------


def _written_config(sandbox_port: int, desk_port: int) -> Path:
    """The shipped settings with this machine's ports and secrets; secrets are made once."""
    HOME.mkdir(parents=True, exist_ok=True)
    kept, here = _secrets(), f"http://127.0.0.1:{sandbox_port}"
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    shipped["wechat"] |= {
        "app_secret": kept["app_secret"],
        "token": kept["token"],
        "encoding_aes_key": kept["aes_key"],
        "api_base_url": here,
        "oauth_base_url": here,
        "mp_base_url": here,
        "templates": json.loads(_TEMPLATES.read_text(encoding="utf-8")),
    }
    shipped["database"]["url"] = f"sqlite:///{HOME / 'desk.sqlite'}"
    # By name, for the phones on the page each have a host of their own below it (p1.localhost).
    public_url = f"http://localhost:{desk_port}"
    shipped["server"] |= {"host": "127.0.0.1", "port": desk_port, "public_url": public_url}
    shipped["service"]["round_the_clock"] = True  # whoever looks on a Sunday finds somebody there
    shipped["complaints"] = {"deputy": "1006"}  # 林管理, where 陈主任 is concerned himself
    shipped["storage"] = {"media": str(HOME / "media"), "spool": str(HOME / "spool")}
    _write_private(HOME / "config.yaml", yaml.safe_dump(shipped, allow_unicode=True))
    played = {
        "port": sandbox_port,
        "callback_url": f"http://127.0.0.1:{desk_port}/wechat",
        "app_id": shipped["wechat"]["app_id"],
        "original_id": shipped["wechat"]["original_id"],
        "wechat_name": "itdesk",
        "data": str(HOME / "sandbox"),
        "links": [
            {"words": "Console", "url": f"{public_url}/console/"},
            {"words": "Portal", "url": f"{public_url}/portal/"},
        ],
        **kept,
    }
    _write_private(HOME / "sandbox.json", json.dumps(played, indent=1))
    return HOME / "config.yaml"


def _secrets() -> dict[str, str]:
    file = HOME / "secrets.json"
    if file.exists():
        kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return kept
    made = {
        "app_secret": _random(32),
        "token": _random(24),
        "aes_key": _random(43),
    }
    _write_private(file, json.dumps(made))
    return made


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _write_private(file: Path, content: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(content)


def _free(wanted: int) -> int:
    """This port, or any other that nobody listens on."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise click.ClickException("no port is free")


# --- the two programs ----------------------------------------------------------------------------


class _Children:
    """Programs that live and end together."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._logs = HOME / "logs"

    def __enter__(self) -> "_Children":
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._running.values():
            child.terminate()
        for child in self._running.values():
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()

    def start(self, name: str, command: list[str]) -> None:
        log = (self._logs / f"{name}.log").open("ab")
        # In a group of its own: Ctrl-C reaches us alone, and we end them in good order.
        self._running[name] = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True
        )

    def wait_for(self, name: str, address: str) -> None:
        gives_up_at = time.monotonic() + STARTS_WITHIN
        while not _answers(address):
            if self._running[name].poll() is not None or time.monotonic() > gives_up_at:
                self._failed(name)
            time.sleep(0.1)

    def wait(self) -> None:
        """Until one of them ends, or Ctrl-C."""
        over = threading.Event()
        try:
            while not over.wait(0.5):
                for name, child in self._running.items():
                    if child.poll() is not None:
                        self._failed(name)
        except KeyboardInterrupt:
            click.echo("\nbye")

    def _failed(self, name: str) -> NoReturn:
        said = (self._logs / f"{name}.log").read_text(errors="replace").splitlines()[-15:]
        raise click.ClickException("\n".join([f"{name} ended:", *said]))


def _answers(address: str) -> bool:
    host, _, rest = address.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    try:
        with socket.create_connection((name, int(port)), timeout=1) as connection:
            connection.sendall(f"GET /{rest} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def _publish_menus(desk: Desk) -> None:
    try:
        client = client_of(desk.settings, desk.database, desk.clock)
        menus.publish(client, public_url=desk.settings.server.public_url)
        Tagger(desk.database, client).retag()  # a phone that is opened keeps its menu for minutes
    except ApiError as error:
        raise click.ClickException(f"the sandbox refused the menus: {error}") from None
