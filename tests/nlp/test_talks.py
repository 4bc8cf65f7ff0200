"""What the model dialogues need of the readers: report, correct, finish, confirm and rate."""

import pytest

from domain.priority import Impact
from nlp.choice import Choice, read_choice, read_option
from nlp.contact import Contact, read_contact
from nlp.incident import (
    Incident,
    read_correction,
    read_incident,
    read_place,
    split_incidents,
)
from nlp.result import Result, read_result
from nlp.scores import Scores, read_scores
from nlp.ticket_ref import read_ticket_ref


def test_one_sentence_reports_a_fault():
    """F1: nothing of it is asked again."""
    assert read_incident("三楼财务室那台惠普打印机一直卡纸,急用") == Incident(
        symptom="惠普打印机一直卡纸",
        device="惠普打印机",
        place="三楼财务室",
        is_urgent=True,
        people_hit=Impact.PERSON,
        error_code=None,
    )


def test_a_known_person_reports_in_one_breath():
    assert read_incident("A座305 电脑蓝屏 0x0000007E 重启三次了") == Incident(
        symptom="电脑蓝屏 0x0000007E,重启三次",
        device="电脑",
        place="A座305",
        is_urgent=False,
        people_hit=Impact.PERSON,
        error_code="0x0000007E",
    )


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("财务部王芳 8899", Contact("财务部", "王芳", extension="8899")),
        ("财务部 王芳 13800001234", Contact("财务部", "王芳", phone="13800001234")),
    ],
)
def test_who_was_asked_once_answers_in_one_message(text, contact):
    assert read_contact(text, expect_all=True) == contact


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("对", Choice.YES),
        ("是的", Choice.YES),
        ("嗯确认", Choice.YES),
        ("确认报修", Choice.YES),
        ("都报", Choice.YES),
        ("提交", Choice.YES),
        ("解决了", Choice.YES),
        ("有用", Choice.YES),
        ("没解决", Choice.NO),
        ("没用", Choice.NO),
        ("不撤", Choice.NO),
        ("不是,是报修", Choice.NO),
        ("改一下", Choice.AMEND),
        ("再改", Choice.AMEND),
        ("地点改成A座306", Choice.AMEND),
        ("不用了", Choice.CANCEL),
        ("取消", Choice.CANCEL),
        ("撤掉", Choice.CANCEL),
        ("不评了", Choice.CANCEL),
        ("不用来了,好了", Choice.CANCEL),
        ("转人工", Choice.UNCLEAR),
        ("还是报修", Choice.UNCLEAR),
        ("逐项打分", Choice.UNCLEAR),
    ],
)
def test_every_button_and_short_answer_is_understood(text, choice):
    assert read_choice(text) is choice


def test_a_correction_names_what_is_meant_instead():
    assert read_correction("不是打印机,是电脑没网打不了") == "电脑没网打不了"
    assert read_correction("地点改成A座306") == "A座306"
    assert read_place("地点改成A座306") == "A座306"


def test_two_faults_in_one_message_are_two():
    assert split_incidents("打印机卡纸,还有我的邮箱也登不上") == ("打印机卡纸", "邮箱登不上")
    assert read_option("只报 1", 2) == 0
    assert read_option("只报 2", 2) == 1
    assert read_option("都报", 2) is None


def test_one_sentence_finishes_a_job():
    """F10: cause, what was done, time, part; a part is replaced on site."""
    assert read_result("搓纸轮老化,换了新的,测试正常,用了 30 分钟") == Result(
        cause="worn_part",
        action_taken="换了新的搓纸轮,测试正常",
        minutes=30,
        is_on_site=True,
        parts=("搓纸轮",),
    )


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("速度3 其他都好", Scores(3, 5, 5)),
        ("都很好", Scores(5, 5, 5)),
        ("速度5 态度5 结果5", Scores(5, 5, 5)),
        ("都是5分", Scores(5, 5, 5)),
        ("都是 5 分", Scores(5, 5, 5)),
    ],
)
def test_one_sentence_rates_all_three(text, scores):
    """F13."""
    assert read_scores(text) == scores


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("完工 0007", "0007"),
        ("看 0007", "0007"),
        ("接单 IT20261124-0001", "IT20261124-0001"),
        ("核实 TS20261124-0002", "TS20261124-0002"),
        ("绑定 482913", None),
        ("财务部王芳 8899", None),
    ],
)
def test_a_ticket_is_named_whole_or_by_its_end(text, reference):
    """W2: what a button does can be typed."""
    assert read_ticket_ref(text) == reference
