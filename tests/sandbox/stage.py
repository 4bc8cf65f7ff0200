"""A sandbox without a port, and a stand-in for the product that answers pushes as it is told."""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sandbox.app import create_app
from sandbox.callback import Sender
from sandbox.settings import PhoneOwner, Settings
from sandbox.world import World
from tests.bot.pushes import ACCOUNT, AES_KEY, APP_ID, NONCE, SENT_AT, TOKEN, seal, sign, unseal

SECRET = "sandbox-app-secret"
WANG = "oDeskWangFang000000000000001"
ZHOU = "oDeskZhouGong000000000000003"
STRANGER = "oDeskNobody00000000000000099"
CLERK = "desk1@itdesk"
PEOPLE = (
    PhoneOwner(openid=WANG, name="王芳", role="requester", caption="财务部"),
    PhoneOwner(openid=ZHOU, name="周工", role="engineer", caption="打印机"),
)
WITHIN = 10.0  # seconds for anything that a test waits for

Answer = Callable[["Heard"], bytes]


class Heard:
    """One push as the product got it."""

    def __init__(self, query: dict[str, str], body: bytes) -> None:
        self.query = query
        self.envelope = ElementTree.fromstring(body)
        sealed = self.envelope.findtext("Encrypt") or ""
        content, self.app_id = unseal(sealed)
        self.sealed = sealed
        self.xml = content.decode()
        self.root = ElementTree.fromstring(content)

    def __getitem__(self, name: str) -> str:
        return self.root.findtext(name) or ""


def silence(_heard: Heard) -> bytes:
    return b"success"


def says(text: str) -> Answer:
    return lambda heard: sealed_reply(heard, f"<Content><![CDATA[{text}]]></Content>")


def sealed_reply(heard: Heard, inner: str, kind: str = "text") -> bytes:
    xml = (
        f"<xml><ToUserName><![CDATA[{heard['FromUserName']}]]></ToUserName>"
        f"<FromUserName><![CDATA[{ACCOUNT}]]></FromUserName><CreateTime>{SENT_AT}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )
    sealed = seal(xml.encode())
    return (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{sign(TOKEN, str(SENT_AT), NONCE, sealed)}]]></MsgSignature>"
        f"<TimeStamp>{SENT_AT}</TimeStamp><Nonce><![CDATA[{NONCE}]]></Nonce></xml>"
    ).encode()


class Product:
    """Answers each push with the next of `answers`, then with silence.

    What the platform tells of its sessions comes at any moment and takes none of them.
    """

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: deque[Answer] = deque()
        self.url = ""
        self.released = threading.Event()  # what `hangs` waits for

    def hangs(self, _heard: Heard) -> bytes:
        """Answers only when the test is over, far later than anybody listens."""
        self.released.wait(WITHIN)
        return b"success"

    def verifies(self, query: dict[str, str]) -> bytes:
        is_ours = query["signature"] == sign(TOKEN, query["timestamp"], query["nonce"])
        return query["echostr"].encode() if is_ours else b"no"

    def take(self, heard: Heard) -> bytes:
        self.heard.append(heard)
        is_told = heard["Event"].startswith("kf_")
        answer = silence if is_told or not self.answers else self.answers.popleft()
        return answer(heard)

    @property
    def last(self) -> Heard:
        return self.heard[-1]


@contextmanager
def running_product() -> Iterator[Product]:
    product = Product()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            query = dict(re.findall(r"[?&]([^=&]+)=([^&]*)", self.path))
            content = product.take(Heard(query, body))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            query = dict(re.findall(r"[?&]([^=&]+)=([^&]*)", self.path))
            content = product.verifies(query)
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    product.url = f"http://127.0.0.1:{server.server_port}/wechat"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield product
    finally:
        product.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def settings(data: Path, callback_url: str, **rules: Any) -> Settings:
    return Settings(
        port=0,
        callback_url=callback_url,
        app_id=APP_ID,
        app_secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        original_id=ACCOUNT,
        wechat_name="itdesk",
        people=PEOPLE,
        data=data,
        rules={"refused_pause": 0, "template_delay": 0, **rules},
    )


class Stage:
    """The sandbox, as the product, a person and an operator reach it."""

    def __init__(self, given: Settings) -> None:
        self.world = World(given)
        self.sender = Sender(self.world)
        self.http = create_app(self.world, self.sender).test_client()
        self.token = ""

    # --- the product's side ------------------------------------------------------------------

    def api(self, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        """A call with a good token."""
        self.token = self.token or self.fetch_token()
        return self.bare(path, body, access_token=self.token, **query)

    def bare(self, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        if body is None:
            answer = self.http.get(path, query_string=query)
        else:
            answer = self.http.post(path, query_string=query, json=body)
        assert answer.status_code == 200
        told = answer.get_json()
        assert isinstance(told, dict)
        return told

    def fetch_token(self) -> str:
        query = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
        return str(self.bare("/cgi-bin/token", **query)["access_token"])

    def send_text(self, openid: str = WANG, text: str = "您好") -> int:
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return int(self.api("/cgi-bin/message/custom/send", body)["errcode"])

    # --- the people's side -------------------------------------------------------------------

    def phone(self, what: str, openid: str = WANG, **body: Any) -> int:
        """An act; answers the push that it caused."""
        answer = self.http.post(f"/phone/{openid}/{what}", json=body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return int(answer.get_json().get("push_id", 0))

    def fate(self, push_id: int) -> dict[str, Any]:
        told: dict[str, Any] = self.http.get(f"/push/{push_id}?wait={WITHIN}").get_json()
        return told

    def do(self, what: str, openid: str = WANG, **body: Any) -> dict[str, Any]:
        """An act and what became of it, once that is known."""
        return self.fate(self.phone(what, openid, **body))

    def chat(self, openid: str = WANG) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.http.get(f"/phone/{openid}/chat").get_json()["bubbles"]
        return told

    def seen(self, openid: str = WANG) -> list[str]:
        """The texts on a phone."""
        return [bubble.get("text", "") for bubble in self.chat(openid)]

    def menu(self, openid: str = WANG) -> list[str]:
        buttons = self.http.get(f"/phone/{openid}/menu").get_json()["button"]
        return [button["name"] for button in buttons]

    # --- the operator's side -----------------------------------------------------------------

    def rules(self, **values: Any) -> None:
        answer = self.http.patch("/control/rules", json=values)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def advance(self, seconds: float) -> None:
        assert self.http.post("/control/clock", json={"advance": seconds}).status_code == 200

    def settle(self) -> None:
        assert self.http.get(f"/settled?wait={WITHIN}").get_json() == {"settled": True}

    def control(self, path: str, **body: Any) -> Any:
        return self.http.post(f"/control/{path}", json=body)

    def journal(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.http.get("/control/journal").get_json()["entries"]
        return told

    def close(self) -> None:
        self.settle()
        self.world.save()
        self.world.storage.close()


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    ends = time.monotonic() + WITHIN
    while not is_so() and time.monotonic() < ends:
        threading.Event().wait(0.01)
    return is_so()
