"""The menus under the chat."""

import copy

import pytest

from bot.client import MemoryTokenStore, WeChatClient
from bot.errors import ApiError, Reaction
from bot.menus import (
    CONDITIONAL,
    DEFAULT,
    DESK,
    ENGINEER,
    HEAD,
    Item,
    Menu,
    check,
    is_published,
    keys_of,
    paths_of,
    publish,
    shows,
    with_pages,
)
from domain.commands import read_tap
from domain.permissions import Permission, Role, has_role_for
from tests.bot.pushes import APP_ID
from tests.sandbox.live import running_sandbox
from tests.sandbox.stage import SECRET, WANG

OURS = "https://desk.example.com"


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


@pytest.mark.parametrize("public_url", ["", OURS])
@pytest.mark.parametrize("menu", [DEFAULT, *CONDITIONAL])
def test_our_menus_are_ones_the_platform_takes(menu, public_url):
    check(with_pages(menu, public_url))


def test_the_menus_send_these_keys():
    assert keys_of(DEFAULT) == {
        *("REPORT", "MY_TICKETS", "URGE", "RATE", "HUMAN", "BACK_TO_BOT", "HELP"),
        *("COMPLAIN", "MY_COMPLAINTS"),
    }
    assert keys_of(ENGINEER) == {
        *("QUEUE", "MY_WORK", "SIGN_IN", "SIGN_OUT", "REPORT", "BACK_TO_BOT", "HELP"),
        "MY_DUTIES",
    }
    assert keys_of(DESK) == {
        *("OVERVIEW", "UNDELIVERED", "SIGN_IN", "SIGN_OUT", "REPORT", "BACK_TO_BOT", "HELP"),
        *("VERIFY", "FEED_BACK"),
    }
    assert keys_of(HEAD) == {
        *("OVERVIEW", "UNDELIVERED", "MY_TICKETS", "REPORT", "HUMAN", "BACK_TO_BOT", "HELP"),
        *("DECIDE", "DECIDE_FACT"),
    }


@pytest.mark.parametrize("menu", [DEFAULT, *CONDITIONAL])
def test_w1_whoever_talks_with_a_clerk_can_end_it_by_the_menu(menu):
    """In a session nothing but menu taps reaches us."""
    assert "BACK_TO_BOT" in keys_of(menu)


def test_y1_the_desks_lists_are_on_the_menus_of_those_who_may_read_them():
    for menu in CONDITIONAL:
        may_read = has_role_for(menu.roles, Permission.OVERVIEW_READ)
        assert ("OVERVIEW" in keys_of(menu)) is may_read


def test_w2_each_key_is_an_order_that_the_desk_knows():
    assert all(read_tap(key) for key in keys_of(DEFAULT, *CONDITIONAL))


def test_publishing_makes_tag_and_menus(account):
    published = publish(account)

    assert published.is_changed
    assert published.tags.keys() == published.new_tags == {"工程师", "服务台", "负责人"}
    assert account.default[0] == {"type": "click", "name": "报修", "key": "REPORT"}
    newest = max(account.conditional)[1]
    assert newest["matchrule"] == {"tag_id": str(account.tags["工程师"])}


def test_a_tag_that_exists_is_no_new_one(account):
    account.tags["服务台"] = 77

    assert publish(account).new_tags == {"工程师", "负责人"}
    assert publish(account).new_tags == frozenset()


def test_looking_whether_the_menus_are_right_changes_nothing(account):
    assert not is_published(account)
    assert account.calls == []
    publish(account)
    account.calls.clear()

    assert is_published(account)
    assert not is_published(account, public_url=OURS)
    assert account.calls == []


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
    assert len(account.conditional) == 3
    assert account.tags.keys() == {"星标组", "工程师", "服务台", "负责人"}


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


LIMITS = [
    (Menu((Item("一二三四五", "A"),)), True),  # 15 bytes
    (Menu((Item("abcdefghijklmnop", "A"),)), True),  # 16
    (Menu((Item("abcdefghijklmnopq", "A"),)), False),  # 17
    (Menu((Item("", "A"),)), False),
    (Menu((Item("a", "k" * 128),)), True),
    (Menu((Item("a", "k" * 129),)), False),
    (Menu((Item("a"),)), False),
    (Menu((Item("a", url="https://desk.example.com/h5/work"),)), True),
    (Menu((Item("a", url="https://a.example/" + "x" * 1006),)), True),  # 1024
    (Menu((Item("a", url="https://a.example/" + "x" * 1007),)), False),
    (Menu((Item("a", url="javascript:alert(1)"),)), False),
    (Menu((Item("a", "A", url="https://desk.example.com"),)), False),
    (Menu((Item("a", "A", (Item("b", "B"),)),)), False),
    (Menu((Item("a", under=(Item("子" * 20, "B"),)),)), True),  # 60
    (Menu((Item("a", under=(Item("子" * 20 + "x", "B"),)),)), False),
    (Menu((Item("a", under=(Item("b", under=(Item("c", "C"),)),)),)), False),
    (Menu(tuple(Item("a", f"{n}") for n in range(3))), True),
    (Menu(tuple(Item("a", f"{n}") for n in range(4))), False),
    (Menu((Item("a", under=tuple(Item("b", f"{n}") for n in range(5))),)), True),
    (Menu((Item("a", under=tuple(Item("b", f"{n}") for n in range(6))),)), False),
    (Menu(()), False),
]


@pytest.mark.parametrize(("menu", "is_taken"), LIMITS)
def test_each_limit_holds_at_n_and_n_plus_one(menu, is_taken):
    if is_taken:
        check(menu)
    else:
        with pytest.raises(ValueError):
            check(menu)


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    with running_sandbox(folder, "http://127.0.0.1:9/wechat") as live:
        yield WeChatClient(APP_ID, SECRET, live.url, MemoryTokenStore(), stable_token=True)


def test_the_platform_takes_what_we_take_and_refuses_what_we_refuse(platform):
    """Of a button that is two things at once it heeds one: which, nobody should have to know."""
    is_two_things = [
        menu for menu, _ in LIMITS if menu.items and menu.items[0].key and has_more(menu.items[0])
    ]

    for menu, is_taken in LIMITS:
        if menu not in is_two_things:
            assert takes(platform, menu) is is_taken, menu
    assert len(is_two_things) == 2


def has_more(item):
    return bool(item.under or item.url)


def takes(platform, menu):
    try:
        platform.create_menu({"button": buttons_of(menu)})
    except ApiError:
        return False
    return True


def buttons_of(menu):
    """As they would be sent if nobody checked them."""
    return [
        {
            "name": item.name,
            **({"type": "view", "url": item.url} if item.url else {}),
            **({"type": "click", "key": item.key} if item.key else {}),
            **({"sub_button": buttons_of(Menu(item.under))} if item.under else {}),
        }
        for item in menu.items
    ]


def test_our_menus_get_to_the_platform_with_their_pages(platform):
    assert publish(platform, public_url=OURS).is_changed
    assert is_published(platform, public_url=OURS)
    assert not publish(platform, public_url=OURS).is_changed
    assert shows(platform, WANG, DEFAULT, OURS)
    assert not shows(platform, WANG, DEFAULT)


def test_nothing_is_sent_when_one_menu_is_wrong(account):
    with pytest.raises(ValueError):
        publish(account, conditional=(Menu((Item("x" * 17, "A"),), tag="甲"),))

    assert account.calls == []


# --- pages ---------------------------------------------------------------------------------------


def test_with_a_public_address_the_menus_open_pages_of_ours(account):
    publish(account, public_url=OURS + "/")

    assert account.default[0] == {
        "name": "报修",
        "sub_button": [
            {"type": "click", "name": "聊天报修", "key": "REPORT"},
            {"type": "view", "name": "填表报修", "url": f"{OURS}/h5/report"},
            {"type": "view", "name": "常见问题", "url": f"{OURS}/h5/knowledge"},
        ],
    }
    assert not publish(account, public_url=OURS).is_changed
    assert publish(account).is_changed, "without an address the pages go again"


def test_without_a_public_address_one_tap_is_enough():
    """A heading over a single button is that button."""
    without = Item("我的工单", under=(Item("手上的工单", "MY_WORK"), Item("我的班", "MY_DUTIES")))
    assert with_pages(ENGINEER, "").items[1] == without
    assert with_pages(DEFAULT, "").items[0] == Item("报修", "REPORT")


def test_requesters_and_engineers_have_pages_of_their_own():
    assert paths_of(DEFAULT) == {"/h5/report", "/h5/knowledge", "/h5/tickets"}
    assert paths_of(ENGINEER) == {"/h5/work"}
    assert paths_of(*(with_pages(menu, "") for menu in (DEFAULT, *CONDITIONAL))) == set()


# --- who gets which ------------------------------------------------------------------------------


class Matching:
    """Answers trymatch with a menu, or refuses."""

    def __init__(self, menu=None, errcode=None):
        self.menu, self.errcode = menu, errcode

    def try_match(self, openid):
        if self.errcode:
            raise ApiError("/cgi-bin/menu/trymatch", Reaction.PERMANENT, errcode=self.errcode)
        account = FakeAccount()
        publish(account, default=self.menu, conditional=())
        return _echoed(account.default)


def test_trymatch_proves_that_somebody_gets_their_menu():
    assert shows(Matching(ENGINEER), "o", ENGINEER) is True
    assert shows(Matching(ENGINEER), "o", DESK) is False


def test_of_somebody_who_does_not_follow_nothing_can_be_proved():
    assert shows(Matching(errcode=65302), "o", ENGINEER) is None
    with pytest.raises(ApiError):
        shows(Matching(errcode=45009), "o", ENGINEER)


def test_every_worker_has_a_menu_and_no_requester_has():
    with_menu = frozenset().union(*(menu.roles for menu in CONDITIONAL))

    assert with_menu == {Role.ENGINEER, Role.VENDOR, Role.DESK, Role.HEAD}
