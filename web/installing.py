"""Puts the pages into the application: areas, token check, headers, what went wrong."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, request
from jinja2 import BytecodeCache, FileSystemLoader
from jinja2.bccache import Bucket
from werkzeug.routing import BaseConverter

from domain.permissions import Permission
from file_kinds import DOCUMENTS, ENDINGS
from web import (
    account,
    area,
    calendar_feed,
    console,
    errors,
    h5,
    headers,
    icons,
    live,
    media,
    portal,
    reading,
    uploads,
)
from web.account.guard import SIGN_IN
from web.area import Area
from web.forms import KEY, new_key
from web.h5.shown import standing
from web.h5.wechat import js_config
from web.maintenance_bar import maintenance_back, maintenance_bar
from web.maintenance_words import span_of, what_of, where_of
from web.page import csrf, go, is_following, is_known, promised, reader, said, spoken, words
from web.short_way import ShortWay
from web.site import Site, keep, site

AREAS: tuple[Area, ...] = (h5.AREA, account.AREA, console.AREA, portal.AREA)

_HOME = Path(__file__).resolve().parent
_TOKEN_FOR = timedelta(hours=12)
"""A form that was opened in the morning can still be sent in the afternoon."""


class _Compiled(BytecodeCache):
    """Templates are compiled once in a process, whatever the number of applications in it."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class TicketNumber(BaseConverter):
    """A whole number of a ticket or complaint in an address; anything else is not found."""

    regex = r"[A-Z]{1,6}[0-9]{8}-[0-9]{4,9}"


class Pages:
    """All areas of pages, as `make_app` takes them."""

    def __init__(self, shared: Site, areas: Iterable[Area] = AREAS) -> None:
        self._site = shared
        self._areas = tuple(areas)

    def install(self, app: Flask) -> None:
        keep(app.extensions, self._site)
        area.keep(app.extensions, self._areas)
        app.url_map.converters["ticket"] = TicketNumber
        app.jinja_options = {
            **app.jinja_options,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "bytecode_cache": _COMPILED,
        }
        app.jinja_loader = FileSystemLoader(
            [_HOME / each.name / "templates" for each in self._areas] + [_HOME / "templates"]
        )
        app.jinja_env.globals.update(_globals())  # from here on the options are fixed
        _set_up_tokens(app, self._site)
        app.register_blueprint(self._site.assets.blueprint())
        app.register_blueprint(_root_files())
        app.register_blueprint(calendar_feed.blueprint())
        for each in self._areas:
            for routes in each.routes:
                app.register_blueprint(routes)
        app.wsgi_app = ShortWay(app.extensions, app.wsgi_app)  # type: ignore[method-assign]
        app.after_request(self._with_headers)
        app.teardown_request(reading.end)

    def answers(self, path: str) -> bool:
        return any(each.has(path) for each in self._areas)

    def went_wrong(self, error: Exception) -> Response:
        return errors.answer(error)

    def _with_headers(self, response: Response) -> Response:
        return headers.put_on(response) if self.answers(request.path) else response


def _set_up_tokens(app: Flask, shared: Site) -> None:
    app.secret_key = shared.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-form" if shared.is_secure else "form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=shared.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # each page checks for itself: the webhook is no form
        WTF_CSRF_SSL_STRICT=False,  # some WebViews send no Referer; the token alone decides
        WTF_CSRF_TIME_LIMIT=int(_TOKEN_FOR.total_seconds()),
    )
    csrf.init_app(app)


def _static(name: str) -> str:
    """A file of the area under way, or of all: `console.css`, `/shared/theme.js`."""
    own = name[1:] if name.startswith("/") else f"{area.area().name}/{name}"
    return site().assets.address(own)


def _globals() -> dict[str, Any]:
    return {
        "static": _static,
        "icon": icons.icon,
        "mark": live.mark,
        "Permission": Permission,
        "words": words,
        "said": said,
        "spoken": spoken,
        "promised": promised,
        "standing": standing,
        "media": media.address,
        "reader": reader,
        "is_known": is_known,
        "is_following": is_following,
        "js_config": js_config,
        "maintenance_bar": maintenance_bar,
        "maintenance_back": maintenance_back,
        "span_of": span_of,
        "what_of": what_of,
        "where_of": where_of,
        "new_key": new_key,
        "KEY": KEY,
        "FILE_ENDINGS": ENDINGS,
        "FILE_TYPES": tuple(DOCUMENTS),
        "MOST_FILES": uploads.MOST_UPLOADS,
        "LARGEST_PHOTO_MB": uploads.LARGEST_PHOTO_MB,
        "LARGEST_FILE_MB": uploads.LARGEST_FILE_MB,
        "MOST_TOGETHER_MB": uploads.MOST_TOGETHER_MB,
        "file_size": uploads.size_words,
    }


def _root_files() -> Blueprint:
    """MP_verify_….txt: how the platform sees that the domain is ours (wechat-platform §9)."""
    routes = Blueprint("domain_files", "web")

    @routes.get("/")
    def bare() -> Response:
        """Whoever types the address alone is let in, and led to where they begin."""
        return go(SIGN_IN)

    @routes.get("/MP_verify_<name>.txt")
    def domain_file(name: str) -> Response:
        content = site().domain_files.get(f"MP_verify_{name}.txt")
        if content is None:
            abort(404)
        return Response(content, content_type="text/plain; charset=utf-8")

    return routes
