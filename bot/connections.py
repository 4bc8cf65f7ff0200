"""Connections to one host, kept for the next request; a request costs a fifth of `requests`'."""

import select
import ssl
import time
import weakref
from collections import deque
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult

IDLE_FOR = 30.0  # seconds after which a connection is not trusted to be still there


class NotConnected(Exception):
    """There is no connection, so nothing was sent; the text is short and tells no address."""


class Connections:
    """Connections without proxy, cookie, redirect or retry: http.client has none of them."""

    def __init__(
        self, address: SplitResult, timeout: tuple[float, float], size: int, roots: str
    ) -> None:
        """`timeout`: seconds to connect, and to wait for each part of an answer.

        `roots`: a file of the certificates that TLS trusts. `size`: connections kept while idle.
        """
        # Never the part of the address before an @: it looks like a host and is none.
        self._host, self._port = address.hostname or "", address.port
        self._timeout = timeout
        self._size = size
        self._idle: deque[tuple[HTTPConnection, float]] = deque()
        self._context = _trusting(roots) if address.scheme == "https" else None
        weakref.finalize(self, _close_all, self._idle)

    def take(self) -> HTTPConnection:
        """One that is open, the one used last before others."""
        while True:
            try:
                connection, since = self._idle.pop()
            except IndexError:
                return self._opened()
            if time.monotonic() < since + IDLE_FOR and not _is_dropped(connection):
                return connection
            connection.close()

    def keep(self, connection: HTTPConnection) -> None:
        """After an answer that was read to its end."""
        if len(self._idle) < self._size:
            self._idle.append((connection, time.monotonic()))
        else:
            connection.close()

    def _opened(self) -> HTTPConnection:
        to_connect, to_read = self._timeout
        connection = (
            HTTPSConnection(self._host, self._port, timeout=to_connect, context=self._context)
            if self._context is not None
            else HTTPConnection(self._host, self._port, timeout=to_connect)
        )
        try:
            connection.connect()
        except (OSError, UnicodeError) as error:
            connection.close()
            why = _why(error)
        else:
            connection.sock.settimeout(to_read)
            return connection
        # Raised out here, so that it does not drag along an error that may name the address.
        raise NotConnected(why)


def _trusting(roots: str) -> ssl.SSLContext:
    """TLS that takes nothing out of somebody's environment."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(roots)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _is_dropped(connection: HTTPConnection) -> bool:
    """Whether the other side has hung up: an idle connection has nothing to read but its end."""
    if connection.sock is None:
        return True
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate not trusted"
    return type(error).__name__


def _close_all(idle: deque[tuple[HTTPConnection, float]]) -> None:
    while idle:
        idle.pop()[0].close()
