"""§8: 一次性订阅消息 and 订阅通知: consent, one message for each, and what is told of it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.bot.pushes import APP_ID
from tests.sandbox.stage import STRANGER, WANG

SUBSCRIBE = "/cgi-bin/message/template/subscribe"
BIZSEND = "/cgi-bin/message/subscribe/bizsend"
LIBRARY = "/wxaapi/newtmpl"
BACK = "https://desk.example.com/back"


@pytest.fixture
def one_time(live):
    return live.get("/control/templates")["one_time"]["id"]


@pytest.fixture
def notice(account):
    """工单状态通知, added from the library: 工单编号 and 状态."""
    body = {"tid": 30101, "kidList": [1, 4], "sceneDesc": "工单"}
    return account.call(f"{LIBRARY}/addtemplate", body)["priTmplId"]


def page(account, one_time, **changes):
    query = {
        "action": "get_confirm",
        "appid": APP_ID,
        "scene": "1000",
        "template_id": one_time,
        "redirect_url": BACK,
        "reserved": "csrf7",
        **changes,
    }
    return account.ask("GET", "/mp/subscribemsg", params=query)


def subscribe(account, one_time, openid=WANG, **changes):
    body = {
        "touser": openid,
        "template_id": one_time,
        "scene": "1000",
        "title": "维修完成",
        "data": {"content": {"value": "打印机修好了"}},
        **changes,
    }
    return account.code(SUBSCRIBE, body)


def bizsend(account, notice, openid=WANG, **data):
    values = {"character_string1": "IT-7", "phrase2": "完成", **data}
    body = {name: {"value": value} for name, value in values.items()}
    return account.code(BIZSEND, {"touser": openid, "template_id": notice, "data": body})


# --- 一次性订阅消息 -----------------------------------------------------------------------------


def test_who_agrees_comes_back_with_an_openid_and_gets_one_message(account, one_time):
    back = page(account, one_time, **{"as": WANG, "decision": "confirm"})
    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert (back.status_code, query["action"], query["openid"]) == (302, ["confirm"], [WANG])
    assert (query["scene"], query["reserved"]) == (["1000"], ["csrf7"])

    assert [subscribe(account, one_time), subscribe(account, one_time)] == [0, 43101]


def test_who_disagrees_comes_back_without_an_openid(account, one_time):
    back = page(account, one_time, **{"as": WANG, "decision": "cancel"})

    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert (query["action"], "openid" in query) == (["cancel"], False)


def test_one_is_asked_before_one_decides(account, one_time):
    assert "选一部手机" in page(account, one_time).text
    assert "允许" in page(account, one_time, **{"as": WANG}).text


def test_agreements_of_one_scene_do_not_add_up(account, one_time):
    for _ in range(2):
        page(account, one_time, **{"as": WANG, "decision": "confirm"})

    assert [subscribe(account, one_time), subscribe(account, one_time)] == [0, 43101]


def test_who_does_not_follow_is_reached_all_the_same(account, one_time):
    account.live.do(WANG, "unfollow")
    page(account, one_time, **{"as": WANG, "decision": "confirm"})

    assert subscribe(account, one_time) == 0

    assert account.live.get(f"/phone/{WANG}/chat")["bubbles"][-1]["title"] == "维修完成"


def test_40037_when_the_one_time_template_is_another(account):
    assert subscribe(account, "x" * 43) == 40037


def test_40062_when_the_title_is_longer_than_fifteen(account, one_time):
    page(account, one_time, **{"as": WANG, "decision": "confirm"})

    assert subscribe(account, one_time, title="字" * 16) == 40062
    assert subscribe(account, one_time, title="字" * 15) == 0


def test_47003_when_the_content_is_longer_than_two_hundred(account, one_time):
    page(account, one_time, **{"as": WANG, "decision": "confirm"})
    content = {"content": {"value": "字" * 201}}

    assert subscribe(account, one_time, data=content) == 47003


def test_40003_when_nobody_has_the_openid(account, one_time, notice):
    assert subscribe(account, one_time, STRANGER) == 40003
    assert bizsend(account, notice, STRANGER) == 40003


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"scene": "10001"}, "40097"),
        ({"action": "get"}, "40097"),
        ({"reserved": "a-b"}, "40097"),
        ({"template_id": "none"}, "40037"),
        ({"appid": "wxffffffffffffffff"}, "40013"),
    ],
)
def test_a_wrong_address_of_the_consent_is_a_page_that_says_so(account, one_time, changes, shown):
    assert shown in page(account, one_time, **changes).text


# --- 订阅通知 -----------------------------------------------------------------------------------


def grant(account, *accepts, rejects=()):
    push = account.live.post(f"/phone/{WANG}/grant", accepts=accepts, rejects=list(rejects))
    return account.live.get(f"/push/{push['push_id']}?wait=10")


def test_a_tap_is_told_and_allows_one_message(account, product, notice):
    grant(account, notice)
    row = product.last.root.find("SubscribeMsgPopupEvent/List")
    assert product.last["Event"] == "subscribe_msg_popup_event"
    assert [child.text for child in row] == [notice, "accept", "1"]

    assert [bizsend(account, notice), bizsend(account, notice)] == [0, 43101]


def test_what_became_of_a_notice_is_told(account, product, notice):
    grant(account, notice)
    bizsend(account, notice)
    account.settle()

    row = product.last.root.find("SubscribeMsgSentEvent/List")
    assert product.last["Event"] == "subscribe_msg_sent_event"
    assert (row.findtext("TemplateId"), row.findtext("ErrorStatus")) == (notice, "success")
    assert int(row.findtext("MsgID")) > 2**53


def test_several_answers_are_siblings_in_one_event(account, product, notice):
    body = {"tid": 30102, "kidList": [1, 2]}
    other = account.call(f"{LIBRARY}/addtemplate", body)["priTmplId"]

    grant(account, notice, rejects=[other])

    rows = product.last.root.findall("SubscribeMsgPopupEvent/List")
    assert [row.findtext("SubscribeStatusString") for row in rows] == ["accept", "reject"]


@pytest.mark.parametrize(("add_up", "left"), [(True, 3), (False, 1)])
def test_whether_taps_add_up_is_a_rule(account, notice, add_up, left):
    account.live.rules(grants_add_up=add_up)
    for _ in range(3):
        grant(account, notice)

    assert [bizsend(account, notice) for _ in range(left + 1)] == [0] * left + [43101]


def test_43101_when_it_was_refused_in_the_phones_settings_which_is_told(account, product, notice):
    grant(account, notice)
    push = account.live.post(f"/phone/{WANG}/refuse", template_id=notice)["push_id"]
    account.live.get(f"/push/{push}?wait=10")

    assert product.last["Event"] == "subscribe_msg_change_event"
    row = product.last.root.find("SubscribeMsgChangeEvent/List")
    assert row.findtext("SubscribeStatusString") == "reject"
    assert bizsend(account, notice) == 43101


def test_40037_when_the_notice_is_unknown(account):
    assert bizsend(account, "x" * 43) == 40037


def test_47003_when_a_notice_breaks_a_type(account, notice):
    grant(account, notice)

    assert bizsend(account, notice, phrase2="非常非常非常急") == 47003
    assert bizsend(account, notice) == 0


def test_the_library_is_walked_from_category_to_keywords(account):
    (category,) = account.call(f"{LIBRARY}/getcategory")["data"]
    ask = {"ids": category["id"], "start": 0, "limit": 30}
    titles = account.call(f"{LIBRARY}/getpubtemplatetitles", **ask)
    tid = titles["data"][0]["tid"]
    words = account.call(f"{LIBRARY}/getpubtemplatekeywords", tid=tid)["data"]

    assert (titles["count"], words[0]["kid"], words[0]["rule"]) == (3, 1, "character_string")


def test_a_notice_is_listed_and_deleted(account, notice):
    (row,) = account.call(f"{LIBRARY}/gettemplate")["data"]
    assert (row["priTmplId"], row["title"]) == (notice, "工单状态通知")

    assert account.code(f"{LIBRARY}/deltemplate", {"priTmplId": notice}) == 0

    assert account.call(f"{LIBRARY}/gettemplate")["data"] == []


def add_code(account, **changes):
    body = {"tid": 30101, "kidList": [1, 4], **changes}
    return account.code(f"{LIBRARY}/addtemplate", body)


def test_200012_when_there_are_twenty_five_notices(account):
    account.live.rules(template_limit=1)

    assert [add_code(account), add_code(account)] == [0, 200012]


def test_200014_when_the_title_is_unknown(account):
    assert add_code(account, tid=1) == 200014


@pytest.mark.parametrize("kids", [[], [1], [1, 1], [1, 99], [1, 2, 3, 4, 5, 6]])
def test_200020_when_the_keywords_are_wrong(account, kids):
    assert add_code(account, kidList=kids) == 200020


def test_200021_when_the_scene_is_too_long(account):
    assert add_code(account, sceneDesc="字" * 16) == 200021


def titles_code(account, **changes):
    ask = {"ids": "620", "start": 0, "limit": 30, **changes}
    return account.code(f"{LIBRARY}/getpubtemplatetitles", **ask)


def test_200016_when_the_start_is_no_number(account):
    assert titles_code(account, start="a") == 200016


def test_200017_when_more_than_thirty_are_wanted(account):
    assert titles_code(account, limit=31) == 200017


def test_200018_when_no_category_is_named(account):
    assert titles_code(account, ids="") == 200018


def test_200019_when_a_category_is_no_number(account):
    assert titles_code(account, ids="a,b") == 200019
