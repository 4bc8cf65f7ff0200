"""What part of the roster a page shows and what a press in it does: its address, read and made."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from domain.category import Category
from domain.cover import day_of
from web.console.routes import PATH
from web.forms import Field
from web.site import site

HOME = f"{PATH}/roster"
OFF = "off"
MONTHS = 24
"""How far from today somebody may look."""

FIELDS = (
    Field("week", 10),
    Field("month", 7),
    Field("team", 10),
    Field("brush", 10),
    Field("category", choices=tuple(each.value for each in Category)),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A week from Monday on, or a month; `brush`: a shift's id, OFF, or nothing for looking."""

    first: date
    is_month: bool = False
    team_id: int | None = None
    brush: str = ""
    category: Category | None = None

    @property
    def count(self) -> int:
        return monthrange(self.first.year, self.first.month)[1] if self.is_month else 7

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.count)]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.count - 1)

    @property
    def shift_id(self) -> int | None:
        return int(self.brush) if self.brush.isdecimal() else None

    @property
    def values(self) -> dict[str, str]:
        """As fields of a form and as the query keep it."""
        when = {"month": f"{self.first:%Y-%m}"} if self.is_month else {"week": f"{self.first}"}
        others = {
            "team": str(self.team_id or ""),
            "brush": self.brush,
            "category": self.category.value if self.category else "",
        }
        return when | {name: value for name, value in others.items() if value}

    def path(self, **more: str) -> str:
        return f"{HOME}?{urlencode(self.values | more)}"

    def with_brush(self, brush: str) -> "Shown":
        return replace(self, brush=brush)

    def with_team(self, team_id: int | None) -> "Shown":
        return replace(self, team_id=team_id)

    def with_category(self, category: Category | None) -> "Shown":
        return replace(self, category=category)

    def at(self, day: date, *, is_month: bool) -> "Shown":
        first = day.replace(day=1) if is_month else monday_of(day)
        return replace(self, first=first, is_month=is_month)

    def before(self) -> "Shown":
        return self.at(self.first - timedelta(days=1), is_month=self.is_month)

    def after(self) -> "Shown":
        return self.at(self.last + timedelta(days=1), is_month=self.is_month)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def read(values: Mapping[str, str]) -> Shown:
    """Whatever stands there; what is no date, or too far away, is this week."""
    today = day_of(site().now())
    month = _day(f"{values.get('month', '')}-01", today)
    day = month or _day(values.get("week", ""), today) or today
    team, brush = values.get("team", ""), values.get("brush", "")
    categories = {each.value: each for each in Category}
    shown = Shown(
        monday_of(day),
        team_id=int(team) if _is_number(team) else None,
        brush=brush if brush == OFF or _is_number(brush) else "",
        category=categories.get(values.get("category", "")),
    )
    return shown.at(day, is_month=month is not None)


def _day(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs((day - today).days) <= MONTHS * 31 else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
