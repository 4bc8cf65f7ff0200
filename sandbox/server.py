"""Runs the sandbox on its port until it is told to stop."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from waitress.server import create_server

from sandbox.app import create_app
from sandbox.callback import Sender
from sandbox.keeper import Keeper
from sandbox.settings import Settings
from sandbox.world import World

_THREADS = 48  # pages and tests wait on some of them


def _say_ready(address: str) -> None:
    print(f"sandbox ready {address}", flush=True)


def serve(settings: Settings, ready: Callable[[str], object] = _say_ready) -> None:
    """Blocks; ends in good order on SIGTERM and on SIGINT."""
    with running(settings) as (server, world):

        def stop(*_signal: object) -> None:
            world.end()
            sys.exit(0)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        ready(f"{world.base_url}/")
        server.run()


@contextmanager
def running(settings: Settings) -> Iterator[tuple[Any, World]]:
    """A server that listens, to be run by the caller, and its world; port 0 takes a free one."""
    world = World(settings)
    sender = Sender(world)
    server = create_server(
        create_app(world, sender),
        host=settings.host,
        port=settings.port,
        threads=_THREADS,
        connection_limit=1000,
        channel_request_lookahead=1,  # so that a caller who left is noticed
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=True,
    )
    world.base_url = f"http://{settings.host}:{server.effective_port}"
    keeper = Keeper(world, sender)
    keeper.start()
    try:
        yield server, world
    finally:
        world.end()
        server.close()
        keeper.stop()
        world.storage.close()
