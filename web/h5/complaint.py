"""My complaints on a phone: write one, follow it like a parcel, answer it (C1, C4)."""

from flask import Response

from domain.permissions import Permission
from models import IntakeChannel
from web import complaint_pages
from web.h5.routes import pages
from web.page import needs, takes_photos

routes = pages("complaints", "/complaints")


@routes.get("")
@needs(Permission.COMPLAINT_READ)
def listed() -> Response:
    return complaint_pages.listed()


@routes.get("/new")
@needs(Permission.COMPLAINT_OPEN)
def blank() -> Response:
    """`?ticket=`: about this one."""
    return complaint_pages.blank()


@routes.post("/new")
@takes_photos
@needs(Permission.COMPLAINT_OPEN)
def sent() -> Response:
    return complaint_pages.sent(IntakeChannel.WECHAT)


@routes.get("/<ticket:number>")
@needs(Permission.COMPLAINT_READ)
def one(number: str) -> Response:
    return complaint_pages.page(number)


@routes.post("/<ticket:number>/words")
@takes_photos
@needs(Permission.COMPLAINT_ADD)
def add(number: str) -> Response:
    return complaint_pages.add(number)


@routes.post("/<ticket:number>/rate")
@needs(Permission.COMPLAINT_RATE)
def rate(number: str) -> Response:
    return complaint_pages.rate(number)


@routes.post("/<ticket:number>/object")
@needs(Permission.COMPLAINT_RATE)
def object_to(number: str) -> Response:
    return complaint_pages.object_to(number)


@routes.post("/<ticket:number>/withdraw")
@needs(Permission.COMPLAINT_WITHDRAW)
def withdraw(number: str) -> Response:
    return complaint_pages.withdraw(number)
