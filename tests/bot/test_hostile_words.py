"""Hostile words, free and at every question of a report: a kind answer, kept whole (H-20…27)."""

import logging
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.report_draft import Step
from models import Database
from tests.bot.talked import Talked
from tests.handlers.requesters.conftest import FakeDesk, SpokenTalk
from tests.handlers.talking import KNOWN, Talk, speaker
from tests.nlp.slot_texts import HOSTILE, any_texts

NASTY = (
    *HOSTILE[::3],
    "打" * 20_000,
    "a" * 20_000,
    "明天上午十点到" * 2_000,
    "帮同事李" * 4_000,
    "电话 1380000" * 2_000,
    "\u200d\u200b\ufeff",
    "👨\u200d👩\u200d👧\u200d👦" * 400,
    "😀😡🙏",
    "\u202e卡纸\u202c\u2066打印机\u2069",
    "!!!???。。。",
    '=HYPERLINK("http://evil.example","打印机")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>打印机坏了",
    "'; DROP TABLE tickets; --",
    "{{config}} ${7*7} <%= 7*7 %> {symptom} [[{name}]]",
    "http://evil.example/?a=1&b=<x> 点这里",
    "12345678901234567890",
    "\udcff\ud800打印机",
    "\x00\x08\x1b[2J打印机卡纸",
    "打印机卡纸\r\n\u2028\u2029明天来",
    "０１２３ ＡＢＣ ﷽",
)

# What leads to each question; then the nasty words come.
TO_STEP = {
    Step.SYMPTOM: ("报修",),
    Step.CATEGORY: ("用不了了",),
    Step.PROFILE: ("三楼打印机卡纸",),
    Step.PLACE: ("财务部王芳13800001234,打印机卡纸",),
    Step.TWO_FAULTS: ("打印机卡纸,还有我的邮箱也登不上",),
    Step.CONFIRM: ("打印机卡纸",),
    Step.AMEND: ("打印机卡纸", "改一下"),
}
_OF_A_STRANGER = {Step.PROFILE, Step.PLACE}


def at(step) -> SpokenTalk:
    """A talk that waits at this question."""
    who = speaker() if step in _OF_A_STRANGER else speaker(**KNOWN)
    talk = SpokenTalk(FakeDesk(who))
    for words in TO_STEP[step]:
        talk.hears(words)
    assert talk.waits_at[1] == step
    return talk


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog):
    caplog.set_level(logging.WARNING)
    yield
    assert not caplog.records


@pytest.mark.parametrize("step", TO_STEP, ids=str)
def test_h23_h24_nasty_words_get_a_kind_answer_at_every_question(step):
    for words in NASTY:
        talk = at(step)
        before = len(talk.desk.reported)

        Talk.hears(talk, words)

        assert talk.says, (step, words[:40])
        assert all(report.description for report in talk.desk.reported[before:])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(step=st.sampled_from(list(TO_STEP)), words=any_texts)
def test_h23_any_words_at_all_are_answered(step, words):
    assert Talk.hears(at(step), words).says


def test_h20_a_template_in_the_words_stays_what_it_is():
    talk = SpokenTalk(FakeDesk(speaker(**KNOWN)))
    Talk.hears(talk, "打印机卡纸 {{7*7}} %(x)s")
    talk.hears("对")

    (report,) = talk.desk.reported
    assert report.description == "打印机卡纸 {{7*7}} %(x)s"


def test_h24_nasty_words_out_of_nowhere_are_answered_over_the_wire(sqlite_databases, tmp_path):
    """No refusal but of what is too large, nothing unanswered, and nothing in the log."""
    with sqlite_databases.migrated() as url:
        database = Database(url)
        talked = Talked(database, tmp_path / "spool")
        for words in NASTY:
            talked.desk.now += timedelta(minutes=11)
            words = "".join(filter(_goes_through, words[:_ON_THE_WIRE]))
            read = talked.types(words)
            assert read or not words.strip(), words[:40]
        database.dispose()


_ON_THE_WIRE = 8_000  # characters; the body of a callback is bounded before (H-08)


def _goes_through(character: str) -> bool:
    """What XML can carry; the rest is refused at the edge (H-06)."""
    return character in "\n\t" or (character >= " " and not "\ud800" <= character <= "\udfff")
