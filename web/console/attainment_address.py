"""What the attainment pages are asked, in their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest

from domain.category import Category
from domain.months import Month
from domain.priority import Priority
from domain.targets import TargetKind
from services.attainment import By, Wanted
from services.misses import After
from web.console.address_parts import month_of, number_of

_LONGEST = 60  # characters of a department or of a rule's name
_NARROWED = ("kind", "team", "category", "priority", "rule", "department", "engineer")


@dataclass(frozen=True, slots=True)
class Asked:
    """A month, what it is narrowed to, and how it is laid out."""

    wanted: Wanted
    by: By = By.TEAM
    is_open: bool = False  # misses that nobody has explained, alone
    after: After | None = None

    @property
    def chosen(self) -> Mapping[str, str]:
        """What it is narrowed to, as the address says it."""
        return {name: value for name, value in _written(self.wanted).items() if value}

    def address(self, path: str, **changed: Any) -> str:
        """The same with something else; None or an empty one is left out."""
        kept = {
            "month": str(self.wanted.month),
            "by": self.by.value,
            "open": "1" if self.is_open else "",
            **self.chosen,
            **changed,
        }
        said = {name: str(value) for name, value in kept.items() if value not in ("", None)}
        return f"{path}?{urlencode(said)}"

    def at(self, month: Month) -> "Asked":
        return replace(self, wanted=replace(self.wanted, month=month))


def _written(wanted: Wanted) -> dict[str, str]:
    return {
        "kind": wanted.kind.value if wanted.kind else "",
        "team": str(wanted.team_id or ""),
        "category": wanted.category.value if wanted.category else "",
        "priority": wanted.priority.name.lower() if wanted.priority else "",
        "rule": wanted.rule,
        "department": wanted.department,
        "engineer": str(wanted.engineer_id or ""),
    }


def read(arguments: Mapping[str, str], now: datetime) -> Asked:
    """BadRequest for what no page of ours leads to."""
    given = {name: arguments.get(name, "").strip() for name in (*_NARROWED, "month", "by", "after")}
    try:
        return Asked(
            Wanted(
                month=month_of(given["month"], now),
                kind=TargetKind(given["kind"]) if given["kind"] else None,
                team_id=number_of(given["team"]),
                engineer_id=number_of(given["engineer"]),
                category=Category(given["category"]) if given["category"] else None,
                priority=Priority[given["priority"].upper()] if given["priority"] else None,
                rule=given["rule"][:_LONGEST],
                department=given["department"][:_LONGEST],
            ),
            By(given["by"]) if given["by"] else By.TEAM,
            arguments.get("open", "") == "1",
            _after(given["after"]),
        )
    except (ValueError, KeyError):
        raise BadRequest() from None


def after_written(after: After | None) -> str:
    return f"{after[0].isoformat()}~{after[1]}" if after else ""


def _after(written: str) -> After | None:
    if not written:
        return None
    at, _, number = written.partition("~")
    instant = datetime.fromisoformat(at)
    if instant.tzinfo is None:
        raise ValueError(written)
    return instant, number_of(number) or 0
