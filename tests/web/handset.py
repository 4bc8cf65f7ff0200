"""One phone of the page, held by a person: what they do with it and what they read on it."""

import re
from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator, Page, ViewportSize, expect

WANG = "oDeskWangFang000000000000001"
LI = "oDeskLiMing00000000000000002"
ZHOU = "oDeskZhouGong000000000000003"
WU = "oDeskWuGong00000000000000004"
ZHENG = "oDeskZhengGong00000000000005"
CHEN = "oDeskChenHead000000000000006"

NUMBER = re.compile(r"IT20261124-\d{4}")
PHONE: ViewportSize = {"width": 390, "height": 844}
_PAGE = re.compile(r"^http://p\d+\.localhost:\d+/h5/(?!oauth)")


class Handset:
    """Acts by clicks and keys; reads what the page shows."""

    def __init__(self, page: Page, openid: str) -> None:
        self.openid = openid
        self.node = page.get_by_test_id(f"phone-{openid}")
        self._before = "0"  # the last bubble before the last act

    # --- what the person does ------------------------------------------------------------------

    def says(self, text: str) -> "Handset":
        self._about_to_act()
        self.node.get_by_test_id("input").fill(text)
        self.node.get_by_test_id("send").click()
        return self

    def taps(self, line: str, *of: str) -> "Handset":
        """The newest line of these words, in a message that holds the others."""
        message = self.heard(*of).filter(has=self._line(line)).last
        expect(message).to_be_visible()
        self._about_to_act()
        message.get_by_test_id(f"line-{line}").click()
        return self

    def presses(self, *buttons: str) -> "Handset":
        """Buttons of the menu bar, by their names: 更多, then what it opens."""
        self._about_to_act()
        bar = self.node.get_by_role("navigation", name="菜单")
        for name in buttons:
            bar.get_by_text(name, exact=True).click()
        return self

    def reports(self, fault: str) -> str:
        """By somebody who is known, in two acts; answers the number."""
        self.says(fault).reads("您好", "对吗")
        return self.confirms()

    def confirms(self) -> str:
        """The report under way; answers the number that it was given."""
        return self.taps("确认报修").number()

    def number(self) -> str:
        """In the answer that a report was taken."""
        found = NUMBER.search(self.reads("已受理").inner_text())
        assert found
        return found.group()

    def signs_in(self) -> "Handset":
        self.says("签到").reads("已签到")
        return self

    def sends_a_photo(self) -> "Handset":
        self._about_to_act()
        self.node.get_by_test_id("attach").click()
        self.node.get_by_test_id("photo").click()
        return self

    def sends_the_place(self) -> "Handset":
        self._about_to_act()
        self.node.get_by_test_id("attach").click()
        self.node.get_by_test_id("location").click()
        return self

    def opens(self, link: str, *of: str) -> Page:
        """The page behind the newest link of these words, read inside WeChat on this phone."""
        found = self.heard(*of).get_by_text(link, exact=True).last
        expect(found, link).to_be_visible()
        return self._shown(found.click)

    def opens_by_the_menu(self, first: str, second: str) -> Page:
        self.presses(first)
        bar = self.node.get_by_role("navigation", name="菜单")
        return self._shown(bar.get_by_text(second, exact=True).click)

    def opens_the_card(self, *of: str) -> Page:
        return self._shown(self.hears(*of).get_by_test_id("card").click)

    def opens_the_scanner(self) -> Locator:
        self._about_to_act()
        self.node.get_by_test_id("attach").click()
        self.node.get_by_test_id("code").click()
        scanner = self.node.get_by_test_id("scanner")
        expect(scanner).to_be_visible()
        return scanner

    def scans_the_code(self, scene: str) -> "Handset":
        """One of those that the account has made, as they stick on devices."""
        self.opens_the_scanner().get_by_test_id(f"code-{scene}").click()
        return self

    def scans_the_picture(self, picture: bytes) -> "Handset":
        file: FilePayload = {"name": "code.png", "mimeType": "image/png", "buffer": picture}
        self.opens_the_scanner().get_by_test_id("scan-file").set_input_files([file])
        return self

    def refreshes_the_menu(self) -> "Handset":
        self.node.get_by_test_id("more").click()
        self.node.get_by_test_id("menu-fresh").click()
        self.node.get_by_test_id("more").click()
        return self

    # --- what the person reads -----------------------------------------------------------------

    def reads(self, *words: str) -> Locator:
        """A message after the last act that holds all of these words; waits for it."""
        return self._seen(self._after_the_act(), words)

    def hears(self, *words: str) -> Locator:
        """A message that may have come at any time; waits for it."""
        return self._seen(self.heard(), words)

    def heard(self, *words: str) -> Locator:
        return _holding(self.node.locator("[data-testid=bubble][data-from=account]"), words)

    def said(self) -> list[str]:
        """What the person sent as words, the oldest first."""
        return self.node.locator("[data-from=person][data-kind=text]").all_inner_texts()

    def menu(self) -> Locator:
        return self.node.get_by_role("navigation", name="菜单").locator(
            "button[data-testid^=menu-top]"
        )

    def read_so_far(self) -> str:
        """Everything on the phone, the oldest first."""
        return self.node.get_by_test_id("chat").inner_text()

    # -------------------------------------------------------------------------------------------

    def _shown(self, open_it: Callable[[], None]) -> Page:
        """Signed in on the way, and without the code that did it."""
        with self.node.page.expect_popup() as opened:
            open_it()
        shown = opened.value
        shown.set_viewport_size(PHONE)
        shown.wait_for_url(_PAGE)
        return shown

    def _seen(self, messages: Locator, words: tuple[str, ...]) -> Locator:
        found = _holding(messages, words).last
        expect(found, f"{' / '.join(words)}").to_be_visible()
        return found

    def _after_the_act(self) -> Locator:
        if self._before == "0":
            return self.heard()
        after = f"[data-id='{self._before}'] ~ [data-testid=bubble][data-from=account]"
        return self.node.get_by_test_id("chat").locator(after)

    def _about_to_act(self) -> None:
        ids = self.node.get_by_test_id("bubble").evaluate_all("all => all.map(e => e.dataset.id)")
        self._before = ids[-1] if ids else "0"

    def _line(self, words: str) -> Locator:
        return self.node.page.get_by_test_id(f"line-{words}")


def _holding(messages: Locator, words: tuple[str, ...]) -> Locator:
    for each in words:
        messages = messages.filter(has_text=each)
    return messages
