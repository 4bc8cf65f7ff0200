"""A report by form, on whichever page it stands: what its fields say of the fault (F1, F3)."""

from dataclasses import replace

from domain.category import Category
from domain.priority import Urgency
from domain.speaker import Speaker
from handlers import fault as faults
from handlers.fault import Fault
from handlers.report_opened import opened_says
from models import IntakeChannel, Purpose
from nlp.contact import Contact, read_contact
from services import notices
from services.answering import AnswerShown
from services.desk import Desk
from services.maintenance import Window
from services.views import DeviceView, Opened, Report, TicketView
from storage import Saved
from web import uploads
from web.acts import is_within_reach
from web.forms import Field, Filled

URGENCIES = tuple(each.value for each in Urgency)
FIELDS = (
    Field("fault", 500, is_required=True, missing="h5.report.fault_missing"),
    Field("place", 80, is_required=True, missing="h5.report.place_missing"),
    Field("category", 24, choices=[each.value for each in Category]),
    Field("urgency", 8, choices=URGENCIES),
    Field("name", 40, is_required=True),
    Field("department", 60, is_required=True),
    Field("phone", 24, is_required=True),
    Field("device", 40),
    Field("use", 12),  # of the answer that did not do
)


def known_of(
    me: Speaker, device: DeviceView | None, shown: AnswerShown | None = None
) -> dict[str, str]:
    """What the form is filled in with before anybody types."""
    return {
        **(_asked_of(shown) if shown else {}),
        "place": device.place if device else me.office or "",
        "category": device.category.value if device else shown.category.value if shown else "",
        "urgency": Urgency.NORMAL.value,
        "name": me.name or "",
        "department": me.department or "",
        "phone": me.reached_by or "",
        "device": device.code if device else "",
    }


def _asked_of(shown: AnswerShown) -> dict[str, str]:
    """The question that an answer was no help with."""
    return {"fault": shown.query, "use": str(shown.id)}


def contact_of(filled: Filled) -> Contact:
    """A mobile number, a land line, or an extension."""
    found = read_contact(filled["phone"], expect_all=True)
    if filled["phone"] and not (found.phone or found.extension):
        filled.refuse("phone", "h5.report.phone_unclear")
    return found


def report_of(filled: Filled) -> Report | None:
    """What the form says, with what its words say; None if the kind of thing has to be chosen."""
    fault = faults.told_in(filled["fault"])
    category = filled["category"] or fault.category
    if category is None:
        filled.refuse("category", "h5.report.category_unclear")
        return None
    is_high = Urgency.HIGH in (filled["urgency"], fault.urgency)
    told = replace(
        fault,
        symptom=fault.symptom or filled["fault"],
        place=filled["place"],
        category=category,
        urgency=(Urgency.HIGH if is_high else Urgency.NORMAL).value,
    )
    return replace(told.report(), device_code=filled["device"] or None)


def known_better(desk: Desk, filled: Filled, contact: Contact) -> Desk:
    """The form's contact is the person's own from now on; the place, if they had none."""
    actor = desk.learn_profile(
        name=filled["name"],
        department=filled["department"],
        phone=contact.phone,
        extension=contact.extension,
        office=None if desk.actor.office else filled["place"],
    )
    return replace(desk, actor=actor)


def reached_by(desk: Desk, contact: Contact) -> Desk:
    """The number of a form is the person's own from now on."""
    actor = desk.learn_profile(phone=contact.phone, extension=contact.extension)
    return replace(desk, actor=actor)


def words_for(fault: Fault) -> tuple[str, ...]:
    """The words of the fault that spoke for its kind of thing, the strongest first."""
    evidence = (fault.reading or {}).get("evidence", ())
    return tuple(word for word, label in evidence if label == fault.category)


def maintained_by(desk: Desk, said: str) -> Window | None:
    """The maintenance that runs and explains these words; at their office, if no place is said."""
    fault = faults.told_in(said)
    return desk.maintenance_for(fault.category, fault.place or desk.actor.office)


def opened(
    desk: Desk, report: Report, photos: tuple[Saved, ...], channel: IntakeChannel
) -> tuple[TicketView, str]:
    """As in chat; the number comes there as well, to be found again. And what the page says."""
    uploads.keep(desk, photos, purpose=Purpose.REPORT)
    done = desk.report(report, channel)
    if not desk.actor.openid:
        return done.ticket, "report_here"
    if not is_within_reach(desk):
        return done.ticket, "report_unheard"  # they are asked for a word in chat
    _tell(desk, done)
    return done.ticket, "report"


def _tell(desk: Desk, opened: Opened) -> None:
    ticket = opened.ticket
    say = replace(opened_says(opened), page=notices.page_of(ticket.number))
    notices.queue(desk.session, [notices.row(desk.actor.id, say, desk.now, ticket_id=ticket.id)])
