"""The demonstration has readings to look at, to put right and to learn from (F6)."""

from itertools import pairwise

import pytest
from sqlalchemy import select

from cli.context import Desk
from cli.demo import seed
from cli.demo_readings import seed_readings, sentences
from domain.understanding import Handling, Truth
from models import StoredReading
from services.readings import figures
from tests.cli.conftest import CONFIG, NOW, SECRETS


@pytest.fixture
def desk(tmp_path, monkeypatch, sqlite_databases):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ITDESK_DATABASE__URL", raising=False)
    with sqlite_databases.migrated() as url:
        config = tmp_path / "config.yaml"
        config.write_text(CONFIG.format(url=url))
        made = Desk(config, lambda: NOW)
        seed(made)
        yield made
        made.database.dispose()


def test_the_pages_of_understanding_have_something_to_show_f6(desk):
    seed_readings(desk)
    seed_readings(desk)  # a second start

    with desk.database.reading() as session:
        rows = session.scalars(select(StoredReading).order_by(StoredReading.id)).all()
        found = figures.figures(session, NOW)
    assert 60 <= len(rows) == len(list(sentences())) <= 100
    assert {each.handling for each in rows} >= {
        Handling.ACTED,
        Handling.ASKED,
        Handling.HANDED_OVER,
    }
    assert {each.truth for each in rows} >= {None, Truth.WORKED, Truth.CORRECTED, Truth.LABELLED}
    assert all(a.read_at <= b.read_at < NOW for a, b in pairwise(rows))
    assert all(each.truth_at is None or each.truth_at < NOW for each in rows)
    right, known = found.total.category_right, found.total.category_known
    assert 0.7 < right / known < 0.95 and found.confusions and found.misleading
