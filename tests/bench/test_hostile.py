"""Hostile words are measured kind by kind, and none of them costs what nobody would wait for."""

from bench import hostile, report
from bench.spread import Spread

AT_MOST_MS = 250.0  # of the processor; some 10 are usual, and a pattern gone wild takes seconds


def test_h24_no_kind_of_20_000_characters_keeps_a_worker_busy():
    found = hostile.measure(1)

    assert [each.kind for each in found] == list(hostile.KINDS)
    assert {each.kind: each.turn.high for each in found if each.turn.high > AT_MOST_MS} == {}


def test_each_kind_is_20_000_characters_of_it():
    assert {len(hostile.text_of(piece)) for piece in hostile.KINDS.values()} == {20_000}


def test_the_table_shows_the_floor_beside_the_reading():
    spread = Spread.of([1.0, 2.0, 4.0])
    told = report.hostile_words([hostile.Hostile("digits", spread, spread, spread)])

    assert "| digits | 1.00/2.00/4.00 | 1.00/2.00/4.00 | 1.00/2.00/4.00 |" in told
