"""The menus under the chat, as data, and the way they get there (wechat-platform §7)."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from bot.errors import ApiError
from domain.permissions import Role

log = logging.getLogger(__name__)

TOP_NAME_LIMIT = 16  # bytes
SUB_NAME_LIMIT = 60  # bytes
KEY_LIMIT = 128  # bytes
URL_LIMIT = 1024  # bytes
TOP_BUTTONS = 3
SUB_BUTTONS = 5
_NOT_FOLLOWING = 65302


@dataclass(frozen=True, slots=True)
class Item:
    """One button: it sends its key, opens a page of ours, or the buttons under it."""

    name: str
    key: str = ""
    under: tuple["Item", ...] = ()
    path: str = ""  # a page; without a public address the button is left out
    url: str = ""  # the page's whole address


@dataclass(frozen=True, slots=True)
class Menu:
    items: tuple[Item, ...]
    tag: str | None = None  # None: everybody whom no other menu is for
    roles: frozenset[Role] = frozenset()  # who gets the tag


# 结束人工 stands in each menu: of somebody in a clerk's session only menu taps reach us (W1).
REQUESTER = Menu(
    (
        Item(
            "报修",
            under=(
                Item("聊天报修", "REPORT"),
                Item("填表报修", path="/h5/report"),
                Item("常见问题", path="/h5/knowledge"),
            ),
        ),
        Item(
            "我的报修",
            under=(
                Item("看进度", "MY_TICKETS"),
                Item("打开我的报修", path="/h5/tickets"),
                Item("投诉", "COMPLAIN"),
                Item("我的投诉", "MY_COMPLAINTS"),
            ),
        ),
        Item(
            "更多",
            under=(
                Item("催单", "URGE"),
                Item("评价", "RATE"),
                Item("转人工", "HUMAN"),
                Item("结束人工", "BACK_TO_BOT"),
                Item("帮助", "HELP"),
            ),
        ),
    )
)

# The two lists that are opened on the road stay one tap away; five buttons fit under the third,
# so 转人工 is typed by engineers: those in difficulty have 求助 at each of their tickets.
ENGINEER = Menu(
    (
        Item("待接单", "QUEUE"),
        Item(
            "我的工单",
            under=(
                Item("手上的工单", "MY_WORK"),
                Item("打开工单页", path="/h5/work"),
                Item("我的班", "MY_DUTIES"),
            ),
        ),
        Item(
            "更多",
            under=(
                Item("签到", "SIGN_IN"),
                Item("签退", "SIGN_OUT"),
                Item("我要报修", "REPORT"),
                Item("结束人工", "BACK_TO_BOT"),
                Item("帮助", "HELP"),
            ),
        ),
    ),
    tag="工程师",
    roles=frozenset({Role.ENGINEER, Role.VENDOR}),
)

DESK = Menu(
    (
        Item("今日情况", "OVERVIEW"),
        Item(
            "待办",
            under=(
                Item("核实投诉", "VERIFY"),
                Item("反馈投诉", "FEED_BACK"),
                Item("未送达", "UNDELIVERED"),
            ),
        ),
        Item(
            "更多",
            under=(
                Item("签到", "SIGN_IN"),
                Item("签退", "SIGN_OUT"),
                Item("我要报修", "REPORT"),
                Item("结束人工", "BACK_TO_BOT"),
                Item("帮助", "HELP"),
            ),
        ),
    ),
    tag="服务台",
    roles=frozenset({Role.DESK}),
)

HEAD = Menu(
    (
        Item("今日情况", "OVERVIEW"),
        Item(
            "待办",
            under=(
                Item("处理投诉", "DECIDE"),
                Item("定申辩", "DECIDE_FACT"),
                Item("我的报修", "MY_TICKETS"),
            ),
        ),
        Item(
            "更多",
            under=(
                Item("未送达", "UNDELIVERED"),
                Item("我要报修", "REPORT"),
                Item("转人工", "HUMAN"),
                Item("结束人工", "BACK_TO_BOT"),
                Item("帮助", "HELP"),
            ),
        ),
    ),
    tag="负责人",
    roles=frozenset({Role.HEAD}),
)

DEFAULT = REQUESTER
# Of somebody with several roles the first that fits counts: who is on the road has only the
# menu to work with, the desk has the backend beside it, the head reads. So everybody has one
# tag, and never depends on which of two was put on last (§7).
CONDITIONAL: tuple[Menu, ...] = (ENGINEER, DESK, HEAD)


class MenuApi(Protocol):
    def get_menus(self) -> dict[str, Any] | None: ...
    def create_menu(self, menu: Mapping[str, object]) -> None: ...
    def add_conditional_menu(self, menu: Mapping[str, object]) -> str: ...
    def delete_menus(self) -> None: ...
    def list_tags(self) -> dict[str, int]: ...
    def create_tag(self, name: str) -> int: ...


class MatchApi(Protocol):
    def try_match(self, openid: str) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Published:
    tags: Mapping[str, int]  # the id of every tag that a menu is for
    is_changed: bool
    new_tags: frozenset[str] = frozenset()  # made just now: nobody has them, whatever we remember


def publish(
    client: MenuApi,
    default: Menu = DEFAULT,
    conditional: Sequence[Menu] = CONDITIONAL,
    public_url: str = "",
) -> Published:
    """Makes the account's menus these; safe to repeat, and repairs what a crash left half done."""
    default, *others = (with_pages(menu, public_url) for menu in (default, *conditional))
    for menu in (default, *others):
        check(menu)
    existing = client.list_tags()
    tags = ensure_tags(client, [menu.tag for menu in others if menu.tag], existing)
    new_tags = frozenset(tags) - frozenset(existing)
    if _published(client.get_menus()) == _wanted(default, others, tags):
        return Published(tags, is_changed=False, new_tags=new_tags)
    client.delete_menus()
    client.create_menu({"button": _buttons(default)})
    # The platform tries the newest first: what should be tried first is added last.
    for menu in reversed(others):
        rule = {"tag_id": str(tags[menu.tag or ""])}
        client.add_conditional_menu({"button": _buttons(menu), "matchrule": rule})
    log.info("menus_published conditional=%s", len(others))
    return Published(tags, is_changed=True, new_tags=new_tags)


def is_published(
    client: MenuApi,
    default: Menu = DEFAULT,
    conditional: Sequence[Menu] = CONDITIONAL,
    public_url: str = "",
) -> bool:
    """Whether the account's menus are these; changes nothing."""
    default, *others = (with_pages(menu, public_url) for menu in (default, *conditional))
    tags = client.list_tags()
    if not all(menu.tag in tags for menu in others):
        return False
    return _published(client.get_menus()) == _wanted(default, others, tags)


def shows(client: MatchApi, openid: str, menu: Menu, public_url: str = "") -> bool | None:
    """Whether the platform gives this person this menu; None: they do not follow the account."""
    try:
        buttons = client.try_match(openid)
    except ApiError as error:
        if error.errcode == _NOT_FOLLOWING:
            return None
        raise
    return _without_empty(buttons) == _buttons(with_pages(menu, public_url))


def ensure_tags(
    client: MenuApi, names: Sequence[str], existing: Mapping[str, int] | None = None
) -> dict[str, int]:
    """The ids of these tags, made where they are missing."""
    known = client.list_tags() if existing is None else existing
    return {name: known.get(name) or client.create_tag(name) for name in names}


# --- pages -----------------------------------------------------------------------------------


def with_pages(menu: Menu, public_url: str) -> Menu:
    """The menu with its pages' addresses; without a public address it has none of them."""
    items = (_placed(item, public_url.rstrip("/")) for item in menu.items)
    return replace(menu, items=tuple(item for item in items if item is not None))


def _placed(item: Item, public_url: str) -> Item | None:
    if item.path:
        return replace(item, path="", url=public_url + item.path) if public_url else None
    if not item.under:
        return item
    under = [placed for sub in item.under if (placed := _placed(sub, public_url)) is not None]
    if len(under) == 1:  # nothing to choose from: one tap is enough
        return replace(under[0], name=item.name)
    return replace(item, under=tuple(under))


# --- limits ----------------------------------------------------------------------------------


def check(menu: Menu) -> None:
    """Raises ValueError for what the platform would refuse."""
    _check_count(menu.items, TOP_BUTTONS)
    for item in menu.items:
        _check_item(item, TOP_NAME_LIMIT)
        if item.under:
            _check_count(item.under, SUB_BUTTONS)
        for sub in item.under:
            _check_item(sub, SUB_NAME_LIMIT)
            if sub.under:
                raise ValueError(f"menu button {sub.name}: menus have two levels")


def _check_count(items: Sequence[Item], most: int) -> None:
    if not 1 <= len(items) <= most:
        raise ValueError(f"a menu level has 1 to {most} buttons, not {len(items)}")


def _check_item(item: Item, name_limit: int) -> None:
    if not 1 <= len(item.name.encode()) <= name_limit:
        raise ValueError(f"menu button {item.name}: the name has 1 to {name_limit} bytes")
    if [bool(item.key), bool(item.url), bool(item.under)].count(True) != 1:
        raise ValueError(f"menu button {item.name}: a key, an address or buttons under it")
    if len(item.key.encode()) > KEY_LIMIT:
        raise ValueError(f"menu button {item.name}: the key has at most {KEY_LIMIT} bytes")
    if item.url and not _is_address(item.url):
        raise ValueError(f"menu button {item.name}: no http address of 1 to {URL_LIMIT} bytes")


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and len(url.encode()) <= URL_LIMIT
    )


def keys_of(*menus: Menu) -> set[str]:
    """Every key that these menus can send."""
    return {each.key for menu in menus for each in _leaves(menu.items) if each.key}


def paths_of(*menus: Menu) -> set[str]:
    """Every page of ours that these menus open."""
    return {each.path for menu in menus for each in _leaves(menu.items) if each.path}


def _leaves(items: Iterable[Item]) -> list[Item]:
    return [each for item in items for each in (item.under or (item,))]


# --- as the platform writes them -------------------------------------------------------------

Button = dict[str, object]
_Menus = tuple[list[Button], list[tuple[list[Button], int]]]


def _wanted(default: Menu, others: Sequence[Menu], tags: Mapping[str, int]) -> _Menus:
    return _buttons(default), [(_buttons(menu), tags[menu.tag or ""]) for menu in others]


def _buttons(menu: Menu) -> list[Button]:
    return [_button(item) for item in menu.items]


def _button(item: Item) -> Button:
    if item.under:
        return {"name": item.name, "sub_button": [_button(sub) for sub in item.under]}
    if item.url:
        return {"type": "view", "name": item.name, "url": item.url}
    return {"type": "click", "name": item.name, "key": item.key}


def _published(menus: dict[str, Any] | None) -> _Menus:
    """What the account has, in the shape and order in which it is wanted."""
    if menus is None:
        return [], []
    conditional = [_ruled(menu) for menu in menus.get("conditionalmenu") or []]
    newest_first = sorted(conditional, key=lambda each: each[0], reverse=True)
    return (
        _without_empty(menus["menu"].get("button")),
        [(buttons, tag) for _, buttons, tag in newest_first],
    )


def _ruled(menu: dict[str, Any]) -> tuple[int, list[Button], int]:
    rule = dict(menu.get("matchrule") or {})
    tag = rule.pop("tag_id", None) or rule.pop("group_id", None)  # sent as one, echoed as the other
    is_ours = str(tag).isdigit() and not any(rule.values())
    return (
        int(menu.get("menuid") or 0),
        _without_empty(menu.get("button")),
        int(tag) if is_ours else -1,
    )


def _without_empty(buttons: object) -> list[Button]:
    """Buttons without the empty lists that the platform puts into its answers."""
    plain: list[Button] = json.loads(json.dumps(buttons or []))
    for button in plain:
        subs = button.pop("sub_button", None)
        if isinstance(subs, dict):
            subs = subs.get("list")
        if subs:
            button["sub_button"] = _without_empty(subs)
    return plain
