"""Ratios are made pair by pair within a round, and a target that is missed says so."""

from bench.figures import Figures, at_share
from bench.measuring import Key, Measured
from bench.outcome import Outcome
from bench.report import tables
from bench.rounds import FLOOR_1, FLOOR_2
from bench.spread import Spread
from bench.targets import rate_ratio, verdicts
from bench.turns import CONFIRMS


def measured(per_second=100.0, p99_ms=10.0):
    found = Figures(50, per_second, 5.0, p99_ms, p99_ms, 0.03)
    return Measured(found, cpu_us=900.0)


def outcome_of(confirms, floor_1, floor_2):
    outcome = Outcome()
    for name, rounds in ((CONFIRMS.name, confirms), (FLOOR_1, floor_1), (FLOOR_2, floor_2)):
        for each in rounds:
            outcome.add(Key("sqlite", name, 64), each)
    return outcome


def test_the_ratio_of_a_round_is_of_that_round_alone():
    slow_then_fast = [measured(50), measured(300)]
    floor = [measured(100), measured(400)]

    assert rate_ratio(slow_then_fast, floor) == Spread(0.5, 0.625, 0.75)


def test_a_last_turn_below_its_share_of_floor_2_is_missed():
    floor_1, floor_2 = [measured(p99_ms=10)] * 3, [measured(1000)] * 3
    outcome = outcome_of(
        [measured(390, 30), measured(395, 70), measured(900, 50)], floor_1, floor_2
    )

    met = {verdict.target.split()[0]: verdict.is_met for verdict in verdicts(outcome)}

    assert met["T1"] is False
    assert met["T4"] is True
    assert "0.39/0.40/0.90 | MISSED" in tables(outcome, None)


def test_a_last_turn_at_its_share_is_met():
    outcome = outcome_of([measured(400)] * 3, [measured()] * 3, [measured(1000)] * 3)

    assert all(verdict.is_met for verdict in verdicts(outcome))


def test_p99_is_not_the_worst_of_many_and_not_beyond_the_last():
    waits = [float(number) for number in range(1000)]

    assert at_share(waits, 0.99) == 990.0
    assert at_share([7.0], 0.99) == 7.0
