"""One measurement: this many connections to one server, and what they and it have cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench import load
from bench.callbacks import Callback
from bench.figures import Expects, Figures, figures
from bench.servers import Server


@dataclass(frozen=True, slots=True)
class Key:
    """What was measured, on which database, at how many connections."""

    database: str
    name: str
    connections: int

    def __str__(self) -> str:
        return f"{self.name}, {self.database}, c={self.connections}"


@dataclass(frozen=True, slots=True)
class Measured:
    figures: Figures
    cpu_us: float  # of the server's process for one message


Results = dict[Key, list[Measured]]
"""By round: what has the same place in two lists was measured in the same round."""


def measure(
    key: Key,
    server: Server,
    callbacks: Sequence[Callback],
    expects: Expects | None,
    seconds: float,
) -> Measured:
    requests = [each.request for each in callbacks]
    before = server.cpu()
    loaded = load.run(server.port, requests, key.connections, seconds)
    spent = server.cpu() - before
    found = figures(str(key), loaded, callbacks, expects)
    return Measured(found, spent / found.answered * 1e6)
