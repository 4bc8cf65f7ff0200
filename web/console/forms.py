"""Form HXXXJL06S of one ticket, or of many, as PDF (R1)."""

from collections.abc import Sequence

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import Refusal
from services import work_forms
from services.desk import Desk
from web.console.routes import pages
from web.documents import work_form
from web.page import needs, reader
from web.site import site

routes = pages("forms")

MOST = 50
"""Forms of one batch: a minute of paper, and a second of work."""


class FontsMissing(Refusal):
    """A page of boxes is worse than none."""

    text_key = "print.no_fonts"


@routes.get("/tickets/<ticket:number>/form.pdf")
@needs(Permission.TICKET_PRINT)
def one(number: str) -> Response:
    return _sent([number], f"{number}.pdf")


@routes.get("/forms.pdf")
@needs(Permission.TICKET_PRINT)
def several() -> Response:
    """`?n=…&n=…`: one page for each, in this order."""
    numbers = list(dict.fromkeys(request.args.getlist("n")))[:MOST]
    return _sent(numbers, "HXXXJL06S.pdf")


def _sent(numbers: Sequence[str], name: str) -> Response:
    if not work_form.has_fonts():
        raise FontsMissing()
    with site().database.transaction() as session:
        desk = Desk(session, site().now(), site().rules, reader())
        tickets = [desk.find(number) for number in numbers]
        forms = [
            (work_forms.work_form(desk, ticket.id), work_forms.printed(desk, ticket.id))
            for ticket in tickets
        ]
    made = work_form.pdf(forms, reader().name or "")
    response = Response(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
