"""`run.py demo` as a newcomer starts it, in a folder and on ports of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import requests
import yaml

from settings import ENVIRONMENT
from tests.house.source import ROOT
from tests.web.records import Records

BEGINS_AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # Tuesday, 10:30 at the desk
ENDS_WITHIN = 30  # seconds


class Running:
    """The two programs; `url` is the page with the phones, `records` the desk's database."""

    def __init__(self, folder: Path, url: str, environment: dict[str, str]) -> None:
        home = folder / "var" / "demo"
        self.url = url
        self.records = Records(home / "desk.sqlite")
        self._folder = folder
        self._config = home / "config.yaml"
        self._environment = environment
        self._passed = timedelta(0)

    def goes_on(self, **time: float) -> None:
        """So much time passes at once, for the desk and for the platform alike."""
        self._passed += timedelta(**time)
        file = Path(self._environment["WEB_TEST_PASSED"])
        written = file.with_suffix(".new")
        written.write_text(str(self._passed.total_seconds()), encoding="utf-8")
        written.replace(file)

    @property
    def desk_url(self) -> str:
        """Where console and portal are, as the desk itself says."""
        settings = yaml.safe_load(self._config.read_text(encoding="utf-8"))
        return str(settings["server"]["public_url"])

    def run(self, *words: str) -> str:
        """What `run.py` prints for an operator of this desk."""
        done = subprocess.run(
            [*_run(words), "--config", str(self._config)],
            check=False,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add_phone(self, openid: str, name: str, caption: str, role: str) -> None:
        body = {"openid": openid, "name": name, "caption": caption, "role": role}
        answer = requests.post(f"{self.url}/control/people", json=body, timeout=10)
        assert answer.ok, answer.text

    def change_rules(self, **rules: object) -> None:
        """Of the platform: its numbers, and what goes wrong with it."""
        answer = requests.patch(f"{self.url}/control/rules", json=rules, timeout=10)
        assert answer.ok, answer.text


@contextmanager
def running_demo(
    folder: Path, begins_at: datetime = BEGINS_AT, **settings: str
) -> Iterator[Running]:
    """From the start to Ctrl-C; `settings` are those of an operator: SERVICE__CLOSES="17:00"."""
    environment = _environment(begins_at) | {"WEB_TEST_PASSED": str(folder / "passed")}
    environment |= {f"{ENVIRONMENT}{name}": value for name, value in settings.items()}
    complaints = (folder / "complaints").open("w")
    with complaints, _started(folder, environment, complaints) as process:
        try:
            running = Running(folder, _address(process, folder), environment)
            yield running
            running.records.database.dispose()
        finally:
            process.send_signal(signal.SIGINT)
            _wait_for_the_end(process)


def _started(
    folder: Path, environment: dict[str, str], complaints: TextIO
) -> "subprocess.Popen[str]":
    sandbox_port, port = map(str, _free_ports(2))
    return subprocess.Popen(
        _run(["demo", "--sandbox-port", sandbox_port, "--port", port]),
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=complaints,
        text=True,
        preexec_fn=_hear_ctrl_c,
    )


def _run(words: Sequence[str]) -> list[str]:
    return [sys.executable, str(ROOT / "run.py"), *words]


def _environment(begins_at: datetime) -> dict[str, str]:
    """This one without an operator's settings, and with the time of the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ENVIRONMENT)}
    shift = begins_at.timestamp() - datetime.now(UTC).timestamp()
    path = os.pathsep.join([str(ROOT / "tests" / "web" / "clock"), str(ROOT)])
    return {**kept, "PYTHONPATH": path, "WEB_TEST_SHIFT": str(shift)}


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _hear_ctrl_c() -> None:
    """What a script starts in the background is deaf to it, and so are its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _address(process: "subprocess.Popen[str]", folder: Path) -> str:
    """The one address that is printed, once everything answers."""
    for line in process.stdout or ():
        if line.strip().startswith("Open "):
            return line.split()[1].rstrip("/")
    raise AssertionError((folder / "complaints").read_text())


def _wait_for_the_end(process: "subprocess.Popen[str]") -> None:
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
