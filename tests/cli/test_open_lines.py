"""A connection outlives an answer without content, and ends where one asks for it (T12)."""

import threading
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
from waitress.server import create_server

from cli.open_lines import keep_open


def app(environ, start_response):
    """`/304` answers with that status, `/lies` with less than it says it has."""
    status, told = environ["PATH_INFO"].strip("/"), b""
    headers = [("Content-Length", "9")] if status == "lies" else []
    start_response("200 OK" if status == "lies" else f"{status} Told", headers)
    return [told]


@contextmanager
def listening(**options):
    web = create_server(app, host="127.0.0.1", port=0, threads=2, **options)
    keep_open(web)
    thread = threading.Thread(target=web.run, daemon=True)
    thread.start()
    connection = HTTPConnection("127.0.0.1", int(web.effective_port), timeout=5)
    try:
        yield connection
    finally:
        connection.close()
        web.trigger.pull_trigger(lambda: web.asyncore.close_all(web._map))  # in its own thread
        thread.join(5)
        web.task_dispatcher.shutdown()


@pytest.mark.parametrize("status", ["304", "204"])
def test_the_next_question_goes_over_the_same_connection(status):
    with listening() as connection:
        connection.request("GET", f"/{status}")
        first = connection.getresponse()
        first.read()
        line = connection.sock
        connection.request("GET", f"/{status}")
        connection.getresponse().read()

        assert first.getheader("Connection") is None
        assert line is not None and connection.sock is line


@pytest.mark.parametrize(("path", "asked"), [("/304", {"Connection": "close"}), ("/lies", {})])
def test_an_end_that_is_asked_for_or_needed_is_one(path, asked):
    with listening() as connection:
        connection.request("GET", path, headers=asked)
        line = connection.sock
        assert line is not None
        line.settimeout(5)
        received = b"".join(iter(lambda: line.recv(4096), b""))

        assert received.startswith(b"HTTP/1.1 ")
