"""What a page is made with: its routes behind the sign-in, its reader, its words, its template."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template
from flask import request as asked
from flask_wtf.csrf import CSRFProtect

from domain.permissions import Permission
from domain.refusals import NotPermitted
from domain.sentence import Fact, Say
from domain.speaker import Speaker
from services import service_calendar
from services.web_sessions import Reader
from web.app import LARGEST_BODY
from web.area import Demanded, area
from web.site import site

BODY_LIMIT = 64 * 1024
PHOTOS_LIMIT = LARGEST_BODY  # of one form without a script that makes photos smaller
WORDS_LIMIT = 512 * 1024  # bytes of one field; werkzeug reads in pieces of 64 KiB, and counts them
_PARTS = 60  # fields of one form

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()


def behind(demand_reader: Demanded, name: str, path: str) -> Blueprint:
    """Routes below `path`; whoever opens one of them is signed in first, and may be there."""
    routes = Blueprint(name, "web", url_prefix=path)
    routes.before_request(_limited)
    routes.before_request(demand_reader)
    routes.before_request(_checked_token)
    routes.before_request(_permitted)
    return routes


def open_to_all(name: str, path: str) -> Blueprint:
    """Routes for readers whom nobody knows yet: the way in."""
    routes = Blueprint(name, "web", url_prefix=path)
    routes.before_request(_limited)
    routes.before_request(_checked_token)
    return routes


def needs(permission: Permission) -> Callable[[View], View]:
    """Marks a view for those who hold the permission in some relation; the desk judges which.

    Each view behind a sign-in has its mark: a house test finds one without.
    """

    def marked(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]
        return view

    return marked


def takes_photos(view: View) -> View:
    """Marks a view whose forms may be as large as photos are."""

    @wraps(view)
    def viewed(*arguments: Any, **facts: Any) -> Any:
        return view(*arguments, **facts)

    viewed.takes_photos = True  # type: ignore[attr-defined]
    return cast(View, viewed)


def _view() -> Any:
    return current_app.view_functions.get(asked.endpoint or "")


def _limited() -> None:
    is_large = getattr(_view(), "takes_photos", False)
    asked.max_content_length = PHOTOS_LIMIT if is_large else BODY_LIMIT
    asked.max_form_memory_size = WORDS_LIMIT
    asked.max_form_parts = _PARTS


def _checked_token() -> None:
    """H-30: each POST carries the token of the form that we gave to this browser."""
    if asked.method not in ("GET", "HEAD", "OPTIONS"):
        csrf.protect()


def _permitted() -> None:
    """Y1: the table decides who gets as far as the view."""
    needed: Permission | None = getattr(_view(), "needs", None)
    if needed is not None and not reader().could(needed):
        raise NotPermitted(permission=needed.value)


# --- the reader ----------------------------------------------------------------------------------


def reader() -> Speaker:
    """Who reads this page, with the roles that they hold now."""
    return cast(Reader, g.reader).speaker


def is_known() -> bool:
    """Whether somebody is signed in."""
    return g.get("reader") is not None


def is_following() -> bool:
    """Whether messages of the account reach them at all."""
    known: Reader | None = g.get("reader")
    return known is None or known.is_following


# --- words ---------------------------------------------------------------------------------------


def words(key: str, **facts: Fact) -> str:
    """One sentence of the texts, in words."""
    return site().texts.words(key, facts, site().now())


def said(say: Say) -> str:
    """A message in words; a neutral sentence for one of an older release that is gone."""
    return site().texts.said(say, site().now())


def spoken(at: datetime) -> str:
    """A time as people say it."""
    return site().texts.spoken(at, site().now())


def promised(at: datetime) -> Fact:
    """A time that was promised, for a sentence: marked where it hangs on what is not published."""
    return service_calendar.due_fact(site().rules.hours, at)


def show(template: str, status: int = 200, **facts: Any) -> Response:
    """A page."""
    return make_response(render_template(template, **facts), status)


def go(path: str) -> Response:
    """To another page of ours, which the browser gets by GET."""
    return cast(Response, redirect(path, 303))


def tell(name: str, status: int = 200, *, way: str = "") -> Response:
    """A page that says one thing and leads on: to the start, if nowhere else."""
    here = area()
    return show(f"{here.name}/told.html", status, **told(name), path=way or here.start)


def told(name: str) -> dict[str, str]:
    """The title, the text, and the name of the way on: the area's own, or those of all."""
    texts, own = site().texts, f"{area().name}.told.{name}"
    section = own if texts.has(f"{own}.title") else f"told.{name}"
    return {part: words(f"{section}.{part}") for part in ("title", "text", "way")}
