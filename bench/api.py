"""Stands in for the platform's API: answers everything at once, and counts.

python -m bench.api --port 8090
"""

import argparse
import asyncio
import json
from collections import Counter
from http.client import HTTPConnection
from itertools import count
from typing import Any

from bench.account import LOOPBACK

COUNTS = "/counts"
_FOREVER = 7200  # seconds a token is good for
_LARGEST = 1024 * 1024


class Platform:
    """What is answered to each call, by the end of its path."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._numbers = count(1)

    def answer(self, path: str) -> dict[str, Any]:
        path = path.partition("?")[0]
        if path == COUNTS:
            return dict(self.calls)
        self.calls[path] += 1
        number = next(self._numbers)
        if path.endswith("token"):
            return {"access_token": f"token-{number}", "expires_in": _FOREVER}
        # One answer that has the fields of all calls: whoever asks takes its own.
        done = {"errcode": 0, "errmsg": "ok", "msgid": number, "menuid": number}
        return done | {"tag": {"id": number, "name": ""}, "tags": [], "ip_list": []}


async def _converse(
    platform: Platform, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            path = head.split(b" ", 2)[1].decode()
            body = json.dumps(platform.answer(path)).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


async def serve(port: int) -> None:
    platform = Platform()
    server = await asyncio.start_server(
        lambda reader, writer: _converse(platform, reader, writer), LOOPBACK, port, limit=_LARGEST
    )
    async with server:
        await server.serve_forever()


def calls(port: int) -> Counter[str]:
    """How often each path was called so far."""
    connection = HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", COUNTS)
        return Counter(json.loads(connection.getresponse().read()))
    finally:
        connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.api")
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
