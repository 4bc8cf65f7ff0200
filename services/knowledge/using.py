"""What came of an answer: shown, of use, of no use, reported all the same (K1).

Only the reader's own word counts. Said twice, the last word holds and is counted once: the
counters of the article follow in the same transaction.
"""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import update

from domain.knowledge import UseOutcome, UsePlace
from domain.permissions import Permission, demand
from domain.refusals import NotFound
from models import Article, ArticleUse
from nlp.blotting import blotted
from services.knowledge import telling

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

LONGEST_QUERY = 200  # characters; the column's
LONGEST_REMARK = 200
REASON_WITHIN = timedelta(minutes=10)
"""So long the owner's notice waits for the reason: one message says both."""


class Shown(Protocol):
    """A found article, or the page of one."""

    @property
    def id(self) -> int: ...
    @property
    def version(self) -> int: ...


def show(desk: "Desk", found: Shown, place: UsePlace, query: str) -> int:
    """Keep that it was shown to the actor, who had asked this; answers with the use."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_READ)
    use = ArticleUse(
        article_id=found.id,
        version=found.version,
        person_id=desk.actor.id,
        place=place,
        query=blotted(query)[:LONGEST_QUERY],
        shown_at=desk.now,
        outcome=UseOutcome.SHOWN,
    )
    desk.session.add(use)
    desk.session.execute(
        update(Article).where(Article.id == found.id).values(shown=Article.shown + 1)
    )
    desk.session.flush()
    return use.id


def say(
    desk: "Desk",
    use_id: int,
    outcome: UseOutcome,
    *,
    remark: str | None = None,
    ticket_id: int | None = None,
) -> None:
    """What came of it, by whom it was shown to; NotFound for anybody else."""
    use = desk.session.get(ArticleUse, use_id, with_for_update=True, populate_existing=True)
    if use is None or use.person_id != desk.actor.id:
        raise NotFound()
    before, use.outcome = use.outcome, outcome
    use.outcome_at = desk.now
    if remark is not None:
        use.remark = blotted(remark)[:LONGEST_REMARK] or None
    if ticket_id is not None:
        use.ticket_id = ticket_id
    _count(desk, use.article_id, before, outcome)
    _owner_hears(desk, use, before)
    log.info("article_used article=%s use=%s outcome=%s", use.article_id, use.id, outcome)


def _owner_hears(desk: "Desk", use: ArticleUse, before: UseOutcome) -> None:
    """Of 没用 with its reason; without one a little later, for most reasons come at once."""
    if use.outcome is UseOutcome.USEFUL:
        use.owner_hears_at = None
    elif use.outcome is UseOutcome.USELESS and use.owner_told_at is None:
        if use.remark:
            telling.tell_of_no_use(desk.session, use, desk.now)
        elif before is not use.outcome:
            use.owner_hears_at = desk.now + REASON_WITHIN


_YES, _NO = (UseOutcome.USEFUL,), (UseOutcome.USELESS, UseOutcome.REPORTED)


def _count(desk: "Desk", article_id: int, before: UseOutcome, after: UseOutcome) -> None:
    """还是要报修 says that it did not help, as 没用 does."""
    useful = (after in _YES) - (before in _YES)
    useless = (after in _NO) - (before in _NO)
    if useful or useless:
        desk.session.execute(
            update(Article)
            .where(Article.id == article_id)
            .values(useful=Article.useful + useful, useless=Article.useless + useless)
        )
