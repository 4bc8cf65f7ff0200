"""A complaint goes to the desk, the head, back to the user, and is rated (C1–C4)."""

import pytest
from sqlalchemy import select

from domain.complaints import ComplaintStatus, HandlingRating, ObjectedBefore, Verdict
from domain.refusals import NotFound
from models import AppraisalFact, Notice
from services.complaints import answering, handling, reading, submitting
from services.complaints.reading import Wanted, Which
from tests.services.complaint_kit import (
    WORDS,
    cast_of,
    decided,
    fed_back,
    objected,
    reported,
    submitted,
)


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


def told(session, person) -> list[str]:
    rows = select(Notice.text_key).where(Notice.recipient_id == person.id).order_by(Notice.id)
    return list(session.scalars(rows))


def test_it_goes_the_whole_way(database, desk_of, cast):
    """C1 to C4: submitted, verified, reported, decided, fed back, rated."""
    complaint = fed_back(database, desk_of, cast)
    with database.transaction() as session:
        answering.rate(desk_of(session, cast.requester), complaint.id, HandlingRating(4, 5))

    with database.reading() as session:
        page = reading.page(desk_of(session, cast.head), complaint.number)
        assert page.complaint.status is ComplaintStatus.RATED
        assert [event.action.value for event in page.events] == [
            *("submit", "verify", "report", "decide", "feed_back", "rate")
        ]
        assert told(session, cast.clerk) == ["complaint_told.new", "complaint_told.decided"]
        assert told(session, cast.head) == ["complaint_told.reported"]
        assert told(session, cast.requester) == ["complaint_told.fed_back"]
        assert told(session, cast.engineer) == ["appraisal_told.counted"]


def test_whom_it_concerns_finds_nothing(database, desk_of, cast):
    """P8: not found by number, and in no list."""
    complaint = reported(database, desk_of, cast)
    with database.reading() as session:
        desk = desk_of(session, cast.engineer)
        with pytest.raises(NotFound):
            reading.find(desk, complaint.number)
        with pytest.raises(NotFound):
            reading.page(desk, complaint.number)
        assert reading.listed(desk, Wanted(Which.ALL)) == ()
        assert told(session, cast.engineer) == []


def test_it_is_objected_to_once(database, desk_of, cast):
    """C4: back to the head, marked; the second decision stands, and changes the first's fact."""
    complaint = objected(database, desk_of, cast)
    with database.transaction() as session:
        head = desk_of(session, cast.head)
        handling.decide(head, complaint.id, handling.Decision(Verdict.NOT_UPHELD, "重新查过"))
        handling.feed_back(desk_of(session, cast.clerk), complaint.id, "重新查过，不成立")

    with database.transaction() as session, pytest.raises(ObjectedBefore):
        answering.object_to(desk_of(session, cast.requester), complaint.id, "还是不服")
    with database.reading() as session:
        fact = session.scalars(select(AppraisalFact)).one()
        assert (fact.points_first, fact.points, fact.state.value) == (-5, 0, "struck")


def test_it_is_withdrawn_before_a_decision(database, desk_of, cast):
    complaint = submitted(database, desk_of, cast)
    with database.transaction() as session:
        done = answering.withdraw(desk_of(session, cast.requester), complaint.id)

    assert done.status is ComplaintStatus.WITHDRAWN
    assert done.actions == ()


def test_the_complainant_reads_the_desks_words_and_not_the_findings(database, desk_of, cast):
    complaint = decided(database, desk_of, cast)
    with database.reading() as session:
        page = reading.own_page(desk_of(session, cast.requester), complaint.number)

    assert page.complaint.findings is page.complaint.measures is page.complaint.verdict is None
    assert page.concerned == ()


def test_where_everybody_at_the_desk_is_concerned_nothing_goes_back_to_it(
    database, desk_of, cast, make_ticket
):
    """C2, C3: the head hears it as it is, and cannot send it where nobody may verify."""
    with database.transaction() as session:
        submission = submitting.Submission(words=WORDS, people=(cast.clerk.id,))
        complaint = submitting.submit(desk_of(session, cast.requester), submission)
    assert complaint.status is ComplaintStatus.REPORTED

    with database.transaction() as session, pytest.raises(handling.NobodyToVerify):
        handling.give_back(desk_of(session, cast.head), complaint.id, "再查查")
