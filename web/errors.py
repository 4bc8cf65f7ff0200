"""Whatever goes wrong on a page, in the reader's language, with a way on and typed words kept."""

import logging

from flask import Response, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from domain.refusals import NotFound, NotPermitted, Refusal
from domain.sentence import Say
from logs import failure
from models import DatabaseUnavailable
from web.area import area
from web.forms import SentBefore
from web.page import show, tell, told, words
from web.signed_out import SignedOut
from web.ways import back, here

log = logging.getLogger(__name__)

_KEPT_FIELDS = 40
_KEPT_CHARACTERS = 20_000


def answer(error: Exception) -> Response:
    """The page for what went wrong on a page."""
    match error:
        case DatabaseUnavailable():
            log.warning("page_without_database path=%s", request.url_rule)
            return _kept("away", 503)
        case CSRFError():
            return _kept("stale", 403)
        case SignedOut():
            return _kept("signed_out", 401, way=back())
        case SentBefore():
            return tell("sent_before", 409, way=error.path)
        case Refusal():
            return _refused(error)
        case RequestEntityTooLarge():
            return tell("too_large", 413, way=back())
        case MethodNotAllowed():
            response = tell("not_found", 405)
            response.headers["Allow"] = ", ".join(error.valid_methods or ())
            return response
        case HTTPException():
            return _http(error)
    failure(log, "page_failed", error)
    return _kept("broken", 500)


def _refused(no: Refusal) -> Response:
    """What may not be seen is not found, whether it exists or not (H-20, H-32)."""
    if isinstance(no, NotFound):
        return tell("not_found", 404)
    status = 403 if isinstance(no, NotPermitted) else 409
    title, way = words("told.refused.title"), words("told.refused.way")
    text = _said_on_pages(no)
    told_page = f"{area().name}/told.html"
    return show(told_page, status, title=title, text=text, way=way, path=back())


def _said_on_pages(no: Refusal) -> str:
    """Its sentence of the chat; what that tells to type is not for pages."""
    if isinstance(no, NotPermitted):
        return words("told.refused.text")
    say = Say(no.text_key, no.facts)
    return words(say.key, **say.facts)


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code == 404:
        return tell("not_found", 404)
    if code < 500:
        return tell("bad_request", code, way=back())
    failure(log, "page_failed", error)
    return _kept("broken", code)


def _kept(name: str, status: int, way: str | None = None) -> Response:
    """What was typed stands in a form that can be sent again, with the same request key.

    With a `way` it can only be read, and the way is gone first.
    """
    if request.method != "POST":
        return tell(name, status, way=here())
    if not _is_fromhere():
        return tell("foreign", 403)
    typed, has_files = _typed()
    facts = {**told(name), "typed": typed, "has_files": has_files, "link": way}
    return show(f"{area().name}/kept.html", status, path=request.path, **facts)


def _typed() -> tuple[list[tuple[str, str]], bool]:
    """The fields of the form, and whether files came with them."""
    try:
        fields = list(request.form.items(multi=True))[:_KEPT_FIELDS]
        has_files = any(file.filename for file in request.files.values())
    except HTTPException:
        return [], True
    typed = [(name, value[:_KEPT_CHARACTERS]) for name, value in fields if not _is_secret(name)]
    return typed, has_files


def _is_secret(name: str) -> bool:
    """The token is made anew; a password is typed anew and never stands on a page."""
    return name == "csrf_token" or name.endswith("password")


def _is_fromhere() -> bool:
    """Another site's form is not offered to be sent again; browsers that know Origin send it."""
    origin = request.headers.get("Origin")
    # A proxy speaks https to the phone and http to us.
    ours = (f"{request.scheme}://{request.host}", f"https://{request.host}")
    return origin is None or origin in ours
