"""The menus under the chat."""

import copy

import pytest

from bot.menus import CONDITIONAL, DEFAULT, ENGINEER, Item, Menu, check, keys_of, publish
from domain.commands import read_tap


class FakeAccount:
    """Answers like the platform: tag ids echoed as group ids, empty sub_button lists added."""

    def __init__(self):
        self.tags = {"星标组": 2}
        self.default = None
        self.conditional = []
        self.calls = []
        self.fails_at = None

    def _note(self, name):
        self.calls.append(name)
        if name == self.fails_at:
            self.fails_at = None
            raise ConnectionError(name)

    def get_menus(self):
        if self.default is None:
            return None
        answer: dict[str, object] = {"menu": {"button": _echoed(self.default), "menuid": 1}}
        if self.conditional:
            answer["conditionalmenu"] = [
                {
                    "button": _echoed(menu["button"]),
                    "matchrule": {"group_id": int(menu["matchrule"]["tag_id"])},
                    "menuid": menuid,
                }
                for menuid, menu in self.conditional
            ]
        return answer

    def create_menu(self, menu):
        self._note("create")
        self.default = menu["button"]

    def add_conditional_menu(self, menu):
        self._note("add")
        menuid = 100 + len(self.calls)
        self.conditional.append((menuid, copy.deepcopy(dict(menu))))
        return str(menuid)

    def delete_menus(self):
        self._note("delete")
        self.default, self.conditional = None, []

    def list_tags(self):
        return dict(self.tags)

    def create_tag(self, name):
        self._note("tag")
        self.tags[name] = 100 + len(self.tags)
        return self.tags[name]


def _echoed(buttons):
    buttons = copy.deepcopy(buttons)
    for button in buttons:
        button.setdefault("sub_button", [])
        for sub in button["sub_button"]:
            sub["sub_button"] = []
    return buttons


@pytest.fixture
def account():
    return FakeAccount()


@pytest.mark.parametrize("menu", [DEFAULT, *CONDITIONAL])
def test_our_menus_are_ones_the_platform_takes(menu):
    check(menu)


def test_the_menus_send_these_keys():
    assert keys_of(DEFAULT) == {
        *("REPORT", "MY_TICKETS", "URGE", "RATE", "HUMAN", "BACK_TO_BOT", "HELP")
    }
    assert keys_of(ENGINEER) == {
        *("QUEUE", "MY_WORK", "SIGN_IN", "SIGN_OUT", "REPORT", "HUMAN", "HELP")
    }


def test_w2_each_key_is_an_order_that_the_desk_knows():
    assert all(read_tap(key) for key in keys_of(DEFAULT, *CONDITIONAL))


def test_publishing_makes_tag_and_menus(account):
    published = publish(account)

    assert published.is_changed
    assert published.tags == {"工程师": account.tags["工程师"]}
    assert account.default[0] == {"type": "click", "name": "报修", "key": "REPORT"}
    assert account.conditional[0][1]["matchrule"] == {"tag_id": str(account.tags["工程师"])}


def test_r067_publishing_again_changes_nothing(account):
    publish(account)
    account.calls.clear()

    assert not publish(account).is_changed
    assert account.calls == []


@pytest.mark.parametrize("broken_at", ["tag", "delete", "create", "add"])
def test_r067_a_crash_between_the_calls_is_repaired(account, broken_at):
    account.default = [{"type": "click", "name": "旧", "key": "OLD"}]
    account.fails_at = broken_at
    with pytest.raises(ConnectionError):
        publish(account)

    publish(account)

    assert not publish(account).is_changed
    assert len(account.conditional) == 1
    assert account.tags.keys() == {"星标组", "工程师"}


def test_a_foreign_menu_is_replaced(account):
    publish(account)
    account.add_conditional_menu({"button": [], "matchrule": {"tag_id": "2"}})

    assert publish(account).is_changed
    assert not publish(account).is_changed


def test_what_should_be_tried_first_is_added_last(account):
    first = Menu((Item("甲", "A"),), tag="甲")
    second = Menu((Item("乙", "B"),), tag="乙")

    publish(account, conditional=(first, second))

    newest = max(account.conditional)[1]
    assert newest["matchrule"]["tag_id"] == str(account.tags["甲"])
    assert not publish(account, conditional=(first, second)).is_changed


@pytest.mark.parametrize(
    ("menu", "is_taken"),
    [
        (Menu((Item("一二三四五", "A"),)), True),  # 15 bytes
        (Menu((Item("abcdefghijklmnop", "A"),)), True),  # 16
        (Menu((Item("abcdefghijklmnopq", "A"),)), False),  # 17
        (Menu((Item("", "A"),)), False),
        (Menu((Item("a", "k" * 128),)), True),
        (Menu((Item("a", "k" * 129),)), False),
        (Menu((Item("a"),)), False),
        (Menu((Item("a", "A", (Item("b", "B"),)),)), False),
        (Menu((Item("a", under=(Item("子" * 20, "B"),)),)), True),  # 60
        (Menu((Item("a", under=(Item("子" * 20 + "x", "B"),)),)), False),
        (Menu((Item("a", under=(Item("b", under=(Item("c", "C"),)),)),)), False),
        (Menu(tuple(Item("a", f"{n}") for n in range(3))), True),
        (Menu(tuple(Item("a", f"{n}") for n in range(4))), False),
        (Menu((Item("a", under=tuple(Item("b", f"{n}") for n in range(5))),)), True),
        (Menu((Item("a", under=tuple(Item("b", f"{n}") for n in range(6))),)), False),
        (Menu(()), False),
    ],
)
def test_each_limit_holds_at_n_and_n_plus_one(menu, is_taken):
    if is_taken:
        check(menu)
    else:
        with pytest.raises(ValueError):
            check(menu)


def test_nothing_is_sent_when_one_menu_is_wrong(account):
    with pytest.raises(ValueError):
        publish(account, conditional=(Menu((Item("x" * 17, "A"),), tag="甲"),))

    assert account.calls == []
