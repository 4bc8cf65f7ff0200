"""Events for other systems: signed as the standard says, tried again and again, then given up."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

from domain.lifecycle import LIFECYCLE, Action, Status
from domain.webhooks import OF_ACTION, WAITS, next_try, rest, signature

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_is_the_one_of_standard_webhooks():
    """The example of its specification."""
    signed = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_verifies_in_four_lines():
    """The example of the manual (docs/manuals/事件通知手册.md)."""
    body = b'{"type":"ticket.opened"}'
    key = b64decode(SECRET.removeprefix("whsec_"))

    signed = b"msg_1.1764000000." + body
    right = "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

    assert right == signature(SECRET, "msg_1", 1764000000, body)
    assert right != signature(SECRET, "msg_1", 1764000001, body)


def test_tries_come_further_and_further_apart_and_end():
    later = [next_try(tries, NOW) for tries in range(1, len(WAITS) + 1)]
    gaps = [each - NOW for each in later if each is not None]

    assert len(gaps) == len(WAITS) and gaps == sorted(gaps) and gaps[0] == timedelta(seconds=5)
    assert timedelta(hours=16) < sum(gaps, timedelta(0)) < timedelta(hours=18)
    assert next_try(len(WAITS) + 1, NOW) is None


def test_a_receiver_that_is_down_is_left_in_peace_but_not_forgotten():
    assert [rest(failures).total_seconds() for failures in (1, 2, 3, 7, 500)] == [
        5,
        10,
        20,
        300,
        300,
    ]


def test_each_action_that_moves_a_ticket_makes_an_event():
    still = {Action.UNMERGE, Action.ASK_SUPPORT}  # what others see as a new state, or not at all
    moving = {action for (start, action), end in LIFECYCLE.items() if start is not end}

    assert moving - still <= set(OF_ACTION)
    assert (Status.CLOSED, Action.RATE) in LIFECYCLE and Action.RATE in OF_ACTION
