"""What people manage of their own account: password, second factor, codes on paper (Y1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import Credential, Person
from services import audit, browsers, credentials


@dataclass(frozen=True, slots=True)
class Account:
    """How somebody proves who they are."""

    staff_number: str | None
    has_wechat: bool
    password_since: datetime | None
    is_provisional: bool
    second_since: datetime | None
    codes_left: int
    secret: str | None = None  # of a second factor that no code has confirmed yet

    @property
    def has_password(self) -> bool:
        return self.password_since is not None

    @property
    def takes_password(self) -> bool:
        """A password is nothing without the number that stands beside it."""
        return bool(self.staff_number)


def account_of(session: Session, person_id: int, key: bytes) -> Account:
    person = session.get_one(Person, person_id)
    kept = session.get(Credential, person_id)
    known = person.staff_number, person.openid is not None
    if kept is None:
        return Account(*known, None, False, None, 0)
    is_begun = kept.totp_since is None
    return Account(
        *known,
        kept.changed_at,
        kept.is_provisional,
        kept.totp_since,
        len(kept.recovery_hashes or ()),
        credentials.secret_of(kept, key) if is_begun else None,
    )


def give_provisional(session: Session, person_id: int, now: datetime, by: int | None = None) -> str:
    """A new password for somebody who changes it first; whoever is signed in by the old one is out.

    Their second factor ends with it: it is asked for where the phone with it was lost.
    """
    password = credentials.new_provisional()
    kept = credentials.set_password(
        session, person_id, credentials.hash_of(password), now, is_provisional=True
    )
    credentials.end_second_factor(kept)
    browsers.end_others(session, person_id, "", at_desks_only=True)
    _record(session, "person.password", person_id, now, by)
    return password


def change_password(
    session: Session, person_id: int, kept: str, now: datetime, address: str | None
) -> None:
    credentials.set_password(session, person_id, kept, now)
    _record(session, "person.password", person_id, now, person_id, address)


def begin_second(session: Session, person_id: int, key: bytes) -> None:
    """A new secret; one that is in use already stays."""
    kept = _locked(session, person_id)
    if kept.totp_since is None:
        credentials.begin_second_factor(session, kept, key)


def confirm_second(
    session: Session, person_id: int, code: str, key: bytes, now: datetime, address: str | None
) -> Sequence[str] | None:
    """Asked for from now on; answers the codes for paper. None for a wrong code."""
    kept = _locked(session, person_id)
    plain = "".join(char for char in code if char.isalnum())
    if kept.totp_since is not None or not credentials.takes_code(kept, plain, key, now):
        return None
    kept.totp_since = now
    _record(session, "person.second_factor", person_id, now, person_id, address)
    return credentials.new_recovery_codes(kept)


def new_codes(
    session: Session, person_id: int, now: datetime, address: str | None
) -> Sequence[str] | None:
    """Other codes for paper; None where no second factor is asked for."""
    kept = _locked(session, person_id)
    if kept.totp_since is None:
        return None
    _record(session, "person.second_factor", person_id, now, person_id, address)
    return credentials.new_recovery_codes(kept)


def end_second(session: Session, person_id: int, now: datetime, address: str | None) -> None:
    credentials.end_second_factor(_locked(session, person_id))
    _record(session, "person.second_factor", person_id, now, person_id, address)


def _locked(session: Session, person_id: int) -> Credential:
    return session.get_one(Credential, person_id, with_for_update=True)


def _record(
    session: Session,
    action: str,
    person_id: int,
    now: datetime,
    by: int | None,
    address: str | None = None,
) -> None:
    """That it was done and by whom; never a secret."""
    audit.record(
        session,
        actor_id=by,
        action=action,
        subject=f"person:{person_id}",
        before=None,
        after=None,
        now=now,
        address=address,
    )
