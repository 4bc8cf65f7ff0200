"""Two models on what the desk knows by now, without any training; in a process of its own (F6)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.readings import apart, training
from services.readings.preview import packed

_MODULE = "nlp.measuring"
_WITHIN = 120.0  # seconds; reading takes some


def job_of(session: Session, model_id: int | None) -> dict[str, Any]:
    """What is live as «old», the other as «new»; without one, what is live alone."""
    return {**training.job_of(session), "new": packed(session, model_id)}


def measured(job: Mapping[str, Any]) -> dict[str, Any]:
    return apart.work(_MODULE, job, within=_WITHIN)
