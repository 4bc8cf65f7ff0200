"""What people asked and no article answers: the next ones to write (K1)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from domain.knowledge import UseOutcome
from domain.permissions import Permission, demand
from domain.understanding import Handling
from models import ArticleUse, StoredReading
from nlp.article_words import readable
from nlp.intents import Intent

if TYPE_CHECKING:
    from services.desk import Desk

LOOKS_BACK = timedelta(days=30)
MOST = 50
_READ = 2_000  # questions that are gone through, the newest


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, how often it was asked, and when last."""

    text: str
    times: int
    last_at: datetime
    had_answer: bool  # an article was shown, and was of no use


def unanswered(desk: "Desk", most: int = MOST) -> tuple[Asked, ...]:
    """The most asked first; what sounds the same without its fillers counts as one."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    together: dict[str, list[Asked]] = defaultdict(list)
    for each in (*_without_answer(desk), *_of_no_use(desk)):
        together[readable(each.text).replace(" ", "")].append(each)
    found = [_joined(group) for key, group in together.items() if key]
    best = sorted(found, key=lambda each: (-each.times, -each.last_at.timestamp()))
    return tuple(best[:most])


def _joined(group: list[Asked]) -> Asked:
    last = max(group, key=lambda each: each.last_at)
    return Asked(last.text, len(group), last.last_at, any(each.had_answer for each in group))


def _without_answer(desk: "Desk") -> list[Asked]:
    """Questions that the account had no answer to."""
    rows = desk.session.execute(
        select(StoredReading.text, StoredReading.read_at)
        .where(
            StoredReading.read_at >= desk.now - LOOKS_BACK,
            StoredReading.handling != Handling.ANSWERED,
            or_(StoredReading.true_intent == Intent.HOWTO, StoredReading.true_intent.is_(None)),
            StoredReading.intent == Intent.HOWTO,
        )
        .order_by(StoredReading.read_at.desc())
        .limit(_READ)
    )
    return [Asked(row.text, 1, row.read_at, False) for row in rows]


def _of_no_use(desk: "Desk") -> list[Asked]:
    rows = desk.session.execute(
        select(ArticleUse.query, ArticleUse.shown_at)
        .where(
            ArticleUse.shown_at >= desk.now - LOOKS_BACK,
            ArticleUse.outcome.in_([UseOutcome.USELESS, UseOutcome.REPORTED]),
        )
        .order_by(ArticleUse.shown_at.desc())
        .limit(_READ)
    )
    return [Asked(row.query, 1, row.shown_at, True) for row in rows]
