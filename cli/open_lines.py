"""A connection stays open behind an answer that has no content.

Waitress ends it behind every 204 and 304: each console that asked whether something moved had to
be met anew, which cost a third of its question (T12).
"""

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer
from waitress.task import WSGITask


class _Task(WSGITask):  # type: ignore[misc, unused-ignore]
    """Ends a connection for every reason but one: an answer that ends with its headers."""

    def set_close_on_finish(self) -> None:
        asked = self.request.headers.get("CONNECTION", "").lower()
        if self.has_body or self.version != "1.1" or asked == "close":
            super().set_close_on_finish()


class _Channel(HTTPChannel):  # type: ignore[misc, unused-ignore]
    task_class = _Task


def keep_open(web: BaseWSGIServer | MultiSocketServer) -> None:
    """Of a server that nobody has reached yet; each of its sockets."""
    each = web.map.values() if isinstance(web, MultiSocketServer) else [web]
    for server in each:
        if isinstance(server, BaseWSGIServer):
            server.channel_class = _Channel
