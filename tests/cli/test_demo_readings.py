"""The demonstration has readings to look at, to put right and to learn from (F6)."""

from itertools import pairwise

from sqlalchemy import select

from cli.demo_readings import seed_readings, sentences
from domain.understanding import Handling, Truth
from models import StoredReading
from services.readings import figures
from tests.cli.conftest import NOW


def test_the_pages_of_understanding_have_something_to_show_f6(demo_desk):
    seed_readings(demo_desk)
    seed_readings(demo_desk)  # a second start

    with demo_desk.database.reading() as session:
        rows = session.scalars(select(StoredReading).order_by(StoredReading.id)).all()
        found = figures.figures(session, NOW)
    assert 60 <= len(rows) == len(list(sentences())) <= 100
    assert {each.handling for each in rows} >= {
        Handling.ACTED,
        Handling.ASKED,
        Handling.HANDED_OVER,
        Handling.NOT_UNDERSTOOD,
    }
    lost = [each.truth for each in rows if each.handling is Handling.NOT_UNDERSTOOD]
    assert lost.count(Truth.LABELLED) >= 3
    assert {each.truth for each in rows} >= {None, Truth.WORKED, Truth.CORRECTED, Truth.LABELLED}
    assert all(a.read_at <= b.read_at < NOW for a, b in pairwise(rows))
    assert all(each.truth_at is None or each.truth_at < NOW for each in rows)
    right, known = found.total.category_right, found.total.category_known
    assert 0.7 < right / known < 0.95 and found.confusions and found.misleading
