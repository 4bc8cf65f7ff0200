"""What every process has to read by now: which weights, and which words of the admin's (F6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.understanding import ModelState, WordKind
from models import OwnWord, ReadingModel, table_of

_models, _words = table_of(ReadingModel), table_of(OwnWord)
_LIVE = select(_models.c.id, _models.c.digest).where(_models.c.state == ModelState.LIVE)
_ACTIVE = (
    select(_words.c.word, _words.c.kind, _words.c.means)
    .where(_words.c.is_active)
    .order_by(_words.c.id)
)

Row = tuple[str, WordKind, str | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Short enough to be compared every other second; without a model the shipped weights read."""

    model_id: int | None = None
    digest: str = ""
    words: tuple[Row, ...] = ()


def standing(session: Session) -> Standing:
    """By ix_reading_models_live; a dictionary has hundreds of words at most."""
    live = session.execute(_LIVE).first()
    words = tuple((row.word, row.kind, row.means) for row in session.execute(_ACTIVE))
    return Standing(live.id, live.digest, words) if live else Standing(words=words)


def weights(session: Session, model_id: int) -> tuple[bytes, Mapping[str, Any]]:
    """As they are kept, with the card that vouches for them."""
    statement = select(_models.c.weights, _models.c.card).where(_models.c.id == model_id)
    row = session.execute(statement).one()
    return row.weights, row.card
