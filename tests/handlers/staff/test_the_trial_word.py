"""测试 is heard of the admin who waits for it; to everybody else it is a word like any (C §25)."""

import pytest

from domain.permissions import Role
from tests.handlers.talking import KNOWN, Talk, speaker


class TryingDesk:
    """A desk on which somebody may be waiting for the word."""

    def __init__(self, *, waits):
        self.waits, self.asked = waits, 0

    def trial_heard(self):
        self.asked += 1
        return self.waits


@pytest.mark.parametrize("words", ["测试", " 测试。", "Test"])
def test_the_admin_who_waits_is_answered(words):
    talk = Talk(TryingDesk(waits=True), speaker(Role.ADMIN, **KNOWN))

    talk.hears(words).answers("way_trial.heard")
