"""Puts the pages into the application: routes, sign-in, token check, headers, what went wrong."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, abort, request
from werkzeug.routing import UnicodeConverter

from web.h5 import (
    errors,
    headers,
    links,
    media,
    rating,
    report,
    signin,
    start,
    tickets,
    work,
    work_acts,
    work_result,
)
from web.h5.forms import KEY, new_key
from web.h5.page import csrf, is_following, said, spoken, words
from web.h5.shown import standing
from web.h5.site import Site, keep, site
from web.h5.wechat import js_config

PAGES: tuple[Blueprint, ...] = (
    start.routes,
    report.routes,
    tickets.routes,
    rating.routes,
    links.routes,
    media.routes,
    work.routes,
    work_acts.routes,
    work_result.routes,
)

_TOKEN_FOR = timedelta(hours=12)
"""A form that was opened in the morning can still be sent in the afternoon."""


class TicketNumber(UnicodeConverter):
    """A whole ticket number in an address; anything else is not found."""

    regex = r"[A-Z]{1,6}\d{8}-\d{4,9}"


class Pages:
    """The pages inside WeChat, as `make_app` takes them."""

    def __init__(self, shared: Site) -> None:
        self._site = shared

    def install(self, app: Flask) -> None:
        keep(app.extensions, self._site)
        _set_up_tokens(app, self._site)
        app.url_map.converters["ticket"] = TicketNumber
        app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
        app.jinja_env.globals.update(_globals(self._site))
        for routes in (self._site.assets.blueprint(), signin.routes, _root_files(), *PAGES):
            app.register_blueprint(routes)
        app.after_request(_with_headers)

    def answers(self, path: str) -> bool:
        return errors.is_below(path)

    def went_wrong(self, error: Exception) -> Response:
        return errors.answer(error)


def _set_up_tokens(app: Flask, shared: Site) -> None:
    app.secret_key = shared.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-h5form" if shared.is_secure else "h5form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=shared.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # each page checks for itself: the webhook is no form
        WTF_CSRF_SSL_STRICT=False,  # some WebViews send no Referer; the token alone decides
        WTF_CSRF_TIME_LIMIT=int(_TOKEN_FOR.total_seconds()),
    )
    csrf.init_app(app)


def _globals(shared: Site) -> dict[str, Any]:
    return {
        "static": shared.assets.address,
        "words": words,
        "said": said,
        "spoken": spoken,
        "standing": standing,
        "new_key": new_key,
        "KEY": KEY,
        "is_following": is_following,
        "js_config": js_config,
    }


def _with_headers(response: Response) -> Response:
    return headers.put_on(response) if errors.is_below(request.path) else response


def _root_files() -> Blueprint:
    """MP_verify_….txt: how the platform sees that the domain is ours (wechat-platform §9)."""
    routes = Blueprint("h5_domain_files", __name__)

    @routes.get("/MP_verify_<name>.txt")
    def domain_file(name: str) -> Response:
        content = site().domain_files.get(f"MP_verify_{name}.txt")
        if content is None:
            abort(404)
        return Response(content, content_type="text/plain; charset=utf-8")

    return routes
