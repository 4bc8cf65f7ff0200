"""The address of a list says all of it: view, filters, order, columns, page (C §1: link-able)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from domain.calendar import CHINA
from domain.category import Category
from domain.lifecycle import Status
from domain.priority import Priority
from models import IntakeChannel
from services.listing_wanted import SIZES, Cursor, Filters, Sort, View, Wanted

PATH = "/console/queue"
FIXED = ("number", "symptom")  # the columns that every table has
COLUMNS = (
    "category",
    "priority",
    "status",
    "requester",
    "department",
    "place",
    "device",
    "engineer",
    "opened",
    "due",
    "result_due",
    "changed",
    "channel",
    "score",
    "wished",
)
SHOWN_FIRST = (
    "category",
    "priority",
    "status",
    "requester",
    "department",
    "place",
    "engineer",
    "opened",
    "due",
    "channel",
)
SORTED_BY = {
    "opened": Sort.OPENED,
    "result_due": Sort.DUE,
    "priority": Sort.PRIORITY,
    "wished": Sort.WISHED,
}
"""The columns that a click sorts by: those that an index serves."""

PRIORITY_NAMES = {priority.name.lower(): priority for priority in Priority}
_FILTERS = ("status", "category", "priority", "engineer", "channel", "place", "from", "to")
_KEPT_ON_TABS = ("mode", "size", "col")
_MOST = 40  # values of one filter
_ID = re.compile(r"\d{1,9}")
_CURSOR = re.compile(r"(\d{1,2})\.(\d{1,17})\.(\d{1,10})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

Params = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as its address asks for it; what the address says wrong is left out."""

    params: Params
    wanted: Wanted
    own: tuple[str, ...] = ()  # columns that its reader has chosen for this list

    @property
    def is_table(self) -> bool:
        return self.one("mode") == "table"

    @property
    def columns(self) -> tuple[str, ...]:
        """In their order: the reader's own, those of the address, or those of all at first."""
        return self.own or self.params.get("col", ()) or SHOWN_FIRST

    @property
    def names_columns(self) -> bool:
        """Whether somebody was sent these columns; of a saved view each has their own."""
        return "col" in self.params and self.saved is None

    @property
    def place(self) -> str:
        """What a reader's columns are kept under."""
        return "queue" if self.saved is None else f"queue:{self.saved}"

    @property
    def to_keep(self) -> str:
        """The address that a saved view keeps, with the columns that are shown."""
        return encoded(self.params | ({"col": self.columns} if self.is_table else {}))

    @property
    def saved(self) -> int | None:
        return int(self.one("saved")) if "saved" in self.params else None

    def one(self, name: str) -> str:
        return next(iter(self.params.get(name, ())), "")

    def has(self, name: str, value: object) -> bool:
        """Whether this choice of a filter is taken."""
        return str(value) in self.params.get(name, ())

    @property
    def query(self) -> str:
        return encoded(self.params)

    @property
    def path(self) -> str:
        return address(self.params)

    def to(self, **changes: str | None) -> str:
        """The same list but for these; a page number of another list means nothing."""
        kept = {k: v for k, v in self.params.items() if k not in ("after", "before", *changes)}
        return address(kept | {k: (v,) for k, v in changes.items() if v is not None})

    def without(self, name: str, value: str) -> str:
        """The same list with one choice of a filter taken back."""
        kept = {k: v for k, v in self.params.items() if k not in ("after", "before", "saved")}
        kept[name] = tuple(each for each in kept.get(name, ()) if each != value)
        return address(kept)

    def tab(self, view: View) -> str:
        """Another view as this one is shown."""
        kept = {name: self.params[name] for name in _KEPT_ON_TABS if name in self.params}
        return address({"view": (view.value,), **kept})

    @property
    def unfiltered(self) -> str:
        kept = {k: v for k, v in self.params.items() if k not in (*_FILTERS, "after", "before")}
        return address(kept)

    @property
    def lasting(self) -> Params:
        """What a saved view keeps of it."""
        gone = ("after", "before", "saved")
        return {name: values for name, values in self.params.items() if name not in gone}

    @property
    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Each filter that is set, value by value."""
        return tuple((n, value) for n in _FILTERS for value in self.params.get(n, ()))


def read(args: MultiDict[str, str], otherwise: View) -> Asked:
    """What an address asks for; `otherwise`: the view if it names none."""
    params = clean({name: args.getlist(name) for name in args})
    params.setdefault("view", (otherwise.value,))
    return of(params)


def of(params: Params) -> Asked:
    one = {name: values[0] for name, values in params.items() if values}
    return Asked(
        params,
        Wanted(
            view=View(one.get("view", View.TODO)),
            filters=_filters(params),
            sort=Sort(one.get("sort", Sort.HARM)),
            is_descending=one.get("dir") == "down",
            size=int(one.get("size", 50)),
            cursor=_cursor(one),
        ),
    )


def of_saved(kept: Mapping[str, object], saved_id: int) -> Asked:
    """A saved view; what it kept is judged like an address."""
    lists = {k: [str(each) for each in v] for k, v in kept.items() if isinstance(v, list)}
    params = clean(lists)
    return of({**params, "saved": (str(saved_id),)})


def encoded(params: Params) -> str:
    return urlencode([(name, value) for name, values in params.items() for value in values])


def address(params: Params) -> str:
    query = encoded(params)
    return f"{PATH}?{query}" if query else PATH


def cursor_word(cursor: Cursor) -> str:
    return f"{cursor.rank}.{(cursor.at - _EPOCH) // _TICK}.{cursor.id}"


def with_cursor(asked: Asked, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    return asked.to(**{"before" if cursor.is_before else "after": cursor_word(cursor)})


# --- what may stand in an address -----------------------------------------------------------------


def _is_id(value: str) -> bool:
    return bool(_ID.fullmatch(value))


def _is_day(value: str) -> bool:
    return _day(value) is not None


def _is_cursor(value: str) -> bool:
    return _place(value) is not None


def _is_one_of(values: Iterable[object]) -> Callable[[str], bool]:
    return frozenset(map(str, values)).__contains__


_KNOWN: Mapping[str, Callable[[str], bool]] = {
    "view": _is_one_of(View),
    "status": _is_one_of(Status),
    "category": _is_one_of(Category),
    "priority": _is_one_of(PRIORITY_NAMES),
    "engineer": _is_id,
    "channel": _is_one_of(IntakeChannel),
    "place": lambda value: 0 < len(value.strip()) <= 40,
    "from": _is_day,
    "to": _is_day,
    "sort": _is_one_of(Sort),
    "dir": _is_one_of(["up", "down"]),
    "size": _is_one_of(SIZES),
    "mode": _is_one_of(["list", "table"]),
    "col": _is_one_of(COLUMNS),
    "saved": _is_id,
    "after": _is_cursor,
    "before": _is_cursor,
}
_SEVERAL = ("status", "category", "priority", "engineer", "channel", "col")


def clean(given: Mapping[str, list[str]]) -> Params:
    """Known names and values alone, each once."""
    found: Params = {}
    for name, is_right in _KNOWN.items():
        values = [value for value in given.get(name, ()) if is_right(value)]
        most = _MOST if name in _SEVERAL else 1
        if values:
            found[name] = tuple(dict.fromkeys(values))[:most]
    return found


def _filters(params: Params) -> Filters:
    until = _day(next(iter(params.get("to", ())), ""))
    return Filters(
        statuses=tuple(map(Status, params.get("status", ()))),
        categories=tuple(map(Category, params.get("category", ()))),
        priorities=tuple(PRIORITY_NAMES[name] for name in params.get("priority", ())),
        engineers=tuple(map(int, params.get("engineer", ()))),
        channels=tuple(map(IntakeChannel, params.get("channel", ()))),
        place="".join(params.get("place", ())).strip(),
        opened_from=_day(next(iter(params.get("from", ())), "")),
        opened_until=until + timedelta(days=1) if until else None,
    )


def _day(value: str) -> datetime | None:
    """The beginning of a day at the desk."""
    try:
        day = date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None
    if day is None or not 2000 <= day.year <= 2100:
        return None
    return datetime.combine(day, time(), CHINA)


def _cursor(one: Mapping[str, str]) -> Cursor | None:
    if "after" in one:
        return _place(one["after"])
    place = _place(one.get("before", ""))
    return replace(place, is_before=True) if place else None


def _place(value: str) -> Cursor | None:
    match = _CURSOR.fullmatch(value)
    if match is None:
        return None
    rank, at, ticket_id = map(int, match.groups())
    at = min(at, 4_102_444_800_000_000)  # the end of the century
    return Cursor(rank, _EPOCH + at * _TICK, ticket_id)
