"""Hostile words are measured kind by kind (H-24); what they cost, the bench says."""

from bench import hostile, report
from bench.spread import Spread


def test_each_kind_is_20_000_characters_of_it():
    assert {len(hostile.text_of(piece)) for piece in hostile.KINDS.values()} == {20_000}


def test_the_table_shows_the_floor_beside_the_reading():
    spread = Spread.of([1.0, 2.0, 4.0])
    told = report.hostile_words([hostile.Hostile("digits", spread, spread, spread)])

    assert "| digits | 1.00/2.00/4.00 | 1.00/2.00/4.00 | 1.00/2.00/4.00 |" in told
