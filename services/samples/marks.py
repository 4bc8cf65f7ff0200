"""Which rows are samples: marked when they are loaded, known by the mark ever after."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import SampleKind, SampleMark


def mark(session: Session, kind: SampleKind, row_id: int, called: str) -> None:
    """This row came with the samples."""
    session.add(SampleMark(kind=kind, row_id=row_id, called=called[:80]))


def marked(session: Session, kind: SampleKind) -> dict[int, str]:
    """All of a kind, with what they were called when they were loaded."""
    wanted = select(SampleMark.row_id, SampleMark.called).where(SampleMark.kind == kind)
    return {row.row_id: row.called for row in session.execute(wanted)}


def are_there(session: Session) -> bool:
    return session.scalar(select(SampleMark.row_id).limit(1)) is not None


def is_real(row_id: InstrumentedAttribute[int], kind: SampleKind) -> ColumnElement[bool]:
    """Whether a row is no sample: what counts of a desk's own (by the primary key)."""
    return ~exists().where(SampleMark.kind == kind, SampleMark.row_id == row_id)


def only_real(session: Session, kind: SampleKind, ids: Iterable[int]) -> list[int]:
    """These, but for samples."""
    samples = marked(session, kind)
    return [each for each in ids if each not in samples]
