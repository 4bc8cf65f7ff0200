"""Human takeover: where a person's words go while waiting, in session and afterwards."""

from sandbox import kf
from tests.sandbox.stage import CLERK, STRANGER, WANG, ZHOU, sealed_reply

SESSION = "/customservice/kfsession"


def transfers(heard):
    return sealed_reply(heard, "", "transfer_customer_service")


def transfers_to_desk1(heard):
    inner = f"<TransInfo><KfAccount><![CDATA[{CLERK}]]></KfAccount></TransInfo>"
    return sealed_reply(heard, inner, "transfer_customer_service")


def online(stage, *, takes_automatically=False):
    path = f"kf/{CLERK}/online"
    assert stage.control(path, takes_automatically=takes_automatically).status_code == 200


def served_by(stage, openid=WANG):
    return stage.api(f"{SESSION}/getsession", openid=openid)["kf_account"]


def create(stage, openid=WANG, account=CLERK):
    return stage.api(f"{SESSION}/create", {"kf_account": account, "openid": openid})["errcode"]


def close(stage, openid=WANG, account=CLERK):
    return stage.api(f"{SESSION}/close", {"kf_account": account, "openid": openid})["errcode"]


def events(product):
    return [heard["Event"] for heard in product.heard if heard["MsgType"] == "event"]


def test_who_is_transferred_waits_and_is_still_heard_by_the_product(stage, product):
    product.answers.append(transfers)
    stage.do("say", text="转人工")

    waiting = stage.api(f"{SESSION}/getwaitcase")
    assert (waiting["count"], waiting["waitcaselist"][0]["openid"]) == (1, WANG)
    assert stage.do("say", text="还在吗")["outcome"] == "silent"
    assert product.last["Content"] == "还在吗"


def test_in_session_words_go_to_the_clerk_alone_and_keys_still_arrive(stage, product):
    product.answers.append(transfers)
    stage.do("say", text="转人工")
    online(stage)
    stage.control(f"kf/{CLERK}/accept", openid=WANG)
    stage.settle()
    assert events(product) == ["kf_create_session"]

    assert stage.do("say", text="打印机卡纸")["outcome"] == "to_clerk"
    assert stage.do("press", key="HUMAN_END")["outcome"] == "silent"

    assert product.last["EventKey"] == "HUMAN_END"
    assert "打印机卡纸" not in [heard["Content"] for heard in product.heard]
    assert "打印机卡纸" in stage.seen()


def test_a_clerk_talks_and_ends_it_and_the_product_hears_again(stage, product):
    online(stage)
    assert create(stage) == 0
    stage.settle()
    stage.control(f"kf/{CLERK}/say", openid=WANG, text="您好,我是小陈")
    shown = stage.chat()[-1]
    assert (shown["text"], shown["clerk"]) == ("您好,我是小陈", "小陈")

    stage.control(f"kf/{CLERK}/close", openid=WANG)
    stage.settle()

    assert events(product) == ["kf_create_session", "kf_close_session"]
    assert product.last["KfAccount"] == CLERK
    assert stage.do("say", text="好了")["outcome"] == "silent"


def test_a_clerk_who_takes_automatically_has_the_session_at_once(stage, product):
    online(stage, takes_automatically=True)
    product.answers.append(transfers)

    stage.do("say", text="转人工")
    stage.settle()

    assert served_by(stage) == CLERK
    assert events(product) == ["kf_create_session"]


def test_who_is_bound_to_an_absent_clerk_waits(stage, product):
    product.answers.append(transfers_to_desk1)

    stage.do("say", text="转人工")

    assert served_by(stage) == ""
    assert stage.api(f"{SESSION}/getwaitcase")["count"] == 1


def test_an_event_that_cannot_be_answered_transfers_nobody(stage, product):
    product.answers.append(transfers)

    stage.do("unfollow")

    assert stage.api(f"{SESSION}/getwaitcase")["count"] == 0


def test_only_a_bound_clerk_who_is_online_gets_a_session(stage):
    other = "desk2@itdesk"
    assert create(stage) == 65415
    assert create(stage, account=other) == 65401
    body = {"kf_account": other, "nickname": "小李"}
    assert stage.api("/customservice/kfaccount/add", body)["errcode"] == 0
    assert create(stage, account=other) == 65402

    online(stage)
    assert create(stage, STRANGER) == 40003
    assert create(stage) == 0
    assert create(stage) == 0


def test_only_the_clerk_who_serves_ends_the_session(stage):
    online(stage)
    assert close(stage) == 65413
    create(stage)
    stage.api("/customservice/kfaccount/add", {"kf_account": "desk2@itdesk", "nickname": "小李"})

    assert close(stage, account="desk2@itdesk") == 65414
    assert close(stage) == 0
    assert served_by(stage) == ""


def test_a_session_moves_from_clerk_to_clerk(stage, product):
    online(stage)
    create(stage)
    stage.api("/customservice/kfaccount/add", {"kf_account": "desk2@itdesk", "nickname": "小李"})

    assert stage.control("kf/desk2@itdesk/switch", openid=WANG).status_code == 200
    stage.settle()

    assert product.last["Event"] == "kf_switch_session"
    assert (product.last["FromKfAccount"], product.last["ToKfAccount"]) == (CLERK, "desk2@itdesk")


def test_a_session_that_idles_for_half_an_hour_ends_by_itself(stage, product):
    online(stage)
    create(stage)
    stage.advance(1000)
    stage.do("say", text="还在吗")
    stage.advance(1799)
    assert kf.expire(stage.world) == []

    stage.advance(1)
    stage.sender.events(kf.expire(stage.world))
    stage.settle()

    assert product.last["Event"] == "kf_close_session"
    assert stage.do("say", text="喂")["outcome"] == "silent"


def test_online_clerks_are_listed_with_what_they_hold(stage):
    assert stage.api("/cgi-bin/customservice/getonlinekflist") == {"kf_online_list": []}

    online(stage)
    create(stage)
    create(stage, ZHOU)

    (clerk,) = stage.api("/cgi-bin/customservice/getonlinekflist")["kf_online_list"]
    assert (clerk["kf_account"], clerk["status"], clerk["accepted_case"]) == (CLERK, 1, 2)
    listed = stage.api(f"{SESSION}/getsessionlist", kf_account=CLERK)["sessionlist"]
    assert {each["openid"] for each in listed} == {WANG, ZHOU}


def test_what_was_said_can_be_fetched_a_minute_later(stage):
    online(stage)
    create(stage)
    start = int(stage.world.clock.now()) - 1
    stage.do("say", text="打印机卡纸")
    stage.control(f"kf/{CLERK}/say", openid=WANG, text="马上来")
    asked = {"starttime": start, "endtime": start + 3600, "msgid": 1, "number": 100}
    path = "/customservice/msgrecord/getmsglist"
    assert stage.api(path, asked)["recordlist"] == []

    stage.advance(61)

    records = stage.api(path, asked)
    assert [(each["opercode"], each["text"]) for each in records["recordlist"]] == [
        (2003, "打印机卡纸"),
        (2002, "马上来"),
    ]
    assert stage.api(path, {**asked, "msgid": records["msgid"]})["number"] == 0
    assert stage.api(path, {**asked, "endtime": start + 86401})["errcode"] == 65417
    assert stage.api(path, {**asked, "number": 0})["errcode"] == 65416


def test_an_account_without_customer_service_says_so(stage):
    stage.rules(kf_enabled=False)

    assert create(stage) == 65400


def test_accounts_have_names_of_the_platforms_shape(stage):
    path = "/customservice/kfaccount/add"
    for account, nickname, errcode in [
        ("desk2@elsewhere", "小李", 65404),
        ("much_too_long@itdesk", "小李", 65404),
        ("desk2@itdesk", "", 65403),
        (CLERK, "小李", 65406),
    ]:
        assert stage.api(path, {"kf_account": account, "nickname": nickname})["errcode"] == errcode
