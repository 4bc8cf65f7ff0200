"""Takes what an admin set into this process, seconds after it was set in whatever process."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from domain.sentence import Fact, Say
from logs import failure
from models import Database, DatabaseUnavailable
from services import office
from services.desk import Rules
from services.live_rules import LiveRules
from services.office import Own, SettingsRefused
from settings import Service

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds; two short tables are read, beside all requests
_STOPS_WITHIN = 10.0  # seconds

Made = Callable[[Service], Rules]


class Overlaid(Protocol):
    """Sentences over which others can be put."""

    def put_over(self, own: Mapping[str, str]) -> None: ...


class Office:
    """A thread that looks; nobody who reads rules or sentences waits for it, or for a database."""

    def __init__(
        self,
        database: Database,
        rules: LiveRules,
        made: Made,
        service: Service,
        *texts: Overlaid,
    ) -> None:
        self._database = database
        self._rules = rules
        self._made = made
        self._service = service
        self._texts = texts
        self._known = Own()
        self._one = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="office", daemon=True)

    @property
    def given(self) -> Mapping[str, Any]:
        """What config.yaml says of the service, by name, as it is kept."""
        return kept(self._service)

    def rules_with(self, own: Mapping[str, Any]) -> Rules:
        """The rules if the admin set this; SettingsRefused for what cannot be."""
        return self._made(service_of(self._service, own))

    def values_with(self, own: Mapping[str, Any]) -> Mapping[str, Any]:
        """All values of the service with these, as they are kept; SettingsRefused as well."""
        return kept(service_of(self._service, own))

    def start(self) -> None:
        self._look()
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(_STOPS_WITHIN)

    def refresh(self) -> None:
        """What was committed holds in this process when this returns."""
        with self._one, self._database.reading() as session:
            found = office.own(session)
            if found == self._known:
                return
            self._rules.put(self.rules_with(found.service))
            for each in self._texts:
                each.put_over(found.sentences)
            self._known = found
        log.info("office_refreshed settings=%d texts=%d", len(found.service), len(found.sentences))

    def _run(self) -> None:
        while not self._stopped.wait(EVERY):
            self._look()

    def _look(self) -> None:
        """Whatever is wrong, what held before goes on holding."""
        try:
            self.refresh()
        except DatabaseUnavailable:
            log.info("office_not_refreshed")
        except SettingsRefused as refused:
            log.error("office_settings_refused names=%s", refused)
        except Exception as error:
            failure(log, "office_failed", error)


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
