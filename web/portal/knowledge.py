"""The knowledge base at a computer: search, read, say whether it helped (K1)."""

from flask import Response

from domain.knowledge import UsePlace
from domain.permissions import Permission
from web import article_pictures, knowledge_pages
from web.page import needs
from web.portal.routes import pages

routes = pages("knowledge", "/knowledge")
_NUMBER = "/<string(maxlength=12):number>"


@routes.get("")
@needs(Permission.KNOWLEDGE_READ)
def listed() -> Response:
    return knowledge_pages.listed()


@routes.post("/like")
@needs(Permission.KNOWLEDGE_READ)
def like() -> Response:
    """Beside a report that is being written: by POST, for addresses get into logs."""
    return knowledge_pages.like()


@routes.get(_NUMBER)
@needs(Permission.KNOWLEDGE_READ)
def one(number: str) -> Response:
    return knowledge_pages.one(number, UsePlace.PORTAL)


@routes.get("/pictures/<int(max=999999999):picture>")
@needs(Permission.KNOWLEDGE_READ)
def picture(picture: int) -> Response:
    return article_pictures.opened(picture)


@routes.post(f"{_NUMBER}/open")
@needs(Permission.KNOWLEDGE_READ)
def opened(number: str) -> Response:
    return knowledge_pages.opened(number, UsePlace.PORTAL)


@routes.post(f"{_NUMBER}/said")
@needs(Permission.KNOWLEDGE_READ)
def said(number: str) -> Response:
    return knowledge_pages.said(number)
