"""The JS-SDK of the page under way: only inside WeChat, and never needed."""

import json
import logging
import re

from flask import request

from logs import failure
from web.site import site

log = logging.getLogger(__name__)

_FUNCTIONS = (
    "hideMenuItems",
    "closeWindow",
    "previewImage",
    "chooseImage",
    "uploadImage",
    "openLocation",
    "getLocation",
)
_FOREIGN = re.compile(r"[^A-Za-z0-9/_.%&=?~+-]")


def is_inside_wechat() -> bool:
    return "MicroMessenger" in request.headers.get("User-Agent", "")


def js_config() -> str | None:
    """What `wx.config` takes, as JSON; None outside WeChat, or while its ticket cannot be had."""
    signing = site().jssdk
    if signing is None or not is_inside_wechat():
        return None
    try:
        found = signing.signature(_address())
    except Exception as error:
        failure(log, "js_sdk_unsigned", error)
        return None
    return json.dumps(
        {
            "appId": found.app_id,
            "timestamp": found.timestamp,
            "nonceStr": found.nonce,
            "signature": found.signature,
            "jsApiList": _FUNCTIONS,
        }
    )


def _address() -> str:
    """As the browser sees it: the platform checks the signature against its own."""
    query = request.query_string.decode("latin-1")
    path = request.path + (f"?{query}" if query else "")
    return site().public_url + _FOREIGN.sub("", path)
