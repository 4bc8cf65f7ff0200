"""Pages of promises: a version beside all others, the form, and a ticket that is only tried."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from domain.calendar import Runs
from domain.escalation import Hearer, Trigger, Until, Way
from domain.permissions import Permission
from domain.priority import Priority
from domain.targets import Agreement, TargetKind
from models import TicketKind
from services import agreements, office
from services.agreements import Version
from services.desk import Desk
from web.acts import looking
from web.console import promise_words
from web.console.admin import agreement_form, agreement_made, agreement_tried
from web.console.admin import agreement_words as say
from web.console.admin.acts import PATH, admin_page
from web.console.admin.agreement_form import Draft, Row
from web.page import reader, words
from web.site import site

HOME = f"{PATH}/agreement"


def given(desk: Desk) -> Agreement:
    """What holds where nobody has made a version."""
    rules = site().office.rules_with(office.own(desk.session).service)
    return rules.agreements.get(None, rules.agreement)


def version_page(version: Version | None) -> Response:
    with looking() as desk:
        known = agreements.versions(desk.session)
        current = agreements.in_force(known, desk.now)
        agreement = version.agreement if version else given(desk)
        open_under = agreements.open_under(desk.session)
    try:
        tried = agreement_tried.read(_checked(request.args), site().now())
    except ValueError:
        raise BadRequest() from None
    return admin_page(
        "agreement.html",
        version=version,
        agreement=agreement,
        versions=tuple(reversed(known)),
        current=current,
        open_under=open_under,
        stand=_stand(version, current),
        standing=lambda each: _stand(each, current),
        may_change=reader().could(Permission.TARGET_MANAGE),
        path=request.path,
        home=HOME,
        Trigger=Trigger,
        **trying(tried, (("", agreement),)),
    )


def _checked(arguments: Mapping[str, str]) -> dict[str, str]:
    """The tester's fields of an address; BadRequest for what no list of it has."""
    found = {each.name: arguments.get(each.name, "")[: each.limit] for each in agreement_form.TRIED}
    for each in agreement_form.TRIED:
        if each.choices is not None and found[each.name] not in ("", *each.choices):
            raise BadRequest()
    return found


def _stand(version: Version | None, current: Version | None) -> str:
    if version == current:
        return "now"
    if version is None or version.effective_from <= site().now():
        return "past"
    return "coming"


def trying(tried: agreement_tried.Tried, of: Sequence[tuple[str, Agreement]]) -> dict[str, Any]:
    hours = site().rules.hours
    answers = [
        (name, each.rule_for(tried.case).name, agreement_tried.dues(each, tried, hours))
        for name, each in of
    ]
    return {
        "tried": tried,
        "tried_at": agreement_tried.written(tried.at),
        "answers": answers,
        **_choices(),
    }


def _choices() -> dict[str, Any]:
    return {
        "say": say,
        "promise": promise_words,
        "TargetKind": TargetKind,
        "priorities": [(int(each), promise_words.priority(each)) for each in Priority],
        "ticket_kinds": [(each.value, words(f"promised.kind.{each.value}")) for each in TicketKind],
    }


def form_page(draft: Draft, status: int = 200) -> Response:
    now: datetime = site().now()
    tried = agreement_tried.read(draft.rest, now)
    return admin_page(
        "agreement_form.html",
        status,
        filled=draft.filled(),
        draft=draft,
        home=HOME,
        needed=agreement_form.NEEDED,
        triggers=tuple(Trigger),
        hearers=tuple(Hearer),
        steps=_steps(draft),
        sentence=lambda number: _sentence(draft, number),
        tried_at=draft.rest.get("try_at") or agreement_tried.written(now),
        tried=tried,
        **_lists(),
        **_choices(),
    )


def _lists() -> dict[str, list[tuple[str, str]]]:
    """Pairs for the form's fields of choice."""
    return {
        "units": [(name, words(f"promised.unit.{name}")) for name in agreement_form.UNITS],
        "runs": [(each.value, say.runs(each)) for each in Runs],
        "ways": [(each.value, words(f"promised.way.{each.value}")) for each in Way],
        "untils": [(each.value, words(f"promised.until.{each.value}")) for each in Until],
    }


def _steps(draft: Draft) -> dict[str, list[tuple[int, Row]]]:
    """The rows of the ladder by what begins them, each with its place in the form."""
    return {
        each.value: [
            (place, row) for place, row in enumerate(draft.rungs) if row["trigger"] == each.value
        ]
        for each in Trigger
    }


def _sentence(draft: Draft, number: int) -> str:
    """A step as it stands in the form; empty while something is wrong with it."""
    alone = Draft(draft.rules, draft.rungs, draft.rest)
    rung = agreement_made.rung_of(alone, number)
    return say.rung(rung) if rung else ""
