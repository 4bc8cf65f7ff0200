"""What the console asks of complaints: lists, what is at hand, two at once, times (C1–C3, P8)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.complaints import ComplaintStatus, Verdict
from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotFound
from services.complaints import (
    answering,
    at_hand,
    due_why,
    giving_away,
    handling,
    listing,
    moved,
    reading,
    submitting,
)
from services.complaints.reading import Wanted, Which
from services.complaints.submitting import Submission
from services.desk import Desk
from services.ticket_page import ChangedMeanwhile
from tests.services.complaint_kit import WORDS, cast_of, decided, reported, submitted


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.fixture
def as_deputy(rules, now):
    """`as_deputy(session, person)`: the desk of somebody who stands in for the heads."""

    def desk(session, person):
        named = replace(rules, complaints=replace(rules.complaints, deputy="A001"))
        return Desk(session, now, named, person)

    return desk


def numbers(rows) -> list[str]:
    return [each.number for each in rows]


# --- lists ---------------------------------------------------------------------------------------


def test_what_waits_for_the_head_is_no_work_of_the_desk(database, desk_of, cast):
    theirs = reported(database, desk_of, cast)
    mine = submitted(database, desk_of, cast)

    with database.reading() as session:
        clerk, head = desk_of(session, cast.clerk), desk_of(session, cast.head)
        to_do = Wanted(Which.MINE_TO_DO)
        assert numbers(listing.rows(clerk, to_do)) == [mine.number]
        assert numbers(listing.rows(head, to_do)) == [theirs.number]
        assert numbers(reading.listed(clerk, to_do)) == [mine.number]


def test_counts_are_those_of_the_rows(database, desk_of, cast):
    reported(database, desk_of, cast)
    submitted(database, desk_of, cast)
    decided(database, desk_of, cast)

    with database.reading() as session:
        desk = desk_of(session, cast.clerk)
        counts = listing.counts(desk)
        rows = {which: len(listing.rows(desk, Wanted(which))) for which in Which}
    assert counts == rows and counts[Which.ALL] == 3


def test_what_is_due_is_listed_by_its_time_and_goes_on_behind_the_last_row(
    database, desk_of, cast, now
):
    with database.transaction() as session:
        made = [
            submitting.submit(
                desk_of(session, cast.requester, now - timedelta(minutes=ago)), Submission(WORDS)
            )
            for ago in (1, 3, 2, 3)
        ]
    with database.reading() as session:
        desk = desk_of(session, cast.clerk)
        first = listing.rows(desk, Wanted(), most=2)
        rest = listing.rows(desk, Wanted(before=first[-1].id), most=2)

    in_order = sorted(made, key=lambda each: (each.due_at, each.id))
    assert numbers((*first, *rest)) == numbers(in_order)


def test_c3_the_deputy_has_work_where_every_head_is_concerned(
    database, desk_of, cast, make_person, as_deputy
):
    deputy = make_person("罗敏", Role.ADMIN, staff_number="A001")
    other = reported(database, desk_of, cast)
    with database.reading() as session:
        assert listing.waiting(as_deputy(session, deputy)) is None

    theirs = submitted(database, desk_of, cast, people=(cast.head.id,))
    with database.transaction() as session:
        clerk = as_deputy(session, cast.clerk)
        handling.verify(clerk, theirs.id, "涉及负责人")
        handling.report(clerk, theirs.id)

    with database.reading() as session:
        desk = as_deputy(session, deputy)
        assert listing.sees_to_complaints(desk)
        assert numbers(listing.rows(desk, Wanted(Which.MINE_TO_DO))) == [theirs.number]
        assert numbers(listing.rows(desk, Wanted(Which.ALL))) == [theirs.number]
        assert other.number in numbers(listing.rows(as_deputy(session, cast.head), Wanted()))


def test_p8_a_deputy_whom_it_concerns_has_no_list(database, desk_of, cast, make_person, as_deputy):
    deputy = make_person("罗敏", Role.ADMIN, staff_number="A001")
    submitted(database, desk_of, cast, people=(cast.head.id, deputy.id))

    with database.reading() as session:
        assert not listing.sees_to_complaints(as_deputy(session, deputy))


def test_a_head_tells_the_complainant_where_everybody_at_the_desk_is_concerned(
    database, desk_of, cast
):
    """C3: else it would wait for nobody."""
    complaint = submitted(database, desk_of, cast, people=(cast.clerk.id,))
    with database.transaction() as session:
        made = handling.Decision(Verdict.NOT_UPHELD, "查过了")
        handling.decide(desk_of(session, cast.head), complaint.id, made)

    with database.reading() as session:
        head = desk_of(session, cast.head)
        assert numbers(listing.rows(head, Wanted())) == [complaint.number]


def test_a_file_has_every_row_once(database, desk_of, cast, monkeypatch):
    made = [submitted(database, desk_of, cast).number for _ in range(5)]
    monkeypatch.setattr(listing, "_PIECE", 2)

    with database.reading() as session:
        desk = desk_of(session, cast.head)
        found = numbers(listing.file(desk, Wanted(Which.ALL)))
    assert found == made[::-1]


# --- two at once ---------------------------------------------------------------------------------


def test_an_act_on_what_somebody_else_moved_is_stopped(database, desk_of, cast, make_person):
    complaint = submitted(database, desk_of, cast)
    lina = make_person("李娜", Role.DESK)
    with database.transaction() as session:
        seen = moved.newest_line(desk_of(session, cast.clerk), complaint.id)
        handling.verify(desk_of(session, lina), complaint.id, "查过了")

    with database.transaction() as session:
        desk = desk_of(session, cast.clerk)
        with pytest.raises(ChangedMeanwhile):
            moved.demand_unchanged(desk, complaint.number, seen)
        changed = moved.changes(desk, complaint.number, seen)
        assert [(each.who, each.detail["findings"]) for each in changed] == [("李娜", "查过了")]
        assert moved.demand_unchanged(desk_of(session, lina), complaint.number, seen)


def test_who_only_read_it_changed_nothing(database, desk_of, cast):
    complaint = submitted(database, desk_of, cast)
    with database.transaction() as session:
        seen = moved.newest_line(desk_of(session, cast.clerk), complaint.id)
        reading.note_reading(desk_of(session, cast.head), complaint.id)

    with database.transaction() as session:
        desk = desk_of(session, cast.clerk)
        assert moved.demand_unchanged(desk, complaint.number, seen) == complaint.id


def test_p8_whom_it_concerns_is_not_told_that_it_moved(database, desk_of, cast):
    complaint = reported(database, desk_of, cast)

    with database.transaction() as session, pytest.raises(NotFound):
        moved.demand_unchanged(desk_of(session, cast.engineer), complaint.number, 0)


# --- what is at hand -----------------------------------------------------------------------------


def test_c2_the_ticket_is_at_hand_with_what_was_done(database, desk_of, cast, make_ticket):
    ticket = make_ticket(Status.RESOLVED, requester=cast.requester, engineer=cast.engineer)
    earlier = submitted(database, desk_of, cast)
    complaint = submitted(database, desk_of, cast, ticket_id=ticket.id)

    with database.reading() as session:
        found = at_hand.at_hand(desk_of(session, cast.clerk), complaint.id)

    assert found.ticket is not None
    assert found.ticket.action_taken == "换了搓纸轮" and found.ticket.solved_by == "周工"
    assert found.ticket.scores is None and found.ticket.entries
    assert numbers(found.complainant.earlier) == [earlier.number]


def test_p8_an_earlier_complaint_about_the_reader_is_not_among_them(database, desk_of, cast):
    submitted(database, desk_of, cast, people=(cast.clerk.id,))
    complaint = submitted(database, desk_of, cast)

    with database.reading() as session:
        found = at_hand.at_hand(desk_of(session, cast.clerk), complaint.id)
    assert found.complainant.earlier == ()


def test_whom_it_concerns_is_offered_first_and_the_reader_not_at_all(database, desk_of, cast):
    complaint = submitted(database, desk_of, cast, people=(cast.engineer.id,))

    with database.reading() as session:
        found = at_hand.candidates(desk_of(session, cast.clerk), complaint.id)

    assert found[0].person.id == cast.engineer.id and found[0].concerned
    offered = {each.person.id for each in found}
    assert cast.head.id in offered and not offered & {cast.clerk.id, cast.requester.id}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("王芳说的", "王芳"),
        ("见投诉 0001", "0001"),
        ("号码 100012", None),
        ("上门中途离开", None),
    ],
)
def test_p8_words_that_give_somebody_away_are_found(database, desk_of, cast, words, told):
    complaint = submitted(database, desk_of, cast)

    with database.reading() as session:
        found = giving_away.given_away(desk_of(session, cast.head), complaint.id, words)
    assert found == told


# --- by when, and why ----------------------------------------------------------------------------


def test_r4_each_step_says_by_when_and_why(database, desk_of, cast):
    made = {
        "verify": submitted(database, desk_of, cast),
        "decide": reported(database, desk_of, cast),
        "feed_back": decided(database, desk_of, cast),
    }

    with database.reading() as session:
        desk = desk_of(session, cast.clerk)
        for step, complaint in made.items():
            due = due_why.due_of(desk, complaint.id)
            assert due is not None
            assert (due.step, due.at, due.is_late) == (step, complaint.due_at, False)
            keys = [each.key for each in due.reasons]
            assert keys[0] == f"complaint_due.began.{step}" and keys[-1].endswith(step)


def test_who_owes_nothing_has_no_time(database, desk_of, cast):
    complaint = submitted(database, desk_of, cast)
    with database.transaction() as session:
        ended = answering.withdraw(desk_of(session, cast.requester), complaint.id)
    assert ended.status is ComplaintStatus.WITHDRAWN

    with database.reading() as session:
        assert due_why.due_of(desk_of(session, cast.clerk), complaint.id) is None
