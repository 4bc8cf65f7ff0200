"""An account on a live sandbox with whose set-up `run.py doctor` finds nothing wrong.

Each test breaks one thing of it and looks whether it is named.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from bot.client import MemoryTokenStore, WeChatClient
from cli.context import Desk
from domain.permissions import Role
from models import Clerk, Database, InboxMessage, Session
from run import main
from services import people
from services.people import NewPerson
from tests.bot.pushes import ACCOUNT, AES_KEY
from tests.sandbox.live import Live
from tests.sandbox.stage import CLERK, WANG, ZHOU

APP_ID = "wx0123456789abcdef"
TOKEN = "desktoken2026"  # letters and digits, as the backend asks for
SECRET = "s4ndb0x" * 4 + "0000"  # 32, as the platform gives them
ASSIGNED = "工单派单通知"
STAFF_NUMBERS = {"王芳": "F0001", "周工": "F0002"}
FIELDS = {
    "character_string1": "number",
    "thing2": "symptom",
    "thing3": "place",
    "phrase4": "urgent",
    "time5": "due",
}


def template_id(title: str) -> str:
    """As the sandbox makes it."""
    digest = hashlib.sha256(f"{APP_ID} {title}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass
class Account:
    """The folder of a set-up, and what the doctor says of it."""

    folder: Path
    sandbox: Live
    tree: dict[str, Any]
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    is_disturbed: bool = False  # the account's menus or tags were touched

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    def set(self, section: str, **values: Any) -> None:
        self.tree[section].update(values)
        self.write()

    def write(self) -> None:
        self.config.write_text(yaml.safe_dump(self.tree, allow_unicode=True), encoding="utf-8")
        self.config.chmod(0o600)

    @property
    def desk(self) -> Desk:
        return Desk(self.config, lambda: self.now)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        database = Database(self.tree["database"]["url"])
        try:
            with database.transaction() as session:
                yield session
        finally:
            database.dispose()

    def run(self, *words: str) -> Result:
        desk = self.desk
        result = CliRunner().invoke(main, list(words), obj=desk)
        if "database" in vars(desk):
            desk.database.dispose()
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    def findings(self, *only: str) -> list[Mapping[str, str]]:
        words = [word for name in only for word in ("--only", name)]
        result = self.run("doctor", "--json", *words)
        rows: list[Mapping[str, str]] = json.loads(result.output)
        is_wrong = any(row["mark"] == "wrong" for row in rows)
        assert result.exit_code == (1 if is_wrong else 0)
        return rows

    def publish(self) -> None:
        self.is_disturbed = True
        result = self.run("menu", "publish")
        assert result.exit_code == 0, result.output

    def api(self, path: str, body: object = None) -> Any:
        """Somebody is at work in the backend."""
        self.is_disturbed = True
        client = WeChatClient(
            APP_ID, SECRET, self.sandbox.url, MemoryTokenStore(), stable_token=True
        )
        return client.call("POST" if body else "GET", path, body=body)

    def tags(self) -> Mapping[str, int]:
        return {each["name"]: each["id"] for each in self.api("/cgi-bin/tags/get")["tags"]}


def tree_of(folder: Path, sandbox_url: str, public_url: str, database_url: str) -> dict[str, Any]:
    return {
        "wechat": {
            "app_id": APP_ID,
            "app_secret": SECRET,
            "token": TOKEN,
            "encoding_aes_key": AES_KEY,
            "original_id": ACCOUNT,
            "api_base_url": sandbox_url,
            "templates": {"notice.assigned": {"id": template_id(ASSIGNED), "fields": dict(FIELDS)}},
        },
        "database": {"url": database_url},
        "complaints": {"deputy": STAFF_NUMBERS["周工"]},
        "server": {"public_url": public_url},
        "service": {"round_the_clock": True},  # needs nobody to enter a year's holidays
        "storage": {"media": str(folder / "media"), "spool": str(folder / "spool")},
    }


def people_of_the_desk(account: Account) -> None:
    with account.writing() as session:
        for name, openid, *roles in (
            ("王芳", WANG),
            ("周工", ZHOU, Role.ENGINEER),
        ):
            everybody = frozenset({Role.REQUESTER, *roles})
            new = NewPerson(name, everybody, openid=openid, staff_number=STAFF_NUMBERS[name])
            person = people.add(session, new, account.now)
        session.add(
            Clerk(
                account=CLERK,
                nickname="服务台",
                person_id=person.id,
                is_bound=True,
                is_online=True,
                sessions=0,
                seen_at=account.now,
            )
        )
        session.add(
            InboxMessage(
                openid=WANG,
                key="m:1",
                kind="text",
                text="打印机卡纸",
                sent_at=account.now,
                received_at=account.now,
            )
        )
