"""A loopback server that answers API calls exactly as told, broken answers included."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Call:
    method: str
    path: str
    params: dict[str, str]
    body: bytes
    headers: dict[str, str]
    port: int  # of the caller: tells connections apart

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = Callable[[BaseHTTPRequestHandler], None]


def raw(content: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> Reply:
    """`content` as it is; with a false `length` the connection ends after it."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        handler.close_connection = length is not None
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        try:
            handler.wfile.write(content)
        except OSError:  # the caller has read enough
            handler.close_connection = True

    return reply


def answers(**fields: object) -> Reply:
    return raw(json.dumps(fields, ensure_ascii=False).encode())


OK = answers(errcode=0, errmsg="ok")


def refuses(errcode: int, errmsg: str = "refused") -> Reply:
    return answers(errcode=errcode, errmsg=f"{errmsg} rid: 65d46579-2cdf0712-588f4db2")


# Half of the promised body, then the end.
cut = raw(b'{"errcode":0,"errm', length=500)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Reads the request, then hangs up without a word."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


@dataclass
class ApiServer:
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    script: dict[str, list[Reply]] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def on(self, path: str, *replies: Reply) -> None:
        """The next answers of `path`; the last one repeats."""
        self.script[path] = list(replies)

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """No answer until the test is over."""
        self.released.wait(10)
        handler.close_connection = True

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """A byte now and then, each in time, the whole never."""
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.close_connection = True
        while not self.released.wait(0.02):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    def to(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def reply_to(self, call: Call) -> Reply:
        replies = self.script.get(call.path) or [raw(b"nobody told me", status=404)]
        return replies.pop(0) if len(replies) > 1 else replies[0]


@contextmanager
def api_server() -> Iterator[ApiServer]:
    server = ApiServer()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            params = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = Call(
                self.command, parts.path, params, body, dict(self.headers), self.client_address[1]
            )
            with lock:
                server.calls.append(call)
                reply = server.reply_to(call)
            reply(self)

        do_GET = do_POST = _serve

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128  # the default of 5 turns callers away

    http = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    try:
        yield server
    finally:
        server.released.set()
        http.shutdown()
        http.server_close()
        thread.join()
