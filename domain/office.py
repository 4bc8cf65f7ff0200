"""What an admin's change is refused for (Y1): the last admin, open work, names that are taken."""

from collections.abc import Collection

from domain.permissions import Role
from domain.refusals import Refusal

WORKERS = frozenset({Role.ENGINEER, Role.VENDOR})
"""Those who hold a working card: level, skills, areas."""


class LastAdmin(Refusal):
    """Nobody would be left who can change anything."""

    text_key = "admin.refusal.last_admin"


class OwnAdmin(Refusal):
    """Whoever takes this role from themselves is out and cannot undo it."""

    text_key = "admin.refusal.own_admin"


class HasWork(Refusal):
    """Tickets in hand go to somebody else first."""

    text_key = "admin.refusal.has_work"


class NumberTaken(Refusal):
    """Another person has this staff number."""

    text_key = "admin.refusal.number_taken"


class NameTaken(Refusal):
    """Another team is called so."""

    text_key = "admin.refusal.name_taken"


class ChangedMeanwhile(Refusal):
    """Somebody else changed it since it was previewed: nothing is written over unseen."""

    text_key = "admin.refusal.changed_meanwhile"


def check_admin(
    before: Collection[Role], after: Collection[Role], *, own: bool, last: bool
) -> None:
    """Nothing, or why the role of admin may not be taken away here."""
    if Role.ADMIN not in before or Role.ADMIN in after:
        return
    if own:
        raise OwnAdmin()
    if last:
        raise LastAdmin()
