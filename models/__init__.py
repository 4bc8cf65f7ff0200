"""Tables: what the desk remembers, with the constraints that must always hold."""

from models.base import Base, table_of
from models.conversation import Conversation, Holder
from models.database import Database, DatabaseUnavailable, Session
from models.deadline import Deadline
from models.device import Device
from models.inbox import InboxMessage
from models.media import Attachment, AttachmentState, Purpose
from models.notice import (
    Delivery,
    Fate,
    Notice,
    NoticeState,
    NoticeUrgency,
    Outcome,
    UnmatchedReport,
)
from models.person import BindCode, BindGuess, Engineer, Person
from models.takeover import Clerk, EndedBy, Takeover, TalkLine
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
from models.usage import Alarm, ApiUsage
from models.web_session import WebSession

__all__ = [
    "TICKET_NUMBERS",
    "AccessToken",
    "Activity",
    "Alarm",
    "ApiUsage",
    "Attachment",
    "AttachmentState",
    "Base",
    "BindCode",
    "BindGuess",
    "Clerk",
    "Conversation",
    "Database",
    "DatabaseUnavailable",
    "Deadline",
    "Delivery",
    "Device",
    "EndedBy",
    "Engineer",
    "Fate",
    "Holder",
    "InboxMessage",
    "IntakeChannel",
    "Notice",
    "NoticeState",
    "NoticeUrgency",
    "Outcome",
    "Person",
    "Purpose",
    "Rating",
    "Resolution",
    "Session",
    "Takeover",
    "TalkLine",
    "Ticket",
    "TicketCount",
    "TicketKind",
    "UnmatchedReport",
    "WebSession",
    "table_of",
]
