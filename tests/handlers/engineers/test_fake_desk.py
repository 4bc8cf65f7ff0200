"""The fake desk is asked as the real one is."""

import inspect

from services.desk import Desk
from tests.handlers.engineers.conftest import FakeDesk

OF_THE_TESTS = {"has", "is_requester"}


def test_each_of_its_acts_takes_what_the_real_one_takes():
    acts = {
        name: act
        for name, act in vars(FakeDesk).items()
        if inspect.isfunction(act) and not name.startswith("_") and name not in OF_THE_TESTS
    }
    real = {name: list(inspect.signature(getattr(Desk, name)).parameters) for name in acts}

    assert {name: list(inspect.signature(act).parameters) for name, act in acts.items()} == real
