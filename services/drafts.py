"""Words that somebody has typed and not sent: they survive reload, crash, others' acts (C §8)."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Draft

LONGEST = 4000  # characters


def read(session: Session, person_id: int, place: str) -> str:
    """What this person had typed there; empty if nothing."""
    found = session.scalar(
        select(Draft.text).where(Draft.person_id == person_id, Draft.place == place)
    )
    return found or ""


def save(session: Session, person_id: int, place: str, text: str, now: datetime) -> None:
    """The newest words; none of them: no draft."""
    if not text.strip():
        drop(session, person_id, place)
        return
    session.merge(Draft(person_id=person_id, place=place, text=text[:LONGEST], saved_at=now))


def drop(session: Session, person_id: int, place: str) -> None:
    """What was sent is no draft any more."""
    session.execute(
        delete(Draft).where(Draft.person_id == person_id, Draft.place == place),
        execution_options={"synchronize_session": False},
    )
