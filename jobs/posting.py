"""One request to an address of somebody else's choice, to the checked machine and no other (H-35).

The name is resolved once, and what it stands for is looked at and connected to: a name that stands
for something else a moment later changes nothing. No proxy, no cookie, no redirect, no retry.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse

from domain.outgoing import Target, first_public
from domain.webhooks import Trouble
from failpoints import hit

WITHIN = 5.0  # seconds for all of it, but for the name server's part
ANSWER_LIMIT = 1024 * 1024  # bytes of an answer that are read
_TO_CONNECT = 3.0  # seconds

Resolve = Callable[[str, int], Sequence[str]]


class PostFailed(Exception):
    """No status came of it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Posted:
    """The status, and the beginning of what the receiver said with it."""

    status: int
    answer: str


def addresses_of(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    resolve: Resolve = addresses_of,
    within: float = WITHIN,
) -> Posted:
    """Sends it; `PostFailed` for whatever keeps a status from coming."""
    address = _checked(target, resolve)
    ends = time.monotonic() + within
    connection = _Connection(target, address, ends)
    try:
        return _exchanged(connection, target, body, headers)
    except ssl.SSLError as error:
        raise PostFailed(_of_tls(error)) from None
    except TimeoutError:
        raise PostFailed(Trouble.TIMEOUT) from None
    except (HTTPException, OSError, ValueError):
        raise PostFailed(Trouble.BROKEN) from None
    finally:
        connection.close()


def _checked(target: Target, resolve: Resolve) -> str:
    """The machine to connect to."""
    try:
        found = resolve(target.host, target.port)
    except (OSError, UnicodeError):
        raise PostFailed(Trouble.UNREACHABLE) from None
    address = next(iter(found), None) if target.is_inside else first_public(found)
    if address is None:
        raise PostFailed(Trouble.ADDRESS)
    return address


def _exchanged(
    connection: "_Connection", target: Target, body: bytes, headers: Mapping[str, str]
) -> Posted:
    connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    sent = {"Host": target.authority, "Content-Length": str(len(body)), "Connection": "close"}
    for name, value in {**sent, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    hit("event.sent")
    response = connection.getresponse()
    return Posted(response.status, _beginning(response))


def _beginning(response: HTTPResponse) -> str:
    """The status counts, whatever becomes of the rest: it is heard out within limits only."""
    content = bytearray()
    try:
        while len(content) < ANSWER_LIMIT and (part := response.read1(65536)):
            content += part
    except (OSError, HTTPException, ValueError):
        pass
    return bytes(content[: 4 * 1024]).decode("utf-8", "replace")


def _of_tls(error: ssl.SSLError) -> Trouble:
    is_untrusted = isinstance(error, ssl.SSLCertVerificationError)
    return Trouble.CERTIFICATE if is_untrusted else Trouble.BROKEN


@cache
def _trusting() -> ssl.SSLContext:
    """The roots of the system; keys are not logged where SSLKEYLOGFILE says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context


class _Connection(HTTPConnection):
    """To the checked machine, under the name of the target; over when its time is over."""

    def __init__(self, target: Target, address: str, ends: float) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._address = address
        self._ends = ends
        self.response_class = self._response  # type: ignore[assignment]

    def connect(self) -> None:
        left = min(_TO_CONNECT, _left(self._ends))
        try:
            plain = socket.create_connection((self._address, self._target.port), left)
        except OSError:
            # Refused, silent, no way: told apart, they would map a network (S-027).
            raise PostFailed(Trouble.UNREACHABLE) from None
        self.sock = plain
        if self._target.scheme == "https":
            self.sock = _trusting().wrap_socket(plain, server_hostname=self._target.host)
        self.sock.settimeout(_left(self._ends))

    def _response(self, sock: socket.socket, **options: object) -> HTTPResponse:
        # http.client asks for nothing of the socket but a file to read.
        return HTTPResponse(_Heard(sock, self._ends), **options)  # type: ignore[arg-type]


class _Heard:
    """A socket that is read until a moment, however slowly its bytes come."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._ends = ends

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(_Bytes(self._sock, self._ends))


class _Bytes(io.RawIOBase):
    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._sock.settimeout(_left(self._ends))
        return self._sock.recv_into(buffer)


def _left(ends: float) -> float:
    """Seconds; TimeoutError when there are none."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
