"""The customer-service client beside the phones, as a clerk of the desk uses it."""

from playwright.sync_api import Locator, Page, expect

from tests.eventually import eventually
from tests.web.handset import Handset
from tests.web.running import Running

DESK1 = "desk1@itdesk"


class Reception:
    """小陈 at her desk."""

    def __init__(self, page: Page, demo: Running) -> None:
        self._page = page
        self._demo = demo

    def comes_online(self) -> None:
        """Known to the desk as well, which asks the platform a few times a minute."""
        self._page.get_by_test_id("tab-desk").click()
        clerk = self._page.get_by_test_id(f"clerk-{DESK1}")
        clerk.get_by_test_id("clerk-online").check()
        eventually(lambda: self._demo.records.is_clerk_online(DESK1), within=60)

    def goes_offline(self) -> None:
        self._page.get_by_test_id(f"clerk-{DESK1}").get_by_test_id("clerk-online").uncheck()

    def waiter(self, person: Handset) -> Locator:
        return self._page.get_by_test_id(f"waiter-{person.openid}")

    def accepts(self, person: Handset) -> None:
        self.waiter(person).get_by_test_id(f"accept-{person.openid}").click()
        expect(self.talk(person)).to_be_visible()

    def talk(self, person: Handset) -> Locator:
        return self._page.get_by_test_id(f"talk-{person.openid}")

    def says(self, person: Handset, text: str) -> None:
        talk = self.talk(person)
        talk.get_by_test_id(f"clerk-input-{person.openid}").fill(text)
        talk.get_by_test_id(f"clerk-send-{person.openid}").click()

    def reads(self, person: Handset, text: str) -> None:
        expect(self.talk(person).get_by_role("log")).to_contain_text(text)

    def closes(self, person: Handset) -> None:
        self.talk(person).get_by_test_id(f"close-{person.openid}").click()
        expect(self.talk(person)).to_have_count(0)
