"""What can be seen on this machine: settings, secrets, database, folders."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from cli.checks.finding import Finding, Room, look, right, wrong
from cli.context import Desk
from cli.version import lacking
from settings import ENVIRONMENT

_APP_ID = re.compile(r"wx[0-9a-f]{16}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_SECRET = re.compile(r"[A-Za-z0-9]{32}")
_SECRETS = ("app_secret", "token", "encoding_aes_key")
_FOR_OTHERS = 0o077  # rights of anybody but the owner
_MEGABYTE = 1024 * 1024
_FREE_AT_LEAST = 200  # megabytes
_FREE_BETTER = 1024


def unreadable(desk: Desk) -> list[Finding]:
    """Why there are no settings to go by; nothing if there are."""
    try:
        _ = desk.settings
    except click.ClickException as error:
        return [wrong("doctor.settings.unreadable", why=why) for why in error.message.splitlines()]
    return []


def settings(room: Room) -> Iterator[Finding]:
    """Shapes of what the platform's backend shows (§1); the mode; what identifies the account."""
    account = room.settings.wechat
    before = [
        *_mode(room),
        *_shape(_APP_ID, account.app_id, "doctor.settings.app_id"),
        *_shape(_SECRET, account.app_secret.get_secret_value(), "doctor.settings.app_secret"),
        *_shape(_TOKEN, account.token.get_secret_value(), "doctor.settings.token"),
        *_shape(_AES_KEY, account.encoding_aes_key.get_secret_value(), "doctor.settings.aes_key"),
    ]
    if not (account.original_id or "").startswith("gh_"):
        before.append(look("doctor.settings.original_id"))
    if not account.stable_token:
        before.append(look("doctor.settings.plain_token"))
    yield from before or [right("doctor.settings.right", mode=account.mode)]


def _mode(room: Room) -> list[Finding]:
    match room.settings.wechat.mode:
        case "safe":
            return []
        case "compat":
            return [look("doctor.settings.compat")]
    return [
        look("doctor.settings.plain_here") if room.is_sandbox else wrong("doctor.settings.plain")
    ]


def _shape(pattern: re.Pattern[str], value: str, key: str) -> list[Finding]:
    return [] if pattern.fullmatch(value) else [wrong(key, length=len(value))]


def secrets(room: Room) -> Iterator[Finding]:
    """Where each secret comes from, and who else on this machine may read it there."""
    open_files: dict[Path, list[str]] = {}
    for name in _SECRETS:
        file = _file_of(room.desk.config, name)
        if file and file.stat().st_mode & _FOR_OTHERS:
            open_files.setdefault(file, []).append(name)
    for file, names in open_files.items():
        yield wrong("doctor.secrets.readable", names="、".join(names), file=str(file))
    if not open_files:
        yield right("doctor.secrets.right")


def _file_of(config: Path, name: str) -> Path | None:
    """The file that a secret stands in; None for the environment."""
    variable = f"{ENVIRONMENT}WECHAT__{name.upper()}"
    if named := os.environ.get(f"{variable}_FILE"):
        return Path(named)
    return None if variable in os.environ else config


def database(room: Room) -> Iterator[Finding]:
    """Whether it answers, and with the tables of this version (R-035)."""
    room.database.probe()
    if why := lacking(room.database):
        yield wrong("doctor.database.tables", why=why)
    else:
        kind = "SQLite" if room.database.is_sqlite else "PostgreSQL"
        yield right("doctor.database.right", kind=kind)


def folders(room: Room) -> Iterator[Finding]:
    """Media and the spool: what was answered with 200 must be kept even if the database is away."""
    storage = room.settings.storage
    closed = [*_folder(storage.media), *_folder(storage.spool)]
    if closed:
        yield from closed
        return
    free = min(_free(storage.media), _free(storage.spool))
    if free < _FREE_AT_LEAST:
        yield wrong("doctor.folders.full", free=free)
    elif free < _FREE_BETTER:
        yield look("doctor.folders.fills", free=free)
    else:
        yield right("doctor.folders.right", free=free // 1024)


def _folder(folder: Path) -> list[Finding]:
    place = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            return []
    except OSError as error:
        return [wrong("doctor.folders.closed", folder=str(folder), why=error.strerror or "")]


def _existing(folder: Path) -> Path:
    """The folder, or what it would be made in."""
    place = folder.absolute()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return place


def _free(folder: Path) -> int:
    return shutil.disk_usage(_existing(folder)).free // _MEGABYTE
