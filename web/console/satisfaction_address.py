"""What the pages of ratings and complaints are asked, in their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest

from domain.category import Category
from domain.months import Month
from services.satisfaction import By, Wanted
from web.console.address_parts import month_of, number_of

_LONGEST = 80  # characters of an office or a department
_NARROWED = ("team", "engineer", "category", "office", "department")


@dataclass(frozen=True, slots=True)
class Asked:
    """A month, what it is narrowed to, and what the tables have a line for each of."""

    wanted: Wanted
    by: By = By.ENGINEER

    @property
    def chosen(self) -> Mapping[str, str]:
        """What it is narrowed to, as the address says it."""
        return {name: value for name, value in _written(self.wanted).items() if value}

    def address(self, path: str, **changed: Any) -> str:
        """The same with something else; None or an empty one is left out."""
        kept = {
            "month": str(self.wanted.month),
            "by": self.by.value,
            **self.chosen,
            **changed,
        }
        said = {name: str(value) for name, value in kept.items() if value not in ("", None)}
        return f"{path}?{urlencode(said)}"

    def at(self, month: Month) -> "Asked":
        return replace(self, wanted=replace(self.wanted, month=month))


def _written(wanted: Wanted) -> dict[str, str]:
    return {
        "team": str(wanted.team_id or ""),
        "engineer": str(wanted.engineer_id or ""),
        "category": wanted.category.value if wanted.category else "",
        "office": wanted.office,
        "department": wanted.department,
    }


def read(arguments: Mapping[str, str], now: datetime) -> Asked:
    """BadRequest for what no page of ours leads to."""
    given = {name: arguments.get(name, "").strip() for name in (*_NARROWED, "month", "by")}
    try:
        return Asked(
            Wanted(
                month=month_of(given["month"], now),
                team_id=number_of(given["team"]),
                engineer_id=number_of(given["engineer"]),
                category=Category(given["category"]) if given["category"] else None,
                office=given["office"][:_LONGEST],
                department=given["department"][:_LONGEST],
            ),
            By(given["by"]) if given["by"] else By.ENGINEER,
        )
    except ValueError:
        raise BadRequest() from None
