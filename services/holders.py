"""The holder of a talk: one row for each person, compared and set in one statement (I7, R-090)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import Conversation, Holder, table_of

_talks = table_of(Conversation)
_OF = (
    select(
        _talks.c.person_id,
        _talks.c.holder,
        _talks.c.held_since,
        _talks.c.held_until,
        _talks.c.kf_account,
        _talks.c.ticket_id,
        _talks.c.clerk_id,
    )
    .where(_talks.c.person_id == bindparam("of_person"))
    .with_for_update()
)
_UNCHANGED = (
    _talks.c.person_id == bindparam("of_person"),
    _talks.c.holder == bindparam("was_holder"),
    _talks.c.held_since.is_not_distinct_from(
        bindparam("was_since", type_=_talks.c.held_since.type)
    ),
    _talks.c.clerk_id.is_not_distinct_from(bindparam("was_clerk", type_=_talks.c.clerk_id.type)),
)
_CHANGE = (
    update(_talks)
    .where(*_UNCHANGED)
    .values(
        holder=bindparam("holder"),
        held_since=bindparam("since"),
        held_until=bindparam("until"),
        kf_account=bindparam("account"),
        clerk_id=bindparam("clerk"),
    )
)
_RENEW = (
    update(_talks)
    .where(*_UNCHANGED, _talks.c.held_until < bindparam("until"))
    .values(held_until=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a talk, since when by the platform's clock, and until when by ours."""

    person_id: int
    holder: Holder
    since: datetime | None
    until: datetime | None
    kf_account: str | None
    ticket_id: int | None  # last spoken of
    clerk_id: int | None = None  # who holds it by the console; never together with an account

    @property
    def is_by_console(self) -> bool:
        return self.holder is Holder.CLERK and self.clerk_id is not None


def held(session: Session, person_id: int) -> Held:
    """As it is, under its lock until the transaction ends."""
    row = session.connection().execute(_OF, {"of_person": person_id}).one()
    return Held(
        row.person_id,
        row.holder,
        row.held_since,
        row.held_until,
        row.kf_account,
        row.ticket_id,
        row.clerk_id,
    )


def to_clerk(
    session: Session, former: Held, account: str, since: datetime, until: datetime
) -> bool:
    """False if somebody else has changed it meanwhile: who loses stays silent (R-090)."""
    return _changed(session, former, Holder.CLERK, since, until, account)


def to_console(
    session: Session, former: Held, clerk_id: int, since: datetime, until: datetime
) -> bool:
    """The same for a clerk who writes by the console; there is no session of the platform's."""
    return _changed(session, former, Holder.CLERK, since, until, None, clerk_id)


def to_queue(session: Session, former: Held, since: datetime, until: datetime) -> bool:
    return _changed(session, former, Holder.WAITING, since, until, None)


def to_bot(session: Session, former: Held) -> bool:
    return _changed(session, former, Holder.BOT, None, None, None)


def renew(session: Session, former: Held, until: datetime) -> bool:
    """A sign of life: the lease is never made shorter."""
    values = {**_as_it_was(former), "until": until}
    return session.connection().execute(_RENEW, values).rowcount == 1


def _changed(
    session: Session,
    former: Held,
    holder: Holder,
    since: datetime | None,
    until: datetime | None,
    account: str | None,
    clerk_id: int | None = None,
) -> bool:
    values = {
        **_as_it_was(former),
        "holder": holder,
        "since": since,
        "until": until,
        "account": account,
        "clerk": clerk_id,
    }
    return session.connection().execute(_CHANGE, values).rowcount == 1


def _as_it_was(former: Held) -> dict[str, object]:
    return {
        "of_person": former.person_id,
        "was_holder": former.holder,
        "was_since": former.since,
        "was_clerk": former.clerk_id,
    }
