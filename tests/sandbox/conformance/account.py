"""The account's own side of the platform: calls over HTTP as the reference describes them."""

import json
from typing import Any

import requests

from tests.bot.pushes import APP_ID
from tests.sandbox.live import Live
from tests.sandbox.stage import SECRET, WANG, WITHIN

CREDENTIALS = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
SEND = "/cgi-bin/message/custom/send"
JPEG = b"\xff\xd8\xff\xe0" + bytes(200)

Told = dict[str, Any]


class Account:
    """Calls with a good token, unless a test wants another one."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self._token = ""

    def call(self, path: str, body: Any = None, **query: Any) -> Told:
        return self.bare(path, body, access_token=self.token(), **query)

    def code(self, path: str, body: Any = None, **query: Any) -> int:
        """The errcode of a call; 0 if there is none."""
        return int(self.call(path, body, **query).get("errcode", 0))

    def bare(self, path: str, body: Any = None, **query: Any) -> Told:
        """A call as it is: a GET without a body, else a POST of JSON in UTF-8."""
        if isinstance(body, dict):
            body = json.dumps(body, ensure_ascii=False).encode()
        method = "GET" if body is None else "POST"
        return self._told(self.ask(method, path, data=body, params=query))

    def upload(self, path: str, content: bytes, filename: str, **query: Any) -> Told:
        files = {"media": (filename, content)}
        query = {"access_token": self.token(), **query}
        return self._told(self.ask("POST", path, files=files, params=query))

    def download(self, path: str, **query: Any) -> requests.Response:
        return self.ask("GET", path, params={"access_token": self.token(), **query})

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        url = self.live.url + path
        return requests.request(method, url, timeout=WITHIN, allow_redirects=False, **how)

    def token(self) -> str:
        self._token = self._token or self.fresh_token()
        return self._token

    def fresh_token(self) -> str:
        return str(self.bare("/cgi-bin/token", **CREDENTIALS)["access_token"])

    def stable_token(self, **more: Any) -> Told:
        return self.bare("/cgi-bin/stable_token", {**CREDENTIALS, **more})

    def says(self, text: str = "您好", openid: str = WANG, **more: Any) -> int:
        """The errcode of a customer message."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}, **more}
        return self.code(SEND, body)

    def advance(self, seconds: float) -> None:
        """The platform's clock; the token may be too old afterwards."""
        self.live.post("/control/clock", advance=seconds)
        self._token = ""

    def settle(self) -> None:
        assert self.live.get(f"/settled?wait={WITHIN}") == {"settled": True}

    @staticmethod
    def _told(answer: requests.Response) -> Told:
        assert answer.status_code == 200, answer.text
        told = json.loads(answer.content.decode())
        assert isinstance(told, dict)
        return told
