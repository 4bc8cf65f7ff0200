"""Asks the product whether it holds the token, as the platform does when a URL is saved."""

import secrets
import time
from urllib.parse import urlencode

from sandbox.crypto import sign
from sandbox.wire import NoAnswer, get
from sandbox.world import World


def verify(world: World) -> str:
    """Empty if the product answered with the echo, else what was wrong."""
    began = time.monotonic()
    echo = str(secrets.randbelow(10**19))
    try:
        answer = get(_address(world, echo), world.rules.time_limit)
    except NoAnswer as error:
        status, why = None, error.kind
    else:
        is_echo = answer.status == 200 and answer.body == echo.encode()
        status, why = answer.status, "" if is_echo else "not the echo"
    with world.locked():
        world.journal.add(
            at=world.clock.real(),
            direction="callback",
            method="GET",
            path=world.rules.callback_url,
            what="verify",
            status=status,
            ms=round((time.monotonic() - began) * 1000, 1),
            outcome=why or "verified",
        )
    return why


def _address(world: World, echo: str) -> str:
    timestamp, nonce = str(int(world.stamp())), str(secrets.randbelow(10**10))
    query = {
        "signature": sign(world.rules.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": echo,
    }
    joint = "&" if "?" in world.rules.callback_url else "?"
    return f"{world.rules.callback_url}{joint}{urlencode(query)}"
