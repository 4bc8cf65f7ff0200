"""The sandbox as a program: it says when it is ready, ends in good order, and remembers."""

import contextlib
import signal
import subprocess
import sys
import threading

import pytest
import requests

from bot.client import MemoryTokenStore, WeChatClient
from tests.bot.pushes import APP_ID
from tests.house.source import ROOT
from tests.sandbox.live import running_sandbox
from tests.sandbox.stage import SECRET, WANG, ZHOU, eventually, says


def client(live):
    return WeChatClient(APP_ID, SECRET, live.url, MemoryTokenStore(), stable_token=True)


def test_a_restart_keeps_the_state(tmp_path, product):
    product.answers.append(says("收到"))
    with running_sandbox(tmp_path, product.url) as live:
        live.do(WANG, "say", text="打印机卡纸")
        account = client(live)
        tag = account.create_tag("工程师")
        account.tag_people(tag, [ZHOU])
        account.create_menu({"button": [{"type": "click", "name": "报修", "key": "REPORT"}]})
        media = account.upload_media("image", b"\xff\xd8\xff" + bytes(9), "a.jpg")
        live.post("/control/clock", advance=60)
        assert live.end() == 0

    with running_sandbox(tmp_path, product.url) as live:
        again = client(live)
        assert live.seen(WANG) == ["打印机卡纸", "收到"]
        assert again.tags_of(ZHOU) == [tag]
        assert again.get_menus()["menu"]["button"][0]["key"] == "REPORT"
        assert again.download_media(media).content == b"\xff\xd8\xff" + bytes(9)
        assert live.get("/control/clock")["skipped"] == 60
        again.send_custom(WANG, {"msgtype": "text", "text": {"content": "还在吗"}})


def test_a_killed_sandbox_never_uses_a_message_id_twice(tmp_path, product):
    with running_sandbox(tmp_path, product.url) as live:
        live.do(WANG, "say", text="一")
        assert eventually(lambda: (tmp_path / "data" / "state.json").exists())
        live.do(WANG, "say", text="二")
        live.end(signal.SIGKILL)

    with running_sandbox(tmp_path, product.url) as live:
        live.do(WANG, "say", text="三")
        assert live.seen(WANG) == ["一", "二", "三"]

    ids = [int(heard["MsgId"]) for heard in product.heard]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_although_a_page_is_waiting(tmp_path, product, by):
    with running_sandbox(tmp_path, product.url) as live:
        news = live.get("/phone/feed")
        query = {"epoch": news["epoch"], "version": news["version"], "wait": 30}

        def wait_for_news() -> None:
            with contextlib.suppress(requests.RequestException):
                requests.get(f"{live.url}/phone/feed", params=query, timeout=40)

        waiting = threading.Thread(target=wait_for_news)
        waiting.start()
        live.get("/control/clock")

        assert live.end(by) == 0

        waiting.join(5)
        assert not waiting.is_alive()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--aes-key", "short"], "aes_key"),
        (["--host", "0.0.0.0"], "host"),
        (["--callback-url", "https://desk.example.com/wechat"], "callback_url"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named_without_secrets(tmp_path, words, said):
    given = ["--app-id", "wx1", "--app-secret", SECRET, "--token", "t0ken", "--data", str(tmp_path)]

    done = subprocess.run(
        [sys.executable, "-m", "sandbox", *given, *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert done.returncode == 1
    assert said in done.stderr
    assert SECRET not in done.stderr
