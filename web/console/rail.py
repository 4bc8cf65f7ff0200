"""Ways in the rail that say how many wait at their end, and move by themselves."""

from dataclasses import dataclass

from flask import Response, request

from web import live


@dataclass(frozen=True, slots=True)
class Way:
    """Where it leads, and how many wait there for the reader (`told`: the key of those words)."""

    path: str
    label: str  # its word below console.rail
    drawing: str
    letter: str  # after g
    told: str
    count: int = 0
    pages: tuple[str, ...] = ()  # where one is at its end
    asked_at: str = ""  # the address that says how it stands by now; none: it stays as it is
    every: int = 15  # seconds

    @property
    def state(self) -> tuple[str, int]:
        """What changes of it."""
        return self.path, self.count


def state(way: Way | None) -> tuple[object, ...]:
    return way.state if way else ()


def moved(way: Way | None) -> Response:
    """The way as it is now, for a page that asks."""
    facts = {"way": way, "is_here": request.args.get("here") == "1"}
    return live.part("console/rail_way.html", state(way), lambda: facts)
