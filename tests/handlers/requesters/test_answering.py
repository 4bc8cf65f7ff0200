"""Questions are answered out of the knowledge base, and whoever is not helped reports (K1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.category import Category
from domain.knowledge import UseOutcome
from domain.permissions import Role
from tests.handlers.known_answers import known

CONNECT = known("ZS0001", "连接三楼打印机", "开始 → 设置 → 打印机 → 添加，输入 \\\\print\\3F。")
DUPLEX = known("ZS0002", "打印机双面打印", "打印 → 首选项 → 双面。", score=0.6, is_sure=False)
JAMMED = known("ZS0003", "打印机卡纸", "打开后盖，顺着方向抽出纸。", score=0.5, is_sure=False)
QUESTION = "怎么连三楼的打印机"
SHOWN, USEFUL = UseOutcome.SHOWN, UseOutcome.USEFUL
USELESS, REPORTED = UseOutcome.USELESS, UseOutcome.REPORTED


def asked(talk, *articles, **facts):
    """A question that was answered."""
    return talk(articles=list(articles or (CONNECT,)), **facts).hears(QUESTION)


# --- the answer ------------------------------------------------------------------------------


def test_a_question_is_answered_at_once_with_three_ways_out_k1(talk):
    dialog = asked(talk, CONNECT, DUPLEX)

    dialog.answers("answer.found", title="连接三楼打印机")
    assert dialog.offered == ["useful:1", "useless:1", "report_after_all:1"]
    assert dialog.says[0].page.path == "/h5/knowledge/ZS0001?use=1"
    assert "\\\\print\\3F" in dialog.words
    assert dialog.desk.uses[0].query == QUESTION


@pytest.mark.parametrize("said", ["有用", "管用了,谢谢", "解决了", "会了", "是的", "谢谢,好了"])
def test_a_word_of_thanks_that_it_helped_ends_the_talk_k1(talk, said):
    dialog = asked(talk).hears(said).answers("answer.thanks")

    assert dialog.desk.outcomes == [USEFUL]
    assert dialog.waits_at == (None, None)


@pytest.mark.parametrize("said", ["好的", "嗯", "ok"])
def test_that_it_was_read_is_not_yet_that_it_helped_k1(talk, said):
    dialog = asked(talk).hears(said).answers("answer.tell_later")

    dialog.hears("管用").answers("answer.thanks")


def test_thanks_alone_say_nothing_about_it_k1(talk):
    dialog = asked(talk).hears("谢谢").answers("answer.left")

    assert dialog.desk.outcomes == [SHOWN]


def test_tapped_twice_it_counts_once_and_is_thanked_again_k1(talk):
    dialog = asked(talk).taps("useful:1").answers("answer.thanks")
    dialog.hears(tap="useful:1").answers("answer.thanks")

    assert dialog.desk.outcomes == [USEFUL]


@pytest.mark.parametrize("use", ["7", "0", "x", "99999999999999999999"])
def test_nobody_says_anything_of_what_somebody_else_was_shown_y1(talk, use):
    talk(articles=[CONNECT]).hears(tap=f"useful:{use}").answers("refusal.not_found")


# --- it did not help -------------------------------------------------------------------------


def test_of_no_use_the_next_best_is_said_once_and_then_it_is_asked_why_k1(talk):
    dialog = asked(talk, CONNECT, DUPLEX, JAMMED)

    dialog.taps("useless:1").answers("answer.second", title="打印机双面打印")
    dialog.taps("useless:2").answers("answer.ask_why")
    dialog.hears("按步骤做到添加就报错").answers("answer.remark_kept")

    assert dialog.desk.outcomes == [USELESS, USELESS]
    assert dialog.desk.remarks == {2: "按步骤做到添加就报错"}
    assert dialog.offered == ["report_after_all:2", "human"]


@pytest.mark.parametrize("said", ["没用", "不行", "还是不行", "不管用", "看不懂"])
def test_what_the_button_does_the_words_do_k1(talk, said):
    dialog = asked(talk).hears(said).answers("answer.ask_why")

    assert dialog.desk.outcomes == [USELESS]


def test_the_reason_may_come_with_the_word_k1(talk):
    dialog = asked(talk).hears("还是不行,提示找不到打印机").answers("answer.remark_kept")

    assert dialog.desk.remarks == {1: "提示找不到打印机"}


def test_asked_why_one_may_leave_it_at_that(talk):
    asked(talk).hears("没用").hears("算了").answers("answer.left")


def test_another_wish_in_its_place_is_heard_w1(talk):
    asked(talk).hears("没用").hears("转人工").answers("human.waiting")


# --- reported after all ----------------------------------------------------------------------


@pytest.mark.parametrize("said", ["还是要报修", "报修吧", "没用,还是报修吧", "让师傅来看看"])
def test_the_report_goes_on_with_all_that_was_said_k1(talk, said):
    dialog = asked(talk).hears(said)

    dialog.answers("answer.goes_on", "incident.confirm_known")
    assert dialog.says[1].facts["symptom"] == QUESTION
    dialog.hears("对").answers("incident.opened")
    (report,) = dialog.desk.reported
    assert (report.description, report.category) == (QUESTION, Category.PRINTER)
    assert (report.place, report.device) == ("三楼", "打印机")
    assert dialog.desk.outcomes == [REPORTED]
    assert dialog.desk.uses[0].ticket_id == dialog.desk.tickets[0].id


def test_the_reason_goes_into_the_report_as_well_k1(talk):
    dialog = asked(talk).hears("没用").hears("在A座305,添加时报错 0x0000011b,急用")

    dialog.taps("report_after_all:1").hears("对")

    (report,) = dialog.desk.reported
    assert report.description == f"{QUESTION}\n在A座305,添加时报错 0x0000011b,急用"
    assert report.error_code == "0x0000011b"


def test_somebody_new_is_asked_only_who_they_are_k1(talk):
    dialog = asked(talk, new=True).taps("report_after_all:1")

    dialog.answers("answer.goes_on", "incident.understood", "profile.ask")


def test_what_kind_of_thing_it_is_the_article_knows_f6(talk):
    dialog = talk(articles=[known("ZS0009", "申请上网", category=Category.NETWORK)])

    dialog.hears("新来的怎么开通那个").taps("report_after_all:1")

    assert dialog.standing.draft["fault"]["category"] == "network"


def test_tapped_again_the_ticket_is_shown_that_came_of_it_k1(talk):
    dialog = asked(talk).taps("report_after_all:1")
    dialog.hears(tap="report_after_all:1").answers("incident.under_way", "incident.confirm_known")
    dialog.hears("对").hears(tap="report_after_all:1").answers("answer.reported_already")

    assert len(dialog.desk.reported) == 1


def test_useful_after_all_lets_the_ticket_be_called_off_k1(talk):
    dialog = asked(talk).taps("report_after_all:1").hears("对")

    dialog.hears(tap="useful:1").answers("answer.useful_though_reported")

    assert dialog.offered == ["cancel_ticket:IT20261124-0021"]
    assert dialog.desk.outcomes == [REPORTED]


# --- hours later -----------------------------------------------------------------------------


def test_hours_later_the_lines_still_do_what_they_say_k1(talk):
    dialog = asked(talk).waits(timedelta(hours=9))

    dialog.taps("report_after_all:1").answers("answer.goes_on", "incident.confirm_known")

    assert dialog.says[1].facts["symptom"] == QUESTION


@pytest.mark.parametrize(
    ("said", "key"), [("管用了", "answer.thanks"), ("还是不行", "answer.ask_why")]
)
def test_hours_later_the_words_mean_the_last_answer_k1(talk, said, key):
    asked(talk).waits(timedelta(hours=9)).hears(said).answers(key)


def test_the_word_for_a_repair_that_waits_comes_first_f16(talk):
    from domain.lifecycle import Status
    from tests.handlers.requesters.conftest import ticket

    dialog = asked(talk).waits(timedelta(hours=9))
    dialog.desk.tickets.append(ticket(status=Status.RESOLVED))

    dialog.hears("解决了")

    assert dialog.desk.outcomes == [SHOWN]


def test_after_a_report_a_yes_does_not_count_for_the_answer_before_k1(talk):
    dialog = asked(talk).hears("打印机卡纸").hears("对").answers("incident.opened")

    dialog.hears("好的").answers("greet.noted")

    assert dialog.desk.outcomes == [SHOWN]


# --- not sure, not known ---------------------------------------------------------------------


def test_not_sure_up_to_three_titles_are_offered_k1(talk):
    dialog = talk(articles=[DUPLEX, JAMMED]).hears("怎么设置打印机")

    dialog.answers("answer.which")
    assert dialog.offered == [
        "show_answer:ZS0002",
        "show_answer:ZS0003",
        "report_after_all",
        "human",
    ]
    assert "1　打印机双面打印\n2　打印机卡纸" in dialog.words
    assert dialog.desk.uses == []


@pytest.mark.parametrize("said", ["2", "第二个", "卡纸"])
def test_the_title_is_named_by_place_or_word_k1(talk, said):
    dialog = talk(articles=[DUPLEX, JAMMED]).hears("怎么设置打印机").hears(said)

    dialog.answers("answer.found", title="打印机卡纸")
    assert dialog.desk.uses[0].query == "怎么设置打印机"


@pytest.mark.parametrize("said", ["都不是", "都不是,要报修"])
def test_none_of_them_is_reported_with_the_question_k1(talk, said):
    dialog = talk(articles=[DUPLEX, JAMMED]).hears("怎么设置打印机").hears(said)

    dialog.answers("answer.goes_on", "incident.confirm_known")
    dialog.hears("对")
    assert dialog.desk.reported[0].description == "怎么设置打印机"
    assert dialog.desk.uses == []


def test_another_question_in_place_of_a_choice_is_answered_k1(talk):
    dialog = talk(articles=[DUPLEX, JAMMED]).hears("怎么设置打印机")
    dialog.desk.articles = [CONNECT]

    dialog.hears(QUESTION).answers("answer.found", title="连接三楼打印机")


def test_small_talk_in_place_of_a_choice_is_answered_as_such_k1(talk):
    dialog = talk(articles=[DUPLEX, JAMMED]).hears("怎么设置打印机")

    dialog.hears("食堂几点开饭").answers("greet.not_ours")
    dialog.hears("2").answers("answer.found", title="打印机卡纸")


def test_thanks_in_place_of_a_choice_leave_it_at_that_k1(talk):
    dialog = talk(articles=[DUPLEX, JAMMED]).hears("怎么设置打印机")

    dialog.hears("好的谢谢").answers("answer.left")


def test_what_nobody_has_written_is_kept_as_a_wish_k1(talk):
    dialog = talk().hears(QUESTION).answers("how_to.ask")

    dialog.taps("report").answers("incident.confirm_known")


# --- in passing ------------------------------------------------------------------------------


def test_a_question_in_the_midst_of_a_report_is_answered_aside_k1(talk):
    dialog = talk(new=True).hears("打印机卡纸")
    dialog.desk.articles = [CONNECT]

    dialog.hears(QUESTION).answers("answer.found", "profile.ask_rest")
    assert dialog.offered == ["useful:1", "useless:1"]
    dialog.taps("useful:1").answers("answer.thanks", "profile.ask_rest")
    dialog.hears("财务部 王芳 8899 A座305").hears("对")

    assert dialog.desk.reported[0].symptom == "打印机卡纸"


def test_what_is_not_surely_known_is_no_interruption_k1(talk):
    dialog = talk().hears(tap="REPORT")
    dialog.desk.articles = [JAMMED]

    dialog.hears("打印机卡纸怎么办")

    assert dialog.desk.uses == []
    assert dialog.waits_at[0] == "report_incident"


# --- beside a report -------------------------------------------------------------------------


def test_what_one_can_do_oneself_stands_in_the_summary_and_delays_nothing_k1(talk):
    dialog = talk(articles=[replace(JAMMED, is_sure=True)]).hears("打印机卡纸")

    dialog.answers("incident.confirm_known")
    assert "对吗？等的时候可以先试试：打印机卡纸。" in dialog.words
    dialog.hears("对").answers("incident.opened")
    assert dialog.desk.uses == []


def test_tried_and_found_useful_nothing_is_reported_k1(talk):
    dialog = talk(articles=[replace(JAMMED, is_sure=True)]).hears("打印机卡纸")

    dialog.taps("try_first").answers("answer.tried", title="打印机卡纸")
    dialog.hears("管用了").answers("answer.thanks_no_report")

    assert (dialog.desk.outcomes, dialog.desk.reported) == ([USEFUL], [])
    assert dialog.waits_at == (None, None)


def test_tried_by_tap_it_ends_the_same_way_k1(talk):
    dialog = talk(articles=[replace(JAMMED, is_sure=True)]).hears("打印机卡纸").hears("先试试")

    dialog.taps("useful:1").answers("answer.thanks_no_report")

    assert dialog.desk.reported == []


def test_tried_in_vain_the_report_goes_up_with_what_was_tried_k1(talk):
    dialog = talk(articles=[replace(JAMMED, is_sure=True)]).hears("打印机卡纸")

    dialog.taps("try_first").taps("yes").answers("incident.opened")

    assert dialog.desk.outcomes == [REPORTED]


@pytest.mark.parametrize(
    "fault", ["三楼打印机卡纸,急用", "我们整个部门的打印机都卡纸", "财务系统打不开"]
)
def test_nobody_is_sent_to_try_what_is_urgent_or_not_theirs_k1(talk, fault):
    dialog = talk(articles=[replace(JAMMED, is_sure=True)]).hears(fault)

    assert "remedy" not in dialog.says[0].facts or dialog.says[0].facts["remedy"] is None


def test_what_is_not_surely_this_fault_is_not_offered_k1(talk):
    dialog = talk(articles=[JAMMED]).hears("打印机卡纸")

    assert dialog.says[0].facts["remedy"] is None


# --- common questions ------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["常见问题", "知识库"])
def test_common_questions_are_listed_by_word_k1(talk, said):
    dialog = talk(articles=[CONNECT, JAMMED]).hears(said).answers("answer.common")

    dialog.hears("2").answers("answer.found", title="打印机卡纸")
    assert dialog.desk.uses[0].query == "打印机卡纸"


def test_in_the_midst_of_a_report_they_are_listed_aside(talk):
    dialog = talk(new=True, articles=[CONNECT]).hears("打印机卡纸").hears("常见问题")

    dialog.answers("answer.common", "profile.ask_rest")
    dialog.taps("show_answer:ZS0001").answers("answer.found", "profile.ask_rest")


def test_without_articles_the_list_says_so_k1(talk):
    talk().hears("常见问题").answers("answer.nothing_common")


def test_the_desk_and_engineers_ask_as_everybody_does_k1(talk):
    dialog = talk(articles=[CONNECT])
    dialog.desk.actor = replace(dialog.desk.actor, roles=frozenset({Role.ENGINEER}))

    dialog.hears(QUESTION).answers("answer.found")
