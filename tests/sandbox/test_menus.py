"""Menus by tag, as each phone sees them, and the limits of buttons and tags."""

import pytest

from tests.sandbox.stage import STRANGER, WANG, ZHOU

REQUESTER = [{"type": "click", "name": "报修", "key": "REPORT"}]
ENGINEER = [
    {"type": "click", "name": "待接单", "key": "QUEUE"},
    {"name": "更多", "sub_button": [{"type": "click", "name": "签到", "key": "SIGN_IN"}]},
]


def click(name="报修", key="REPORT"):
    return {"type": "click", "name": name, "key": key}


@pytest.fixture
def tag(stage):
    """The tag of engineers, with a menu of its own beside the default one."""
    tag_id = stage.api("/cgi-bin/tags/create", {"tag": {"name": "工程师"}})["tag"]["id"]
    stage.api("/cgi-bin/menu/create", {"button": REQUESTER})
    rule = {"tag_id": str(tag_id)}
    stage.api("/cgi-bin/menu/addconditional", {"button": ENGINEER, "matchrule": rule})
    return tag_id


def put_on(stage, tag_id, *openids):
    body = {"tagid": tag_id, "openid_list": list(openids)}
    return stage.api("/cgi-bin/tags/members/batchtagging", body)


def test_without_a_menu_there_is_none_to_get(stage):
    assert stage.api("/cgi-bin/menu/get")["errcode"] == 46003
    assert stage.menu() == []


def test_who_has_the_tag_sees_the_menu_for_it(stage, tag):
    assert put_on(stage, tag, ZHOU)["errcode"] == 0

    assert stage.menu(ZHOU) == ["待接单", "更多"]
    assert stage.menu(WANG) == ["报修"]
    match = stage.api("/cgi-bin/menu/trymatch", {"user_id": ZHOU})["button"]
    assert [button["name"] for button in match] == ["待接单", "更多"]


def test_a_phone_shows_its_old_menu_for_five_minutes(stage, tag):
    assert stage.menu(ZHOU) == ["报修"]
    put_on(stage, tag, ZHOU)

    stage.advance(299)
    assert stage.menu(ZHOU) == ["报修"]
    stage.advance(2)
    assert stage.menu(ZHOU) == ["待接单", "更多"]


def test_following_anew_pulls_the_menu_and_loses_the_tags(stage, tag):
    put_on(stage, tag, ZHOU)
    assert stage.menu(ZHOU) == ["待接单", "更多"]

    stage.do("unfollow", ZHOU)
    stage.do("follow", ZHOU)

    assert stage.menu(ZHOU) == ["报修"]
    assert stage.api("/cgi-bin/tags/getidlist", {"openid": ZHOU})["tagid_list"] == []


def test_of_two_tags_the_one_put_on_last_counts(stage, tag):
    other = stage.api("/cgi-bin/tags/create", {"tag": {"name": "派单员"}})["tag"]["id"]
    rule = {"tag_id": str(other)}
    body = {"button": [click("派单", "DISPATCH")], "matchrule": rule}
    stage.api("/cgi-bin/menu/addconditional", body)

    put_on(stage, other, ZHOU)
    put_on(stage, tag, ZHOU)

    assert stage.menu(ZHOU) == ["待接单", "更多"]


def test_the_newest_menu_that_fits_is_shown(stage, tag):
    body = {"button": [click("新菜单", "NEW")], "matchrule": {"tag_id": str(tag)}}
    newest = stage.api("/cgi-bin/menu/addconditional", body)["menuid"]
    put_on(stage, tag, ZHOU)
    assert stage.menu(ZHOU) == ["新菜单"]

    stage.api("/cgi-bin/menu/delconditional", {"menuid": newest})

    stage.advance(301)
    assert stage.menu(ZHOU) == ["待接单", "更多"]


def test_the_echo_names_the_tag_a_group(stage, tag):
    answer = stage.api("/cgi-bin/menu/get")

    assert answer["menu"]["button"] == [{**click(), "sub_button": []}]
    (conditional,) = answer["conditionalmenu"]
    assert conditional["matchrule"] == {"group_id": tag}


def test_deleting_takes_all_menus_away(stage, tag):
    put_on(stage, tag, ZHOU)

    assert stage.api("/cgi-bin/menu/delete")["errcode"] == 0

    assert stage.menu(ZHOU) == []
    assert stage.api("/cgi-bin/menu/get")["errcode"] == 46003


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [
        ([], 40016),
        ([click()] * 4, 40016),
        ([click(name="六个汉字的名")], 40018),
        ([click(key="K" * 129)], 40019),
        ([{"type": "hologram", "name": "报修"}], 40015),
        ([{"type": "view", "name": "网页", "url": "ftp://x"}], 40054),
        ([{"name": "更多", "sub_button": [click()] * 6}], 40023),
        ([{"name": "更多", "sub_button": [{**click(), "sub_button": [click()]}]}], 40022),
        ([{"name": "更多", "sub_button": [click(name="名" * 21)]}], 40025),
        ([{"name": "更多", "sub_button": [click(key="")]}], 40026),
    ],
)
def test_a_menu_that_breaks_a_limit_is_refused(stage, buttons, errcode):
    assert stage.api("/cgi-bin/menu/create", {"button": buttons})["errcode"] == errcode
    assert stage.menu() == []


@pytest.mark.parametrize(
    ("rule", "errcode"),
    [({}, 65304), ({"sex": "1"}, 65320), ({"tag_id": "999"}, 45159), (None, 65304)],
)
def test_a_rule_that_fits_nobody_is_refused(stage, tag, rule, errcode):
    body = {"button": REQUESTER, "matchrule": rule}

    assert stage.api("/cgi-bin/menu/addconditional", body)["errcode"] == errcode


def test_a_conditional_menu_needs_a_default_one(stage):
    body = {"button": REQUESTER, "matchrule": {"client_platform_type": "2"}}

    assert stage.api("/cgi-bin/menu/addconditional", body)["errcode"] == 65303


def test_an_old_phone_may_press_a_key_that_is_gone(stage, product, tag):
    stage.do("press", key="LONG_GONE")

    assert (product.last["Event"], product.last["EventKey"]) == ("CLICK", "LONG_GONE")


def test_a_page_button_is_reported_and_opens_no_window(stage, product):
    url = "https://desk.example.com/h5"
    button = {"type": "view", "name": "网页", "url": url}
    stage.api("/cgi-bin/menu/create", {"button": [button]})

    stage.do("press", key=url)

    assert (product.last["Event"], product.last["EventKey"]) == ("VIEW", url)
    assert stage.send_text() == 45015


def test_a_scan_button_carries_what_was_scanned(stage, product):
    button = {"type": "scancode_waitmsg", "name": "扫码", "key": "SCAN_DEVICE"}
    stage.api("/cgi-bin/menu/create", {"button": [button]})

    stage.do("press", key="SCAN_DEVICE")

    assert product.last["Event"] == "scancode_waitmsg"
    assert product.last.root.findtext("ScanCodeInfo/ScanResult")
    assert stage.send_text() == 0


def test_tags_are_made_renamed_counted_and_deleted(stage, tag):
    put_on(stage, tag, ZHOU, WANG)
    stage.api("/cgi-bin/tags/update", {"tag": {"id": tag, "name": "维修"}})

    tags = stage.api("/cgi-bin/tags/get")["tags"]
    assert {"id": tag, "name": "维修", "count": 2} in tags
    members = stage.api("/cgi-bin/user/tag/get", {"tagid": tag, "next_openid": ""})
    assert sorted(members["data"]["openid"]) == sorted([ZHOU, WANG])

    stage.api("/cgi-bin/tags/delete", {"tag": {"id": tag}})

    assert stage.api("/cgi-bin/tags/getidlist", {"openid": ZHOU})["tagid_list"] == []


@pytest.mark.parametrize(
    ("name", "errcode"), [("工程师", 45157), ("", 45157), ("十一个汉字的标签名字呀", 45158)]
)
def test_a_tag_needs_a_name_of_its_own_and_of_thirty_bytes(stage, tag, name, errcode):
    assert stage.api("/cgi-bin/tags/create", {"tag": {"name": name}})["errcode"] == errcode


def test_tagging_takes_fifty_people_of_this_account_at_once(stage, tag):
    assert put_on(stage, tag, *[WANG] * 51)["errcode"] == 40032
    assert put_on(stage, tag, WANG, STRANGER)["errcode"] == 49003
    assert put_on(stage, 2, WANG)["errcode"] == 45058
    assert put_on(stage, 999, WANG)["errcode"] == 45159
    assert stage.api("/cgi-bin/tags/getidlist", {"openid": WANG})["tagid_list"] == []


def test_tagging_somebody_who_left_fails_for_them_alone(stage, tag):
    stage.do("unfollow", ZHOU)

    answer = put_on(stage, tag, WANG, ZHOU)

    assert (answer["errcode"], answer["fail_openid_list"]) == (45171, [ZHOU])
    assert stage.api("/cgi-bin/tags/getidlist", {"openid": WANG})["tagid_list"] == [tag]


def test_nobody_has_more_than_twenty_tags(stage):
    for number in range(21):
        tag_id = stage.api("/cgi-bin/tags/create", {"tag": {"name": f"标签{number}"}})["tag"]["id"]
        last = put_on(stage, tag_id, WANG)["errcode"]

    assert last == 45059


def test_untagging_gives_the_default_menu_back(stage, tag):
    put_on(stage, tag, ZHOU)
    body = {"tagid": tag, "openid_list": [ZHOU]}

    stage.api("/cgi-bin/tags/members/batchuntagging", body)

    assert stage.menu(ZHOU) == ["报修"]
