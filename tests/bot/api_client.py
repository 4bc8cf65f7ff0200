"""A client of the scripted server, and what no failure of it may ever show."""

import traceback

import pytest

from bot.client import Fetched, MemoryTokenStore, WeChatClient
from bot.errors import ApiError
from tests.bot.pushes import APP_ID, OPENID

SECRET = "5ecre7" * 5
TOKEN = "TOKEN-" + "t" * 120
SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
HELLO = {"msgtype": "text", "text": {"content": "三楼"}}


def held() -> MemoryTokenStore:
    """A store that has its token, so that the call itself is the first to go out."""
    store = MemoryTokenStore()
    store.refresh(None, lambda: Fetched(TOKEN, 7200))
    return store


def client_of(url, *, tokens=None, **options):
    options = {"stable_token": False, "connect_timeout": 1, "read_timeout": 2} | options
    return WeChatClient(APP_ID, SECRET, url, tokens or held(), **options)


def failure(call, *args, **options) -> ApiError:
    """The error of a call that must fail, after a look that it gives nothing away."""
    with pytest.raises(ApiError) as caught:
        call(*args, **options)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    for secret in (SECRET, "TOKEN-tttt", OPENID, "access_token="):
        assert secret not in shown.replace(__file__, "")
    return caught.value
