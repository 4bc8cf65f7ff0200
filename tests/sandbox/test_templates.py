"""Template messages: typed fields, one delivery per id, and the receipt that follows."""

import pytest

from tests.sandbox.stage import STRANGER, WANG, ZHOU

SEND = "/cgi-bin/message/template/send"
DATA = {
    "character_string1": "IT20261124-0007",
    "thing2": "惠普打印机一直卡纸",
    "thing3": "三楼财务室",
    "phrase4": "加急",
    "time5": "2026年11月24日 10:42",
}


def template_id(stage):
    listed = stage.api("/cgi-bin/template/get_all_private_template")["template_list"]
    return next(each["template_id"] for each in listed if each["title"] == "工单派单通知")


def send(stage, openid=WANG, *, client_msg_id="", **changes):
    data = {name: {"value": value} for name, value in {**DATA, **changes}.items()}
    body = {"touser": openid, "template_id": template_id(stage), "data": data}
    return stage.api(SEND, {**body, "client_msg_id": client_msg_id})


def test_a_silent_follower_is_reached_and_a_receipt_follows(stage, product):
    answer = send(stage)
    stage.settle()

    assert answer["errcode"] == 0
    assert answer["msgid"] > 2**53
    (card,) = stage.chat()
    assert (card["kind"], card["title"]) == ("template", "工单派单通知")
    assert card["fields"][0] == {"label": "工单编号", "value": "IT20261124-0007"}
    receipt = product.last
    assert (receipt["Event"], receipt["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
    assert receipt["MsgID"] == str(answer["msgid"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thing2", "字" * 21),
        ("thing2", "一行\n两行"),
        ("character_string1", "工单0007"),
        ("character_string1", "0" * 33),
        ("phrase4", "非常非常急"[:5] + "急"),
        ("phrase4", "P1"),
        ("time5", "明天上午"),
    ],
)
def test_a_value_that_breaks_its_type_is_named(stage, field, value):
    answer = send(stage, **{field: value})

    assert answer["errcode"] == 47003
    assert answer["errmsg"].startswith(f"argument invalid! data.{field}.value invalid")
    assert stage.chat() == []


def test_a_missing_value_is_called_empty_as_the_platform_spells_it(stage):
    answer = send(stage, thing3="")

    assert answer["errcode"] == 47003
    assert "data.thing3.value is emtpy" in answer["errmsg"]


@pytest.mark.parametrize(
    "value", ["15:01", "2026年1月1日", "2026年1月1日 15:01", "15:01~16:00", "2026年1月1日 15:01:09"]
)
def test_times_are_written_in_the_platforms_ways(stage, value):
    assert send(stage, time5=value)["errcode"] == 0


def test_the_same_id_within_ten_minutes_is_delivered_once(stage):
    first = send(stage, client_msg_id="F7-assigned")

    stage.advance(599)
    assert send(stage, client_msg_id="F7-assigned")["msgid"] == first["msgid"]
    assert send(stage, ZHOU, client_msg_id="F7-assigned")["msgid"] != first["msgid"]
    assert len(stage.chat()) == 1
    stage.advance(1)

    assert send(stage, client_msg_id="F7-assigned")["msgid"] != first["msgid"]
    assert len(stage.chat()) == 2


def test_an_unfollower_and_a_stranger_are_refused(stage):
    stage.do("unfollow")

    assert send(stage)["errcode"] == 43004
    assert send(stage, STRANGER)["errcode"] == 40003


def test_who_switched_messages_off_is_told_of_in_the_receipt(stage, product):
    stage.phone("block", is_blocking=True)

    assert send(stage)["errcode"] == 0
    stage.settle()

    assert product.last["Status"] == "failed:user block"
    assert stage.chat() == []


def test_a_failure_of_the_platform_is_told_of_in_the_receipt(stage, product):
    stage.rules(template_outcome="failed: system failed")

    send(stage)
    stage.settle()

    assert product.last["Status"] == "failed: system failed"
    assert stage.chat() == []


def test_a_receipt_may_never_come(stage, product):
    stage.rules(template_outcome="never")

    send(stage)
    stage.settle()

    assert product.heard == []
    assert len(stage.chat()) == 1


def test_more_than_twenty_a_minute_to_one_person_is_too_much(stage):
    answers = [send(stage)["errcode"] for _ in range(21)]

    assert answers == [0] * 20 + [43117]
    stage.advance(60)
    assert send(stage)["errcode"] == 0


def test_a_template_that_was_deleted_cannot_be_sent(stage):
    body = {"touser": WANG, "template_id": template_id(stage), "data": {}}

    deleted = stage.api("/cgi-bin/template/del_private_template", body)

    assert deleted["errcode"] == 0
    assert stage.api(SEND, body)["errcode"] == 40037
