"""Tables: what the desk remembers, with the constraints that must always hold."""

from models.base import Base, table_of
from models.conversation import Conversation, Holder
from models.database import Database, DatabaseUnavailable, Session
from models.deadline import Deadline
from models.inbox import InboxMessage
from models.media import Attachment, AttachmentState
from models.notice import Delivery, Notice, NoticeState, NoticeUrgency, Outcome
from models.person import BindCode, BindGuess, Engineer, Person
from models.ticket import (
    TICKET_NUMBERS,
    Activity,
    IntakeChannel,
    Rating,
    Resolution,
    Ticket,
    TicketCount,
    TicketKind,
)
from models.token import AccessToken

__all__ = [
    "TICKET_NUMBERS",
    "AccessToken",
    "Activity",
    "Attachment",
    "AttachmentState",
    "Base",
    "BindCode",
    "BindGuess",
    "Conversation",
    "Database",
    "DatabaseUnavailable",
    "Deadline",
    "Delivery",
    "Engineer",
    "Holder",
    "InboxMessage",
    "IntakeChannel",
    "Notice",
    "NoticeState",
    "NoticeUrgency",
    "Outcome",
    "Person",
    "Rating",
    "Resolution",
    "Session",
    "Ticket",
    "TicketCount",
    "TicketKind",
    "table_of",
]
