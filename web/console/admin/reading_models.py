"""Weights learnt here: trained, compared, put live and taken back with one press (F6)."""

from flask import Response

from domain.permissions import Permission
from domain.sentence import Say
from services.desk import Desk
from services.readings import models, training
from web.acts import looking
from web.console.admin.acts import recorded
from web.console.admin.reading import reading_page
from web.console.admin.reading_shown import HOME
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.live import mark, part
from web.page import needs
from web.site import site

routes = pages("admin_reading_models", "/admin/understanding/models")

_PATH = f"{HOME}/models"


@routes.get("")
@needs(Permission.READING_READ)
def listed() -> Response:
    with looking() as desk:
        rows, stands = models.listed(desk.session), training.progress(desk.session)
        is_busy, lessons = stands.is_under_way(desk.now), training.counted(desk.session)
    return reading_page(
        "reading_models.html",
        rows=rows,
        stands=stands,
        is_busy=is_busy,
        lessons=lessons,
        state=mark(stands.to_json()),
        has_live=any(row.state == "live" for row in rows),
    )


@routes.get("/training")
@needs(Permission.READING_READ)
def progress() -> Response:
    """The part that moves while a training is under way."""
    with looking() as desk:
        stands = training.progress(desk.session)
        is_busy = stands.is_under_way(desk.now)
    return part(
        "admin/reading_training.html",
        stands.to_json(),
        lambda: {"stands": stands, "is_busy": is_busy},
    )


@routes.post("/train")
@needs(Permission.READING_MANAGE)
def trained() -> Response:
    filled = read_form(Field("note", 200))

    def do(desk: Desk) -> str:
        training.ask(desk, filled["note"])
        return _PATH

    return recorded("reading_train", do)


@routes.get("/<int:model_id>")
@needs(Permission.READING_READ)
def one(model_id: int) -> Response:
    return _one(model_id, Filled())


@routes.post("/<int:model_id>/live")
@needs(Permission.READING_MANAGE)
def put_live(model_id: int) -> Response:
    filled = read_form(Field("reason", 200))

    def do(desk: Desk) -> str:
        models.promote(desk, model_id, filled["reason"])
        return f"{_PATH}?done=live"

    try:
        answer = recorded("reading_promote", do)
    except models.ModelWorse as no:
        filled.problems["reason"] = Say(no.text_key, no.facts)
        return _one(model_id, filled, 409)
    site().office.refresh()
    return answer


@routes.post("/back")
@needs(Permission.READING_MANAGE)
def taken_back() -> Response:
    read_form()

    def do(desk: Desk) -> str:
        models.roll_back(desk)
        return f"{_PATH}?done=back"

    answer = recorded("reading_roll_back", do)
    site().office.refresh()
    return answer


def _one(model_id: int, filled: Filled, status: int = 200) -> Response:
    with looking() as desk:
        row = models.one(desk.session, model_id)
    return reading_page("reading_model.html", status, row=row, filled=filled)
