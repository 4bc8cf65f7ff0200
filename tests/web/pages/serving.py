"""The pages of one desk on a port of their own, with a WeChat that always knows who reads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask
from werkzeug.serving import make_server

from tests.web_pages.conftest import Visitor
from web.app import make_app
from web.installing import Pages
from web.site import Site, keep


@dataclass
class KnowsTheReader:
    """Sends everybody straight back: who reads is what the test says."""

    url: str = ""
    openid: str = ""

    def address(self, redirect_uri: str, state: str) -> str:
        return f"{self.url}/h5/oauth?code=CODE&state={state}"

    def visitor_of(self, code: str) -> Visitor:
        return Visitor(self.openid)


@dataclass
class Served:
    """Pages at `url`; whoever opens them next is `reader.openid`."""

    url: str
    reader: KnowsTheReader


@contextmanager
def served(site: Site) -> Iterator[Served]:
    reader = KnowsTheReader()
    probe = make_server("127.0.0.1", 0, _nothing, threaded=True)
    reader.url = f"http://127.0.0.1:{probe.server_port}"
    probe.app = _application(replace(site, authorization=reader, public_url=reader.url))
    thread = threading.Thread(target=probe.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Served(reader.url, reader)
    finally:
        probe.shutdown()
        thread.join(10)
        probe.server_close()


_built: list[Flask] = []


def _application(site: Site) -> Flask:
    """One for all tests of a process: its four hundred routes and templates are read once."""
    if not _built:
        _built.append(make_app([], Pages(site)))
    keep(_built[0].extensions, site)
    return _built[0]


def _nothing(environ, start_response):
    start_response("503 Service Unavailable", [])
    return [b""]
