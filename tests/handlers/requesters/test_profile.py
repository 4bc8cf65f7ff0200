"""Who reports is asked once in a life: all of it, or piece by piece (F1, R1)."""

import pytest


def test_the_profile_is_told_in_pieces_and_only_the_rest_is_asked_for_r1(talk):
    dialog = talk(new=True)

    dialog.hears("电脑开不了机").answers("incident.understood", "profile.ask")
    dialog.hears("王芳").answers("profile.ask_rest", name=None)
    assert dialog.words.startswith("王芳 记下了，")
    dialog.hears("财务部").answers("profile.ask_rest", department=None)
    dialog.hears("A座305").answers("profile.ask_rest", place=None)
    dialog.hears("13800001234").answers("profile.complete", "incident.confirm")
    assert "地点：A座305\n联系人：财务部 王芳 13800001234" in dialog.words


@pytest.mark.parametrize(
    "words", ["财务部 王芳 8899", "王芳 财务部 分机8899", "部门:财务部 姓名:王芳 电话:8899"]
)
def test_all_of_it_may_come_at_once_r1(talk, words):
    dialog = talk(new=True)

    dialog.hears("三楼财务室打印机卡纸").hears(words)

    dialog.answers("profile.complete", "incident.confirm")
    assert "地点：三楼财务室\n联系人：财务部 王芳 8899" in dialog.words


def test_who_said_it_with_the_fault_is_not_asked_again_f1(talk):
    dialog = talk(new=True)

    dialog.hears("打印机坏了,A座305,财务部王芳 13800001234").answers(
        "incident.confirm_known", symptom="打印机坏了", place="A座305", phone="13800001234"
    )


def test_only_the_place_may_be_missing_f1(talk):
    dialog = talk(new=True)

    dialog.hears("打印机坏了,我是财务部王芳 13800001234").answers("incident.ask_place")
    dialog.hears("不告诉你").answers("incident.place_unclear")
    dialog.hears("A座305").answers("incident.confirm_known", place="A座305")


def test_a_correction_beside_the_profile_is_understood_too_f1(talk):
    dialog = talk(new=True)

    dialog.hears("三楼财务室打印机卡纸")
    dialog.hears("不是打印机,是电脑没网。财务部王芳 8899").answers(
        "incident.amended.fault", "profile.complete", "incident.confirm", symptom="电脑没网"
    )


def test_a_name_that_was_misread_is_replaced_by_the_next(talk):
    dialog = talk(new=True)

    dialog.hears("三楼财务室打印机卡纸").hears("王方").hears("王芳")

    assert dialog.desk.actor.name == "王芳"


def test_who_does_not_say_it_is_told_why_and_then_gets_a_person_w1(talk):
    dialog = talk(new=True)

    dialog.hears("打印机卡纸").hears("我不想说").answers("profile.unclear")
    dialog.hears("就是不说").answers("human.not_understood", "human.waiting")


@pytest.mark.parametrize("words", ["我是财务部王芳 13800001234", "财务部王芳 13800001234"])
def test_name_and_number_with_nothing_under_way_are_kept_r1(talk, words):
    dialog = talk(new=True)

    dialog.hears(words).answers("profile.kept", name="王芳", phone="13800001234")

    assert dialog.waits_at == (None, None)
    dialog.hears("三楼财务室打印机卡纸").answers("incident.confirm_known", greeted="王芳")


def test_a_new_number_alone_is_kept_r1(talk):
    dialog = talk()

    dialog.hears("电话 13900001111").answers("profile.kept", phone="13900001111")


def test_a_colleague_who_is_named_beside_a_fault_is_not_the_person_r1(talk):
    dialog = talk()

    dialog.hears("打印机坏了,联系人李娜 6021").answers("incident.confirm_known", greeted="王芳")

    assert dialog.desk.actor.name == "王芳"
    assert dialog.desk.actor.extension is None


def test_f1_who_one_is_may_be_said_in_the_middle_of_another_question(talk):
    """The question is put again, and nobody is handed over for having introduced themselves."""
    dialog = talk(new=True)

    dialog.hears("用不了了").hears("？？").hears("财务部 王芳 13800001234")

    assert dialog.says[0].key == "profile.kept" and len(dialog.says) == 2
    assert not dialog.hands_over
