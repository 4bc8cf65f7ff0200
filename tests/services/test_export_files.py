"""Files made beside everything else: whose they are, how long, what comes of a maker that dies."""

from datetime import timedelta

import pytest

from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import ExportFile, ExportState, Notice
from services import export_files
from services.export_files import KEPT_FOR, MADE_WITHIN, TRIES, Made, TooManyWaiting

MADE = Made("a.csv", 12, 3400, is_whole=True)
QUERY = {"view": ["open"]}


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def ask(database, desk_of):
    def ask(person):
        with database.transaction() as session:
            return export_files.ask(desk_of(session, person), QUERY, "csv")

    return ask


@pytest.fixture
def make(database):
    def make(now, made=MADE):
        with database.transaction() as session:
            making = export_files.claim(session, now)
            return making and export_files.done(session, making, made, now)

    return make


def test_whoever_asked_is_told_and_nobody_else_fetches_it_c18(
    database, desk_of, clerk, make_person, ask, make, now
):
    file_id, head = ask(clerk), make_person("何总", Role.HEAD)

    assert make(now)

    with database.transaction() as session:
        assert export_files.opened(desk_of(session, clerk), file_id).row_count == 12
        assert session.query(Notice).one().recipient_id == clerk.id
        with pytest.raises(NotFound):
            export_files.opened(desk_of(session, head), file_id)


def test_a_file_is_over_after_a_day_and_swept_c18(database, desk_of, clerk, ask, make, now):
    file_id = ask(clerk)
    make(now)

    with database.transaction() as session:
        with pytest.raises(NotFound):
            export_files.opened(desk_of(session, clerk, now + KEPT_FOR), file_id)
        assert export_files.sweep(session, now + KEPT_FOR) == ("a.csv",)
    with database.transaction() as session:
        assert session.get(ExportFile, file_id) is None


def test_what_a_dead_process_left_is_made_by_another_but_not_for_ever_c18(
    database, clerk, ask, make, now
):
    file_id = ask(clerk)
    with database.transaction() as session:
        assert export_files.claim(session, now) is not None
        assert export_files.claim(session, now) is None

    for n in range(1, TRIES):
        with database.transaction() as session:
            assert export_files.claim(session, now + n * MADE_WITHIN) is not None
    with database.transaction() as session:
        assert export_files.claim(session, now + TRIES * MADE_WITHIN) is None

    with database.transaction() as session:
        assert session.get_one(ExportFile, file_id).state is ExportState.FAILED


def test_the_slower_of_two_makers_changes_nothing(database, clerk, ask, make, now):
    ask(clerk)
    with database.transaction() as session:
        slow = export_files.claim(session, now)
    assert slow is not None
    later = now + MADE_WITHIN
    assert make(later)

    with database.transaction() as session:
        other = Made("b.csv", 1, 1, is_whole=True)
        assert not export_files.done(session, slow, other, later + timedelta(seconds=1))


def test_three_at_once_are_enough_and_an_engineer_has_none_y1(clerk, make_engineer, ask):
    for _ in range(3):
        ask(clerk)

    with pytest.raises(TooManyWaiting):
        ask(clerk)
    with pytest.raises(NotPermitted):
        ask(make_engineer("周工"))
