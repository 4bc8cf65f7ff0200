"""A server that gives the answers it is told to, wrong ones and none at all."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

from bench.account import LOOPBACK

CUT_OFF = b""
SILENT = None


@contextmanager
def answering(answers: Sequence[bytes | None]) -> Iterator[int]:
    """Serves one connection at a time; answers the port. Each request gets the next answer."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        thread = Thread(target=_serve, args=(listening, list(answers)))
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


def http(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status.encode(), len(body), body)


def _serve(listening: socket.socket, answers: list[bytes | None]) -> None:
    """Until all answers are given, and whoever waits for more has gone."""
    connections = []
    while answers:
        connection, _ = listening.accept()
        connections.append(connection)
        while answers and connection.recv(65536):
            answer = answers.pop(0)
            if answer is SILENT:
                break
            if answer == CUT_OFF:
                connection.close()
                break
            connection.sendall(answer)
    for connection in connections:
        connection.close()
