"""What a recogniser heard in a voice: kept beside it, and told to who works on the ticket (F1)."""

import importlib
from collections.abc import Callable
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from domain.commands import Command
from models import Attachment, Ticket
from services import notices
from services.notices import button

Recogniser = Callable[[bytes, str], str | None]
"""Bytes and their content type to words; None where it heard none."""

MOST = 1000  # characters


def load(name: str) -> Recogniser:
    """The function that `module:function` names; ValueError if there is none."""
    module, _, function = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"{name!r}: {error}") from error
    if not callable(found):
        raise ValueError(f"{name!r} cannot be called")
    return cast(Recogniser, found)


def keep(session: Session, attachment_id: int, words: str, now: datetime) -> None:
    """The words stand beside the voice; its engineer need not listen on the road."""
    attachment = session.get_one(Attachment, attachment_id)
    attachment.words = words.strip()[:MOST] or None
    if attachment.words is None or attachment.ticket_id is None:
        return
    ticket = session.get_one(Ticket, attachment.ticket_id)
    if ticket.assignee_id not in (None, attachment.person_id):
        notices.tell(
            session,
            ticket.assignee_id,
            "notice.voice_words",
            now,
            ticket=ticket,
            buttons=(button(Command.PHOTOS, ticket.number),),
            contact=ticket.contact_name,
            words=attachment.words,
        )
