"""The stage on which the sandbox is tried: see tests/sandbox/stage.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.stage import Product, Stage, running_product, settings


@pytest.fixture
def product() -> Iterator[Product]:
    with running_product() as made:
        yield made


@pytest.fixture
def stage(tmp_path: Path, product: Product) -> Iterator[Stage]:
    made = Stage(settings(tmp_path, product.url))
    yield made
    product.released.set()
    made.close()
