"""The product as an operator starts it: its own commands, a config of its own, known people."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import yaml

from bench import account, api, people
from bench.figures import WrongAnswers
from bench.floors import THREADS
from bench.servers import ROOT, DoesNotStart, Server, environment, serving, tail

QUIET_FOR = 0.5  # seconds without a call to the platform: all notices have left
QUIET_WITHIN = 120.0


def is_there() -> bool:
    return (ROOT / "run.py").exists()


@contextmanager
def product(url: str, folder: Path, requesters: int, platform: int) -> Iterator[Server]:
    """The server on this database, migrated and full of people; its API is on port `platform`."""
    config = write_config(url, folder, platform)
    _run("migrate", "--config", str(config))
    people.settle_in(url, requesters)
    with served(url, folder, platform) as server:
        yield server


@contextmanager
def served(url: str, folder: Path, platform: int, *, keeps_clock: bool = True) -> Iterator[Server]:
    """The server on a database that has its people already."""
    config = write_config(url, folder, platform, keeps_clock=keeps_clock)
    with serving("product", ["run.py", "serve", "--config", str(config)], folder) as server:
        _wait_for_pages(server)
        yield server


def _wait_for_pages(server: Server) -> None:
    """They are made a second after the webhook is there, beside what would be measured."""
    with closing(HTTPConnection(account.LOOPBACK, server.port, timeout=60)) as connection:
        connection.request("GET", "/account/sign-in")
        if (status := connection.getresponse().status) != 200:
            raise DoesNotStart(f"the sign-in was answered {status}")


@contextmanager
def quoted(folder: Path) -> Iterator[None]:
    """Adds what the product logged last to the complaint about a wrong answer."""
    try:
        yield
    except WrongAnswers as error:
        log = folder / "product.log"
        said = f"\nThe product said last:\n{tail(log)}" if log.exists() else ""
        raise WrongAnswers(f"{error}{said}") from None


def write_config(url: str, folder: Path, platform: int, *, keeps_clock: bool = True) -> Path:
    config = folder / "config.yaml"
    settings = _settings(url, folder, platform)
    settings["server"]["keeps_clock"] = keeps_clock
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return config


def _settings(url: str, folder: Path, platform: int) -> dict[str, Any]:
    return {
        "wechat": {
            "app_id": account.APP_ID,
            "app_secret": account.APP_SECRET,
            "token": account.TOKEN,
            "encoding_aes_key": account.AES_KEY,
            "original_id": account.ORIGINAL_ID,
            "api_base_url": f"http://{account.LOOPBACK}:{platform}",
        },
        "database": {"url": url},
        # Open all day, and no engineer is ever full: each round dispatches as the one before.
        "service": {"round_the_clock": True, "max_open_tickets": 1_000},
        "server": {"threads": THREADS},
        "webhooks": {"inside_hosts": [account.LOOPBACK]},  # they are told of a flood's tickets
        "storage": {"media": str(folder / "media"), "spool": str(folder / "spool")},
    }


def _run(*arguments: str) -> None:
    command = [sys.executable, "run.py", *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment()
    )
    if done.returncode:
        raise DoesNotStart(f"run.py {arguments[0]}: {done.stdout[-500:]} {done.stderr[-1500:]}")


def wait_until_quiet(platform: int) -> tuple[int, float]:
    """How many calls have reached the platform so far, and after how many seconds the last."""
    started_at = changed_at = time.monotonic()
    seen = -1
    while (now := time.monotonic()) < changed_at + QUIET_FOR:
        calls = api.calls(platform).total()
        if calls != seen:
            seen, changed_at = calls, now
        if now > started_at + QUIET_WITHIN:
            raise DoesNotStart("the product does not stop to call the platform")
        time.sleep(0.05)
    return seen, changed_at - started_at
