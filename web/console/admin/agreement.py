"""Promises and escalation as versions: read, tried, made from a date, withdrawn (F11, F14, R4)."""

from collections.abc import Sequence

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import NotFound
from domain.targets import Agreement
from services import agreements
from services.agreements import Version
from services.desk import Desk
from web.acts import looking
from web.console.admin import (
    agreement_acts,
    agreement_form,
    agreement_made,
    agreement_pages,
    agreement_tried,
)
from web.console.admin import agreement_words as say
from web.console.admin.acts import admin_page, recorded
from web.console.admin.agreement_form import Draft
from web.console.admin.agreement_pages import HOME, form_page, trying, version_page
from web.console.routes import pages
from web.page import needs
from web.site import site

routes = pages("admin_agreement", "/admin/agreement")

GIVEN = "given"
"""In addresses: what config.yaml says."""


@routes.get("")
@needs(Permission.TARGET_READ)
def home() -> Response:
    """The version in force, and all the others beside it."""
    with looking() as desk:
        known = agreements.versions(desk.session)
    return version_page(agreements.in_force(known, site().now()))


@routes.get("/<int:version_id>")
@needs(Permission.TARGET_READ)
def one(version_id: int) -> Response:
    with looking() as desk:
        version = agreements.get(desk.session, version_id)
    return version_page(version)


@routes.get("/given")
@needs(Permission.TARGET_READ)
def given() -> Response:
    return version_page(None)


@routes.get("/new")
@needs(Permission.TARGET_MANAGE)
def form() -> Response:
    """Starts from a version: `?from=3`, or from what config.yaml says: `?from=given`."""
    with looking() as desk:
        known = agreements.versions(desk.session)
        base = _based(desk, known, request.args.get("from", ""))
    return form_page(agreement_form.draft_of(base.agreement, based=base.name))


@routes.post("/new")
@needs(Permission.TARGET_MANAGE)
def edited() -> Response:
    """A row more or less, or back from the preview, with what was typed."""
    draft = agreement_form.read()
    if draft.rest["act"]:
        agreement_acts.acted(draft)
    return form_page(draft)


@routes.post("/preview")
@needs(Permission.TARGET_MANAGE)
def previewed() -> Response:
    draft = agreement_form.read()
    made = _made(draft)
    if made is None:
        return form_page(draft, 400)
    with looking() as desk:
        current = _in_force(desk)
        open_tickets = sum(agreements.open_under(desk.session).values())
    starts = agreement_tried.instant(draft.rest["starts"])
    tried = agreement_tried.read(draft.rest, site().now())
    return admin_page(
        "agreement_preview.html",
        home=HOME,
        draft=draft.filled(),
        reason=draft.rest["reason"],
        starts=starts,
        changes=say.differences(current, made),
        open_tickets=open_tickets,
        **trying(tried, (("before", current), ("after", made))),
    )


@routes.post("")
@needs(Permission.TARGET_MANAGE)
def make() -> Response:
    draft = agreement_form.read()
    made = _made(draft)
    if made is None:
        return form_page(draft, 400)
    starts = agreement_tried.instant(draft.rest["starts"])

    def do(desk: Desk) -> str:
        version = agreements.make(desk, made, starts or desk.now, draft.rest["reason"])
        return f"{HOME}/{version}?done=made"

    answer = recorded("agreement_make", do)
    site().office.refresh()
    return answer


@routes.post("/<int:version_id>/withdraw")
@needs(Permission.TARGET_MANAGE)
def withdraw(version_id: int) -> Response:
    def do(desk: Desk) -> str:
        agreements.withdraw(desk, version_id)
        return f"{HOME}?done=withdrawn"

    answer = recorded("agreement_withdraw", do)
    site().office.refresh()
    return answer


# --- which one ------------------------------------------------------------------------------------


class _Base:
    def __init__(self, agreement: Agreement, name: str) -> None:
        self.agreement, self.name = agreement, name


def _based(desk: Desk, known: Sequence[Version], written: str) -> _Base:
    if written == GIVEN:
        return _Base(agreement_pages.given(desk), GIVEN)
    if written:
        version = next((each for each in known if str(each.id) == written), None)
        if version is None:
            raise NotFound()
    else:
        version = agreements.in_force(known, site().now())
    return (
        _Base(version.agreement, str(version.id))
        if version
        else _Base(agreement_pages.given(desk), GIVEN)
    )


def _in_force(desk: Desk) -> Agreement:
    version = agreements.in_force(agreements.versions(desk.session), site().now())
    return version.agreement if version else agreement_pages.given(desk)


def _made(draft: Draft) -> Agreement | None:
    """What the form comes to; None, and the problems, if it cannot be made."""
    made = agreement_made.agreement_of(draft)
    if not draft.rest["reason"]:
        draft.refuse("reason", "h5.form.missing")
    starts = agreement_tried.instant(draft.rest["starts"])
    if draft.rest["starts"] and starts is None:
        draft.refuse("starts", "promised.problem.time")
    elif starts is not None and starts < site().now():
        draft.refuse("starts", "promised.problem.passed")
    return None if draft.problems else made
