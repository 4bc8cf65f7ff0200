"""§8: template messages, their library, their types, and their receipts."""

import threading

import pytest

from tests.sandbox.conformance.account import Account
from tests.sandbox.stage import STRANGER, WANG, ZHOU

SEND = "/cgi-bin/message/template/send"
LIST = "/cgi-bin/template/get_all_private_template"
ADD = "/cgi-bin/template/api_add_template"
DELETE = "/cgi-bin/template/del_private_template"
DATA = {"character_string1": "IT-7", "thing2": "打印机卡纸", "time3": "2026年1月1日 08:00"}

# Each type's rule, tried on a template that consists of it.
FITS = {
    "thing": ("字" * 20, "字" * 21),
    "phrase": ("待响应", "非常非常急"[:5] + "急"),
    "character_string": ("F20260101-0007", "单号7"),
    "time": ("15:01", "明天"),
    "name": ("王芳", "王" * 11),
    "phone_number": ("+86 138-0013-8000"[:17], "1" * 18),
}


@pytest.fixture
def template(account):
    """服务评价提醒, of which an id is granted."""
    listed = account.call(LIST)["template_list"]
    return next(each["template_id"] for each in listed if each["title"] == "服务评价提醒")


def send(account, template, openid=WANG, data=None, **more):
    values = {name: {"value": value} for name, value in {**DATA, **(data or {})}.items()}
    return account.call(SEND, {"touser": openid, "template_id": template, "data": values, **more})


def cards(account, openid=WANG):
    bubbles = account.live.get(f"/phone/{openid}/chat")["bubbles"]
    return [bubble for bubble in bubbles if bubble["kind"] == "template"]


def add(account, number="43202", names=("工单编号", "状态")):
    body = {"template_id_short": number, "keyword_name_list": list(names)}
    return account.call(ADD, body)


# --- sending ----------------------------------------------------------------------------------


def test_a_silent_follower_is_reached_and_the_msgid_may_be_above_2_53(account, template):
    told = send(account, template, url="https://desk.example.com/h5")

    assert (told["errcode"], told["msgid"] > 2**53) == (0, True)
    (card,) = cards(account)
    assert (card["title"], card["url"]) == ("服务评价提醒", "https://desk.example.com/h5")


@pytest.mark.parametrize(
    "status", ["success", "failed:user block", "failed: system failed", "never"]
)
def test_the_receipt_tells_one_of_three_fates_or_never_comes(account, product, template, status):
    account.live.rules(template_outcome=status)
    msgid = send(account, template)["msgid"]
    account.settle()

    receipts = [(heard["MsgID"], heard["Status"]) for heard in product.heard]

    assert receipts == ([] if status == "never" else [(str(msgid), status)])


def test_who_switched_messages_off_is_told_of_by_the_receipt(account, product, template):
    account.live.post(f"/phone/{WANG}/block", is_blocking=True)

    assert send(account, template)["errcode"] == 0
    account.settle()

    assert product.last["Status"] == "failed:user block"
    assert cards(account) == []


def test_the_shares_of_fates_are_a_rule(account, product, template):
    account.live.rules(template_rates={"never": 0.5, "failed: system failed": 0.5})
    for _ in range(20):
        send(account, template)
    account.settle()

    fates = {heard["Status"] for heard in product.heard}

    assert fates == {"failed: system failed"}
    assert 0 < len(product.heard) < 20


def test_40003_when_the_openid_is_unknown(account, template):
    assert send(account, template, STRANGER)["errcode"] == 40003


def test_40036_when_the_id_has_another_length(account):
    assert send(account, "short")["errcode"] == 40036


def test_40037_when_the_template_is_unknown(account):
    assert send(account, "x" * 43)["errcode"] == 40037


def test_40039_when_the_address_is_too_long(account, template):
    url = "https://desk.example.com/".ljust(1025, "a")

    assert send(account, template, url=url)["errcode"] == 40039


def test_40249_when_the_content_is_blocked(account, template):
    account.live.rules(blocked_words=["促销"])

    assert send(account, template, data={"thing2": "促销打印机"})["errcode"] == 40249


def test_43004_when_the_person_does_not_follow(account, template):
    account.live.do(WANG, "unfollow")

    assert send(account, template)["errcode"] == 43004


def test_43101_when_the_person_refused_this_template(account, template):
    account.live.post(f"/phone/{WANG}/refuse", template_id=template)

    assert send(account, template)["errcode"] == 43101
    assert send(account, template, ZHOU)["errcode"] == 0


def test_43116_when_the_template_is_banned(account, template):
    account.live.rules(banned_templates=[template])

    assert send(account, template)["errcode"] == 43116


def test_43117_when_a_person_gets_more_than_twenty_a_minute(account, template):
    answers = [send(account, template)["errcode"] for _ in range(21)]
    assert answers == [0] * 20 + [43117]

    account.advance(60)

    assert send(account, template)["errcode"] == 0


def test_the_threshold_of_43117_is_a_rule(account, template):
    account.live.rules(template_per_minute=1)

    assert [send(account, template)["errcode"] for _ in range(2)] == [0, 43117]


def test_minus_1_when_too_many_come_at_once(account, template):
    account.live.rules(template_burst=0)

    assert send(account, template)["errcode"] == -1


def test_45009_when_the_days_templates_are_used_up(account, template):
    account.live.rules(quotas={SEND: 1})

    assert [send(account, template)["errcode"] for _ in range(2)] == [0, 45009]


@pytest.mark.parametrize("kind", FITS)
def test_47003_when_a_value_breaks_its_type(account, kind):
    good, bad = FITS[kind]
    numbers = {
        "thing": ("43202", ("工单内容", "状态"), {"phrase2": "完成"}),
        "phrase": ("43202", ("状态", "工单内容"), {"thing2": "打印机"}),
        "character_string": ("43202", ("工单编号", "状态"), {"phrase2": "完成"}),
        "time": ("43205", ("开始时间", "值班地点"), {"thing2": "A座"}),
        "name": ("43205", ("值班人", "值班地点"), {"thing2": "A座"}),
        "phone_number": ("43203", ("联系电话", "工单内容"), {"thing2": "打印机"}),
    }
    number, names, others = numbers[kind]
    template = add(account, number, names)["template_id"]

    told = send(account, template, data={f"{kind}1": bad, **others})

    assert told["errcode"] == 47003
    assert told["errmsg"].startswith(f"argument invalid! data.{kind}1.value invalid")
    assert send(account, template, data={f"{kind}1": good, **others})["errcode"] == 0


def test_47003_when_a_value_is_missing_in_the_platforms_spelling(account, template):
    assert "data.thing2.value is emtpy" in send(account, template, data={"thing2": ""})["errmsg"]


def test_47003_when_a_value_has_two_lines(account, template):
    assert send(account, template, data={"thing2": "一\n二"})["errcode"] == 47003


def test_first_and_remark_are_passed_over(account, template):
    told = send(account, template, data={"first": "您好", "remark": "再见"})

    assert told["errcode"] == 0
    assert "您好" not in str(cards(account))


def test_one_client_msg_id_is_delivered_once_within_ten_minutes(account, template):
    first = send(account, template, client_msg_id="F7")
    account.advance(595)
    assert send(account, template, client_msg_id="F7")["msgid"] == first["msgid"]
    assert len(cards(account)) == 1

    account.advance(5)

    assert send(account, template, client_msg_id="F7")["msgid"] != first["msgid"]
    assert len(cards(account)) == 2


@pytest.mark.parametrize("repeat", ["same", "new"])
def test_what_a_repeat_is_answered_is_a_rule(account, template, repeat):
    account.live.rules(template_repeat=repeat)
    first = send(account, template, client_msg_id="F7")

    second = send(account, template, client_msg_id="F7")

    assert (second["errcode"], second["msgid"] == first["msgid"]) == (0, repeat == "same")
    assert len(cards(account)) == 1


def test_44007_when_a_repeat_is_to_be_an_error(account, template):
    account.live.rules(template_repeat="error")
    send(account, template, client_msg_id="F7")

    assert send(account, template, client_msg_id="F7")["errcode"] == 44007
    assert len(cards(account)) == 1


def test_one_client_msg_id_sent_by_many_at_once_is_delivered_once(account, template):
    account.token()
    callers = [Account(account.live) for _ in range(8)]
    for caller in callers:
        caller._token = account.token()
    threads = [
        threading.Thread(target=send, args=(each, template), kwargs={"client_msg_id": "F7"})
        for each in callers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(cards(account)) == 1


# --- the library ------------------------------------------------------------------------------


def test_a_template_of_the_library_is_added_listed_sent_and_deleted(account):
    added = add(account)["template_id"]
    listed = {each["template_id"]: each for each in account.call(LIST)["template_list"]}
    assert listed[added]["content"] == (
        "工单编号:{{character_string1.DATA}}\n状态:{{phrase2.DATA}}"
    )
    assert listed[added].keys() >= {"title", "primary_industry", "deputy_industry", "example"}
    assert send(account, added, data={"phrase2": "完成"})["errcode"] == 0

    assert account.code(DELETE, {"template_id": added}) == 0

    assert send(account, added)["errcode"] == 40037


def test_40037_when_an_unknown_template_is_added_or_deleted(account):
    assert add(account, "99999")["errcode"] == 40037
    assert account.code(DELETE, {"template_id": "x" * 43}) == 40037


@pytest.mark.parametrize("names", [[], ["工单编号"], ["工单编号", "天气"]])
def test_40246_when_the_keywords_are_too_few_or_foreign(account, names):
    assert add(account, names=names)["errcode"] == 40246


def test_40247_when_a_template_of_the_old_library_is_added(account):
    assert add(account, "TM00015")["errcode"] == 40247


def test_45026_when_there_are_twenty_five(account):
    have = len(account.call(LIST)["template_list"])
    for _ in range(25 - have):
        assert add(account)["errcode"] == 0

    assert add(account)["errcode"] == 45026


def test_43106_when_the_account_is_sanctioned(account):
    account.live.rules(templates_frozen=True)

    assert add(account)["errcode"] == 43106
    assert account.code(DELETE, {"template_id": "x" * 43}) == 43106


def test_43100_when_the_industry_is_changed_twice_a_month(account):
    body = {"industry_id1": "2", "industry_id2": "3"}
    path = "/cgi-bin/template/api_set_industry"

    assert [account.code(path, body), account.code(path, body)] == [0, 43100]
    assert "secondary_industry" in account.call("/cgi-bin/template/get_industry")


def test_intercepted_templates_can_be_asked_for(account):
    assert account.call("/wxa/sec/queryblocktmplmsg", {"tmpl_msg_id": "1"})["msginfo"] == []
