"""The menus under the chat, as data, and the way they get there."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

log = logging.getLogger(__name__)

TOP_NAME_LIMIT = 16  # bytes
SUB_NAME_LIMIT = 60  # bytes
KEY_LIMIT = 128  # bytes
TOP_BUTTONS = 3
SUB_BUTTONS = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One button: pressed it sends its key, or it opens the buttons under it."""

    name: str
    key: str = ""
    under: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    items: tuple[Item, ...]
    tag: str | None = None  # None: everybody whom no other menu is for


REQUESTER = Menu(
    (
        Item("报修", "REPORT"),
        Item("我的报修", "MY_TICKETS"),
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

ENGINEER = Menu(
    (
        Item("待接单", "QUEUE"),
        Item("我的工单", "MY_WORK"),
        Item(
            "更多",
            under=(
                Item("签到", "SIGN_IN"),
                Item("签退", "SIGN_OUT"),
                Item("我要报修", "REPORT"),
                Item("转人工", "HUMAN"),
                Item("帮助", "HELP"),
            ),
        ),
    ),
    tag="工程师",
)

DEFAULT = REQUESTER
# The first that fits a person counts. Desk and head have no tag: they get the default.
CONDITIONAL: tuple[Menu, ...] = (ENGINEER,)


class MenuApi(Protocol):
    def get_menus(self) -> dict[str, Any] | None: ...
    def create_menu(self, menu: Mapping[str, object]) -> None: ...
    def add_conditional_menu(self, menu: Mapping[str, object]) -> str: ...
    def delete_menus(self) -> None: ...
    def list_tags(self) -> dict[str, int]: ...
    def create_tag(self, name: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Published:
    tags: Mapping[str, int]  # the id of every tag that a menu is for
    is_changed: bool


def publish(
    client: MenuApi, default: Menu = DEFAULT, conditional: Sequence[Menu] = CONDITIONAL
) -> Published:
    """Makes the account's menus these; safe to repeat, and repairs what a crash left half done."""
    for menu in (default, *conditional):
        check(menu)
    tags = ensure_tags(client, [menu.tag for menu in conditional if menu.tag])
    wanted = (_buttons(default), [(_buttons(menu), tags[menu.tag or ""]) for menu in conditional])
    if _published(client.get_menus()) == wanted:
        return Published(tags, is_changed=False)
    client.delete_menus()
    client.create_menu({"button": _buttons(default)})
    # The platform tries the newest first: what should be tried first is added last.
    for menu in reversed(conditional):
        rule = {"tag_id": str(tags[menu.tag or ""])}
        client.add_conditional_menu({"button": _buttons(menu), "matchrule": rule})
    log.info("menus_published conditional=%s", len(conditional))
    return Published(tags, is_changed=True)


def ensure_tags(client: MenuApi, names: Sequence[str]) -> dict[str, int]:
    """The ids of these tags, made where they are missing."""
    existing = client.list_tags()
    return {name: existing.get(name) or client.create_tag(name) for name in names}


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
    if bool(item.key) == bool(item.under):
        raise ValueError(f"menu button {item.name}: either a key or buttons under it")
    if len(item.key.encode()) > KEY_LIMIT:
        raise ValueError(f"menu button {item.name}: the key has at most {KEY_LIMIT} bytes")


def keys_of(*menus: Menu) -> set[str]:
    """Every key that these menus can send."""
    items = [item for menu in menus for item in menu.items]
    return {each.key for item in items for each in (item, *item.under) if each.key}


Button = dict[str, object]


def _buttons(menu: Menu) -> list[Button]:
    return [_button(item) for item in menu.items]


def _button(item: Item) -> Button:
    if item.under:
        return {"name": item.name, "sub_button": [_button(sub) for sub in item.under]}
    return {"type": "click", "name": item.name, "key": item.key}


def _published(menus: dict[str, Any] | None) -> tuple[list[Button], list[tuple[list[Button], int]]]:
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
