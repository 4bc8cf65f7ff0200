"""Lists that somebody keeps under a name: their own, and those that are shared (C §1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand, may
from domain.refusals import NotFound, Refusal
from models import Person, SavedView

if TYPE_CHECKING:
    from services.desk import Desk

MOST = 30  # of one person; more tabs than that are no tabs


class NameTaken(Refusal):
    """Somebody's views have different names."""

    text_key = "saved_view.name_taken"


class TooMany(Refusal):
    """Nobody finds anything among more views."""

    text_key = "saved_view.too_many"


@dataclass(frozen=True, slots=True)
class Kept:
    """One saved view as its reader sees it."""

    id: int
    name: str
    query: Mapping[str, Any]
    is_shared: bool
    is_mine: bool
    owner: str


def listed(desk: "Desk") -> tuple[Kept, ...]:
    """The actor's own in their order, then what colleagues share; few rows, by their indexes."""
    demand(desk.actor.roles, Permission.VIEW_SAVE)
    statement = (
        select(SavedView, Person.name)
        .join(Person, Person.id == SavedView.owner_id)
        .where(or_(SavedView.owner_id == desk.actor.id, SavedView.is_shared))
        .order_by(SavedView.owner_id != desk.actor.id, SavedView.position, SavedView.id)
        .limit(2 * MOST)
    )
    return tuple(
        Kept(
            each.id,
            each.name,
            each.query,
            each.is_shared,
            each.owner_id == desk.actor.id,
            owner or "",
        )
        for each, owner in desk.session.execute(statement)
    )


def save(desk: "Desk", name: str, query: Mapping[str, Any], *, is_shared: bool) -> int:
    """A new view at the end of the actor's; answers its id."""
    demand(desk.actor.roles, Permission.VIEW_SAVE)
    _may_share(desk, is_shared)
    last, count = _last(desk)
    if count >= MOST:
        raise TooMany(most=MOST)
    _demand_free(desk, name)
    view = SavedView(
        owner_id=desk.actor.id,
        name=name,
        query=dict(query),
        is_shared=is_shared,
        position=last + 1,
        made_at=desk.now,
    )
    desk.session.add(view)
    desk.session.flush()
    return view.id


def change(desk: "Desk", view_id: int, name: str, *, is_shared: bool) -> None:
    """Another name; shared with everybody, or no longer."""
    view = _own(desk, view_id)
    if is_shared and not view.is_shared:
        _may_share(desk, is_shared)
    if name != view.name:
        _demand_free(desk, name)
    view.name, view.is_shared = name, is_shared


def update(desk: "Desk", view_id: int, query: Mapping[str, Any]) -> None:
    """The same view, as the list is filtered now."""
    _own(desk, view_id).query = dict(query)


def delete(desk: "Desk", view_id: int) -> None:
    desk.session.delete(_own(desk, view_id))


def move(desk: "Desk", view_id: int, *, is_up: bool) -> None:
    """One place further forward, or back, among the actor's own."""
    views = _all_own(desk.session, desk.actor.id)
    place = next((n for n, each in enumerate(views) if each.id == view_id), None)
    if place is None:
        raise NotFound()
    other = place - 1 if is_up else place + 1
    if 0 <= other < len(views):
        views[place], views[other] = views[other], views[place]
    for position, each in enumerate(views):
        each.position = position


def _own(desk: "Desk", view_id: int) -> SavedView:
    demand(desk.actor.roles, Permission.VIEW_SAVE)
    view = desk.session.get(SavedView, view_id, with_for_update=True)
    if view is None or view.owner_id != desk.actor.id:
        raise NotFound()
    return view


def _all_own(session: Session, person_id: int) -> list[SavedView]:
    statement = (
        select(SavedView)
        .where(SavedView.owner_id == person_id)
        .order_by(SavedView.position, SavedView.id)
        .with_for_update()
    )
    return list(session.scalars(statement))


def _last(desk: "Desk") -> tuple[int, int]:
    statement = select(func.coalesce(func.max(SavedView.position), -1), func.count()).where(
        SavedView.owner_id == desk.actor.id
    )
    last, count = desk.session.execute(statement).one()
    return last, count


def _may_share(desk: "Desk", is_shared: bool) -> None:
    if is_shared:
        demand(desk.actor.roles, Permission.VIEW_SHARE)


def may_share(desk: "Desk") -> bool:
    return may(desk.actor.roles, Permission.VIEW_SHARE)


def _demand_free(desk: "Desk", name: str) -> None:
    taken = select(SavedView.id).where(SavedView.owner_id == desk.actor.id, SavedView.name == name)
    if desk.session.scalar(taken) is not None:
        raise NameTaken(name=name)
