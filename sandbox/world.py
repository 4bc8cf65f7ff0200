"""The account, its followers' phones and their chats, behind one lock."""

import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sandbox import menus, windows
from sandbox.clock import Clock
from sandbox.journal import Journal
from sandbox.rids import Rids
from sandbox.settings import PhoneOwner, Rules, Settings
from sandbox.state import FIRST_KF_ID, Bubble, Clerk, Person, Sender, State
from sandbox.storage import Storage
from sandbox.template_library import fixture

# Numbers of which the last ones may not have been saved when a crash came. Used a second time,
# they would look like retries to the product.
_AHEAD = {"message", "push", "job"}
_LEAP = 10_000


class UnknownPerson(Exception):
    """No phone has this openid."""


class World:
    """All that the API, the phones and the callback sender share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rules = Rules.of(settings)
        self.storage = Storage(settings.data)
        self.journal = Journal()
        self.rids = Rids()
        self.tagged_at: dict[str, float] = {}
        self.bursts: dict[str, dict[int, int]] = defaultdict(dict)  # path: second: calls
        self.base_url = f"http://{settings.host}:{settings.port}"
        self.epoch = 1  # counts resets: what a page knows of an earlier one is void
        self._run = secrets.token_hex(4)
        self.version = 0  # counts changes, for pages that wait for one
        self._is_saved = True
        self.is_over = False
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self.state = self.storage.load()
        for name in self.state.counters.keys() & _AHEAD:
            self.state.counters[name] += _LEAP
        self.clock = Clock(self.state.skipped)
        self._chats: dict[str, list[Bubble]] = defaultdict(list)
        self._feed: list[Bubble] = []
        for bubble in self.storage.bubbles():
            self._keep(bubble)
        self._furnish()

    @property
    def epoch_name(self) -> str:
        """Another one after each start and each reset."""
        return f"{self._run}-{self.epoch}"

    # --- access ------------------------------------------------------------------------------

    @contextmanager
    def locked(self) -> Iterator[State]:
        """The state, to read and to change; whoever waits for a change is woken."""
        with self._lock:
            yield self.state
            self.touch()

    @contextmanager
    def reading(self) -> Iterator[State]:
        with self._lock:
            yield self.state

    def touch(self) -> None:
        with self._lock:
            self.version += 1
            self._is_saved = False
            self._changed.notify_all()

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Whether it came true in time; asked again after each change."""
        with self._lock:
            self._changed.wait_for(lambda: self.is_over or until(), seconds)
            return until()

    def end(self) -> None:
        """Lets everybody go who waits for a change."""
        self.is_over = True
        self.touch()

    def save(self) -> None:
        with self._lock:
            if not self._is_saved or self.clock.speed != 1:
                self.state.skipped = self.clock.skipped
                self.storage.save(self.state)
                self._is_saved = True

    # --- people ------------------------------------------------------------------------------

    def person(self, openid: str) -> Person:
        person = self.state.people.get(openid)
        if person is None:
            raise UnknownPerson(openid)
        return person

    def host_of(self, person: Person) -> str:
        """The name under which this phone's pages are reached: p1, p2, …"""
        with self._lock:
            return f"p{list(self.state.people).index(person.openid) + 1}"

    def add_person(self, owner: PhoneOwner) -> Person:
        with self.locked() as state:
            now = self.clock.now()
            person = Person.of(owner, now)
            if owner.follows and owner.has_written:
                windows.opened(person.windows, "message", self.rules, now)
            state.people[owner.openid] = person
            return person

    def menu_of(self, person: Person, *, is_fresh: bool = False) -> list[dict[str, Any]]:
        """What this phone shows: pulled anew when it has none, or one that is old enough."""
        with self._lock:
            now = self.clock.now()
            is_old = now - person.menu_pulled_at > self.rules.menu_cache
            if is_fresh or is_old or not person.menu:
                person.menu = menus.seen_by(person, self.state)
                person.menu_pulled_at = now
            return person.menu

    # --- chats -------------------------------------------------------------------------------

    def show(self, openid: str, sender: Sender, kind: str, via: str, **values: Any) -> Bubble:
        """Adds a bubble to a phone."""
        with self.locked() as state:
            bubble = Bubble.model_validate(
                {
                    **values,
                    "id": state.next("bubble", 1),
                    "openid": openid,
                    "from": sender,
                    "kind": kind,
                    "via": via,
                    "at": self.stamp(),
                }
            )
            self._keep(bubble)
            self.storage.add(bubble)
            return bubble

    def chat(self, openid: str, after: int = 0) -> list[Bubble]:
        with self._lock:
            return _after(self._chats[openid], after)

    def feed(self, after: int = 0) -> list[Bubble]:
        """The bubbles of all phones, in the order in which they came."""
        with self._lock:
            return _after(self._feed, after)

    def stamp(self) -> float:
        """The moment that messages carry."""
        return self.clock.real() if self.rules.stamp_clock == "real" else self.clock.now()

    # --- beginning anew ----------------------------------------------------------------------

    def reset(self) -> None:
        """As on the first start: the people of the file, no chats, no menus, rules as given."""
        with self.locked():
            counters = self.state.counters
            self.storage.forget()
            # Numbers go on, so that nothing from before can be taken for something new.
            self.state = State(counters=counters)
            self.rules = Rules.of(self.settings)
            self.clock.reset()
            self.rids.clear()
            self.tagged_at.clear()
            self.bursts.clear()
            self._chats.clear()
            self._feed.clear()
            self.journal.clear()
            self.epoch += 1
            self._furnish()

    def _keep(self, bubble: Bubble) -> None:
        self._chats[bubble.openid].append(bubble)
        self._feed.append(bubble)
        last = self.state.counters.get("bubble", 0)
        self.state.counters["bubble"] = max(last, bubble.id)

    def _furnish(self) -> None:
        """People of the file who are new, names and captions as the file has them now."""
        for owner in self.settings.people:
            known = self.state.people.get(owner.openid)
            if known is None:
                self.add_person(owner)
            else:
                known.name, known.role = owner.name, owner.role
                known.caption, known.examples = owner.caption, owner.examples
        if not self.state.clerks:
            account = f"desk1@{self.settings.wechat_name}"
            clerk = Clerk(
                account=account, nickname="小陈", kf_id=str(FIRST_KF_ID), wechat="xiaochen"
            )
            self.state.clerks[account] = clerk
            self.state.counters.setdefault("kf", FIRST_KF_ID)
        if not self.state.templates:
            self.state.templates = {each.id: each for each in fixture(self.settings.app_id)}
        self.touch()


def _after(bubbles: list[Bubble], after: int) -> list[Bubble]:
    found: list[Bubble] = []
    for bubble in reversed(bubbles):
        if bubble.id <= after:
            break
        found.append(bubble)
    return found[::-1]
