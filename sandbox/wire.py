"""One HTTP request with a hard limit on the whole of it, and a name for each way it can end."""

import http.client
import io
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_ANSWER_LIMIT = 1024 * 1024  # bytes; a passive answer is a few KB


class NoAnswer(Exception):
    """No complete answer came; `kind` is timeout, refused or cut."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def post(url: str, body: bytes, headers: dict[str, str], time_limit: float) -> Answer:
    """The answer, if it is complete within the limit; else NoAnswer."""
    length = {"Content-Length": str(len(body))}
    return _exchange("POST", url, {**headers, **length}, body, time_limit)


def get(url: str, time_limit: float) -> Answer:
    return _exchange("GET", url, {}, b"", time_limit)


def _exchange(
    method: str, url: str, headers: dict[str, str], body: bytes, time_limit: float
) -> Answer:
    ends_at = time.monotonic() + time_limit
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        with _connected(parts.hostname or "", parts.port or 80, time_limit) as connection:
            request = _head(f"{method} {target}", parts.netloc, headers) + body
            connection.settimeout(_left(ends_at))
            connection.sendall(request)
            return _read(connection, ends_at, method)
    except TimeoutError:
        raise NoAnswer("timeout") from None
    except (OSError, http.client.HTTPException):
        raise NoAnswer("cut") from None


def _connected(host: str, port: int, time_limit: float) -> socket.socket:
    try:
        return socket.create_connection((host, port), timeout=time_limit)
    except TimeoutError:
        raise
    except OSError:
        raise NoAnswer("refused") from None


def _head(line: str, host: str, headers: dict[str, str]) -> bytes:
    lines = [f"{line} HTTP/1.1", f"Host: {host}", "Connection: close", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _read(connection: socket.socket, ends_at: float, method: str) -> Answer:
    # http.client reads from what looks like a socket; ours checks the limit at each byte.
    response = http.client.HTTPResponse(_Limited(connection, ends_at), method=method)  # type: ignore[arg-type]
    with response:
        response.begin()
        return Answer(response.status, response.read(_ANSWER_LIMIT))


class _Limited(io.RawIOBase):
    """A socket whose reads all end at one moment, however slowly the bytes drip."""

    def __init__(self, connection: socket.socket, ends_at: float) -> None:
        self._connection = connection
        self._ends_at = ends_at

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._connection.settimeout(_left(self._ends_at))
        return self._connection.recv_into(buffer)


def _left(ends_at: float) -> float:
    seconds = ends_at - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
