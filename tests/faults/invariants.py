"""What must hold after anything (reliability.md §2.1), over database, spool, files and platform.

Each rule yields what is wrong, in words; `check` fails with all of it and the run's seed.
"""

from collections import Counter
from collections.abc import Collection, Iterator

from models import Database, InboxMessage
from tests.faults import notice_rules, person_rules, ticket_rules
from tests.faults.rows import Known, Message, Rows, Rule

__all__ = ["RULES", "UNSENT", "Known", "Message", "Rows", "broken", "check"]


def check(database: Database, known: Known, seed: object, *, without: Collection[str] = ()) -> None:
    """Fails with the run's seed and everything that does not hold."""
    wrong = broken(database, known, without)
    assert not wrong, f"seed {seed}:\n" + "\n".join(wrong)


def broken(database: Database, known: Known, without: Collection[str] = ()) -> list[str]:
    rows = Rows(database)
    return [
        f"{name}: {what}"
        for name, rule in RULES.items()
        if name not in without
        for what in rule(rows, known)
    ]


# --- I1: what was answered for is there ----------------------------------------------------------


def _inbox(rows: Rows, known: Known) -> Iterator[str]:
    kept = Counter((row.openid, row.key) for row in rows.of(InboxMessage))
    for key in known.answered - kept.keys():
        yield f"answered and lost: {key}"
    for key in kept.keys() - known.sent:
        yield f"never sent: {key}"
    for key in (key for key, times in kept.items() if times > 1):
        yield f"kept twice: {key}"


def _spool(rows: Rows, known: Known) -> Iterator[str]:
    for file in known.spool.glob("*/inbound.jsonl") if known.spool else ():
        yield f"{file.parent.name}/{file.name} was not handed on: {file.stat().st_size} bytes"


UNSENT = ("I6 fates", "I6 seen", "I11 media")
"""What cannot hold where nobody sends and nobody fetches."""

RULES: dict[str, Rule] = {
    "I1 inbox": _inbox,
    "I1 spool": _spool,
    "I2 effects": ticket_rules.effects,
    "I3 fold": ticket_rules.fold,
    "I4 numbers": ticket_rules.numbers,
    "I5 clocks": ticket_rules.clocks,
    "I5 promises": ticket_rules.promises,
    "I4 loads": ticket_rules.loads,
    "I6 fates": notice_rules.fates,
    "I6 order": notice_rules.order,
    "I6 seen": notice_rules.seen,
    "I7 talks": person_rules.talks,
    "I8 ratings": ticket_rules.ratings,
    "I11 media": person_rules.media,
    "I14 private": person_rules.private,
}
