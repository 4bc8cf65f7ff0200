"""Who gets a ticket, as a rule without a database (F8)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.category import Category
from domain.dispatch import Candidate, Job, choose, why_not
from domain.priority import Priority

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
MOST = 8


def a_candidate(id=1, **facts):
    known = {
        "name": f"工{id}",
        "skills": frozenset({"printer"}),
        "areas": frozenset(),
        "level": 1,
        "open_tickets": 0,
        "workload": 0,
        "is_on_duty": True,
        "is_reachable": True,
        "last_assigned_at": None,
        **facts,
    }
    return Candidate(id, **known)


def a_job(**facts):
    known = {
        "category": Category.PRINTER,
        "place": "A座305",
        "priority": Priority.NORMAL,
        **facts,
    }
    return Job(**known)


def order(job, *candidates):
    return [score.engineer_id for score in choose(job, candidates, MOST).scores]


# --- each part of the sum ------------------------------------------------------------------------


def test_a_specialist_comes_before_a_generalist():
    assert order(a_job(), a_candidate(1, skills=frozenset()), a_candidate(2)) == [2, 1]


def test_ones_own_area_comes_before_another():
    there = a_candidate(2, areas=frozenset({"A座"}))

    assert order(a_job(), a_candidate(1, areas=frozenset({"B座"})), there) == [2, 1]


def test_an_area_without_a_name_is_everywhere_and_nowhere():
    receipt = choose(a_job(), [a_candidate(areas=frozenset({""}))], MOST)

    assert receipt.scores[0].area == 0


def test_less_work_comes_before_more():
    assert order(a_job(), a_candidate(1, open_tickets=1, workload=1), a_candidate(2)) == [2, 1]


def test_level_counts_only_for_what_is_urgent():
    low, high = a_candidate(1, level=1), a_candidate(2, level=3)

    assert order(a_job(), low, high) == [1, 2]
    assert order(a_job(priority=Priority.URGENT), low, high) == [2, 1]


def test_who_knows_the_requester_comes_first_among_equals():
    assert order(a_job(), a_candidate(1), a_candidate(2, knows_requester=True)) == [2, 1]


def test_whose_turn_it_is_decides_between_equals():
    """Who never had work, then who had it longest ago, then who is on the list longer."""
    late = a_candidate(1, last_assigned_at=NOW)
    early = a_candidate(2, last_assigned_at=NOW - timedelta(hours=1))
    never, never_either = a_candidate(3), a_candidate(4)

    assert order(a_job(), late, early, never, never_either) == [3, 4, 2, 1]


def test_the_receipt_keeps_the_parts_and_who_was_left_out():
    """F8, promise 4: every decision explains itself."""
    receipt = choose(
        a_job(priority=Priority.URGENT),
        [
            a_candidate(1, areas=frozenset({"A座"}), level=2, open_tickets=1, workload=2),
            a_candidate(2, is_on_duty=False),
        ],
        MOST,
    )

    assert receipt.as_dict() == {
        "chosen": 1,
        "scores": [
            {
                "engineer_id": 1,
                "name": "工1",
                "total": 40 + 25 + 10 - 24,
                "skill": 40,
                "area": 25,
                "level": 10,
                "load": -24,
                "knows": 0,
                "turn": 0,
            }
        ],
        "left_out": [["工2", "off_duty"]],
    }


# --- who cannot ----------------------------------------------------------------------------------


def test_each_reason_has_its_word_and_the_first_counts():
    job = a_job(excluded=frozenset({9}))
    away = {"is_on_duty": False, "is_reachable": False, "open_tickets": MOST}

    assert why_not(job, a_candidate(9, **away), MOST) == "declined"
    assert why_not(job, a_candidate(1, **away), MOST) == "off_duty"
    assert why_not(job, a_candidate(1, **{**away, "is_on_duty": True}), MOST) == "unreachable"
    assert why_not(job, a_candidate(1, open_tickets=MOST), MOST) == "full"
    assert why_not(job, a_candidate(1, skills=frozenset({"network"})), MOST) == "skill"
    assert why_not(job, a_candidate(1, open_tickets=MOST - 1), MOST) is None


def test_what_nobody_has_a_name_for_anybody_may_take():
    stranger = a_candidate(skills=frozenset({"network"}))

    assert why_not(a_job(category=Category.OTHER), stranger, MOST) is None
    assert why_not(a_job(category=None), stranger, MOST) is None


# --- whatever the candidates ---------------------------------------------------------------------

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 1000),
        name=st.just("工"),
        skills=st.frozensets(st.sampled_from(["printer", "network"])),
        areas=st.frozensets(st.sampled_from(["A座", "三楼", ""])),
        level=st.integers(1, 3),
        open_tickets=st.integers(0, 10),
        workload=st.integers(0, 30),
        is_on_duty=st.booleans(),
        is_reachable=st.booleans(),
        last_assigned_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        knows_requester=st.booleans(),
    ),
    unique_by=lambda each: each.id,
    max_size=8,
)
JOBS = st.builds(
    Job,
    category=st.sampled_from([None, *Category]),
    place=st.sampled_from(["A座305", "三楼财务室", ""]),
    priority=st.sampled_from(Priority),
    excluded=st.frozensets(st.integers(1, 1000), max_size=3),
)


@given(JOBS, CANDIDATES)
def test_everybody_is_ranked_or_left_out_with_a_reason(job, candidates):
    receipt = choose(job, candidates, MOST)

    fit = [each for each in candidates if why_not(job, each, MOST) is None]
    assert {score.engineer_id for score in receipt.scores} == {each.id for each in fit}
    assert len(receipt.left_out) == len(candidates) - len(fit)
    assert (receipt.chosen is None) is (not fit)


@given(JOBS, CANDIDATES)
def test_the_best_is_chosen_and_each_total_is_its_sum(job, candidates):
    receipt = choose(job, candidates, MOST)

    totals = [score.total for score in receipt.scores]
    assert totals == sorted(totals, reverse=True)
    for score in receipt.scores:
        parts = (score.skill, score.area, score.level, score.load, score.knows, score.turn)
        assert score.total == sum(parts)
    if receipt.scores:
        assert receipt.chosen == receipt.scores[0].engineer_id


@given(JOBS, CANDIDATES, st.randoms())
def test_the_order_in_which_people_are_listed_decides_nothing(job, candidates, dice):
    shuffled = list(candidates)
    dice.shuffle(shuffled)

    one, other = choose(job, candidates, MOST), choose(job, shuffled, MOST)
    assert (one.chosen, one.scores) == (other.chosen, other.scores)


@given(JOBS, CANDIDATES)
def test_more_work_never_brings_more_work(job, candidates):
    """Whoever was not chosen is not chosen for having a ticket more."""
    chosen = choose(job, candidates, MOST).chosen
    for loaded in candidates:
        busier = [
            a_candidate(**{**_fields(each), "workload": each.workload + 1})
            if each is loaded
            else each
            for each in candidates
        ]
        if loaded.id != chosen:
            assert choose(job, busier, MOST).chosen == chosen


def _fields(candidate):
    return {name: getattr(candidate, name) for name in Candidate.__slots__}
