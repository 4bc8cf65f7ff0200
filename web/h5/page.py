"""What a page is made with: its routes behind the sign-in, its reader, its words, its template."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template
from flask import request as asked
from flask_wtf.csrf import CSRFProtect

from domain.sentence import Fact, Say
from domain.speaker import Speaker
from services.web_sessions import Reader
from web.h5.site import site

PATH = "/h5"
BODY_LIMIT = 64 * 1024
PHOTOS_LIMIT = 40 * 1024 * 1024  # bytes of one form without a script that makes photos smaller
WORDS_LIMIT = 512 * 1024  # bytes of one field; werkzeug reads in pieces of 64 KiB, and counts them
_PARTS = 60  # fields of one form

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()


def pages(name: str, below: str = "") -> Blueprint:
    """Routes below /h5 (and `below` it); whoever opens one of them is signed in first."""
    from web.h5.signin import require_reader  # it shows pages of its own

    routes = Blueprint(f"h5_{name}", __name__, url_prefix=PATH + below, template_folder="templates")
    routes.before_request(_limited)
    routes.before_request(require_reader)
    routes.before_request(_checked_token)
    return routes


def takes_photos(view: View) -> View:
    """Marks a view whose forms may be as large as photos are."""

    @wraps(view)
    def viewed(*arguments: Any, **facts: Any) -> Any:
        return view(*arguments, **facts)

    viewed.takes_photos = True  # type: ignore[attr-defined]
    return cast(View, viewed)


def _limited() -> None:
    view = current_app.view_functions.get(asked.endpoint or "")
    is_large = getattr(view, "takes_photos", False)
    asked.max_content_length = PHOTOS_LIMIT if is_large else BODY_LIMIT
    asked.max_form_memory_size = WORDS_LIMIT
    asked.max_form_parts = _PARTS


def _checked_token() -> None:
    """H-30: each POST carries the token of the form that we gave to this browser."""
    if asked.method not in ("GET", "HEAD", "OPTIONS"):
        csrf.protect()


# --- the reader ----------------------------------------------------------------------------------


def reader() -> Speaker:
    """Who reads this page, with the roles that they hold now."""
    return cast(Reader, g.reader).speaker


def is_following() -> bool:
    """Whether messages of the account reach them at all."""
    known: Reader | None = g.get("reader")
    return known is None or known.is_following


# --- words ---------------------------------------------------------------------------------------


def words(key: str, **facts: Fact) -> str:
    """One sentence of texts.yaml, in words."""
    return site().texts.words(key, facts, site().now())


def said(say: Say) -> str:
    return site().texts.words(say.key, say.facts, site().now())


def spoken(at: datetime) -> str:
    """A time as people say it."""
    return site().texts.spoken(at, site().now())


def show(template: str, status: int = 200, **facts: Any) -> Response:
    """A page."""
    return make_response(render_template(template, **facts), status)


def go(path: str) -> Response:
    """To another page of ours, which the browser gets by GET."""
    return cast(Response, redirect(path, 303))


def tell(name: str, status: int = 200, *, way: str = f"{PATH}/") -> Response:
    """A page that says one thing and leads on."""
    return show("h5/told.html", status, **told(name), path=way)


def told(name: str) -> dict[str, str]:
    """The title, the text, and the name of the way on."""
    return {part: words(f"h5.told.{name}.{part}") for part in ("title", "text", "way")}
