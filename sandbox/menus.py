"""Which menu a phone shows, and which menus the platform refuses."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.refusals import ApiRefusal
from sandbox.state import Menu, Person, State

Button = dict[str, Any]

DOMAIN_LIMIT = 3

_KEYED = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
_WITHDRAWN_RULES = {"sex", "country", "province", "city", "language"}
_RULES = {"tag_id", "client_platform_type"}
_PLATFORMS = {"1", "2", "3"}


def seen_by(person: Person, state: State) -> list[Button]:
    """The newest conditional menu that fits, else the default one."""
    for menu in reversed(state.conditional_menus):
        if _fits(menu.rule, person):
            return menu.button
    return state.default_menu.button if state.default_menu else []


def _fits(rule: dict[str, str], person: Person) -> bool:
    # Of several tags the one that was put on last decides.
    last_tag = str(person.tags[-1]) if person.tags else None
    if "tag_id" in rule and rule["tag_id"] != last_tag:
        return False
    # The phones here are Android.
    return rule.get("client_platform_type", "2") == "2"


def checked_rule(rule: object, state: State, limit: int) -> dict[str, str]:
    if state.default_menu is None:
        raise ApiRefusal(65303, "there is no selfmenu, please create selfmenu first")
    if not isinstance(rule, dict):
        raise ApiRefusal(65304, "match rule empty")
    if any(rule.get(name) for name in _WITHDRAWN_RULES):
        raise ApiRefusal(65320, "match rule no longer supported")
    wanted = {name: str(rule[name]) for name in _RULES if str(rule.get(name) or "")}
    if not wanted:
        raise ApiRefusal(65304, "match rule empty")
    if wanted.get("client_platform_type", "1") not in _PLATFORMS:
        raise ApiRefusal(65307, "invalid client platform type")
    if "tag_id" in wanted and wanted["tag_id"] not in {str(tag) for tag in state.tags}:
        raise ApiRefusal(45159, "invalid tag id")
    if len(state.conditional_menus) >= limit:
        raise ApiRefusal(65305, "conditional menu count out of limit")
    return wanted


def check_domains(menus: list[Menu]) -> None:
    urls = [button["url"] for menu in menus for button in _leaves(menu.button) if "url" in button]
    if len({urlsplit(str(url)).hostname for url in urls}) > DOMAIN_LIMIT:
        raise ApiRefusal(65316, "conditional menus link to too many domains")


def checked_buttons(body: dict[str, Any], *, is_conditional: bool = False) -> list[Button]:
    """The buttons as the platform keeps them."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise ApiRefusal(40016, "invalid button size")
    return [_checked_top(button, is_conditional) for button in buttons]


def _checked_top(button: object, is_conditional: bool) -> Button:
    if not isinstance(button, dict):
        raise ApiRefusal(47001, "data format error")
    _check_size(button.get("name"), 16, 40018, "invalid button name size")
    subs = button.get("sub_button") or []
    if not subs:
        return {**_checked_leaf(button, 40018, is_conditional), "sub_button": []}
    if not isinstance(subs, list) or len(subs) > 5:
        raise ApiRefusal(40023, "invalid sub button size")
    return {"name": button["name"], "sub_button": [_checked_sub(s, is_conditional) for s in subs]}


def _checked_sub(button: object, is_conditional: bool) -> Button:
    if not isinstance(button, dict):
        raise ApiRefusal(47001, "data format error")
    if button.get("sub_button"):
        raise ApiRefusal(40022, "invalid sub button level")
    _check_size(button.get("name"), 60, 40025, "invalid sub button name size")
    return {**_checked_leaf(button, 40025, is_conditional), "sub_button": []}


def _checked_leaf(button: Button, name_code: int, is_conditional: bool) -> Button:
    is_sub = name_code == 40025
    kind = button.get("type")
    if not kind and is_conditional:
        raise ApiRefusal(65308, "conditional menu button without type")
    kept = {name: value for name, value in button.items() if name != "sub_button"}
    if kind in _KEYED:
        code = 40026 if is_sub else 40019
        _check_size(button.get("key"), 128, code, "invalid button key size")
    elif kind == "view":
        code = 40027 if is_sub else 40020
        _check_size(button.get("url"), 1024, code, "invalid button url size")
        if not str(button["url"]).startswith(("http://", "https://")):
            raise ApiRefusal(40054, "invalid button url domain")
    elif kind == "miniprogram":
        raise ApiRefusal(45064, "no permission to use weapp in menu")
    else:
        raise ApiRefusal(40015, "invalid button type")
    return kept


def _check_size(value: object, limit: int, code: int, message: str) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= limit:
        raise ApiRefusal(code, message)


def _leaves(buttons: list[Button]) -> list[Button]:
    return [leaf for button in buttons for leaf in (button.get("sub_button") or [button])]


def leaf_by_key(buttons: list[Button], key: str) -> Button | None:
    """The button that sends this key, or opens this address."""
    for leaf in _leaves(buttons):
        if key in (leaf.get("key"), leaf.get("url")):
            return leaf
    return None
