"""What the desk promises, as versions: who is due what, within how long, on which clock (F14, R4).

RESPONSE   the first act of a person: an engineer accepts, the desk answers, somebody solves it
DIAGNOSIS  a solution, or the first word of what it is: progress told, held with a reason
FEEDBACK   a solution, or news of progress; each one given starts the next
RESOLUTION a solution; only where an agreement asks for it
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any

from domain.calendar import Runs
from domain.escalation import DEFAULT_LADDER, Ladder
from domain.priority import Priority


class TargetKind(StrEnum):
    RESPONSE = auto()
    DIAGNOSIS = auto()
    FEEDBACK = auto()
    RESOLUTION = auto()


class TargetState(StrEnum):
    """How a promise stands, or ended."""

    RUNNING = auto()
    MET = auto()
    MISSED = auto()  # it came late, or has not come yet
    DROPPED = auto()  # cancelled, merged, or another promise took its place


class WaitsFor(StrEnum):
    """For whom a ticket waits while its clocks stand still."""

    REQUESTER = auto()
    VENDOR = auto()
    PART = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """So long, on this clock."""

    within: timedelta
    runs: Runs = Runs.SERVICE_HOURS


@dataclass(frozen=True, slots=True)
class Case:
    """What an agreement is asked about a ticket."""

    priority: Priority
    kind: str  # incident, service_request
    department: str = ""
    is_complex: bool = False


@dataclass(frozen=True, slots=True)
class TargetRule:
    """The promises for tickets of one sort; an empty condition holds for every ticket."""

    name: str
    targets: Mapping[TargetKind, Target]
    priorities: frozenset[Priority] = frozenset()
    kinds: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    is_complex: bool | None = None

    def fits(self, case: Case) -> bool:
        return (
            (not self.priorities or case.priority in self.priorities)
            and (not self.kinds or case.kind in self.kinds)
            and (not self.departments or case.department in self.departments)
            and (self.is_complex is None or case.is_complex is self.is_complex)
        )


WARNED_AT = 0.75
"""The part of its time after which a promise is at risk (C §14)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of the promises; a ticket keeps the one it was opened under."""

    rules: tuple[TargetRule, ...]
    id: int | None = None  # None: what config.yaml says
    warned_at: float = WARNED_AT
    ladder: Ladder = DEFAULT_LADDER  # who hears, if it is not kept

    def rule_for(self, case: Case) -> TargetRule:
        """The first that fits; the last stands for all that no other one is for."""
        return next((rule for rule in self.rules if rule.fits(case)), self.rules[-1])


def agreement_of(
    respond_within: timedelta = timedelta(minutes=10),
    diagnose_within: timedelta = timedelta(hours=2),
) -> Agreement:
    """规范3 as it stands: urgent at once, ordinary 2 h, complex 24 h and news every 24 h."""
    news = Target(timedelta(hours=24), Runs.WORKING_DAYS)
    return Agreement(
        (
            TargetRule(
                "urgent",
                {
                    TargetKind.RESPONSE: Target(respond_within, Runs.ALWAYS),
                    TargetKind.DIAGNOSIS: Target(
                        min(timedelta(minutes=30), diagnose_within), Runs.ALWAYS
                    ),
                    TargetKind.FEEDBACK: Target(timedelta(hours=24), Runs.ALWAYS),
                },
                priorities=frozenset({Priority.URGENT}),
            ),
            TargetRule(
                "complex",
                {
                    TargetKind.RESPONSE: Target(respond_within),
                    TargetKind.DIAGNOSIS: news,
                    TargetKind.FEEDBACK: news,
                },
                is_complex=True,
            ),
            TargetRule(
                "ordinary",
                {
                    TargetKind.RESPONSE: Target(respond_within),
                    TargetKind.DIAGNOSIS: Target(diagnose_within),
                    TargetKind.FEEDBACK: news,
                },
            ),
        )
    )


DEFAULT_AGREEMENT = agreement_of()


def as_values(agreement: Agreement) -> dict[str, Any]:
    """As rows keep it; `from_values` reads it back."""
    return {
        "warned_at": agreement.warned_at,
        "rules": [
            {
                "name": rule.name,
                "priorities": sorted(int(each) for each in rule.priorities),
                "kinds": sorted(rule.kinds),
                "departments": sorted(rule.departments),
                "is_complex": rule.is_complex,
                "targets": {
                    kind.value: {
                        "minutes": int(target.within.total_seconds() // 60),
                        "runs": target.runs.value,
                    }
                    for kind, target in rule.targets.items()
                },
            }
            for rule in agreement.rules
        ],
    }


def from_values(values: Mapping[str, Any], agreement_id: int | None = None) -> Agreement:
    """ValueError or KeyError for what was never written by `as_values`."""
    return Agreement(
        tuple(_rule(each) for each in values["rules"]),
        agreement_id,
        float(values.get("warned_at", WARNED_AT)),
    )


def _rule(values: Mapping[str, Any]) -> TargetRule:
    return TargetRule(
        values["name"],
        {
            TargetKind(kind): Target(timedelta(minutes=each["minutes"]), Runs(each["runs"]))
            for kind, each in values["targets"].items()
        },
        frozenset(map(Priority, values["priorities"])),
        frozenset(values["kinds"]),
        frozenset(values["departments"]),
        values["is_complex"],
    )
