"""The two programs as an operator starts them: on free ports, with a folder for everything."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import yaml

from sandbox.settings import PhoneOwner
from tests.bot.pushes import ACCOUNT, AES_KEY, APP_ID, TOKEN
from tests.faults.people import EVERYBODY
from tests.programs import Program, program
from tests.sandbox.live import Live

APP_SECRET = "e2e-app-secret-0f1e2d3c4b5a6978"
SENT_AT_MOST = 15.0  # seconds that a process may take to end in good order
QUICK = {"refused_pause": 0.2, "refused_attempts": 100, "template_delay": 0}


@contextmanager
def running_sandbox(folder: Path, **rules: Any) -> Iterator[Live]:
    """It calls nobody yet: the server, which has to know it, tells it its own address."""
    owners = [
        PhoneOwner(openid=each.openid, name=each.name, has_written=True) for each in EVERYBODY
    ]
    config = folder / "sandbox.json"
    values = {
        "port": 0,
        "callback_url": "http://127.0.0.1:9/wechat",
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "token": TOKEN,
        "aes_key": AES_KEY,
        "original_id": ACCOUNT,
        "wechat_name": "itdesk",
        "data": str(folder / "sandbox"),
        "people": [owner.model_dump() for owner in owners],
        "rules": {**QUICK, **rules},
    }
    config.write_text(json.dumps(values), encoding="utf-8")
    process = program("sandbox", "--config", str(config), log=folder / "sandbox.log")
    try:
        yield Live(process)
    finally:
        process.close()


class Server:
    """`run.py serve`, which may be killed and started again on the same port."""

    def __init__(self, folder: Path, database: str, api: str) -> None:
        self.port = _free_port()
        self.config = folder / "config.yaml"
        self.log = folder / "server.log"
        self._process: Program | None = None
        self.config.write_text(yaml.safe_dump(_settings(folder, database, api)), encoding="utf-8")
        self.config.chmod(0o600)

    @property
    def callback_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/wechat"

    def start(self) -> None:
        """Until it says that it is ready."""
        command = ["serve", "--port", str(self.port), "--config", str(self.config)]
        self._process = program("run.py", *command, log=self.log)
        said = self._process.stdout.readline()
        assert said.startswith("desk ready "), said + self.log.read_text(errors="replace")[-2000:]

    def kill(self) -> None:
        """As by the kernel."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """In good order; its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, by: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(by)
        try:
            return self._process.wait(SENT_AT_MOST)
        finally:
            self._process.close()
            self._process = None

    def run(self, *words: str) -> str:
        """Another command of run.py on the same settings; what it prints."""
        log = self.config.with_name("operator.log")
        running = program("run.py", *words, "--config", str(self.config), log=log)
        said = running.stdout.read()
        code = running.wait()
        running.close()
        assert code == 0, said + log.read_text(encoding="utf-8")
        return said


def _settings(folder: Path, database: str, api: str) -> dict[str, Any]:
    return {
        "wechat": {
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "token": TOKEN,
            "encoding_aes_key": AES_KEY,
            "original_id": ACCOUNT,
            "api_base_url": api,
        },
        "database": {"url": database},
        "service": {"round_the_clock": True},
        "storage": {"media": str(folder / "media"), "spool": str(folder / "spool")},
    }


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
