"""§7: menus, conditional menus, and when a phone sees a new one."""

import pytest

from tests.sandbox.stage import STRANGER, WANG, ZHOU

MENU = "/cgi-bin/menu"
REPORT = {"type": "click", "name": "报修", "key": "REPORT"}
QUEUE = {"type": "click", "name": "待接单", "key": "QUEUE"}


def create(account, *buttons):
    return account.code(f"{MENU}/create", {"button": list(buttons)})


def add(account, rule, *buttons):
    return account.call(f"{MENU}/addconditional", {"button": list(buttons), "matchrule": rule})


def tag(account, *openids, name="工程师"):
    tag_id = account.call("/cgi-bin/tags/create", {"tag": {"name": name}})["tag"]["id"]
    body = {"openid_list": list(openids), "tagid": tag_id}
    assert account.code("/cgi-bin/tags/members/batchtagging", body) == 0
    return tag_id


def matched(account, openid):
    told = account.call(f"{MENU}/trymatch", {"user_id": openid})
    return [button["name"] for button in told["button"]]


def shown(account, openid):
    return [each["name"] for each in account.live.get(f"/phone/{openid}/menu")["button"]]


# --- the default menu -------------------------------------------------------------------------


def test_46003_when_there_is_no_menu(account):
    assert account.code(f"{MENU}/get") == 46003


def test_a_menu_is_kept_and_told(account):
    assert create(account, REPORT) == 0

    told = account.call(f"{MENU}/get")["menu"]
    assert told["button"] == [{**REPORT, "sub_button": []}]
    current = account.call("/cgi-bin/get_current_selfmenu_info")
    assert (current["is_menu_open"], len(current["selfmenu_info"]["button"])) == (1, 1)


def test_deleting_takes_all_menus_away(account):
    create(account, REPORT)
    add(account, {"tag_id": str(tag(account, ZHOU))}, QUEUE)

    assert account.code(f"{MENU}/delete") == 0

    assert account.code(f"{MENU}/get") == 46003


def test_40015_when_a_button_is_of_an_unknown_type(account):
    assert create(account, {"type": "hologram", "name": "甲"}) == 40015


def test_40016_when_there_is_no_button_or_a_fourth_one(account):
    assert [create(account), create(account, *[REPORT] * 4)] == [40016, 40016]
    assert create(account, *[REPORT] * 3) == 0


def test_40018_when_a_name_is_longer_than_16_bytes(account):
    assert create(account, {**REPORT, "name": "报修报修报修"}) == 40018
    assert create(account, {**REPORT, "name": "报修报修报a"}) == 0


def test_40019_when_a_key_is_longer_than_128_bytes(account):
    assert create(account, {**REPORT, "key": "k" * 129}) == 40019
    assert create(account, {**REPORT, "key": ""}) == 40019


def test_40020_when_an_address_is_longer_than_1024_bytes(account):
    url = "https://desk.example.com/".ljust(1025, "a")

    assert create(account, {"type": "view", "name": "页面", "url": url}) == 40020


def under(**button):
    return {"name": "更多", "sub_button": [{**REPORT, **button}]}


def test_40022_when_there_is_a_third_level(account):
    assert create(account, under(sub_button=[REPORT])) == 40022


def test_40023_when_there_are_six_under_one(account):
    assert create(account, {"name": "更多", "sub_button": [REPORT] * 6}) == 40023
    assert create(account, {"name": "更多", "sub_button": [REPORT] * 5}) == 0


def test_40025_when_a_name_below_is_longer_than_60_bytes(account):
    assert create(account, under(name="报" * 21)) == 40025
    assert create(account, under(name="报" * 20)) == 0


def test_40026_when_a_key_below_is_too_long(account):
    assert create(account, under(key="k" * 129)) == 40026


def test_40027_when_an_address_below_is_too_long(account):
    url = "https://desk.example.com/".ljust(1025, "a")

    assert create(account, under(type="view", url=url)) == 40027


def test_40054_when_an_address_is_none(account):
    assert create(account, {"type": "view", "name": "页面", "url": "desk"}) == 40054


def test_45064_when_a_mini_program_is_not_linked(account):
    assert create(account, {"type": "miniprogram", "name": "程序", "url": "https://a"}) == 45064


# --- conditional menus ------------------------------------------------------------------------


def test_the_newest_rule_that_fits_decides(account):
    create(account, REPORT)
    tag_id = str(tag(account, ZHOU))
    add(account, {"tag_id": tag_id}, QUEUE)
    add(account, {"tag_id": tag_id}, {**QUEUE, "name": "新的"})

    assert (matched(account, ZHOU), matched(account, WANG)) == (["新的"], ["报修"])


def test_of_several_tags_the_last_one_counts(account):
    create(account, REPORT)
    add(account, {"tag_id": str(tag(account, ZHOU))}, QUEUE)
    tag(account, ZHOU, name="组长")

    assert matched(account, ZHOU) == ["报修"]


def test_a_rule_by_platform_fits_android_alone(account):
    create(account, REPORT)
    add(account, {"client_platform_type": "2"}, QUEUE)
    assert matched(account, WANG) == ["待接单"]

    add(account, {"client_platform_type": "1"}, {**QUEUE, "name": "苹果"})

    assert matched(account, WANG) == ["待接单"]


def test_65301_when_the_menu_to_be_deleted_is_unknown(account):
    create(account, REPORT)
    menu_id = add(account, {"tag_id": str(tag(account, ZHOU))}, QUEUE)["menuid"]
    path = f"{MENU}/delconditional"

    assert account.code(path, {"menuid": menu_id}) == 0
    assert account.code(path, {"menuid": menu_id}) == 65301


def test_65302_when_nobody_is_matched(account):
    create(account, REPORT)

    assert account.code(f"{MENU}/trymatch", {"user_id": STRANGER}) == 65302


def test_65303_when_there_is_no_default_menu(account):
    assert add(account, {"client_platform_type": "2"}, QUEUE)["errcode"] == 65303


@pytest.mark.parametrize("rule", [None, {}, {"tag_id": ""}])
def test_65304_when_the_rule_is_empty(account, rule):
    create(account, REPORT)

    assert add(account, rule, QUEUE)["errcode"] == 65304


def test_65305_when_there_are_too_many(account):
    create(account, REPORT)
    account.live.rules(conditional_limit=1)
    add(account, {"client_platform_type": "2"}, QUEUE)

    assert add(account, {"client_platform_type": "2"}, QUEUE)["errcode"] == 65305


def test_65307_when_the_platform_is_unknown(account):
    create(account, REPORT)

    assert add(account, {"client_platform_type": "9"}, QUEUE)["errcode"] == 65307


def test_65308_when_a_button_has_no_type(account):
    create(account, REPORT)

    told = add(account, {"client_platform_type": "2"}, {"name": "甲", "key": "K"})

    assert told["errcode"] == 65308


def test_65309_when_the_switch_is_off(account):
    create(account, REPORT)
    account.live.rules(is_conditional_allowed=False)

    assert add(account, {"client_platform_type": "2"}, QUEUE)["errcode"] == 65309


def test_65316_when_all_of_them_link_to_more_than_three_domains(account):
    create(account, REPORT)

    def view(host):
        return {"type": "view", "name": "页面", "url": f"https://{host}.example.com/"}

    rule = {"client_platform_type": "2"}
    assert "menuid" in add(account, rule, view("a"), view("b"), view("c"))

    assert add(account, rule, view("d"))["errcode"] == 65316


@pytest.mark.parametrize("name", ["sex", "country", "province", "city", "language"])
def test_65320_when_a_rule_was_withdrawn(account, name):
    create(account, REPORT)

    assert add(account, {name: "1"}, QUEUE)["errcode"] == 65320


def test_45159_when_the_tag_of_a_rule_is_unknown(account):
    create(account, REPORT)

    assert add(account, {"tag_id": "999"}, QUEUE)["errcode"] == 45159


def test_a_phone_sees_a_new_menu_after_five_minutes_or_a_fresh_follow(account):
    create(account, REPORT)
    assert (shown(account, WANG), shown(account, ZHOU)) == (["报修"], ["报修"])
    create(account, QUEUE)
    assert shown(account, WANG) == ["报修"]

    account.live.do(ZHOU, "unfollow")
    account.live.do(ZHOU, "follow")
    assert shown(account, ZHOU) == ["待接单"]

    account.advance(301)
    assert shown(account, WANG) == ["待接单"]


def test_a_key_that_is_no_longer_shown_still_arrives(account, product):
    assert account.live.do(WANG, "press", key="LONG_GONE")["outcome"] == "silent"

    assert (product.last["Event"], product.last["EventKey"]) == ("CLICK", "LONG_GONE")
