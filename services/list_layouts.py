"""How somebody has a table: which columns, in which order, how wide; each their own (C §1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from domain.permissions import Permission, demand
from models import ListLayout

if TYPE_CHECKING:
    from services.desk import Desk

NARROWEST, WIDEST = 48, 800  # pixels of a column
_MOST = 40  # columns


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns in their order; none of them: as the table is at first."""

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)


def kept(desk: "Desk", place: str) -> Layout:
    """The actor's own of this list."""
    row = desk.session.get(ListLayout, (desk.actor.id, place))
    if row is None:
        return Layout()
    return Layout(tuple(row.columns), {name: int(width) for name, width in row.widths.items()})


def keep(desk: "Desk", place: str, columns: Sequence[str], widths: Mapping[str, int]) -> None:
    """From now on the actor has this list so; widths that nobody can read or reach are not kept."""
    demand(desk.actor.roles, Permission.TICKET_LIST)
    near = {name: min(max(width, NARROWEST), WIDEST) for name, width in widths.items()}
    desk.session.merge(
        ListLayout(
            person_id=desk.actor.id,
            place=place,
            columns=list(dict.fromkeys(columns))[:_MOST],
            widths=dict(list(near.items())[:_MOST]),
            changed_at=desk.now,
        )
    )


def forget(desk: "Desk", place: str) -> None:
    """As it is at first."""
    row = desk.session.get(ListLayout, (desk.actor.id, place))
    if row is not None:
        desk.session.delete(row)
