"""What hands do on the page, and where eyes look."""

import json
from typing import Any

import requests
from playwright.sync_api import Locator, Page

from tests.bot.pushes import APP_ID
from tests.sandbox.live import Live
from tests.sandbox.stage import SECRET, WANG, WITHIN, Heard, Product


def phone(page: Page, openid: str = WANG) -> Locator:
    return page.get_by_test_id(f"phone-{openid}")


def say(page: Page, text: str, openid: str = WANG) -> None:
    phone(page, openid).get_by_test_id("input").fill(text)
    phone(page, openid).get_by_test_id("send").click()


def bubbles(page: Page, openid: str = WANG, sender: str = "account") -> Locator:
    return phone(page, openid).locator(f"[data-testid=bubble][data-from={sender}]")


def last_heard(live: Live, product: Product) -> Heard:
    """What the product heard last; the page shows a person's words before they have left."""
    assert live.get(f"/settled?wait={WITHIN}")["settled"]
    return product.last


class Platform:
    """What the product asks of the platform, without the product's own client."""

    def __init__(self, live: Live) -> None:
        self._live = live
        asked = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
        self._token = live.post("/cgi-bin/stable_token", **asked)["access_token"]

    def call(self, path: str, **body: Any) -> Any:
        answer = requests.post(
            f"{self._live.url}{path}?access_token={self._token}",
            data=json.dumps(body, ensure_ascii=False).encode(),  # \u is refused: 47002
            headers={"Content-Type": "application/json"},
            timeout=WITHIN,
        )
        assert answer.ok, answer.text
        told = answer.json()
        assert not told.get("errcode"), told
        return told

    def code(self, scene: str) -> bytes:
        """The picture of a new QR code that carries this scene."""
        asked = {"action_name": "QR_LIMIT_STR_SCENE"}
        made = self.call("/cgi-bin/qrcode/create", **asked, action_info=_scene(scene))
        query = {"ticket": made["ticket"]}
        answer = requests.get(f"{self._live.url}/cgi-bin/showqrcode", query, timeout=WITHIN)
        assert answer.ok
        return answer.content


def _scene(words: str) -> dict[str, Any]:
    return {"scene": {"scene_str": words}}
