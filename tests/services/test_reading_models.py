"""Weights learnt here: kept, put live, taken back, and read by in every process (F6)."""

import base64
import json
import subprocess
import sys
from threading import Event

import numpy as np
import pytest

from domain.permissions import Role
from domain.refusals import NotPermitted
from domain.understanding import ModelState, WordKind
from jobs.reading_exchange import ReadingExchange
from models import Alarm, AuditEntry, ReadingModel
from nlp import classifier, lexicon, live, model
from nlp.comparing import Verdict
from nlp.weights import CATEGORIES, COLUMNS, INTENTS
from services.desk import Desk
from services.readings import apart, models, words
from services.readings.models import IsLive, ModelDamaged, ModelWorse, NothingBefore
from services.readings.words import WordRefused
from settings import ROOT
from tests.services.making import all_of


def learnt(mark, verdict=Verdict.BETTER):
    """Weights of few features; each mark has its own digest."""
    concepts = lexicon.concepts()
    rows = 2 + len(concepts)
    weights = np.zeros((rows, len(COLUMNS)), dtype=np.float32)
    weights[1] = mark
    for row, concept in enumerate(concepts, 2):
        task, label, _ = concept.split(".")
        if task == "category":
            weights[row, len(INTENTS) + CATEGORIES.index(label)] = 40.0
    words = model.vocabulary_of(np.array([20], np.int64), [], concepts, np.ones(rows))
    bias = np.zeros(len(COLUMNS), dtype=np.float32)
    packed, card = model.pack(model.Model(words, weights, bias, {}))
    return {
        "weights": base64.b64encode(packed).decode(),
        "card": json.loads(json.dumps(card)),
        "learnt": {"corpus": 6448, "desk": 5, "held": 1},
        "figures": {"verdict": str(verdict)},
    }


@pytest.fixture(autouse=True)
def as_shipped():
    """What this process reads by is put back."""
    yield
    live.put_shipped()
    live.put_words(live.OwnWords())


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def keep(database, now):
    def keep(mark, **facts):
        with database.transaction() as session:
            made = learnt(mark, **facts)
            return models.keep(session, made, by_id=None, note="", now=now)

    return keep


@pytest.fixture
def desk(database, rules, now, admin):
    """`desk(models.promote, 1)`: an act of the admin's, or of somebody else's."""

    def act(do, *args, who=None):
        with database.transaction() as session:
            return do(Desk(session, now, rules, who or admin), *args)

    return act


@pytest.fixture
def exchange(database, now):
    return ReadingExchange(database, lambda: now)


def states(database):
    return [each.state for each in all_of(database, ReadingModel)]


def test_what_is_put_live_reads_from_then_on(keep, desk, exchange):
    shipped = live.version()
    first = keep(1)

    desk(models.promote, first)
    exchange.refresh()

    assert live.version() != shipped
    assert classifier.read("打印机卡纸").model == live.version()


def test_one_is_live_and_the_one_before_comes_back(database, keep, desk, exchange, now):
    first, second = keep(1), keep(2)
    with database.transaction() as session:
        session.get_one(ReadingModel, second).made_at = now.replace(hour=9)
    shipped = live.version()

    desk(models.promote, first)
    desk(models.promote, second)
    assert states(database) == [ModelState.RETIRED, ModelState.LIVE]
    former = desk(models.roll_back)
    exchange.refresh()
    assert live.version() == former
    assert states(database) == [ModelState.LIVE, ModelState.RETIRED]
    desk(models.roll_back)
    exchange.refresh()

    assert live.version() == shipped
    with pytest.raises(NothingBefore):
        desk(models.roll_back)
    actions = [each.action for each in all_of(database, AuditEntry)]
    assert actions == ["weights.promote"] * 2 + ["weights.roll_back"] * 2


def test_what_reads_worse_is_put_live_only_with_a_reason(database, keep, desk):
    worse = keep(1, verdict=Verdict.WORSE)

    with pytest.raises(ModelWorse):
        desk(models.promote, worse)
    desk(models.promote, worse, "新系统上线，旧测验句已过时")

    assert states(database) == [ModelState.LIVE]
    assert all_of(database, AuditEntry)[0].after["reason"] == "新系统上线，旧测验句已过时"
    with pytest.raises(IsLive):
        desk(models.promote, worse)


def test_only_an_admin_puts_anything_live_or_changes_words(keep, desk, make_person):
    first, clerk = keep(1), make_person("陈台", Role.DESK)

    for act in (
        (models.promote, first),
        (models.roll_back,),
        (words.put, words.wanted("老虎机", WordKind.TERM)),
        (words.take_out, 1),
    ):
        with pytest.raises(NotPermitted):
            desk(*act, who=clerk)


def test_damaged_weights_are_refused_the_old_ones_stay_and_somebody_is_told(
    database, keep, desk, exchange
):
    first, second = keep(1), keep(2)
    desk(models.promote, first)
    exchange.refresh()
    held = live.version()
    desk(models.promote, second)
    with database.transaction() as session:
        session.get_one(ReadingModel, second).weights = b"PK damaged"

    exchange.refresh()

    assert live.version() == held
    assert [each.key.partition(":")[0] for each in all_of(database, Alarm)] == ["weights"]


def test_weights_of_another_release_give_way_to_the_shipped_ones(database, keep, desk, exchange):
    """An older release had another set of kinds: its weights mean nothing here."""
    shipped = live.version()
    made = keep(1)
    desk(models.promote, made)
    with database.transaction() as session:
        row = session.get_one(ReadingModel, made)
        row.card = {**row.card, "columns": ["report", "high"]}

    exchange.refresh()

    assert live.version() == shipped


def test_damaged_weights_cannot_be_put_live(database, keep, desk):
    made = keep(1)
    with database.transaction() as session:
        session.get_one(ReadingModel, made).weights = b"PK damaged"

    with pytest.raises(ModelDamaged):
        desk(models.promote, made)


def test_the_same_weights_are_the_same_candidate_and_old_ones_go(database, keep):
    assert keep(1) == keep(1)

    for mark in range(2, 9):
        keep(mark)

    assert len(all_of(database, ReadingModel)) == 5


def test_another_process_reads_by_them_too(database, database_url, keep, desk):
    """F6: loaded in every worker without restart."""
    desk(models.promote, keep(1))
    desk(words.put, words.wanted("老虎机", WordKind.SYNONYM, "打印机"))

    found = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, database_url],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    )

    with database.reading() as session:
        name = models.listed(session)[0].name
    assert found.stdout.split() == [name, "printer"]


_ELSEWHERE = """
import sys
from datetime import UTC, datetime
from jobs.reading_exchange import ReadingExchange
from models import Database
from nlp import classifier, live

database = Database(sys.argv[1])
ReadingExchange(database, lambda: datetime.now(UTC)).refresh()
print(live.version(), classifier.read("我们这台老虎机又卡纸了").category)
database.dispose()
"""


# --- own words ----------------------------------------------------------------------------------


def test_own_words_hold_after_the_next_look_and_no_longer_than_they_stand(desk, exchange, database):
    before = classifier.read("星河系统进不去了")

    desk(words.put, words.wanted("星河系统", WordKind.CONCEPT, "category.business.thing"))
    desk(words.put, words.wanted("老虎机", WordKind.SYNONYM, "打印机"))
    exchange.refresh()
    with database.reading() as session:
        ids = [each.id for each in words.listed(session)]

    assert classifier.read("老虎机又卡了").category == "printer"
    assert "星河系统" in [each.word for each in classifier.read("星河系统进不去了").evidence]
    for each in ids:
        desk(words.take_out, each)
    exchange.refresh()
    assert classifier.read("星河系统进不去了") == before
    assert len(all_of(database, AuditEntry)) == 4


@pytest.mark.parametrize(
    ("word", "kind", "means", "problem"),
    [
        ("星", WordKind.TERM, "", "length"),
        ("星" * 41, WordKind.TERM, "", "length"),
        ("星河 系统", WordKind.TERM, "", "blank"),
        ("老虎机", WordKind.SYNONYM, "", "no_meaning"),
        ("老虎机", WordKind.SYNONYM, "老虎机", "no_meaning"),
        ("星河系统", WordKind.CONCEPT, "category.coffee.thing", "no_heading"),
    ],
)
def test_a_word_that_cannot_be_is_refused_and_says_why(word, kind, means, problem):
    with pytest.raises(WordRefused) as refused:
        words.wanted(word, kind, means)

    assert refused.value.text_key == f"reading.word.{problem}"


# --- in a process of its own --------------------------------------------------------------------


def test_words_are_tried_in_a_process_of_its_own():
    wanted = [["大白", "synonym", "打印机"]]
    job = {"texts": ["大白又不动了"], "old": None, "now": [], "wanted": wanted}

    found = apart.work("nlp.trying", job, within=60)

    assert found["now"] != found["wanted"] == [["report", "printer", "normal"]]
    assert classifier.read("大白又不动了").category != "printer"


def test_what_takes_too_long_or_is_stopped_is_ended():
    job: dict[str, object] = {"texts": [], "old": None, "now": [], "wanted": []}
    stopped = Event()
    stopped.set()

    with pytest.raises(apart.Failed, match="too slow"):
        apart.work("nlp.trying", job, within=0.01)
    with pytest.raises(apart.Failed, match="stopped"):
        apart.work("nlp.trying", job, within=60, stopped=stopped)
    with pytest.raises(apart.Failed, match="exit=1 KeyError"):
        apart.work("nlp.trying", {}, within=60)
