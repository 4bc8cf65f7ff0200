"""The pages about understanding: figures, a text tried, labels, own words, models (F6)."""

import pytest

from domain.category import Category
from domain.permissions import Role
from domain.understanding import Handling, ModelState, Truth, WordKind
from models import OwnWord, ReadingModel, StoredReading
from nlp.classifier import read
from services.desk import Desk
from services.readings import apart, models, storing, training, words
from tests.services.making import all_of
from tests.services.test_reading_models import as_shipped, learnt  # noqa: F401

HOME = "/console/admin/understanding"
PLACES = ("", "/try?text=打印机卡纸", "/readings", "/words", "/models")


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def browser(at_desk, admin):
    return at_desk(admin)


@pytest.fixture
def note(database, rules, now, make_person):
    wang = make_person()
    inbox = iter(range(1, 1000))

    def note(text, handling=Handling.ACTED, **truth):
        with database.transaction() as session:
            desk = Desk(session, now, rules, wang, next(inbox))
            storing.note(desk, read(text), text=text, handling=handling)
            row = session.query(StoredReading).order_by(StoredReading.id.desc()).first()
            for name, value in truth.items():
                setattr(row, name, value)
            return row.id

    return note


@pytest.fixture
def keep(database, now):
    def keep(mark, **facts):
        with database.transaction() as session:
            return models.keep(session, full(mark, **facts), by_id=None, note="试", now=now)

    return keep


def full(mark, **facts):
    made = learnt(mark, **facts)
    one = {"asked": 4, "right": 3, "accuracy": 0.75, "macro_f1": 0.7, "ece": 0.1}
    each = {**one, "by_label": {"printer": [4, 3]}}
    all_questions = dict.fromkeys(("intent", "category", "urgency"), each)
    changed = {"text": "老虎机卡了", "question": "category", "truth": "printer"}
    made["figures"] |= {
        "held": 4,
        "old": all_questions,
        "new": all_questions,
        "learnt_old": all_questions,
        "learnt_new": all_questions,
        "changed": [{**changed, "old": "other", "new": "printer"}],
        "reasons": ["corpus.intent", "category.accuracy"],
    }
    return made


def test_every_page_opens_for_who_may_read_and_for_nobody_else(
    at_desk, make_person, make_engineer, clerk, keep
):
    keep(1)
    for who, status in (
        (clerk, 200),
        (make_person("刘洋", Role.HEAD), 200),
        (make_engineer(), 403),
    ):
        browser = at_desk(who)
        assert {browser.opens(f"{HOME}{place}").status for place in PLACES} == {status}


def test_a_clerk_labels_and_cannot_change_what_messages_are_read_by(at_desk, clerk, keep, note):
    note("打印机卡纸")
    made, browser = keep(1), at_desk(clerk)

    label = browser.opens(f"{HOME}/readings").form(f"{HOME}/readings/1")
    assert browser.sends(label, right="1", category="", other="", out="", high="").status < 400
    for place in ("words", "models", f"models/{made}"):
        page = browser.opens(f"{HOME}/{place}")
        assert not [form for form in page.forms if form.action.startswith(f"{HOME}/")]


def test_how_well_it_does_is_told_with_examples_and_words_that_misled(note, browser):
    for _ in range(3):
        note(
            "打印机卡纸",
            truth=Truth.CORRECTED,
            true_intent="report",
            true_category=Category.NETWORK,
        )
    for _ in range(9):
        note("电脑蓝屏", truth=Truth.WORKED, true_intent="report", true_category=Category.COMPUTER)
    note("嗯这个那个", handling=Handling.NOT_UNDERSTOOD)

    page = browser.opens(HOME)

    assert "75% 12 条里对了 9 条" in page.text
    assert "是网络，认成了打印机 3 次" in page.text
    assert "打印机卡纸" in page.text
    assert "指向「打印机」，错 3 次，对 0 次" in page.text
    assert "13 条里有 1 条" in page.text


def test_a_text_is_tried_without_leaving_anything(database, browser):
    page = browser.opens(f"{HOME}/try?text=三楼财务室那台惠普打印机一直卡纸，明天上午十点以后来")

    assert "意图 报修" in page.text and "类别 打印机" in page.text
    assert "卡纸" in page.text and "三楼财务室" in page.text
    assert all_of(database, StoredReading) == []


def test_one_press_labels_and_the_next_one_comes_up(database, note, browser):
    note("打印机卡纸")
    note("OA 打不开")

    form = browser.opens(f"{HOME}/readings").form(f"{HOME}/readings/2")
    pressed = {
        "category": "account",
        "intent": "report",
        "high": "",
        "other": "",
        "right": "",
        "out": "",
    }
    page = browser.sends(form, **pressed)

    found = all_of(database, StoredReading)[1]
    assert (found.truth, found.true_category) == (Truth.LABELLED, Category.ACCOUNT)
    assert page.form(f"{HOME}/readings/1")
    assert "OA 打不开" in browser.opens(f"{HOME}/readings?which=wrong").text


def test_what_is_left_out_is_not_learnt(database, note, browser):
    note("打印机卡纸", truth=Truth.LABELLED, true_intent="report", true_category=Category.PRINTER)

    form = browser.opens(f"{HOME}/readings?which=all").form(f"{HOME}/readings/1")
    browser.sends(form, out="1", right="", category="", other="", high="", intent="report")

    with database.reading() as session:
        assert training.lessons_of(session) == []


def test_a_word_is_tried_before_it_holds(database, note, browser, monkeypatch):
    note("老虎机又卡了", truth=Truth.LABELLED, true_intent="report", true_category=Category.PRINTER)
    asked: dict[str, object] = {}

    def work(module, job, **_):
        asked.update(job, module=module)
        return {"now": [["report", "other", "normal"]], "wanted": [["report", "printer", "normal"]]}

    monkeypatch.setattr(apart, "work", work)
    typed = {"word": "老虎机", "kind": "synonym", "means": "打印机", "heading": ""}
    form = browser.opens(f"{HOME}/words").form(f"{HOME}/words/preview")

    preview = browser.sends(form, **typed)
    assert "共 1 条：1 条变了，其中知道真相的变对 1 条、变错 0 条" in preview.text
    assert asked["module"] == "nlp.trying"
    assert asked["wanted"] == [("老虎机", WordKind.SYNONYM, "打印机")]
    assert all_of(database, OwnWord) == []

    browser.sends(preview.form(f"{HOME}/words"))
    assert [each.word for each in all_of(database, OwnWord)] == ["老虎机"]


def test_a_word_that_cannot_be_is_told_at_its_field(browser):
    form = browser.opens(f"{HOME}/words").form(f"{HOME}/words/preview")

    page = browser.sends(form, word="星", kind="term", means="", heading="")

    assert page.status == 400
    assert "一个词要有 2 到 40 个字。" in page.text


def test_a_training_is_asked_for_once_and_its_part_moves(database, browser, now):
    form = browser.opens(f"{HOME}/models").form(f"{HOME}/models/train")

    page = browser.sends(form, note="第一次")

    assert "排队中" in page.text
    with database.reading() as session:
        assert training.progress(session).state == "asked"
    assert 'type="submit" disabled' in page.html


def test_a_model_is_put_live_and_taken_back_with_one_press_each(database, browser, keep):
    made = keep(1)

    page = browser.opens(f"{HOME}/models/{made}")
    assert "老虎机卡了" in page.text and "75% → 75%" in page.text
    browser.sends(page.form(f"{HOME}/models/{made}/live"))
    assert all_of(database, ReadingModel)[0].state is ModelState.LIVE

    browser.sends(browser.opens(f"{HOME}/models").form(f"{HOME}/models/back"))
    assert all_of(database, ReadingModel)[0].state is ModelState.RETIRED


def test_a_worse_one_needs_a_reason(database, browser, keep):
    made = keep(1, verdict="worse")
    form = browser.opens(f"{HOME}/models/{made}").form(f"{HOME}/models/{made}/live")

    refused = browser.sends(form, reason="")
    assert refused.status == 409
    assert "仍要上线，请写明原因" in refused.text

    browser.sends(refused.form(f"{HOME}/models/{made}/live"), reason="新系统")
    assert all_of(database, ReadingModel)[0].state is ModelState.LIVE


def test_the_words_of_the_page_are_the_admins(browser, database, rules, now, admin):
    with database.transaction() as session:
        new = words.wanted("星河系统", WordKind.CONCEPT, "category.business.thing")
        words.put(Desk(session, now, rules, admin), new)

    page = browser.opens(f"{HOME}/words")

    assert "星河系统 归类词 → 业务系统：东西" in page.text
    browser.sends(page.form(f"{HOME}/words/1/out"))
    assert all_of(database, OwnWord) == []
