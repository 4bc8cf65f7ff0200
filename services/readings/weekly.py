"""The training of each week, and what becomes of its candidate (F6)."""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from domain.calendar import CHINA
from domain.permissions import Role
from domain.sentence import Page
from domain.understanding import LearningRules, Truth
from models import ReadingModel, StoredReading, table_of
from nlp.comparing import Verdict
from services import notices
from services.readings import models, training

_MODELS = Page("/console/admin/understanding/models", "page.reading_models")
EVERY = timedelta(days=7)
_AT_NIGHT = range(2, 5)  # o'clock, when the machine has nothing else to do
_TAUGHT = (Truth.CHOSEN, Truth.CORRECTED, Truth.LABELLED)

_rows, _models = table_of(StoredReading), table_of(ReadingModel)


def is_due(session: Session, rules: LearningRules, now: datetime) -> bool:
    """At night, a week after the last training, if somebody said meanwhile what was misread."""
    if not rules.train_weekly or now.astimezone(CHINA).hour not in _AT_NIGHT:
        return False
    if training.progress(session).is_under_way(now):
        return False
    last = session.scalar(select(func.max(_models.c.made_at)))
    tried = training.progress(session).at
    since = max(filter(None, (last, tried)), default=None)
    if since is not None and now - since < EVERY:
        return False
    taught = [_rows.c.truth == truth for truth in _TAUGHT]
    return any(
        session.scalar(select(exists().where(each, _rows.c.truth_at > since if since else each)))
        for each in taught
    )


def follow_up(session: Session, model_id: int, rules: LearningRules, now: datetime) -> bool:
    """Put live by itself if it is better and may be; else the admins are told. Whether it was."""
    made = models.one(session, model_id)
    if rules.promote_alone and made.verdict is Verdict.BETTER:
        models.put_live(session, model_id, by_id=None, now=now)
        _tell(session, "notice.reading_promoted", made, now)
        return True
    _tell(session, "notice.reading_candidate", made, now)
    return False


def _tell(session: Session, key: str, made: models.ModelRow, now: datetime) -> None:
    learnt = int(made.learnt.get("desk", 0))
    for person_id in notices.holding(session, Role.ADMIN):
        notices.tell(session, person_id, key, now, page=_MODELS, name=made.name, learnt=learnt)
