"""What a requester reads off hours: who was woken for them, or the truth that nobody was (F15)."""

from datetime import datetime

from handlers.dialog import Facts, Say
from services.views import Called


def called_says(called: Called) -> Say:
    """Whoever is coming stands first; where nobody is, the way that is left."""
    person = called.person
    facts: Facts = {
        "name": person.name if person else None,
        "phone": person.phone if person else None,
        "minutes": called.answer_minutes,
        "opens": called.opens_at,
        "desk_phone": called.desk_phone or None,
    }
    if person is not None:
        return Say("emergency.on_call" if called.is_on_call else "emergency.above", facts)
    return Say("emergency.silenced" if called.is_silenced else "emergency.nobody", facts)


def called_now_says(called: Called, now: datetime) -> Say:
    """The same on a page, which is read later: not how long, but until when."""
    says, by = called_says(called), called.answers_by
    if called.person is None:
        return says
    kind = "on_call" if called.is_on_call else "above"
    return Say(f"emergency.now.{kind}", {**says.facts, "by": by if by and by > now else None})
