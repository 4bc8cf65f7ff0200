"""Talks as people have them, from the first word to what the ticket holds in the end (F1, F5)."""

import pytest

from models import Database
from nlp.classifier import read
from tests.bot.talk_files import Script, scripts
from tests.bot.talked import Talked

SCRIPTS = {each.name: each for each in scripts()}
ON_POSTGRESQL = (
    "01_first_fault_of_somebody_new",
    "04_two_faults",
    "09_amended_after_the_ticket_is_open",
)

# The first message holds the facts: what is broken, where, and whatever the desk must know.
IN_THREE = ("01_first_fault_of_somebody_new", "11_whole_answer_in_one_line")
IN_TWO = (
    "02_known_person_in_one_breath",
    "03_new_person_all_at_once",
    "04_two_faults",
    "13_a_time_beside_the_yes",
    "15_for_a_colleague",
    "18_traditional_characters",
    "19_english",
    "33_a_long_story",
    "37_a_device_of_the_asset_list",
)


@pytest.fixture(scope="module", autouse=True)
def _is_warm():
    """Words are read before the first message: the dictionary is loaded by a worker's start."""
    read("打印机卡纸")


@pytest.fixture
def engine_name(request):
    return getattr(request, "param", "sqlite")


@pytest.fixture
def talked(database_url, tmp_path):
    database = Database(database_url)
    yield Talked(database, tmp_path / "spool")
    database.dispose()


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=list(SCRIPTS))
def test_a_talk_goes_as_it_is_written(script: Script, talked: Talked):
    talked.play(script)

    most = {**dict.fromkeys(IN_THREE, 3), **dict.fromkeys(IN_TWO, 2)}.get(script.name)
    assert most is None or talked.opened_after == most, talked.story


@pytest.mark.parametrize("name", ON_POSTGRESQL)
@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_talk_goes_the_same_way_on_the_other_database(name, talked: Talked):
    talked.play(SCRIPTS[name])


def test_there_are_forty_talks_and_none_without_an_end():
    assert len(SCRIPTS) >= 40
    for script in SCRIPTS.values():
        kinds = {line.kind for line in script.lines}
        assert kinds & {"ticket", "tickets"}, script.name
