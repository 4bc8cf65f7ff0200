"""Takes what an admin set into this process, seconds after it was set in whatever process."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import ValidationError

from domain.calendar import ServiceHours
from domain.sentence import Fact, Say
from logs import failure
from loop import Loop
from models import Database, DatabaseUnavailable, Session
from services import agreements, office, service_calendar
from services.agreements import Version
from services.desk import Rules
from services.live_rules import LiveRules
from services.office import Own, SettingsRefused
from services.service_calendar import CalendarRows
from settings import Service

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds; a few short tables are read, beside all requests
_WARNS_EVERY = timedelta(hours=1)  # whether there is something to warn of

Made = Callable[[Service], Rules]


class Overlaid(Protocol):
    """Sentences over which others can be put."""

    def put_over(self, own: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that was set, and which version of the promises holds."""

    own: Own = field(default_factory=Own)
    calendar: CalendarRows = field(default_factory=CalendarRows)
    versions: Sequence[Version] = ()
    in_force: Version | None = None


class Office:
    """A thread that looks; nobody who reads rules or sentences waits for it, or for a database."""

    def __init__(
        self,
        database: Database,
        rules: LiveRules,
        made: Made,
        service: Service,
        clock: Callable[[], datetime],
        *texts: Overlaid,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules
        self._made = made
        self._service = service
        self._texts = texts
        self._also: list[Callable[[], None]] = []
        self._known = _Seen()
        self._warned_at: datetime | None = None
        self._one = threading.Lock()
        self._loop = Loop("office", self._look, first=EVERY)

    @property
    def given(self) -> Mapping[str, Any]:
        """What config.yaml says of the service, by name, as it is kept."""
        return kept(self._service)

    def rules_with(self, own: Mapping[str, Any]) -> Rules:
        """The rules if the admin set this; SettingsRefused for what cannot be."""
        return self._rules_of(replace(self._known, own=Own(own)))

    def hours_with(self, rows: CalendarRows) -> ServiceHours:
        """The calendar if the admin set this."""
        base = self._made(service_of(self._service, self._known.own.service)).hours
        return service_calendar.hours_with(base, rows)

    def values_with(self, own: Mapping[str, Any]) -> Mapping[str, Any]:
        """All values of the service with these, as they are kept; SettingsRefused as well."""
        return kept(service_of(self._service, own))

    def start(self) -> None:
        self._look()
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def also(self, refresh: Callable[[], None]) -> None:
        """Something else that is set at run time, looked after with the rest."""
        self._also.append(refresh)

    def refresh(self) -> None:
        """What was committed holds in this process when this returns."""
        for look in self._also:
            look()
        with self._one, self._database.reading() as session:
            found = self._seen(session)
            if found == self._known:
                return
            self._rules.put(self._rules_of(found))
            for each in self._texts:
                each.put_over(found.own.sentences)
            self._known = found
        log.info(
            "office_refreshed settings=%d texts=%d weeks=%d days=%d versions=%d",
            len(found.own.service),
            len(found.own.sentences),
            len(found.calendar.weeks),
            len(found.calendar.days),
            len(found.versions),
        )

    def _seen(self, session: Session) -> _Seen:
        versions = agreements.versions(session)
        return _Seen(
            office.own(session),
            service_calendar.own(session),
            versions,
            agreements.in_force(versions, self._clock()),
        )

    def _rules_of(self, seen: _Seen) -> Rules:
        """The service's own values, the calendar and the promises above them."""
        rules = self._made(service_of(self._service, seen.own.service))
        return replace(
            rules,
            hours=service_calendar.hours_with(rules.hours, seen.calendar),
            agreement=seen.in_force.agreement if seen.in_force else rules.agreement,
            agreements={
                None: rules.agreement,
                **{each.id: each.agreement for each in seen.versions},
            },
        )

    def _warn(self) -> None:
        """Of a year that nobody has entered: looked for now and then, told once a week (R-072)."""
        now, hours = self._clock(), self._rules.hours
        if self._warned_at is not None and now < self._warned_at + _WARNS_EVERY:
            return
        self._warned_at = now
        if hours.missing_year(now) is not None:
            with self._database.transaction() as session:
                service_calendar.warn(session, hours, now)

    def _look(self) -> float:
        """Whatever is wrong, what held before goes on holding."""
        try:
            self.refresh()
            self._warn()
        except DatabaseUnavailable:
            log.info("office_not_refreshed")
        except SettingsRefused as refused:
            log.error("office_settings_refused names=%s", refused)
        except Exception as error:
            failure(log, "office_failed", error)
        return EVERY


def service_of(service: Service, own: Mapping[str, Any]) -> Service:
    """The section with the admin's values, held to the same rules as config.yaml."""
    try:
        return Service.model_validate({**service.model_dump(), **own})
    except ValidationError as error:
        raise SettingsRefused(dict(_problems(error))) from None


def kept(service: Service) -> dict[str, Any]:
    """As rows keep it: 08:00, 120."""
    return {
        name: value.isoformat("minutes") if hasattr(value, "isoformat") else value
        for name, value in service.model_dump().items()
    }


def _problems(error: ValidationError) -> list[tuple[str, Say]]:
    found = []
    for each in error.errors(include_url=False, include_input=False):
        name = str(each["loc"][0]) if each["loc"] else "closes"
        found.append((name, _told(each["type"], each.get("ctx", {}))))
    return found


_KINDS = {
    "greater_than_equal": ("admin.settings.too_small", "ge"),
    "less_than_equal": ("admin.settings.too_large", "le"),
    "string_too_long": ("admin.settings.too_long", "max_length"),
    "value_error": ("admin.settings.closes_first", ""),
    "extra_forbidden": ("admin.settings.unknown", ""),
}


def _told(kind: str, context: Mapping[str, Any]) -> Say:
    key, limit = _KINDS.get(kind, ("", ""))
    if not key:
        return Say(
            "admin.settings.no_time" if kind.startswith("time") else "admin.settings.no_number"
        )
    facts: dict[str, Fact] = {"limit": int(context[limit])} if limit else {}
    return Say(key, facts)
