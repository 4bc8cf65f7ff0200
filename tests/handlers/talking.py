"""A talk with the account without a database: what is heard, and which keys answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.heard import Heard, Medium
from domain.permissions import Role
from domain.sentence import Say
from domain.speaker import Speaker
from handlers import router
from services.conversations import Standing

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # Tuesday, 10:30 in Shanghai


def speaker(*roles: Role, **facts: Any) -> Speaker:
    """Somebody whom nobody knows yet, unless facts are given."""
    known = {"id": 1, "openid": "oDeskTester00000000000000001", **facts}
    return Speaker(roles=frozenset(roles or {Role.REQUESTER}), **known)


KNOWN = {"name": "王芳", "department": "财务部", "office": "三楼财务室", "phone": "13800001234"}


class Talk:
    """`hears` what the person sends, then `answers` checks the keys of what is said."""

    def __init__(self, desk: Any, who: Speaker | None = None, now: datetime = NOW) -> None:
        self.desk = desk
        self.who = who or speaker()
        self.now = now
        self.standing = Standing()
        self.says: tuple[Say, ...] = ()
        self.hands_over = False

    def hears(self, text: str = "", *, tap: str | None = None, **more: Any) -> "Talk":
        """Words, a tapped line, or (with `medium=`) a photo, voice, place or event."""
        medium = more.pop("medium", Medium.TEXT)
        heard = Heard(medium, text=text, tap=tap, **more)
        self.who = getattr(self.desk, "actor", None) or self.who
        said = router.answer(heard, self.who, self.standing, self.desk, self.now)
        self.says, self.standing, self.hands_over = said.says, said.standing, said.hands_over
        return self

    def taps(self, label_or_act: str) -> "Talk":
        """Taps a line of the last answer, by its act, its value behind `=`, or its label's key."""
        for button in [button for say in self.says for button in say.buttons]:
            if label_or_act in (button.act, button.act.partition("=")[2], button.label):
                return self.hears(button.label, tap=button.act)
        raise AssertionError(f"no line {label_or_act} in {self.offered}")

    def waits(self, for_: timedelta) -> "Talk":
        self.now += for_
        return self

    def answers(self, *keys: str, **facts: Any) -> "Talk":
        """The last answer is these sentences, and the first has at least these facts."""
        assert [say.key for say in self.says] == list(keys)
        for name, value in facts.items():
            assert self.says[0].facts.get(name) == value, (name, dict(self.says[0].facts))
        return self

    @property
    def offered(self) -> list[str]:
        """The acts of all lines that may be tapped now."""
        return [button.act for say in self.says for button in say.buttons]

    @property
    def waits_at(self) -> tuple[str | None, str | None]:
        return self.standing.name, self.standing.step

    def as_(self, **changes: Any) -> "Talk":
        self.who = replace(self.who, **changes)
        return self
