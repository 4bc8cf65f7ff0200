"""Puts the platform, the phones and the controls behind one origin."""

from flask import Flask, Response, request

from sandbox.acts import Acts
from sandbox.callback import Sender
from sandbox.routes import api, control, pages, phone, recording
from sandbox.world import World

_LARGEST = 24 * 1024 * 1024  # bytes of a request; films have 10 MB


def create_app(world: World, sender: Sender) -> Flask:
    app = Flask("sandbox", static_folder="static")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(api.blueprint(world, sender))
    acts = Acts(world, sender)
    app.register_blueprint(pages.blueprint(world))
    app.register_blueprint(phone.blueprint(world, sender, acts))
    app.register_blueprint(control.blueprint(world, sender, acts))
    app.register_blueprint(recording.blueprint(world, acts))

    @app.get("/")
    def page() -> Response:
        return app.send_static_file("index.html")

    @app.before_request
    def comes_from_here() -> Response | None:
        """Pages of other places may neither act here nor read what is here."""
        origin = request.headers.get("Origin")
        if origin in (None, request.host_url.rstrip("/")) and _is_here(request.host):
            return None
        return Response("this is for pages of the sandbox only", 403)

    @app.after_request
    def stays_fresh(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def _is_here(host: str) -> bool:
    """Whether a Host header names this machine: another name was pointed here by somebody."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return name in ("127.0.0.1", "localhost", "[::1]")
