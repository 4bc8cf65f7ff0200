"""What a page is told: people as they stand, new bubbles, new lines of the log."""

from typing import Any

from sandbox import kf
from sandbox.journal import Entry
from sandbox.state import Person
from sandbox.world import World

_LOG_LINES = 300  # at most in one answer
_TOLD = {
    "openid",
    "name",
    "role",
    "caption",
    "examples",
    "follows",
    "is_blocking",
    "is_snapshotuser",
    "is_blacklisted",
    "remark",
    "tags",
    "kf",
}
_BODIES = {"request", "answer"}  # asked for one by one


def feed_since(world: World, after: int, journal: int) -> dict[str, Any]:
    """Everything that changed, taken at one moment."""
    with world.reading() as state:
        return {
            "epoch": world.epoch_name,
            "version": world.version,
            "now": world.clock.now(),
            "skipped": world.clock.skipped,
            "speed": world.clock.speed,
            "account": world.settings.account_title,
            "links": [link.model_dump() for link in world.settings.links],
            "people": people_shown(world),
            "bubbles": [bubble.shown() for bubble in world.feed(after)],
            "journal": [line_shown(entry) for entry in world.journal.since(journal, _LOG_LINES)],
            "clerks": [clerk.model_dump() for clerk in state.clerks.values()],
            "waiting": [person.openid for person in kf.waiting(state)],
        }


def people_shown(world: World) -> list[dict[str, Any]]:
    with world.reading() as state:
        return [_person_shown(world, person) for person in state.people.values()]


def _person_shown(world: World, person: Person) -> dict[str, Any]:
    now = world.clock.now()
    kept = person.model_dump(include=_TOLD)
    windows = {
        act: {"left": window.left, "seconds": round(window.until - now)}
        for act, window in person.windows.items()
        if window.until > now
    }
    typing_for = max(0, round(person.typing_until - now))
    return {
        **kept,
        "host": world.host_of(person),
        "notices": world.state.grants.left(person.openid),
        "windows": windows,
        "typing_for": typing_for,
        "menu": world.menu_of(person) if person.follows else [],
    }


def menu_shown(world: World, openid: str, *, is_fresh: bool) -> list[dict[str, Any]]:
    """The menu of one phone; fresh: as if it had just followed."""
    with world.locked():
        return world.menu_of(world.person(openid), is_fresh=is_fresh)


def line_shown(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(exclude=_BODIES)
