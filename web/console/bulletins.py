"""Bulletins for those who write them: list, write with a preview, publish, who has read (K3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Response

from domain.calendar import CHINA
from domain.permissions import Permission
from services import bulletin_writing
from services.bulletin_writing import BODY_LIMIT, TITLE_LIMIT, EndsTooEarly, Wording
from services.bulletins import BulletinView, Phase, paragraphs_of
from services.desk import Desk
from web.acts import Led, looking, once
from web.bulletin_pages import MOST, before
from web.console.routes import PATH, pages
from web.forms import Field, Filled, instant, read_form
from web.page import needs, show
from web.site import site

routes = pages("bulletins", "/bulletins")

HOME = f"{PATH}/bulletins"
ONE = f"/<int(max={MOST}):bulletin_id>"
_BAD_TIME = "bulletin_page.bad_time"
_INSTANT = 16  # characters of 2026-11-24T10:30, as a browser sends them
_FIELDS = (
    Field("title", TITLE_LIMIT, is_required=True, missing="bulletin_page.missing_title"),
    Field("body", BODY_LIMIT, is_required=True, missing="bulletin_page.missing_body"),
    Field("urgent", 3, choices=("yes",)),
    Field("publish_at", _INSTANT),
    Field("expires_at", _INSTANT),
    Field("act", 8, choices=("preview", "keep", "publish")),
)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a form means, once it is read: the words, and when they go out."""

    wording: Wording
    publish_at: datetime | None


@routes.get("")
@needs(Permission.BULLETIN_PUBLISH)
def listed() -> Response:
    with looking() as desk:
        found = bulletin_writing.written(desk, before())
    return show("console/bulletins.html", found=found)


@routes.get("/new")
@needs(Permission.BULLETIN_PUBLISH)
def blank() -> Response:
    return _editor(Filled(), None)


@routes.post("/new")
@needs(Permission.BULLETIN_PUBLISH)
def sent() -> Response:
    """Kept, or out at once, or only looked at."""
    filled = read_form(*_FIELDS)
    return _written(filled, None, bulletin_writing.draft)


@routes.get(ONE)
@needs(Permission.BULLETIN_PUBLISH)
def one(bulletin_id: int) -> Response:
    with looking() as desk:
        bulletin = bulletin_writing.one(desk, bulletin_id)
        readings = bulletin_writing.readings(desk, bulletin_id)
        changes = bulletin_writing.changes(desk, bulletin_id)
    return show(
        "console/bulletin.html", bulletin=bulletin, readings=readings, changes=changes, phases=Phase
    )


@routes.get(f"{ONE}/edit")
@needs(Permission.BULLETIN_PUBLISH)
def edit(bulletin_id: int) -> Response:
    with looking() as desk:
        bulletin = bulletin_writing.one(desk, bulletin_id)
    return _editor(Filled(_values(bulletin)), bulletin)


@routes.post(f"{ONE}/edit")
@needs(Permission.BULLETIN_PUBLISH)
def changed(bulletin_id: int) -> Response:
    filled = read_form(*_FIELDS)
    with looking() as desk:
        bulletin = bulletin_writing.one(desk, bulletin_id)
    return _written(
        filled,
        bulletin,
        lambda desk, wording: bulletin_writing.change(desk, bulletin_id, wording),
    )


@routes.post(f"{ONE}/publish")
@needs(Permission.BULLETIN_PUBLISH)
def publish(bulletin_id: int) -> Response:
    read_form()
    return _act("publish", lambda desk: bulletin_writing.publish(desk, bulletin_id))


@routes.post(f"{ONE}/withdraw")
@needs(Permission.BULLETIN_PUBLISH)
def withdraw(bulletin_id: int) -> Response:
    read_form()
    return _act("withdraw", lambda desk: bulletin_writing.withdraw(desk, bulletin_id))


def _act(name: str, do: Callable[[Desk], BulletinView]) -> Response:
    return once(f"bulletin_{name}", lambda desk: Led(f"{HOME}/{do(desk).id}"))


# --- writing -------------------------------------------------------------------------------------


def _written(
    filled: Filled, bulletin: BulletinView | None, write: Callable[[Desk, Wording], BulletinView]
) -> Response:
    meant = _meant(filled)
    if filled.problems:
        return _editor(filled, bulletin, 400)
    if filled["act"] == "preview":
        return _editor(filled, bulletin)

    def do(desk: Desk) -> Led:
        written = write(desk, meant.wording)
        if filled["act"] == "publish":
            bulletin_writing.publish(desk, written.id, meant.publish_at)
        return Led(f"{HOME}/{written.id}")

    return once("bulletin", do)


def _meant(filled: Filled) -> _Meant:
    expires_at = instant(filled, "expires_at", _BAD_TIME)
    publish_at = instant(filled, "publish_at", _BAD_TIME)
    starts_at = max(publish_at or site().now(), site().now())
    if expires_at is not None and expires_at <= starts_at:
        filled.refuse("expires_at", EndsTooEarly.text_key)
    wording = Wording(filled["title"], filled["body"], filled["urgent"] == "yes", expires_at)
    return _Meant(wording, publish_at)


def _values(bulletin: BulletinView) -> dict[str, str]:
    return {
        "title": bulletin.title,
        "body": bulletin.body,
        "urgent": "yes" if bulletin.is_urgent else "",
        "publish_at": _typed(bulletin.published_at),
        "expires_at": _typed(bulletin.expires_at),
    }


def _typed(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M") if at else ""


def _editor(filled: Filled, bulletin: BulletinView | None, status: int = 200) -> Response:
    is_out = bulletin is not None and bulletin.phase in (Phase.CURRENT, Phase.PAST)
    return show(
        "console/bulletin_edit.html",
        status,
        filled=filled,
        bulletin=bulletin,
        is_out=is_out,
        path=f"{HOME}/{bulletin.id}/edit" if bulletin else f"{HOME}/new",
        preview=paragraphs_of(filled["body"]) if filled["act"] == "preview" else None,
        title_limit=TITLE_LIMIT,
        body_limit=BODY_LIMIT,
        earliest=_typed(site().now()),
    )
