"""What an endpoint gets, what it may answer, and how a call is declared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.callback import Sender
from sandbox.refusals import ApiRefusal
from sandbox.settings import Rules
from sandbox.state import Person, State
from sandbox.world import World

Answer = dict[str, Any]
BodyKind = Literal["none", "json", "form"]

OK: Answer = {"errcode": 0, "errmsg": "ok"}
NO_LIMIT = 10**12  # calls a day where the platform says that there is none
PLENTY = 1_000_000  # calls a day where the platform publishes no number


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a form."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Blob:
    """An answer that is a file."""

    content: bytes
    content_type: str
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One API call that has passed the gate."""

    world: World
    sender: Sender
    path: str
    query: Mapping[str, str]
    body: dict[str, Any]
    upload: Upload | None
    form: Mapping[str, str]  # what stands beside a file
    caller: str  # an address
    origin: str  # as the caller names this server

    @property
    def state(self) -> State:
        return self.world.state

    @property
    def rules(self) -> Rules:
        return self.world.rules

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def text(self, name: str) -> str:
        """A field of the body, or of the query, as text; empty if it is missing."""
        value = self.body.get(name, self.query.get(name, ""))
        return str(value) if isinstance(value, str | int) else ""

    def whole(self, name: str, *, errcode: int, errmsg: str) -> int:
        value = self.text(name)
        if not value.isdecimal():
            raise ApiRefusal(errcode, errmsg)
        return int(value)

    def section(self, name: str, *, errcode: int, errmsg: str) -> dict[str, Any]:
        """An object inside the body."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise ApiRefusal(errcode, errmsg)
        return value

    def person(self, openid: str) -> Person:
        person = self.state.people.get(openid)
        if person is None:
            raise ApiRefusal(40003, "invalid openid")
        return person


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: Literal["GET", "POST", "BOTH"]
    act: Callable[[Call], Answer | Blob]
    daily: int = PLENTY
    has_token: bool = True
    form: bool = False  # a multipart body instead of JSON
    minute: int | None = None  # calls a minute

    def body_of(self, method: str) -> BodyKind:
        if method != "POST":
            return "none"
        return "form" if self.form else "json"
