"""Where the talk with each person stands: loaded under its lock, saved in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.delivery import Wallet
from domain.permissions import Role
from domain.speaker import Speaker
from models import Conversation, Holder, Person, table_of
from models.inserting import insert_into
from services.held import WAITS_FOR_PERSON
from services.outbox import wallet_of

_people, _talks = table_of(Person), table_of(Conversation)

# The hot path: built once, run for every message.
_LOAD = (
    select(
        _people.c.id,
        _people.c.openid,
        _people.c.roles,
        _people.c.name.label("person_name"),
        _people.c.department,
        _people.c.office,
        _people.c.phone,
        _people.c.extension,
        _talks.c.name,
        _talks.c.step,
        _talks.c.draft,
        _talks.c.serial,
        _talks.c.misses,
        _talks.c.ticket_id,
        _talks.c.stepped_at,
        _talks.c.holder,
        _talks.c.held_since,
        _talks.c.kf_account,
        _talks.c.held_until,
        _talks.c.heard_at,
        _talks.c.heard_left,
        _talks.c.tapped_at,
        _talks.c.tapped_left,
        _talks.c.tapped_by,
        _people.c.unreached_since,
        WAITS_FOR_PERSON,
    )
    .join_from(_people, _talks, _talks.c.person_id == _people.c.id)
    .where(_people.c.openid == bindparam("of_openid"))
    .with_for_update(of=_talks)
)
_SAVE = (
    update(_talks)
    .where(_talks.c.person_id == bindparam("of_person"))
    .values(
        name=bindparam("name"),
        step=bindparam("step"),
        draft=bindparam("draft"),
        serial=bindparam("serial"),
        misses=bindparam("misses"),
        ticket_id=bindparam("ticket_id"),
        stepped_at=bindparam("stepped_at"),
        heard_at=bindparam("heard_at"),
        heard_left=bindparam("heard_left"),
        tapped_at=bindparam("tapped_at"),
        tapped_left=bindparam("tapped_left"),
        tapped_by=bindparam("tapped_by"),
    )
)
_WHO = select(_people.c.id).where(_people.c.openid == bindparam("of_openid"))
_NAME = (
    select(_talks.c.name)
    .join_from(_talks, _people, _people.c.id == _talks.c.person_id)
    .where(_people.c.openid == bindparam("of_openid"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation waits, and what is known so far."""

    name: str | None = None
    step: str | None = None
    draft: Mapping[str, Any] = field(default_factory=dict)
    serial: int = 0
    misses: int = 0
    ticket_id: int | None = None
    stepped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """One person and their conversation, locked until the transaction ends."""

    speaker: Speaker
    standing: Standing
    holder: Holder
    held_since: datetime | None
    held_until: datetime | None
    kf_account: str | None
    wallet: Wallet
    is_unreached: bool  # a notice did not get through, and nothing was heard of them since
    has_held: bool  # notices wait for them to say something


def load(session: Session, openid: str, now: datetime) -> Talk:
    """The person's talk under its lock; somebody new is made known first."""
    connection = session.connection()
    row = connection.execute(_LOAD, {"of_openid": openid}).first()
    if row is None:
        _make_known(session, openid, now)
        row = connection.execute(_LOAD, {"of_openid": openid}).one()
    return Talk(
        Speaker(
            row.id,
            row.openid,
            row.roles,
            row.person_name,
            row.department,
            row.office,
            row.phone,
            row.extension,
        ),
        Standing(
            row.name,
            row.step,
            row.draft or {},
            row.serial,
            row.misses,
            row.ticket_id,
            row.stepped_at,
        ),
        row.holder,
        row.held_since,
        row.held_until,
        row.kf_account,
        wallet_of(row),
        row.unreached_since is not None,
        row.has_held,
    )


def save(session: Session, person_id: int, standing: Standing, wallet: Wallet) -> None:
    """Keep where the talk stands now, and which windows are open."""
    session.connection().execute(
        _SAVE,
        {
            "of_person": person_id,
            "name": standing.name,
            "step": standing.step,
            "draft": dict(standing.draft),
            "serial": standing.serial,
            "misses": standing.misses,
            "ticket_id": standing.ticket_id,
            "stepped_at": standing.stepped_at,
            "heard_at": wallet.heard_at,
            "heard_left": wallet.heard_left,
            "tapped_at": wallet.tapped_at,
            "tapped_left": wallet.tapped_left,
            "tapped_by": wallet.tapped_by,
        },
    )


def under_way(session: Session, openid: str) -> Standing:
    """Which conversation waits, asked without a lock and whoever it is."""
    name = session.connection().execute(_NAME, {"of_openid": openid}).scalar()
    return Standing(name=name)


def forget(session: Session, openid: str) -> None:
    """The conversation under way is over; who the person is stays known."""
    of_person = select(_people.c.id).where(_people.c.openid == openid).scalar_subquery()
    session.connection().execute(
        update(_talks)
        .where(_talks.c.person_id == of_person)
        .values(name=None, step=None, draft={}, misses=0)
    )


def _make_known(session: Session, openid: str, now: datetime) -> None:
    """Two first messages at once make one person: the second insert changes nothing."""
    new = {
        "openid": openid,
        "roles": frozenset({Role.REQUESTER}),
        "is_following": True,
        "created_at": now,
    }
    connection = session.connection()
    connection.execute(_insert_once(session, _people).values(new))
    person_id = connection.execute(_WHO, {"of_openid": openid}).scalar_one()
    connection.execute(_insert_once(session, _talks).values(fresh(person_id)))


def fresh(person_id: int) -> dict[str, Any]:
    """The row of a person with whom nobody has talked yet."""
    return {
        "person_id": person_id,
        "draft": {},
        "serial": 0,
        "misses": 0,
        "holder": Holder.BOT,
        "heard_left": 0,
        "tapped_left": 0,
    }


def _insert_once(session: Session, table: Any) -> Any:
    return insert_into(session, table).on_conflict_do_nothing()


def add(session: Session, person_id: int) -> None:
    """A conversation for somebody who was made known by the desk."""
    session.connection().execute(insert(_talks).values(fresh(person_id)))
