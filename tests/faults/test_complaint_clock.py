"""A clock is killed while complaints ring: each is still said once, to the right people (R-011)."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.complaints import ComplaintAction
from models import Complaint, ComplaintEvent, Notice
from tests.programs import failing_at, program
from tests.services.complaint_kit import cast_of, submitted
from tests.services.conftest import *  # noqa: F403

COMPLAINTS = 4


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.mark.parametrize("nth", [1, 3])
def test_killed_between_claim_and_commit_each_rings_once(database, desk_of, cast, tmp_path, nth):
    """Two clocks start, one of them dies with some of them rung; a third finds what is left."""
    for _ in range(COMPLAINTS):
        submitted(database, desk_of, cast)
    with database.reading() as session:
        late = max(session.scalars(select(Complaint.due_at))) + timedelta(minutes=1)

    def clock(environment=None):
        words = ("tests.faults.complaint_clock", database.url, late.isoformat())
        return program(*words, log=tmp_path / "clock.log", environment=environment)

    dying = clock(failing_at("complaint.claimed", nth))
    assert dying.wait() != 0
    dying.close()
    clocks = [clock(), clock()]
    for each in clocks:
        assert each.wait() == 0
        each.close()

    with database.reading() as session:
        reminded = ComplaintEvent.action == ComplaintAction.REMIND
        rung = Counter(session.scalars(select(ComplaintEvent.complaint_id).where(reminded)))
        told = Counter(
            (row.complaint_id, row.recipient_id)
            for row in session.scalars(
                select(Notice).where(Notice.text_key == "complaint_told.verify_late")
            )
        )
    assert set(rung.values()) == {1} and len(rung) == COMPLAINTS
    assert set(told.values()) == {1} and len(told) == 2 * COMPLAINTS  # desk and head
