"""What a token of the API may be given: words, each of which stands for permissions (Y1, H-51).

A token does what both its scopes and the roles of its person permit; never more than either.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from domain.permissions import Permission


class Scope(StrEnum):
    """As it is written on the command line, on the page of tokens, and in an answer of the API."""

    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    TICKETS_DISPATCH = "tickets:dispatch"
    TICKETS_WORK = "tickets:work"
    ALARMS_OPEN = "alarms:open"
    TALKS_READ = "talks:read"
    PEOPLE_READ = "people:read"
    PHONES_READ = "phones:read"
    DEVICES_READ = "devices:read"
    OVERVIEW_READ = "overview:read"
    BULLETINS_READ = "bulletins:read"


SCOPES: Mapping[Scope, frozenset[Permission]] = {
    Scope.TICKETS_READ: frozenset(
        {
            Permission.TICKET_READ,
            Permission.TICKET_LIST,
            Permission.TICKET_READ_MEDIA,
            Permission.TICKET_READ_RECEIPT,
            Permission.RATING_READ,
            Permission.NOTICE_READ,
        }
    ),
    Scope.TICKETS_WRITE: frozenset(
        {
            Permission.TICKET_OPEN,
            Permission.TICKET_OPEN_FOR_OTHER,
            Permission.TICKET_ATTACH,
            Permission.TICKET_AMEND,
            Permission.TICKET_URGE,
            Permission.TICKET_CANCEL,
            Permission.TICKET_CONFIRM,
            Permission.TICKET_REOPEN,
            Permission.TICKET_NOTE,
            Permission.TICKET_CORRECT,
        }
    ),
    Scope.TICKETS_DISPATCH: frozenset({Permission.TICKET_DISPATCH}),
    Scope.TICKETS_WORK: frozenset(
        {
            Permission.TICKET_ACCEPT,
            Permission.TICKET_DECLINE,
            Permission.TICKET_PROGRESS,
            Permission.TICKET_HOLD,
            Permission.TICKET_RESUME,
            Permission.TICKET_TRANSFER,
            Permission.TICKET_ASK_SUPPORT,
            Permission.TICKET_RESOLVE,
        }
    ),
    # A monitoring system opens tickets and reads what became of them; it does nothing else.
    Scope.ALARMS_OPEN: frozenset({Permission.TICKET_OPEN}),
    Scope.TALKS_READ: frozenset({Permission.CONVERSATION_TAKE}),
    Scope.PEOPLE_READ: frozenset({Permission.PERSON_READ}),
    Scope.PHONES_READ: frozenset({Permission.PERSON_READ_PHONE}),
    Scope.DEVICES_READ: frozenset({Permission.DEVICE_MANAGE}),
    Scope.OVERVIEW_READ: frozenset({Permission.OVERVIEW_READ}),
    Scope.BULLETINS_READ: frozenset({Permission.BULLETIN_READ}),
}


def granted(scopes: Collection[Scope]) -> frozenset[Permission]:
    """Everything that these words stand for."""
    return frozenset().union(*(SCOPES[scope] for scope in scopes))


def scopes_for(permission: Permission) -> tuple[Scope, ...]:
    """The words of which one is needed for this."""
    return tuple(scope for scope, permissions in SCOPES.items() if permission in permissions)
