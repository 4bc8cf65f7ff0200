"""While maintenance runs, whoever reports what comes of it is told so first, in one sentence."""

from datetime import timedelta

import pytest

from domain.maintenance import Phase
from domain.sentence import Say
from services.maintenance import Window
from tests.handlers.talking import NOW

UNTIL = NOW + timedelta(hours=1)


@pytest.fixture
def window():
    return Window(
        id=5,
        title="B座网络割接",
        words="期间上不了网。",
        categories=(),
        areas=("B座",),
        starts_at=NOW - timedelta(hours=1),
        ends_at=UNTIL,
        ahead_hours=24,
        announce_at=NOW - timedelta(hours=25),
        bulletin_id=1,
        phase=Phase.RUNNING,
    )


TOLD = Say("incident.maintenance", {"title": "B座网络割接", "until": UNTIL})


def test_the_summary_says_what_runs_and_until_when_and_a_yes_still_reports_c24(talk, window):
    dialog = talk()
    dialog.desk.maintained = {"B座201": window}

    dialog.hears("B座201 上不了网").answers("incident.confirm_known", maintenance=TOLD)
    dialog.taps("yes").answers("incident.opened")

    assert [each.place for each in dialog.desk.reported] == ["B座201"]


def test_what_fits_no_window_is_reported_as_ever(talk, window):
    dialog = talk()
    dialog.desk.maintained = {"B座201": window}

    dialog.hears("A座305 上不了网").answers("incident.confirm_known", maintenance=None)


def test_a_place_that_is_amended_into_a_window_is_told_then_and_once(talk, window):
    dialog = talk()
    dialog.desk.maintained = {"B座201": window}
    dialog.hears("A座305 上不了网")

    again = dialog.hears("地点改成 B座201").says[-1]
    assert (again.key, again.facts["maintenance"]) == ("incident.confirm_again", TOLD)

    again = dialog.hears("电话 13900001111").says[-1]
    assert (again.key, again.facts["maintenance"]) == ("incident.confirm_again", None)
