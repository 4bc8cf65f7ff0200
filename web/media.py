"""Photos, voices and films for those entitled, through links that end (H-36, S-013, S-085)."""

from datetime import datetime
from functools import cache

from flask import Blueprint, Response, abort, g, send_file

from domain.permissions import Permission
from domain.refusals import NotFound
from services import media_links
from services.media_links import Claim, Kept, MediaLinks, Variant
from services.views import AttachmentView
from web.acts import looking
from web.area import Demanded, area
from web.page import needs, reader
from web.site import site

_SHOWN = frozenset({"image/jpeg", "image/png", "audio/mpeg", "audio/mp4", "video/mp4"})
"""What browsers show by themselves; anything else is only handed out."""

_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"


def media_routes(demand_reader: Demanded, name: str, path: str) -> Blueprint:
    """Below the path of an area: each has a way in of its own."""
    routes = Blueprint(f"{name}_media", "web", url_prefix=f"{path}/media")

    @routes.before_request
    def known_reader() -> None:
        """A picture leads nobody through a sign-in: without a reader there is none."""
        if demand_reader() is not None or g.get("reader") is None:
            abort(404)

    routes.get("/<token>")(media)
    return routes


@needs(Permission.TICKET_READ_MEDIA)
def media(token: str) -> Response:
    """Not there, over, somebody else's, not allowed any more: all sound the same."""
    now = site().now()
    claim = _links(site().secret_key).read(token, now)
    if claim is None:
        raise NotFound()
    with looking() as desk:
        kept = media_links.opened(desk, claim)
    return handed_out(kept, _seconds_left(claim, now))


def _seconds_left(claim: Claim, now: datetime) -> int:
    return max(0, int((claim.ends_at - now).total_seconds()))


def handed_out(kept: Kept, seconds: int) -> Response:
    """In parts where the browser asks for parts: films are wound forward and back.

    The reader's browser keeps it for so long, nobody else does.
    """
    try:
        path = site().store.find(kept.file)
    except FileNotFoundError:
        raise NotFound() from None
    response = send_file(
        path,
        mimetype=kept.content_type,
        as_attachment=kept.content_type not in _SHOWN,
        download_name=kept.filename,
        conditional=True,
    )
    response.headers["Cache-Control"] = f"private, max-age={seconds}"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def address(attachment: AttachmentView, variant: str = "full") -> str:
    """Where the reader of this page gets it from, for ten minutes."""
    links = _links(site().secret_key)
    token = links.token(attachment.id, reader().id, Variant(variant), site().now())
    return f"{area().path}/media/{token}"


@cache
def _links(secret_key: bytes) -> MediaLinks:
    return MediaLinks(secret_key)
