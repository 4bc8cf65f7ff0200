"""A web page of the product: it gives each reader a cookie, and remembers who came with which."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = "<!doctype html><meta charset=utf-8><title>工单进度</title><h1>工单进度</h1>"


class Site:
    """`url` is on localhost, as the demonstration's pages are."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}/ticket"
        self.visits: list[tuple[str, str]] = []  # host, cookie


@contextmanager
def running_site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].rpartition(":")[0]
            if self.path.startswith("/ticket"):
                site.visits.append((host, self.headers.get("Cookie", "")))
            content = PAGE.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Set-Cookie", f"reader={host}; Path=/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
