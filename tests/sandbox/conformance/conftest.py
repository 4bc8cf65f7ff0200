"""One sandbox on a port for the whole folder, as on its first start before each test."""

from collections.abc import Iterator

import pytest

from tests.sandbox.conformance.account import Account
from tests.sandbox.live import Live, running_sandbox
from tests.sandbox.stage import CLERK, WITHIN, Product, running_product

Running = tuple[Live, Product]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        running_product() as product,
        running_sandbox(tmp_path_factory.mktemp("sandbox"), product.url) as live,
    ):
        yield live, product


@pytest.fixture
def live(running: Running) -> Iterator[Live]:
    live, product = running
    live.get(f"/settled?wait={WITHIN}")
    live.post("/control/reset")
    product.heard.clear()
    product.answers.clear()
    product.released.clear()
    yield live
    product.released.set()


@pytest.fixture
def product(live: Live, running: Running) -> Product:
    return running[1]


@pytest.fixture
def account(live: Live) -> Account:
    return Account(live)


@pytest.fixture
def online(live: Live) -> None:
    """The account's one clerk sits at the desk."""
    live.post(f"/control/kf/{CLERK}/online")
