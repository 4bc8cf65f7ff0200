"""Who may do what: action × role × condition, one table (Y1, reliability.md §4).

Rights of several roles add up. A condition names the relation between person and ticket.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from domain.refusals import NotPermitted


class Role(StrEnum):
    REQUESTER = auto()
    DESK = auto()
    ENGINEER = auto()
    VENDOR = auto()
    HEAD = auto()
    ADMIN = auto()


class Permission(StrEnum):
    """What may be asked of the desk; the name of a service's act."""

    TICKET_OPEN = "ticket.open"
    TICKET_OPEN_FOR_OTHER = "ticket.open_for_other"
    TICKET_READ = "ticket.read"
    TICKET_READ_MEDIA = "ticket.read_media"
    TICKET_READ_RECEIPT = "ticket.read_receipt"
    TICKET_DISPATCH = "ticket.dispatch"
    TICKET_ACCEPT = "ticket.accept"
    TICKET_DECLINE = "ticket.decline"
    TICKET_PROGRESS = "ticket.progress"
    TICKET_HOLD = "ticket.hold"
    TICKET_RESUME = "ticket.resume"
    TICKET_TRANSFER = "ticket.transfer"
    TICKET_ASK_SUPPORT = "ticket.ask_support"
    TICKET_RESOLVE = "ticket.resolve"
    TICKET_CONFIRM = "ticket.confirm"
    TICKET_REOPEN = "ticket.reopen"
    TICKET_CANCEL = "ticket.cancel"
    TICKET_URGE = "ticket.urge"
    TICKET_ATTACH = "ticket.attach"
    TICKET_AMEND = "ticket.amend"
    RATING_GIVE = "rating.give"
    RATING_READ = "rating.read"
    PERSON_MANAGE = "person.manage"
    PERSON_READ_PHONE = "person.read_phone"
    DUTY_SIGN = "duty.sign"
    CONVERSATION_TAKE = "conversation.take"
    NOTICE_READ = "notice.read"
    NOTICE_RETRY = "notice.retry"
    DEVICE_MANAGE = "device.manage"
    OVERVIEW_READ = "overview.read"
    ACCOUNT_MANAGE = "account.manage"
    CONSOLE_ENTER = "console.enter"
    TICKET_LIST = "ticket.list"
    TICKET_NOTE = "ticket.note"
    TICKET_CORRECT = "ticket.correct"
    TICKET_MERGE = "ticket.merge"
    TICKET_UNMERGE = "ticket.unmerge"
    TICKET_LINK = "ticket.link"
    TICKET_SPLIT = "ticket.split"
    TICKET_EXPORT = "ticket.export"
    TICKET_PRINT = "ticket.print"
    PERSON_READ = "person.read"
    CANNED_USE = "canned.use"
    CANNED_MANAGE = "canned.manage"
    VIEW_SAVE = "view.save"
    VIEW_SHARE = "view.share"
    BULLETIN_READ = "bulletin.read"
    BULLETIN_PUBLISH = "bulletin.publish"
    SETTING_MANAGE = "setting.manage"
    TEXT_MANAGE = "text.manage"
    TOKEN_MANAGE = "token.manage"
    AUDIT_READ = "audit.read"
    TICKET_GIVE_SUPPORT = "ticket.give_support"
    TICKET_RECLASSIFY = "ticket.reclassify"
    ROSTER_READ = "roster.read"
    ROSTER_PLAN = "roster.plan"
    ROSTER_ASK = "roster.ask"
    ROSTER_DECIDE = "roster.decide"
    HAND_OVER_SIGN = "hand_over.sign"
    TARGET_READ = "target.read"
    TARGET_EXPLAIN = "target.explain"
    TARGET_MANAGE = "target.manage"
    COMPLAINT_OPEN = "complaint.open"
    COMPLAINT_OPEN_FOR_OTHER = "complaint.open_for_other"
    COMPLAINT_READ = "complaint.read"
    COMPLAINT_ADD = "complaint.add"
    COMPLAINT_WITHDRAW = "complaint.withdraw"
    COMPLAINT_VERIFY = "complaint.verify"
    COMPLAINT_DECIDE = "complaint.decide"
    COMPLAINT_FEED_BACK = "complaint.feed_back"
    COMPLAINT_RATE = "complaint.rate"
    COMPLAINT_EXPORT = "complaint.export"
    SATISFACTION_READ = "satisfaction.read"
    FOLLOW_UP_DO = "follow_up.do"
    APPRAISAL_READ = "appraisal.read"
    APPRAISAL_ANSWER = "appraisal.answer"
    APPRAISAL_DECIDE = "appraisal.decide"
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_READ_STAFF = "knowledge.read_staff"
    KNOWLEDGE_WRITE = "knowledge.write"
    KNOWLEDGE_REVIEW = "knowledge.review"
    KNOWLEDGE_MANAGE = "knowledge.manage"
    READING_READ = "reading.read"
    READING_LABEL = "reading.label"
    READING_MANAGE = "reading.manage"
    MAINTENANCE_PLAN = "maintenance.plan"
    ALERT_READ = "alert.read"
    ALERT_HANDLE = "alert.handle"
    ALERT_MANAGE = "alert.manage"
    WEBHOOK_MANAGE = "webhook.manage"
    SAMPLE_REMOVE = "sample.remove"


class Relation(StrEnum):
    """How a person stands to a ticket, a complaint or what counts for somebody; ANY needs none."""

    ANY = auto()
    OWN = auto()
    ASSIGNED = auto()
    WAS_ASSIGNED = auto()
    SUPPORTING = auto()
    IN_AREA = auto()
    IMPARTIAL = auto()  # neither complainant nor concerned (C2, C3); not the writer (K2)
    DEPUTY = auto()  # decides in place of heads, all of whom are concerned
    ABOUT_ME = auto()  # it counts for oneself


@dataclass(frozen=True, slots=True)
class Stand:
    """The facts about one person and one matter that conditions are judged on."""

    is_own: bool = False
    is_assigned: bool = False
    was_assigned: bool = False
    is_supporting: bool = False
    is_in_area: bool = False
    is_impartial: bool = False
    is_deputy: bool = False
    is_about_me: bool = False

    def has(self, relation: Relation) -> bool:
        match relation:
            case Relation.ANY:
                return True
            case Relation.OWN:
                return self.is_own
            case Relation.ASSIGNED:
                return self.is_assigned
            case Relation.WAS_ASSIGNED:
                return self.was_assigned
            case Relation.SUPPORTING:
                return self.is_supporting
            case Relation.IN_AREA:
                return self.is_in_area
            case Relation.IMPARTIAL:
                return self.is_impartial
            case Relation.DEPUTY:
                return self.is_deputy
            case Relation.ABOUT_ME:
                return self.is_about_me


NO_STAND = Stand()

_ANY = (Relation.ANY,)
_OWN = (Relation.OWN,)
_ASSIGNED = (Relation.ASSIGNED,)
_SUPPORTING = (Relation.SUPPORTING,)
_IMPARTIAL = (Relation.IMPARTIAL,)
_DEPUTY = (Relation.DEPUTY,)
_ABOUT_ME = (Relation.ABOUT_ME,)

_EVERYBODY = (
    Role.REQUESTER,
    Role.DESK,
    Role.ENGINEER,
    Role.VENDOR,
    Role.HEAD,
    Role.ADMIN,
)
_STAFF = (Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD, Role.ADMIN)
_WORKERS = (Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD)
_OWN_BY_EVERYBODY: Mapping[Role, tuple[Relation, ...]] = dict.fromkeys(_EVERYBODY, _OWN)
_WORK: Mapping[Role, tuple[Relation, ...]] = {
    Role.ENGINEER: _ASSIGNED,
    Role.VENDOR: (Relation.ASSIGNED, Relation.SUPPORTING),
}
_DEPUTIES: Mapping[Role, tuple[Relation, ...]] = dict.fromkeys(_STAFF, _DEPUTY)

PERMISSIONS: Mapping[Permission, Mapping[Role, tuple[Relation, ...]]] = {
    Permission.TICKET_OPEN: dict.fromkeys(_EVERYBODY, _ANY),
    Permission.TICKET_OPEN_FOR_OTHER: {Role.DESK: _ANY},
    Permission.TICKET_READ: {
        **_OWN_BY_EVERYBODY,
        Role.DESK: _ANY,
        Role.HEAD: _ANY,
        Role.ENGINEER: (
            Relation.OWN,
            Relation.ASSIGNED,
            Relation.WAS_ASSIGNED,
            Relation.SUPPORTING,
            Relation.IN_AREA,
        ),
        Role.VENDOR: (Relation.OWN, Relation.ASSIGNED, Relation.SUPPORTING),
    },
    Permission.TICKET_READ_MEDIA: {
        **_OWN_BY_EVERYBODY,
        Role.DESK: _ANY,
        Role.ENGINEER: (Relation.OWN, Relation.ASSIGNED, Relation.SUPPORTING),
        Role.VENDOR: (Relation.OWN, Relation.ASSIGNED, Relation.SUPPORTING),
    },
    Permission.TICKET_READ_RECEIPT: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ENGINEER: _ASSIGNED},
    Permission.TICKET_DISPATCH: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.TICKET_ACCEPT: _WORK,
    Permission.TICKET_DECLINE: _WORK,
    Permission.TICKET_PROGRESS: _WORK,
    Permission.TICKET_HOLD: _WORK,
    Permission.TICKET_RESUME: _WORK,
    Permission.TICKET_TRANSFER: _WORK,
    Permission.TICKET_ASK_SUPPORT: _WORK,
    Permission.TICKET_RESOLVE: {**_WORK, Role.DESK: _ANY},
    Permission.TICKET_CONFIRM: {**_OWN_BY_EVERYBODY, Role.DESK: _ANY},
    Permission.TICKET_REOPEN: {**_OWN_BY_EVERYBODY, Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.TICKET_CANCEL: {**_OWN_BY_EVERYBODY, Role.DESK: _ANY},
    Permission.TICKET_URGE: {**_OWN_BY_EVERYBODY, Role.DESK: _ANY},
    Permission.TICKET_ATTACH: {
        **_OWN_BY_EVERYBODY,
        Role.DESK: _ANY,
        Role.ENGINEER: (Relation.OWN, Relation.ASSIGNED),
        Role.VENDOR: (Relation.OWN, Relation.ASSIGNED, Relation.SUPPORTING),
    },
    Permission.TICKET_AMEND: {**_OWN_BY_EVERYBODY, Role.DESK: _ANY},
    Permission.RATING_GIVE: _OWN_BY_EVERYBODY,
    Permission.RATING_READ: {**_OWN_BY_EVERYBODY, Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.PERSON_MANAGE: {Role.ADMIN: _ANY},
    Permission.PERSON_READ_PHONE: {
        Role.DESK: _ANY,
        Role.HEAD: _ANY,
        Role.ADMIN: _ANY,
        Role.ENGINEER: _ASSIGNED,
        Role.VENDOR: (Relation.ASSIGNED, Relation.SUPPORTING),
    },
    Permission.DUTY_SIGN: dict.fromkeys(_WORKERS, _ANY),
    Permission.CONVERSATION_TAKE: {Role.DESK: _ANY},
    Permission.NOTICE_READ: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.NOTICE_RETRY: {Role.DESK: _ANY},
    Permission.DEVICE_MANAGE: {Role.DESK: _ANY, Role.ADMIN: _ANY},
    Permission.OVERVIEW_READ: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.ACCOUNT_MANAGE: dict.fromkeys(_EVERYBODY, _ANY),
    Permission.CONSOLE_ENTER: dict.fromkeys(_STAFF, _ANY),
    Permission.TICKET_LIST: {
        Role.DESK: _ANY,
        Role.HEAD: _ANY,
        Role.ENGINEER: (Relation.ASSIGNED, Relation.WAS_ASSIGNED, Relation.SUPPORTING),
        Role.VENDOR: (Relation.ASSIGNED, Relation.SUPPORTING),
    },
    Permission.TICKET_NOTE: {
        Role.DESK: _ANY,
        Role.HEAD: _ANY,
        Role.ENGINEER: (Relation.ASSIGNED, Relation.WAS_ASSIGNED, Relation.SUPPORTING),
        Role.VENDOR: (Relation.ASSIGNED, Relation.SUPPORTING),
    },
    Permission.TICKET_CORRECT: {Role.DESK: _ANY},
    Permission.TICKET_MERGE: {Role.DESK: _ANY},
    Permission.TICKET_UNMERGE: {Role.DESK: _ANY},
    Permission.TICKET_LINK: {Role.DESK: _ANY},
    Permission.TICKET_SPLIT: {Role.DESK: _ANY},
    Permission.TICKET_EXPORT: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.TICKET_PRINT: {
        Role.DESK: _ANY,
        Role.HEAD: _ANY,
        Role.ENGINEER: (Relation.ASSIGNED, Relation.WAS_ASSIGNED, Relation.SUPPORTING),
        Role.VENDOR: (Relation.ASSIGNED, Relation.SUPPORTING),
    },
    Permission.PERSON_READ: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ADMIN: _ANY},
    Permission.CANNED_USE: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ENGINEER: _ANY},
    Permission.CANNED_MANAGE: {Role.DESK: _ANY, Role.ADMIN: _ANY},
    Permission.VIEW_SAVE: dict.fromkeys(_STAFF, _ANY),
    Permission.VIEW_SHARE: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ADMIN: _ANY},
    Permission.BULLETIN_READ: dict.fromkeys(_EVERYBODY, _ANY),
    Permission.BULLETIN_PUBLISH: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ADMIN: _ANY},
    Permission.SETTING_MANAGE: {Role.ADMIN: _ANY},
    Permission.TEXT_MANAGE: {Role.ADMIN: _ANY},
    Permission.TOKEN_MANAGE: {Role.ADMIN: _ANY},
    Permission.AUDIT_READ: {Role.ADMIN: _ANY, Role.HEAD: _ANY},
    Permission.TICKET_GIVE_SUPPORT: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.TICKET_RECLASSIFY: {Role.DESK: _ANY, **_WORK},
    Permission.ROSTER_READ: dict.fromkeys(_STAFF, _ANY),
    Permission.ROSTER_PLAN: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.ROSTER_ASK: dict.fromkeys(_WORKERS, _ANY),
    Permission.ROSTER_DECIDE: {Role.HEAD: _ANY},
    Permission.HAND_OVER_SIGN: dict.fromkeys(_WORKERS, _ANY),
    Permission.TARGET_READ: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ADMIN: _ANY},
    Permission.TARGET_EXPLAIN: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.TARGET_MANAGE: {Role.ADMIN: _ANY},
    Permission.COMPLAINT_OPEN: dict.fromkeys(_EVERYBODY, _ANY),
    Permission.COMPLAINT_OPEN_FOR_OTHER: {Role.DESK: _ANY},
    Permission.COMPLAINT_READ: {
        Role.REQUESTER: _OWN,
        **dict.fromkeys(_STAFF, (Relation.OWN, Relation.DEPUTY)),
        Role.DESK: (Relation.OWN, Relation.IMPARTIAL, Relation.DEPUTY),
        Role.HEAD: (Relation.OWN, Relation.IMPARTIAL, Relation.DEPUTY),
    },
    Permission.COMPLAINT_ADD: {**_OWN_BY_EVERYBODY, Role.DESK: (Relation.OWN, Relation.IMPARTIAL)},
    Permission.COMPLAINT_WITHDRAW: _OWN_BY_EVERYBODY,
    Permission.COMPLAINT_VERIFY: {Role.DESK: _IMPARTIAL},
    Permission.COMPLAINT_DECIDE: {**_DEPUTIES, Role.HEAD: (Relation.IMPARTIAL, Relation.DEPUTY)},
    Permission.COMPLAINT_FEED_BACK: {
        **_DEPUTIES,
        Role.DESK: (Relation.IMPARTIAL, Relation.DEPUTY),
        Role.HEAD: (Relation.IMPARTIAL, Relation.DEPUTY),
    },
    Permission.COMPLAINT_RATE: _OWN_BY_EVERYBODY,
    Permission.COMPLAINT_EXPORT: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.SATISFACTION_READ: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.FOLLOW_UP_DO: {Role.DESK: _ANY},
    Permission.APPRAISAL_READ: {
        **dict.fromkeys(_WORKERS, (Relation.ABOUT_ME, Relation.DEPUTY)),
        Role.HEAD: (Relation.ABOUT_ME, Relation.IMPARTIAL, Relation.DEPUTY),
        Role.ADMIN: _DEPUTY,
    },
    Permission.APPRAISAL_ANSWER: dict.fromkeys(_WORKERS, _ABOUT_ME),
    Permission.APPRAISAL_DECIDE: {
        **_DEPUTIES,
        Role.HEAD: (Relation.IMPARTIAL, Relation.DEPUTY),
    },
    Permission.KNOWLEDGE_READ: dict.fromkeys(_EVERYBODY, _ANY),
    Permission.KNOWLEDGE_READ_STAFF: dict.fromkeys(_STAFF, _ANY),
    Permission.KNOWLEDGE_WRITE: dict.fromkeys(_WORKERS, _ANY),
    Permission.KNOWLEDGE_REVIEW: {Role.DESK: _IMPARTIAL, Role.HEAD: _ANY},
    Permission.KNOWLEDGE_MANAGE: {Role.DESK: _ANY, Role.HEAD: _ANY},
    Permission.READING_READ: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ADMIN: _ANY},
    Permission.READING_LABEL: {Role.DESK: _ANY, Role.ADMIN: _ANY},
    Permission.READING_MANAGE: {Role.ADMIN: _ANY},
    Permission.MAINTENANCE_PLAN: {Role.DESK: _ANY, Role.HEAD: _ANY, Role.ADMIN: _ANY},
    Permission.ALERT_READ: dict.fromkeys((*_WORKERS, Role.ADMIN), _ANY),
    Permission.ALERT_HANDLE: {Role.DESK: _ANY},
    Permission.ALERT_MANAGE: {Role.ADMIN: _ANY},
    Permission.WEBHOOK_MANAGE: {Role.ADMIN: _ANY},
    Permission.SAMPLE_REMOVE: {Role.ADMIN: _ANY},
}


def may(roles: Collection[Role], permission: Permission, stand: Stand = NO_STAND) -> bool:
    """Whether one of the roles holds the permission in this relation."""
    rows = PERMISSIONS[permission]
    return any(stand.has(relation) for role in roles for relation in rows.get(role, ()))


def has_role_for(roles: Collection[Role], permission: Permission) -> bool:
    """Whether some relation would permit it: what decides which menu and words a person gets."""
    return any(role in PERMISSIONS[permission] for role in roles)


def demand(roles: Collection[Role], permission: Permission, stand: Stand = NO_STAND) -> None:
    """Nothing, or `NotPermitted`."""
    if not may(roles, permission, stand):
        raise NotPermitted(permission=permission.value)
