"""Weights learnt here: one is live at most, each that was live can be put live again (F6)."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from domain.understanding import ModelState
from models import Person, ReadingModel, table_of
from nlp import weights as weights_file
from nlp.comparing import Verdict
from services import audit

if TYPE_CHECKING:
    from services.desk import Desk

NAME_LENGTH = 12  # of a digest, as people read it
_CANDIDATES_KEPT = 5
_NOTE = 200  # characters

_models = table_of(ReadingModel)


class ModelWorse(Refusal):
    """It reads worse than what is live; with a reason it is put live all the same."""

    text_key = "reading.refusal.worse"


class ModelDamaged(Refusal):
    """Its weights are damaged, or were made for another release."""

    text_key = "reading.refusal.damaged"


class IsLive(Refusal):
    """It reads already."""

    text_key = "reading.refusal.is_live"


class NothingBefore(Refusal):
    """The weights that came with the release read; there is nothing to go back to."""

    text_key = "reading.refusal.nothing_before"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model as it is listed, without its weights."""

    id: int
    digest: str
    state: ModelState
    made_at: datetime
    made_by: str | None
    learnt: Mapping[str, Any]
    figures: Mapping[str, Any]
    note: str | None
    live_since: datetime | None
    live_until: datetime | None

    @property
    def name(self) -> str:
        return self.digest[:NAME_LENGTH]

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.figures.get("verdict", Verdict.TOO_FEW))


_LISTED = select(
    _models.c.id,
    _models.c.digest,
    _models.c.state,
    _models.c.made_at,
    Person.name.label("made_by"),
    _models.c.learnt,
    _models.c.figures,
    _models.c.note,
    _models.c.live_since,
    _models.c.live_until,
).join_from(_models, Person, Person.id == _models.c.made_by_id, isouter=True)


def listed(session: Session, most: int = 20) -> tuple[ModelRow, ...]:
    """The newest first; by ix_reading_models_made_at."""
    rows = session.execute(_LISTED.order_by(_models.c.made_at.desc(), _models.c.id.desc()))
    return tuple(ModelRow(*row) for row in rows.fetchmany(most))


def one(session: Session, model_id: int) -> ModelRow:
    row = session.execute(_LISTED.where(_models.c.id == model_id)).first()
    if row is None:
        raise NotFound()
    return ModelRow(*row)


def named(session: Session, name: str) -> ModelRow:
    """The one whose digest begins so; NotFound for none or several."""
    found = session.execute(_LISTED.where(_models.c.digest.startswith(name, autoescape=True))).all()
    if len(name) < 4 or len(found) != 1:
        raise NotFound()
    return ModelRow(*found[0])


def current(session: Session) -> ReadingModel | None:
    """The one that is live, under its lock."""
    return session.scalar(
        select(ReadingModel).where(ReadingModel.state == ModelState.LIVE).with_for_update()
    )


def newest_candidate(session: Session) -> ModelRow:
    """NotFound where none waits."""
    of_candidates = _LISTED.where(_models.c.state == ModelState.CANDIDATE)
    row = session.execute(
        of_candidates.order_by(_models.c.made_at.desc(), _models.c.id.desc()).limit(1)
    ).first()
    if row is None:
        raise NotFound()
    return ModelRow(*row)


# --- a new one ---------------------------------------------------------------------------------


def keep(
    session: Session,
    learnt: Mapping[str, Any],
    *,
    by_id: int | None,
    note: str | None,
    now: datetime,
) -> int:
    """A candidate as a training made it; the same weights as before are the same candidate."""
    card = learnt["card"]
    known = session.scalar(select(ReadingModel).where(ReadingModel.digest == card["sha256"]))
    if known is None:
        known = ReadingModel(
            digest=card["sha256"],
            state=ModelState.CANDIDATE,
            made_by_id=by_id,
            card=dict(card),
            weights=b64decode(learnt["weights"]),
        )
        session.add(known)
    known.made_at, known.note = now, (note or "").strip()[:_NOTE] or None
    known.learnt, known.figures = dict(learnt["learnt"]), dict(learnt["figures"])
    session.flush()
    _drop_old_candidates(session)
    return known.id


def _drop_old_candidates(session: Session) -> None:
    """Half a megabyte each, and nobody goes back to one that was never live."""
    of_candidates = _models.c.state == ModelState.CANDIDATE
    newest = (
        select(_models.c.id)
        .where(of_candidates)
        .order_by(_models.c.made_at.desc(), _models.c.id.desc())
        .limit(_CANDIDATES_KEPT)
    )
    ids = session.scalars(newest).all()
    session.execute(delete(_models).where(of_candidates, _models.c.id.not_in(ids)))


# --- put live, taken back ----------------------------------------------------------------------


def promote(desk: "Desk", model_id: int, reason: str = "") -> None:
    """It reads from now on, in every process within seconds; one that was live once, again."""
    demand(desk.actor.roles, Permission.READING_MANAGE)
    put_live(desk.session, model_id, by_id=desk.actor.id, now=desk.now, reason=reason)


def roll_back(desk: "Desk") -> str:
    """The one before reads again, or the weights of the release; answers its name."""
    demand(desk.actor.roles, Permission.READING_MANAGE)
    return go_back(desk.session, by_id=desk.actor.id, now=desk.now)


def put_live(
    session: Session, model_id: int, *, by_id: int | None, now: datetime, reason: str = ""
) -> None:
    before = current(session)
    row = session.get(
        ReadingModel, model_id, with_for_update=True, options=[undefer(ReadingModel.weights)]
    )
    if row is None:
        raise NotFound()
    if row.state is ModelState.LIVE:
        raise IsLive()
    if row.figures.get("verdict") == Verdict.WORSE and not reason.strip():
        raise ModelWorse()
    _demand_usable(row)
    _exchange(session, before, row, by_id, now)
    _record(session, "weights.promote", before, row, by_id, now, reason)


def go_back(session: Session, *, by_id: int | None, now: datetime) -> str:
    before = current(session)
    if before is None:
        raise NothingBefore()
    former = session.scalar(
        select(ReadingModel)
        .where(ReadingModel.state == ModelState.RETIRED, ReadingModel.made_at < before.made_at)
        .order_by(ReadingModel.made_at.desc(), ReadingModel.id.desc())
        .options(undefer(ReadingModel.weights))
        .limit(1)
    )
    if former is not None:
        _demand_usable(former)
    _exchange(session, before, former, by_id, now)
    _record(session, "weights.roll_back", before, former, by_id, now)
    return former.digest[:NAME_LENGTH] if former else ""


def _demand_usable(row: ReadingModel) -> None:
    try:
        weights_file.unpack(row.weights, row.card)
    except weights_file.ModelUnusable:
        raise ModelDamaged() from None


def _exchange(
    session: Session,
    before: ReadingModel | None,
    after: ReadingModel | None,
    by_id: int | None,
    now: datetime,
) -> None:
    if before is not None:
        before.state, before.live_until = ModelState.RETIRED, now
        session.flush()  # one is live at most, at every moment
    if after is not None:
        after.state, after.live_since, after.live_until = ModelState.LIVE, now, None
        after.put_live_by_id = by_id
    session.flush()


def _record(
    session: Session,
    action: str,
    before: ReadingModel | None,
    after: ReadingModel | None,
    by_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    name = after.digest[:NAME_LENGTH] if after else "shipped"
    was = before.digest[:NAME_LENGTH] if before else "shipped"
    audit.record(
        session,
        actor_id=by_id,
        action=action,
        subject=f"reading:{name}",
        before={"reads": was},
        after={"reads": name, "reason": reason.strip()[:_NOTE] or None},
        now=now,
    )
