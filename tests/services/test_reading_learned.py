"""A clerk corrects a category in the console; after the next training the bot knows (F6)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.category import Category
from domain.permissions import Role
from domain.refusals import NotPermitted
from domain.understanding import Handling, LearningRules, ModelState, Truth
from jobs.reading_exchange import ReadingExchange
from jobs.trainer import Trainer
from models import Notice, ReadingModel, StoredReading
from nlp import classifier, learning, live
from nlp.classifier import read
from nlp.comparing import Verdict
from services import desk_acts
from services.desk import Desk
from services.readings import apart, models, storing, training, weekly
from services.readings.training import TrainingUnderWay
from tests.nlp.slices import some_utterances
from tests.services.making import a_report, all_of
from tests.services.test_reading_models import as_shipped, learnt  # noqa: F401

MISREAD = "小蓝盒子又罢工了"


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def trainer(database, rules, now):
    def trainer(at=now, **learning):
        own = replace(rules, learning=LearningRules(**learning))
        return Trainer(database, own, lambda: at, lambda: None)

    return trainer


@pytest.fixture
def ask(database, rules, now, admin):
    def ask(who=None, at=now):
        with database.transaction() as session:
            training.ask(Desk(session, at, rules, who or admin))

    return ask


@pytest.fixture
def kept_apart(monkeypatch):
    """The training itself is done in no time, and says so."""
    jobs = []

    def kept_apart(verdict=Verdict.BETTER):
        def work(module, job, **_):
            jobs.append(job)
            return learnt(len(jobs), verdict=verdict)

        monkeypatch.setattr(apart, "work", work)
        return jobs

    return kept_apart


@pytest.fixture
def learn(database, rules, now, admin, ask, trainer, monkeypatch):
    """Asked for, trained on a little of the corpus, put live; answers with its row."""
    monkeypatch.setattr(learning, "shipped_utterances", some_utterances)
    monkeypatch.setattr(apart, "work", lambda _, job, **__: trained_here(job))

    def learn():
        ask()
        made = trainer().look()
        with database.transaction() as session:
            row = models.one(session, made)
            models.promote(Desk(session, now, rules, admin), made, "小语料，只为试验")
        ReadingExchange(database, lambda: now).refresh()
        return row

    return learn


def right():
    """Of the sentences that it was taught."""
    told = [each for each in some_utterances() if each.category]
    return sum(read(each.text).categories[0][0] is each.category for each in told) / len(told)


def trained_here(job):
    return learning.learnt_from(json.loads(json.dumps(job)))


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_sentence_that_was_corrected_is_read_right_after_the_next_training(
    database, rules, now, by, make_person, make_engineer, learn
):
    """A clerk corrects the category of five tickets; what was read right before still is."""
    wang, clerk = make_person(), make_person("陈台", Role.DESK)
    make_engineer()
    learn()
    before = right()
    assert read(MISREAD).category is not Category.MEETING
    for inbox_id in range(1, 6):
        with database.transaction() as session:
            desk = Desk(session, now, rules, wang, inbox_id)
            storing.note(desk, read(MISREAD), text=MISREAD, handling=Handling.ACTED)
        report = a_report(symptom=MISREAD, read_in=inbox_id, category=Category.PRINTER)
        ticket = by(wang).report(report).ticket
        with database.transaction() as session:
            desk_acts.correct(Desk(session, now, rules, clerk), ticket.id, category="meeting")

    row = learn()

    assert (row.verdict, row.learnt["desk"]) == (Verdict.TOO_FEW, 5)
    assert row.figures["learnt_old"]["category"]["right"] == 0
    assert row.figures["learnt_new"]["category"]["right"] == 5
    assert classifier.read(MISREAD).model == row.name == live.version()
    assert classifier.read(MISREAD).category is Category.MEETING
    assert right() >= before - 0.1  # five sentences weigh a lot beside 240, not beside 6,000


def test_only_an_admin_asks_and_only_once(ask, make_person, now):
    with pytest.raises(NotPermitted):
        ask(make_person("陈台", Role.DESK))
    ask()

    with pytest.raises(TrainingUnderWay):
        ask()
    ask(at=now + training.TAKES_AT_MOST)  # whoever was at it has died


def test_one_process_does_what_was_asked_for(database, ask, trainer, now, kept_apart):
    jobs = kept_apart()
    ask()

    assert training.claim(database, now) is not None
    assert training.claim(database, now) is None
    assert trainer().look() is None
    assert jobs == []


def test_a_training_that_fails_says_so_and_may_be_asked_for_again(
    database, ask, trainer, monkeypatch
):
    def work(*_, **__):
        raise apart.Failed("nlp.learning exit=1 MemoryError")

    monkeypatch.setattr(apart, "work", work)
    ask()

    assert trainer().look() is None

    with database.reading() as session:
        assert training.progress(session).state == "failed"
    ask()


def test_what_is_learnt_is_weighed_by_who_said_it(database, rules, now, make_person):
    """A summary that stood teaches only where the reading was sure; haste only where corrected."""
    wang = make_person()
    for inbox_id, truth in enumerate(Truth, 1):
        with database.transaction() as session:
            desk = Desk(session, now, rules, wang, inbox_id)
            storing.note(desk, read("打印机卡纸"), text="打印机卡纸", handling=Handling.ACTED)
            row = session.query(StoredReading).filter_by(inbox_id=inbox_id).one()
            row.truth, row.truth_at, row.true_intent = truth, now, "report"
            row.true_category, row.true_urgency = Category.PRINTER, row.urgency

    with database.reading() as session:
        found = training.lessons_of(session)

    weights = {each.truth: each.utterance().weight for each in found}
    assert weights[Truth.CONFIRMED] < weights[Truth.WORKED] < weights[Truth.CHOSEN]
    assert weights[Truth.CHOSEN] < weights[Truth.CORRECTED] == weights[Truth.LABELLED]
    assert [each.urgency is None for each in found] == [True, True, True, False, False]


# --- each week ----------------------------------------------------------------------------------

AT_NIGHT = timedelta(hours=16)  # from half past ten in the morning to half past two


@pytest.fixture
def corrected(database, rules, now, make_person):
    wang = make_person()
    with database.transaction() as session:
        desk = Desk(session, now, rules, wang)
        storing.note(desk, read(MISREAD), text=MISREAD, handling=Handling.ACTED, inbox_id=1)
        row = session.query(StoredReading).one()
        row.truth, row.truth_at, row.true_intent = Truth.CORRECTED, now, "report"


@pytest.mark.usefixtures("corrected", "admin")
@pytest.mark.parametrize("alone", [True, False])
def test_each_week_a_candidate_is_made_and_the_admin_told(
    database, trainer, now, kept_apart, alone
):
    kept_apart()
    night = trainer(now + AT_NIGHT, promote_alone=alone)

    night.tend()
    assert night.look() is not None

    state = ModelState.LIVE if alone else ModelState.CANDIDATE
    key = "notice.reading_promoted" if alone else "notice.reading_candidate"
    assert [each.state for each in all_of(database, ReadingModel)] == [state]
    assert [each.text_key for each in all_of(database, Notice)] == [key]
    night.tend()
    assert night.look() is None  # not again the same night


@pytest.mark.usefixtures("corrected", "admin")
def test_what_is_not_better_is_never_put_live_by_itself(database, trainer, now, kept_apart):
    kept_apart(Verdict.SAME)
    night = trainer(now + AT_NIGHT, promote_alone=True)

    night.tend()
    night.look()

    assert [each.state for each in all_of(database, ReadingModel)] == [ModelState.CANDIDATE]


@pytest.mark.usefixtures("corrected", "admin")
def test_no_training_by_day_nor_where_it_is_switched_off(database, now):
    with database.reading() as session:
        assert weekly.is_due(session, LearningRules(), now + AT_NIGHT)
        assert not weekly.is_due(session, LearningRules(), now)
        assert not weekly.is_due(session, LearningRules(train_weekly=False), now + AT_NIGHT)


def test_no_training_where_nobody_said_anything_new(database, admin, now):
    with database.reading() as session:
        assert not weekly.is_due(session, LearningRules(), now + AT_NIGHT)
