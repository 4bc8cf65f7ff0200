"""Tables: what the desk remembers, with the constraints that must always hold."""

from models.alert import (
    Alert,
    AlertDelivery,
    AlertEvent,
    AlertEventKind,
    AlertGroup,
    AlertSource,
)
from models.appraisal import AppraisalFact, FollowUp
from models.article import ARTICLE_WORDS, Article, ArticleDocument, ArticleUse, ArticleVersion
from models.article_picture import ArticlePicture, VersionPicture
from models.base import Base, table_of
from models.clock import (
    AgreementVersion,
    Compensation,
    ServiceDay,
    ServiceWeek,
    TicketPause,
    TicketTarget,
)
from models.complaint import Complaint, ComplaintCount, ComplaintEvent, ComplaintPerson
from models.conversation import Conversation, Holder
from models.database import Database, DatabaseConflict, DatabaseUnavailable, Session
from models.deadline import Deadline
from models.desk_wishes import ExportFile, ExportState, ListLayout, QuietHours
from models.desk_work import (
    CannedReply,
    Draft,
    Follower,
    LinkKind,
    Presence,
    SavedView,
    TicketLink,
)
from models.device import Device
from models.inbox import InboxMessage
from models.maintenance import MaintenanceDismissal, MaintenanceTicket, MaintenanceWindow
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
from models.office import (
    ApiAnswer,
    ApiToken,
    AuditEntry,
    Bulletin,
    BulletinReading,
    OfficeSetting,
    TextOverride,
)
from models.person import BindCode, BindGuess, Engineer, Person, Team
from models.roster import CalendarFeed, Duty, HandOver, Leave, RosterPattern, Shift, Swap
from models.sample import SampleKind, SampleMark
from models.search import SEARCH_WORDS, SearchDocument, SearchMark
from models.takeover import Clerk, EndedBy, Takeover, TalkLine
from models.ticket import (
    IS_AGREED,
    IS_UNENDED,
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
from models.understanding import OwnWord, ReadingModel, StoredReading
from models.usage import Alarm, ApiUsage
from models.web_session import Credential, KnownBrowser, SignInGuess, SignInScan, WebSession
from models.webhook import Webhook, WebhookDelivery, WebhookMark

__all__ = [
    "ARTICLE_WORDS",
    "IS_AGREED",
    "IS_UNENDED",
    "SEARCH_WORDS",
    "TICKET_NUMBERS",
    "AccessToken",
    "Activity",
    "AgreementVersion",
    "Alarm",
    "Alert",
    "AlertDelivery",
    "AlertEvent",
    "AlertEventKind",
    "AlertGroup",
    "AlertSource",
    "ApiAnswer",
    "ApiToken",
    "ApiUsage",
    "AppraisalFact",
    "Article",
    "ArticleDocument",
    "ArticlePicture",
    "ArticleUse",
    "ArticleVersion",
    "Attachment",
    "AttachmentState",
    "AuditEntry",
    "Base",
    "BindCode",
    "BindGuess",
    "Bulletin",
    "BulletinReading",
    "CalendarFeed",
    "CannedReply",
    "Clerk",
    "Compensation",
    "Complaint",
    "ComplaintCount",
    "ComplaintEvent",
    "ComplaintPerson",
    "Conversation",
    "Credential",
    "Database",
    "DatabaseConflict",
    "DatabaseUnavailable",
    "Deadline",
    "Delivery",
    "Device",
    "Draft",
    "Duty",
    "EndedBy",
    "Engineer",
    "ExportFile",
    "ExportState",
    "Fate",
    "FollowUp",
    "Follower",
    "HandOver",
    "Holder",
    "InboxMessage",
    "IntakeChannel",
    "KnownBrowser",
    "Leave",
    "LinkKind",
    "ListLayout",
    "MaintenanceDismissal",
    "MaintenanceTicket",
    "MaintenanceWindow",
    "Notice",
    "NoticeState",
    "NoticeUrgency",
    "OfficeSetting",
    "Outcome",
    "OwnWord",
    "Person",
    "Presence",
    "Purpose",
    "QuietHours",
    "Rating",
    "ReadingModel",
    "Resolution",
    "RosterPattern",
    "SampleKind",
    "SampleMark",
    "SavedView",
    "SearchDocument",
    "SearchMark",
    "ServiceDay",
    "ServiceWeek",
    "Session",
    "Shift",
    "SignInGuess",
    "SignInScan",
    "StoredReading",
    "Swap",
    "Takeover",
    "TalkLine",
    "Team",
    "TextOverride",
    "Ticket",
    "TicketCount",
    "TicketKind",
    "TicketLink",
    "TicketPause",
    "TicketTarget",
    "UnmatchedReport",
    "VersionPicture",
    "WebSession",
    "Webhook",
    "WebhookDelivery",
    "WebhookMark",
    "table_of",
]
