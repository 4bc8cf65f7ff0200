"""What is owed for a missed promise: agreed from a date, ended, never changed (R4)."""

from flask import Response

from domain.permissions import Permission
from domain.targets import TargetKind
from services import agreements, compensations
from services.compensations import NewCompensation
from services.desk import Desk
from web.acts import looking
from web.console import promise_words
from web.console.admin import agreement_tried
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader
from web.site import site

routes = pages("admin_compensations", "/admin/compensations")

HOME = f"{PATH}/compensations"
_KINDS = [each.value for each in TargetKind]
_FIELDS = (
    Field("kind", 24, is_required=True, choices=_KINDS),
    Field("rule", 40),
    Field("late_from", 5),
    Field("words", 200, is_required=True),
    Field("points", 3),
    Field("starts", 20),
)
_LATEST = 60 * 24 * 60  # minutes
_MOST_POINTS = 100


@routes.get("")
@needs(Permission.TARGET_READ)
def listed() -> Response:
    return _page(Filled({"late_from": "0", "points": "0"}))


@routes.post("")
@needs(Permission.TARGET_MANAGE)
def agreed() -> Response:
    filled = read_form(*_FIELDS)
    late, points = _number(filled, "late_from", _LATEST), _number(filled, "points", _MOST_POINTS)
    _check_start(filled)
    if filled.problems:
        return _page(filled, 400)
    wanted = NewCompensation(
        TargetKind(filled["kind"]), filled["rule"] or None, late, filled["words"], points
    )
    starts = agreement_tried.instant(filled["starts"])

    def do(desk: Desk) -> str:
        compensations.agree(desk, wanted, starts or desk.now)
        return f"{HOME}?done=agreed"

    return recorded("compensation_agree", do)


@routes.post("/<int:compensation_id>/end")
@needs(Permission.TARGET_MANAGE)
def ended(compensation_id: int) -> Response:
    def do(desk: Desk) -> str:
        compensations.end(desk, compensation_id)
        return f"{HOME}?done=ended"

    return recorded("compensation_end", do)


def _number(filled: Filled, name: str, most: int) -> int:
    written = filled[name] or "0"
    if not (written.isascii() and written.isdecimal()):
        filled.refuse(name, "promised.problem.number")
        return 0
    if int(written) > most:
        filled.refuse(name, "promised.problem.number")
    return int(written)


def _check_start(filled: Filled) -> None:
    starts = agreement_tried.instant(filled["starts"])
    if filled["starts"] and starts is None:
        filled.refuse("starts", "promised.problem.time")
    elif starts is not None and starts < site().now():
        filled.refuse("starts", "promised.problem.passed")


def _page(filled: Filled, status: int = 200) -> Response:
    now = site().now()
    with looking() as desk:
        known = compensations.listed(desk.session)
        names = _rules(desk)
    return admin_page(
        "compensations.html",
        status,
        filled=filled,
        home=HOME,
        holding=[each for each in known if not each.has_ended(now)],
        ended=[each for each in known if each.has_ended(now)],
        now=now,
        kinds=[(each.value, promise_words.kind(each)) for each in TargetKind],
        rules=[(name, promise_words.rule(name)) for name in names],
        promise=promise_words,
        may_change=reader().could(Permission.TARGET_MANAGE),
    )


def _rules(desk: Desk) -> list[str]:
    """All sorts of tickets that were ever promised something."""
    all_of = [
        site().rules.agreement,
        *(each.agreement for each in agreements.versions(desk.session)),
    ]
    return list(dict.fromkeys(rule.name for each in all_of for rule in each.rules))
