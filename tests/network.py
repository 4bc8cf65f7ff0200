"""The guard that keeps tests on this machine: any other address fails the test that asked."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

LOCAL_NAMES = {"localhost", "", None}


class OutsideNetwork(Exception):
    """A test tried to leave this machine."""


class Guard:
    """Remembers each attempt, because code under test may well swallow the exception."""

    def __init__(self) -> None:
        self.attempts: list[str] = []

    def stop_if_outside(self, host: Any) -> None:
        """Raise and remember when a host is not this machine."""
        if not is_local(host):
            self.attempts.append(str(host))
            raise OutsideNetwork(f"a test may not reach {host}")

    def connects(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A socket's `connect` or `connect_ex`, guarded."""

        def guarded(connection: socket.socket, address: Any) -> Any:
            if connection.family in (socket.AF_INET, socket.AF_INET6):
                self.stop_if_outside(address[0])
            return original(connection, address)

        return guarded

    def sends(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A socket's `sendto`, guarded; its last argument is the address."""

        def guarded(connection: socket.socket, *arguments: Any) -> Any:
            if connection.family in (socket.AF_INET, socket.AF_INET6):
                self.stop_if_outside(arguments[-1][0])
            return original(connection, *arguments)

        return guarded

    def resolves(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """`getaddrinfo`, guarded: asking a name server is leaving, too."""

        def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
            self.stop_if_outside(host)
            return original(host, *arguments, **options)

        return guarded


def is_local(host: Any) -> bool:
    """Whether an address or a name is this machine's own."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
