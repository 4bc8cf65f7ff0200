"""I6, I9: each notice has its fate, once and in order, and nothing stays in a dead hand."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from models import Delivery, Notice, NoticeState, Outcome, Person
from tests.faults.rows import Known, Rows


def fates(rows: Rows, known: Known) -> Iterator[str]:
    tries = rows.grouped(Delivery, "notice_id")
    for notice in rows.of(Notice):
        outcomes = Counter(row.outcome for row in tries[notice.id])
        name = f"notice {notice.id} {notice.text_key}"
        if notice.state in (NoticeState.PENDING, NoticeState.CLAIMED):
            yield f"{name} is {notice.state} after the drain"
        if notice.claim is not None or notice.claimed_until is not None:
            yield f"{name} is {notice.state} with a claim"
        if outcomes[Outcome.STARTED]:
            yield f"{name} has a try without an outcome"
        if outcomes[Outcome.ACCEPTED] > 1:
            yield f"{name} was delivered {outcomes[Outcome.ACCEPTED]} times"
        if (notice.state is NoticeState.DELIVERED) is not (outcomes[Outcome.ACCEPTED] == 1):
            yield f"{name} is {notice.state} with {dict(outcomes)}"
        if notice.state is NoticeState.FAILED and notice.alarmed_at is None:
            yield f"{name} failed, and nobody was told"
        repeats = sum(row.is_repeat for row in tries[notice.id])
        if outcomes[Outcome.UNCLEAR] > 2 or repeats > 2:
            yield f"{name} was repeated {repeats} times after {dict(outcomes)}"


def order(rows: Rows, known: Known) -> Iterator[str]:
    """By the first accepted try of each: somebody reads what happened in the order it happened."""
    of = {row.id: row.recipient_id for row in rows.of(Notice)}
    heard: dict[int, list[int]] = defaultdict(list)
    for row in rows.of(Delivery):
        if row.outcome is Outcome.ACCEPTED:
            heard[of[row.notice_id]].append(row.notice_id)
    for recipient_id, ids in heard.items():
        if ids != sorted(ids):
            yield f"person {recipient_id} heard notices in the order {ids}"


def seen(rows: Rows, known: Known) -> Iterator[str]:
    """The platform's own log: more often than counted is once too often."""
    openids = {person.id: person.openid for person in rows.of(Person)}
    of = {row.id: openids[row.recipient_id] for row in rows.of(Notice)}
    unclear = Counter(
        of[row.notice_id] for row in rows.of(Delivery) if row.outcome is Outcome.UNCLEAR
    )
    spare = Counter(unclear)
    for message, times in Counter(known.told).items():
        spare[message.openid] -= times - 1
        if spare[message.openid] < 0:
            counted = unclear[message.openid]
            yield f"{message.openid} saw {times} times, {counted} unclear: {message.text!r}"
    accepted = Counter(
        of[row.notice_id] for row in rows.of(Delivery) if row.outcome is Outcome.ACCEPTED
    )
    for openid, times in Counter(message.openid for message in known.told).items():
        least, most = accepted[openid], accepted[openid] + unclear[openid]
        if not least <= times <= most:
            yield f"{openid} was sent {times}, by the tries {least} to {most}"
