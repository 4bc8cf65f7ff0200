"""The knowledge base inside WeChat: search, read, say whether it helped (K1)."""

from flask import Response

from domain.knowledge import UsePlace
from domain.permissions import Permission
from web import article_pictures, knowledge_pages, reporting
from web.h5.routes import pages
from web.page import needs

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
    return knowledge_pages.like(maintained=reporting.maintained_by)


@routes.get(_NUMBER)
@needs(Permission.KNOWLEDGE_READ)
def one(number: str) -> Response:
    return knowledge_pages.one(number, UsePlace.PAGE)


@routes.get("/pictures/<int(max=999999999):picture>")
@needs(Permission.KNOWLEDGE_READ)
def picture(picture: int) -> Response:
    return article_pictures.opened(picture)


@routes.post(f"{_NUMBER}/open")
@needs(Permission.KNOWLEDGE_READ)
def opened(number: str) -> Response:
    return knowledge_pages.opened(number, UsePlace.PAGE)


@routes.post(f"{_NUMBER}/said")
@needs(Permission.KNOWLEDGE_READ)
def said(number: str) -> Response:
    return knowledge_pages.said(number)
