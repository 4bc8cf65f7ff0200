"""WeChat's servers and phones as one value: whose windows are open, and what each phone shows.

It knows nothing of the product's own bookkeeping. The rules are those of wechat-platform §5 and §8.
"""

import random
import re
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction, reaction_to

MARKER = re.compile(r"M\d{6}M")
FIRST_JOB = 2_001_638_361_234_000_000
FAULTS = ("refused", "lost", "html", "busy", "quota")


@dataclass
class Phone:
    """One follower, as the platform sees them."""

    openid: str
    follows: bool = True
    blocks_templates: bool = False
    is_in_session: bool = False
    windows: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    shown: Counter[str] = field(default_factory=Counter)  # how often each notice was seen
    order: list[str] = field(default_factory=list)

    def opens(self, cause: str, count: int, ends_at: datetime) -> None:
        self.windows[cause] = (count, ends_at)

    def shows(self, text: str) -> None:
        for marker in dict.fromkeys(MARKER.findall(text)):
            self.shown[marker] += 1
            self.order.append(marker)


class Platform:
    """The client that the courier is given: every call has its effect here, or a fault."""

    def __init__(self, clock: Callable[[], datetime], dice: random.Random) -> None:
        self._clock = clock
        self._dice = dice
        self.phones: dict[str, Phone] = {}
        self.fault: str | None = None
        self.reports: deque[tuple[str, int, str]] = deque()  # not yet pushed
        self._jobs: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._last_job = FIRST_JOB
        self.urgent: set[str] = set()  # markers of notices that may be said in a session
        self.spoken_in_session: list[str] = []

    # --- what people do ------------------------------------------------------------------------

    def says(self, phone: Phone) -> None:
        phone.opens("message", 5, self._clock() + timedelta(hours=48))

    def taps(self, phone: Phone) -> None:
        phone.opens("click", 3, self._clock() + timedelta(minutes=1))

    def leaves(self, phone: Phone) -> None:
        phone.follows, phone.windows = False, {}

    def follows(self, phone: Phone) -> None:
        phone.follows = True
        phone.opens("follow", 3, self._clock() + timedelta(minutes=1))

    # --- what the courier calls ----------------------------------------------------------------

    def closed_until(self, path: str) -> datetime | None:
        return None

    def callback_ips(self) -> list[str]:
        self._may_fail("getcallbackip")
        return ["127.0.0.1"]

    def send_custom(self, openid: str, body: Mapping[str, object]) -> None:
        phone = self.phones[openid]

        def act() -> None:
            self._spend(phone)
            self._show(phone, str(body))

        self._exchange("message/custom/send", act)

    def send_template(
        self,
        openid: str,
        template_id: str,
        url: str | None,
        data: Mapping[str, str],
        client_msg_id: str,
    ) -> int:
        phone, numbers = self.phones[openid], []

        def act() -> None:
            if not phone.follows:
                raise refusal("message/template/send", 43004)
            numbers.append(self._job(phone, client_msg_id, str(data)))

        self._exchange("message/template/send", act)
        return numbers[0]

    def _job(self, phone: Phone, client_msg_id: str, text: str) -> int:
        """The same id within ten minutes is sent once."""
        now = self._clock()
        known = self._jobs.get((phone.openid, client_msg_id))
        if known is not None and now < known[1] + timedelta(minutes=10):
            return known[0]
        self._last_job += 1
        self._jobs[phone.openid, client_msg_id] = (self._last_job, now)
        status = "failed:user block" if phone.blocks_templates else "success"
        if status == "success":
            self._show(phone, text)
        if self._dice.random() < 0.8:  # others are never reported
            self.reports.append((phone.openid, self._last_job, status))
        return self._last_job

    def _spend(self, phone: Phone) -> None:
        if not phone.follows:
            raise refusal("message/custom/send", 45015)
        now = self._clock()
        live = {name: each for name, each in phone.windows.items() if now < each[1]}
        if not live:
            raise refusal("message/custom/send", 45015)
        paying = sorted((each for each in live.items() if each[1][0]), key=lambda one: one[1][1])
        if not paying:
            raise refusal("message/custom/send", 45047)
        name, (count, ends_at) = paying[0]
        phone.windows[name] = (count - 1, ends_at)

    def _show(self, phone: Phone, text: str) -> None:
        if phone.is_in_session:
            self.spoken_in_session += [
                each for each in MARKER.findall(text) if each not in self.urgent
            ]
        phone.shows(text)

    def _exchange(self, path: str, act: Callable[[], None]) -> None:
        fault = self.fault
        if fault == "lost":  # it has its effect, and nobody hears of it
            act()
            raise ApiUnclear(path, "ReadTimeout")
        self._may_fail(path)
        act()

    def _may_fail(self, path: str) -> None:
        match self.fault:
            case "refused":
                raise ApiUnsent(path, "NewConnectionError")
            case "html" | "lost":
                raise ApiUnclear(path, "status 502, no JSON object")
            case "busy":
                raise refusal(path, -1)
            case "quota" if path != "getcallbackip":
                raise refusal(path, 45009)


def refusal(path: str, errcode: int) -> ApiError:
    reaction = reaction_to(errcode)
    assert reaction is not Reaction.UNKNOWN
    return ApiError(path, reaction, errcode=errcode)
