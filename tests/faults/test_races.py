"""Races for one ticket (P4, R-062, R-067): one winner, polite refusals, one notice, serial end."""

import pytest

from domain.lifecycle import Status
from models import Database
from tests.faults.racing import ACCEPTED, POLITE, Track

GATE = 20  # races of each kind and engine: 200 in all
MANY = 100  # 1,000 in all


@pytest.fixture
def track(database_url):
    database = Database(database_url)
    yield Track(database)
    database.dispose()


def winners(race):
    return [openid for openid, said in race.answers.items() if any(map(is_accepted, said))]


def is_accepted(answer):
    return ACCEPTED in answer


def all_are_kind(race):
    said = [answer for answers in race.answers.values() for answer in answers]
    return all(is_accepted(answer) or any(word in answer for word in POLITE) for answer in said)


def run_just_reassigned(track, races):
    """P4: the ticket has just gone from one to the other; the one who has it gets it."""
    for seed in range(races):
        race = track.just_reassigned(seed)

        assert winners(race) == race.accepted_by == [race.holder], race
        assert race.status is Status.IN_PROGRESS and race.told == 1, race
        assert all_are_kind(race), race
    track.check("just reassigned")


def run_while_it_rings(track, races):
    """P4, R-011: taken from one and given to the other while both press."""
    for seed in range(races):
        as_if_one_came_after_the_other(track.while_it_rings(seed))
    track.check("while it rings")


def run_while_it_is_given_back(track, races):
    """P4: given back by one and so given to the other, who presses already."""
    for seed in range(races):
        as_if_one_came_after_the_other(track.while_it_is_given_back(seed))
    track.check("while it is given back")


def as_if_one_came_after_the_other(race):
    assert winners(race) == race.accepted_by, race
    assert len(race.accepted_by) == race.told <= 1, race
    if race.accepted_by:
        assert (race.status, race.accepted_by) == (Status.IN_PROGRESS, [race.holder]), race
    else:  # who has it now pressed before it was theirs
        assert race.status is Status.ASSIGNED, race
    assert all_are_kind(race), race


def run_two_taps(track, races):
    """P2: tapped twice, accepted once; both taps read that it is theirs."""
    for seed in range(races):
        race = track.two_taps(seed)

        assert race.accepted_by == [race.holder] and race.told == 1, race
        first, second = sorted(race.answers[race.holder], key=is_accepted, reverse=True)
        assert is_accepted(first) and not is_accepted(second), race
        assert all_are_kind(race), race
    track.check("two taps")


def run_one_tap_delivered_often(track, races):
    """P2, R-062: eight deliveries of one message are one message with one answer."""
    for seed in range(races):
        race = track.one_tap_delivered_often(seed)

        assert race.accepted_by == [race.holder] and race.told == 1, race
        (answer,) = set(race.answers[race.holder])
        assert is_accepted(answer), race
    track.check("one tap delivered often")


KINDS = (
    run_just_reassigned,
    run_while_it_rings,
    run_while_it_is_given_back,
    run_two_taps,
    run_one_tap_delivered_often,
)


@pytest.mark.parametrize("run", KINDS)
def test_p4_two_engineers_never_both_have_the_job(track, run):
    run(track, GATE)


@pytest.mark.crash
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("run", KINDS)
def test_p4_1000_races_have_one_winner_each(track, run):
    run(track, MANY)
