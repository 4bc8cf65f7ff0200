"""Customer-service accounts: who is online, with how many talks, and whose account it is (W1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.takeover import ClerkSeen, may_be_named, spoken_name
from models import Clerk, Person, Takeover, TalkLine, table_of
from models.inserting import insert_into

_clerks = table_of(Clerk)
_BY_CONSOLE = "person:"  # no account of the platform's: those have an @


@dataclass(frozen=True, slots=True)
class Account:
    """What the platform tells of an account that it lists."""

    account: str
    nickname: str
    is_bound: bool


@dataclass(frozen=True, slots=True)
class ClerkView:
    """An account and whose it is, for whoever runs the desk."""

    account: str
    nickname: str
    is_bound: bool
    is_online: bool
    sessions: int
    seen_at: datetime
    person: str | None


def was_seen_since(session: Session, since: datetime) -> bool:
    """Whether some process has asked the platform already."""
    newest = session.scalar(select(func.max(Clerk.seen_at)))
    return newest is not None and newest > since


def keep_online(session: Session, sessions: Mapping[str, int], now: datetime) -> bool:
    """Who is online, with how many talks; whether all of them were known before."""
    known = set(session.scalars(select(Clerk.account)))
    session.execute(
        update(Clerk).values(is_online=False, sessions=0, seen_at=now),
        execution_options={"synchronize_session": False},
    )
    for account, count in sessions.items():
        session.execute(
            update(Clerk)
            .where(Clerk.account == account)
            .values(is_online=True, sessions=count, is_bound=True),
            execution_options={"synchronize_session": False},
        )
    return sessions.keys() <= known


def keep_accounts(session: Session, accounts: Iterable[Account], now: datetime) -> None:
    """Names and bindings as the platform lists them; an account that is gone is offline."""
    for each in accounts:
        row = {"account": each.account, "nickname": each.nickname[:40], "is_bound": each.is_bound}
        _upsert(session, row, now)


def _upsert(session: Session, row: dict[str, object], now: datetime) -> None:
    connection = session.connection()
    fresh = {"is_online": False, "sessions": 0, "seen_at": now}
    statement = insert_into(session, _clerks).values({**row, **fresh})
    connection.execute(
        statement.on_conflict_do_update(index_elements=[_clerks.c.account], set_=row)
    )


def map_to(session: Session, account: str, person_id: int, now: datetime) -> None:
    """From now on this account speaks with this person's name."""
    row = {"account": account, "person_id": person_id}
    if session.get(Clerk, account) is None:
        row |= {"nickname": account.partition("@")[0], "is_bound": False}
    else:
        session.execute(
            update(Clerk).where(Clerk.account == account).values(person_id=person_id),
            execution_options={"synchronize_session": False},
        )
        return
    _upsert(session, row, now)


def person_of(session: Session, account: str) -> int | None:
    return session.scalar(select(Clerk.person_id).where(Clerk.account == account))


def name_of(session: Session, account: str | None) -> str | None:
    """As the person reads it: the name of whose account it is, or its nickname."""
    if account is not None and account.startswith(_BY_CONSOLE):
        return person_name(session, int(account.removeprefix(_BY_CONSOLE)))
    row = session.execute(
        select(Person.name, Clerk.nickname)
        .select_from(Clerk)
        .join(Person, Person.id == Clerk.person_id, isouter=True)
        .where(Clerk.account == account)
    ).first()
    return (row.name or spoken_name(row.nickname)) if row else None


def console_account(person_id: int) -> str:
    """What stands for an account in the lines of somebody who writes by the console."""
    return f"{_BY_CONSOLE}{person_id}"


def name_in(session: Session, talk: Takeover) -> str | None:
    """Who holds a talk, or held it, as the person reads it."""
    if talk.kf_account is not None:
        return name_of(session, talk.kf_account)
    return person_name(session, talk.clerk_id)


def person_name(session: Session, person_id: int | None) -> str | None:
    return session.scalar(select(Person.name).where(Person.id == person_id))


def is_free(session: Session, account: str, room: int, now: datetime) -> bool:
    """Whether the account may be named at a transfer."""
    clerk = session.get(Clerk, account)
    if clerk is None:
        return False
    return may_be_named(ClerkSeen(clerk.is_online, clerk.sessions, clerk.seen_at), room, now)


def listed(session: Session) -> Sequence[ClerkView]:
    rows = session.execute(
        select(Clerk, Person.name)
        .join(Person, Person.id == Clerk.person_id, isouter=True)
        .order_by(Clerk.account)
    )
    return [
        ClerkView(
            clerk.account,
            clerk.nickname,
            clerk.is_bound,
            clerk.is_online,
            clerk.sessions,
            clerk.seen_at,
            name,
        )
        for clerk, name in rows
    ]


def last_said_at(session: Session, takeover_id: int) -> datetime | None:
    """When the desk last said something in a talk."""
    return session.scalar(
        select(func.max(TalkLine.said_at)).where(
            TalkLine.takeover_id == takeover_id, TalkLine.is_clerk
        )
    )
