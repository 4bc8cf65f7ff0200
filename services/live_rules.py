"""The rules as they stand now: whoever holds this sees what an admin sets within seconds."""

from collections.abc import Mapping

from domain.calendar import ServiceHours
from domain.complaints import ComplaintRules
from domain.deadlines import Targets
from domain.delivery import ReachRules
from domain.knowledge import KnowledgeRules
from domain.takeover import TakeoverRules
from domain.targets import Agreement
from domain.understanding import LearningRules
from domain.webhooks import WebhookRules
from services.desk import Rules


class LiveRules(Rules):
    """Rules that can be exchanged while everybody holds them; each reading is of one state."""

    __slots__ = ("_current",)
    _current: Rules

    def __init__(self, current: Rules) -> None:
        self.put(current)

    def put(self, current: Rules) -> None:
        """From now on these hold."""
        object.__setattr__(self, "_current", current)

    @property
    def current(self) -> Rules:
        return self._current

    @property
    def targets(self) -> Targets:
        return self._current.targets

    @property
    def hours(self) -> ServiceHours:
        return self._current.hours

    @property
    def agreement(self) -> Agreement:
        return self._current.agreement

    @property
    def agreements(self) -> Mapping[int | None, Agreement]:
        return self._current.agreements

    @property
    def max_open_tickets(self) -> int:
        return self._current.max_open_tickets

    @property
    def desk_phone(self) -> str:
        return self._current.desk_phone

    @property
    def reach(self) -> ReachRules:
        return self._current.reach

    @property
    def takeover(self) -> TakeoverRules:
        return self._current.takeover

    @property
    def complaints(self) -> ComplaintRules:
        return self._current.complaints

    @property
    def knowledge(self) -> KnowledgeRules:
        return self._current.knowledge

    @property
    def learning(self) -> LearningRules:
        return self._current.learning

    @property
    def fill_ahead_weeks(self) -> int:
        return self._current.fill_ahead_weeks

    @property
    def webhooks(self) -> WebhookRules:
        return self._current.webhooks
