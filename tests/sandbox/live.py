"""The sandbox as a program of its own, on a port of this machine."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.bot.pushes import ACCOUNT, AES_KEY, APP_ID, TOKEN
from tests.programs import Program, program
from tests.sandbox.stage import PEOPLE, SECRET, WITHIN


class Live:
    """A running sandbox; `url` has no slash at its end."""

    def __init__(self, process: Program) -> None:
        self.process = process
        said = process.stdout.readline()
        assert said.startswith("sandbox ready http://127.0.0.1:"), said
        self.url = said.split()[-1].rstrip("/")

    def get(self, path: str) -> Any:
        return self._done("GET", path, None)

    def post(self, path: str, **body: Any) -> Any:
        return self._done("POST", path, body)

    def rules(self, **values: Any) -> None:
        self._done("PATCH", "/control/rules", values)

    def do(self, openid: str, what: str, **body: Any) -> Any:
        """An act of a phone, and what became of it."""
        push = self.post(f"/phone/{openid}/{what}", **body)["push_id"]
        return self.get(f"/push/{push}?wait={WITHIN}")

    def seen(self, openid: str) -> list[str]:
        bubbles = self.get(f"/phone/{openid}/chat")["bubbles"]
        return [bubble.get("text", "") for bubble in bubbles]

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(WITHIN)

    def _done(self, method: str, path: str, body: Any) -> Any:
        answer = requests.request(method, self.url + path, json=body, timeout=WITHIN + 5)
        assert answer.ok, answer.text
        return answer.json()


@contextmanager
def running_sandbox(folder: Path, callback_url: str, **rules: Any) -> Iterator[Live]:
    """Keeps its data in the folder, so that a second one goes on where the first one ended."""
    config = folder / "sandbox.json"
    values = {
        "callback_url": callback_url,
        "app_id": APP_ID,
        "app_secret": SECRET,
        "token": TOKEN,
        "aes_key": AES_KEY,
        "original_id": ACCOUNT,
        "wechat_name": "itdesk",
        "people": [person.model_dump() for person in PEOPLE],
        "rules": {"refused_pause": 0, "template_delay": 0, **rules},
    }
    config.write_text(json.dumps(values), encoding="utf-8")
    words = ["--config", str(config), "--port", "0", "--data", str(folder / "data")]
    process = program("sandbox", *words, log=folder / "sandbox.log")
    try:
        yield Live(process)
    finally:
        process.close()
