"""Form HXXXJL06S as PDF: A4, fonts embedded, number and QR code to the ticket (R1, C §19)."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from domain.calendar import CHINA
from nlp.result import CAUSES
from services.work_forms import FormRating, FormResult, WorkForm
from web import qr
from web.documents.form_files import files_of, picture
from web.page import words
from web.site import site

_HOME = Path(__file__).resolve().parent
_TEMPLATE = _HOME / "hxxxjl06s.typ"
_LONGEST = {"fault": 420, "action_taken": 620, "comment": 120}  # characters that fit on the page
_WITH_SHOTS = 10  # forms at once: a batch for the file needs no pictures
_LABELS = (
    "title",
    "form_number",
    "number",
    "status",
    "user",
    "department",
    "contact",
    "wechat",
    "office",
    "phone",
    "repair",
    "reported_at",
    "channel",
    "place",
    "device",
    "device_description",
    "category",
    "priority",
    "dispatched",
    "fault",
    "work",
    "engineer",
    "assigned_at",
    "responded_at",
    "arrived_at",
    "resolved_at",
    "minutes",
    "cause",
    "manner",
    "parts",
    "action_taken",
    "sign_off",
    "engineer_signs",
    "user_signs",
    "date",
    "rating",
    "speed",
    "attitude",
    "result",
    "comment",
    "attachments",
)


def has_fonts() -> bool:
    """Whether `make setup` has put the fonts here."""
    return any((_HOME / "fonts").glob("*.ttf"))


def pdf(forms: Sequence[tuple[WorkForm, int]], printed_by: str) -> bytes:
    """One page for each form; the number beside it is how often it was printed before."""
    pages = [
        _page(form, before, place, len(forms), printed_by)
        for place, (form, before) in enumerate(forms, start=1)
    ]
    labels = {name: words(f"print.{name}") for name in _LABELS}
    labels["foot"] = words("print.foot", days=site().rules.targets.reopen_within.days)
    told = json.dumps({"labels": labels, "forms": pages}, ensure_ascii=False)
    made: bytes = _compiler().compile(format="pdf", sys_inputs={"data": told})
    return made


@cache
def _compiler() -> Any:
    """Kept: reading the fonts takes longer than setting a page."""
    import typst  # 7 MiB, for the first form that is printed

    return typst.Compiler(
        _TEMPLATE, root=_HOME, font_paths=[_HOME / "fonts"], ignore_system_fonts=True
    )


def _page(form: WorkForm, before: int, place: int, of: int, printed_by: str) -> dict[str, Any]:
    now = site().now()
    return {
        "number": form.number,
        "status": words(f"status.{form.status.value}"),
        "reprint": words("print.reprint", count=before) if before else "",
        "printed": words("print.printed", at=_clock(now), by=printed_by),
        "page": words("print.page", place=place, of=of),
        "qr": _qr(form.number),
        **_user(form),
        **_repair(form),
        **_work(form),
        **_result(form.result),
        **_signed(form),
        **_rating(form.rating),
        **files_of(form.attachments, with_shots=of <= _WITH_SHOTS),
    }


def _user(form: WorkForm) -> dict[str, str]:
    return {
        "department": form.department,
        "contact": form.contact,
        "wechat": words("print.wechat_known", start=form.openid[:6]) if form.openid else "",
        "office": form.office,
        "phone": form.phone or "",
    }


def _repair(form: WorkForm) -> dict[str, str]:
    return {
        "reported_at": _clock(form.opened_at),
        "channel": words(f"print.channels.{form.channel.value}"),
        "place": form.place,
        "device": form.device or "",
        "device_description": form.device_description or "",
        "category": words(f"category.{form.category.value}"),
        "priority": words(f"priority.{form.priority.name.lower()}"),
        "fault": _cut("fault", form.fault),
    }


def _work(form: WorkForm) -> dict[str, str]:
    by_itself = words("print.by_itself") if form.assigned_at else ""
    return {
        "dispatched": form.dispatcher or by_itself,
        "engineer": (form.result.engineer if form.result else None) or form.engineer or "",
        "assigned_at": _clock(form.assigned_at),
        "responded_at": _clock(form.responded_at),
        "arrived_at": _clock(form.arrived_at),
        "resolved_at": _clock(form.resolved_at),
    }


def _result(result: FormResult | None) -> dict[str, str]:
    """Blanks to be filled in by hand where nothing was reported yet."""
    if result is None:
        blanks = dict.fromkeys(("minutes", "cause", "parts", "action_taken"), "")
        return {**blanks, "manner": words("print.manner_blank")}
    cause = result.cause if result.cause in CAUSES else "other"
    return {
        "minutes": words("print.minutes_count", count=result.minutes),
        "cause": words(f"cause.{cause}"),
        "manner": words("print.on_site" if result.is_on_site else "print.remote"),
        "parts": "、".join(result.parts) or words("print.no_parts"),
        "action_taken": _cut("action_taken", result.action_taken),
    }


def _signed(form: WorkForm) -> dict[str, Any]:
    reported_at = form.result.reported_at if form.result else None
    return {
        "signature": picture(form.signature, 300, 120) if form.signature else None,
        "engineer_date": _day(reported_at),
        "user_date": _day(form.signed_at or form.closed_at),
    }


def _rating(rating: FormRating | None) -> dict[str, Any]:
    if rating is None:
        return {"speed": None, "attitude": None, "result": None, "comment": ""}
    return {
        "speed": rating.speed,
        "attitude": rating.attitude,
        "result": rating.result,
        "comment": _cut("comment", rating.comment or ""),
    }


def _cut(name: str, text: str) -> str:
    """What is longer than the page stands whole in the ticket."""
    most = _LONGEST[name]
    return text if len(text) <= most else f"{text[:most]}… {words('print.more')}"


def _clock(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""


def _day(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d") if at else ""


def _qr(number: str) -> str | None:
    """To the ticket, for a phone; None where phones have no address of ours."""
    if not site().public_url:
        return None
    return qr.svg(f"{site().public_url}/h5/t/{number}", border=0, is_inline=False)
