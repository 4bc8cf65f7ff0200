"""How many cover a time: pieces, what is lacking, what is left beside leave, too short a rest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Stretch
from domain.cover import Piece, lacking, midnight, pieces, too_close, without

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def span(begins: float, ends: float) -> Stretch:
    return Stretch(at(begins), at(ends))


def test_a_day_is_cut_where_somebody_comes_or_goes():
    found = pieces(span(0, 24), [span(-4, 8), span(8, 18), span(10, 12)])

    assert found == [
        Piece(at(0), at(10), 1),
        Piece(at(10), at(12), 2),
        Piece(at(12), at(18), 1),
        Piece(at(18), at(24), 0),
    ]


def test_a_time_without_anybody_is_one_piece():
    assert pieces(span(0, 24), []) == [Piece(at(0), at(24), 0)]


def test_what_lacks_people_is_named_with_how_many_are_there():
    assert lacking(span(8, 18), [span(8, 12), span(8, 18)], 2) == [Piece(at(12), at(18), 1)]


def test_leave_takes_its_time_out_of_a_duty():
    assert without(span(8, 18), [span(10, 12), span(17, 30)]) == [span(8, 10), span(12, 17)]


hours = st.integers(0, 24)
stretches = st.lists(st.tuples(hours, hours).filter(lambda each: each[0] < each[1]), max_size=8)


@given(stretches)
def test_each_hour_has_as_many_as_stretches_hold_it(spans):
    found = pieces(span(0, 24), [span(*each) for each in spans])

    for hour in range(24):
        (piece,) = [each for each in found if each.begins <= at(hour) < each.ends]
        assert piece.count == sum(begins <= hour < ends for begins, ends in spans)
    assert found[0].begins == at(0) and found[-1].ends == at(24)


@given(stretches, stretches)
def test_what_is_left_and_what_was_taken_are_the_whole(duties, away):
    taken = [span(*each) for each in away]
    left = without(span(0, 24), taken)

    assert lacking(span(0, 24), [*left, *taken]) == []
    assert all(each.ends <= other.begins or each.begins >= other.ends
               for each in left for other in taken)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "is_close"),
    [
        ((8, 18), (32, 42), False),  # fourteen hours at home
        ((18, 32), (32, 42), True),  # a day after its night
        ((8, 22), (32, 42), True),  # ten hours
        ((8, 12), (13, 18), False),  # the halves of one day
    ],
)
def test_who_works_again_too_soon_is_found(one, other, is_close):
    assert bool(list(too_close([span(*other), span(*one)]))) is is_close


def test_a_day_begins_at_midnight_in_shanghai():
    assert midnight(date(2026, 11, 24)).astimezone(UTC) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert midnight(date(2026, 12, 31), 1920) == midnight(date(2027, 1, 1), 480)
