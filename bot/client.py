"""Calls WeChat's API: one function for every call, so that each failure is known for what it is."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from wechatpy import WeChatClient as SdkClient

from bot.account_calls import AccountCalls, AccountTemplate, Quota
from bot.calls import Observer, reading
from bot.desk_calls import Clerk, DeskCalls, KfAccount, Record, Session, Waiting
from bot.errors import ApiError, ApiUnclear, Reaction
from bot.tokens import Fetched, MemoryTokenStore, TokenStore
from bot.transport import (
    Answer,
    Request,
    Response,
    Transport,
    json_object,
    machine_time,
    raise_refusal,
    whole,
)
from storage import sniff

__all__ = [
    "AccountTemplate",
    "Clerk",
    "Downloaded",
    "Fetched",
    "KfAccount",
    "MemoryTokenStore",
    "QrCode",
    "Quota",
    "Record",
    "Session",
    "TokenStore",
    "Waiting",
    "WeChatClient",
]

MEDIA_LIMIT = 20 * 1024 * 1024  # bytes; the platform takes at most 10 MB
_TIME_WITHIN = 5.0  # seconds
MEDIA_WITHIN = 30.0  # seconds for a whole download

_HOST = "https://api.weixin.qq.com"
_BASE = f"{_HOST}/cgi-bin/"
_MEDIA_PATH = "/cgi-bin/media/get"
_MENU_MISSING = 46003
_TAGGED_AT_ONCE = 50  # people


@dataclass(frozen=True, slots=True)
class Downloaded:
    content: bytes = field(repr=False)
    content_type: str  # by content, whatever the header said
    filename: str


@dataclass(frozen=True, slots=True)
class QrCode:
    ticket: str = field(repr=False)
    url: str


class _Sdk(SdkClient):  # type: ignore[misc]
    """wechatpy's calls, each sent through our own function instead of its own."""

    def __init__(self, app_id: str, call: Callable[..., Answer]) -> None:
        super().__init__(app_id, secret="", auto_retry=False)
        self._call = call

    @property
    def access_token(self) -> str:
        return ""  # put on by `call`, which alone knows which one was refused

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        process = kwargs.pop("result_processor", None)
        answer = self._call(
            method,
            _path_of(url_or_endpoint),
            params=kwargs.get("params"),
            body=kwargs.get("data"),
            files=kwargs.get("files"),
        )
        return process(answer) if process else answer


def _path_of(url_or_endpoint: str) -> str:
    if not url_or_endpoint.startswith("https://"):
        url_or_endpoint = _BASE + url_or_endpoint
    if not url_or_endpoint.startswith(_HOST + "/"):
        raise ValueError("not a call of WeChat's API")
    return url_or_endpoint.removeprefix(_HOST)


def _reading_of(endpoint: str) -> AbstractContextManager[None]:
    return reading(_path_of(endpoint))


class WeChatClient(DeskCalls, AccountCalls):
    """What the desk asks of the platform; everything that fails is an `ApiError`."""

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        base_url: str,
        tokens: TokenStore,
        *,
        stable_token: bool,
        mp_base_url: str = "https://mp.weixin.qq.com",
        clock: Callable[[], datetime] = machine_time,
        observer: Observer | None = None,
        connect_timeout: float = 2,
        read_timeout: float = 5,
        pool: int = 32,
    ) -> None:
        timeout = (connect_timeout, read_timeout)
        transport = Transport(base_url, timeout=timeout, pool=pool)
        super().__init__(
            app_id,
            app_secret,
            transport,
            tokens,
            stable_token=stable_token,
            clock=clock,
            observer=observer,
        )
        self._mp_base_url = mp_base_url.rstrip("/")
        self._sdk = _Sdk(app_id, self.call)

    def __repr__(self) -> str:
        return f"WeChatClient({self._app_id})"

    @property
    def clock_skew(self) -> timedelta | None:
        """Our clock minus the API's, as its last answer showed."""
        return self._transport.clock_skew

    def platform_time(self) -> datetime | None:
        """What time it is over there, asked now; None if nobody answers."""
        try:  # any answer has its date, also that there is no such page
            self._transport.exchange(Request("GET", "/", {}, within=_TIME_WITHIN))
        except ApiError:
            return None
        skew = self._transport.clock_skew
        return None if skew is None else machine_time() - skew

    # --- messages ----------------------------------------------------------------------------

    def send_custom(self, openid: str, body: Mapping[str, object]) -> None:
        self._sdk.post("message/custom/send", data={"touser": openid, **body})

    def typing(self, openid: str, *, is_typing: bool = True) -> None:
        command = "Typing" if is_typing else "CancelTyping"
        self._sdk.post("message/custom/typing", data={"touser": openid, "command": command})

    def send_template(
        self,
        openid: str,
        template_id: str,
        url: str | None,
        data: Mapping[str, str],
        client_msg_id: str,
    ) -> int | None:
        """The message id that the receipt will carry, if the answer had one."""
        body: dict[str, object] = {
            "touser": openid,
            "template_id": template_id,
            "client_msg_id": client_msg_id,
            "data": {name: {"value": value} for name, value in data.items()},
        }
        if url:
            body["url"] = url
        return whole(self._sdk.post("message/template/send", data=body).get("msgid"))

    # --- menus and tags ----------------------------------------------------------------------

    def create_menu(self, menu: Mapping[str, object]) -> None:
        self._sdk.menu.create(dict(menu))

    def add_conditional_menu(self, menu: Mapping[str, object]) -> str:
        with _reading_of("menu/addconditional"):
            return str(self._sdk.menu.add_conditional(dict(menu))["menuid"])

    def delete_menus(self) -> None:
        """Takes the default menu and all conditional ones away."""
        self._sdk.menu.delete()

    def get_menus(self) -> Answer | None:
        """All menus made by the API, or None when there are none."""
        try:
            return self.call("GET", "/cgi-bin/menu/get")
        except ApiError as error:
            if error.errcode == _MENU_MISSING:
                return None
            raise

    def try_match(self, openid: str) -> list[Answer]:
        """The menu that this person gets."""
        with _reading_of("menu/trymatch"):
            return [dict(button) for button in self._sdk.menu.try_match(openid)["button"]]

    def create_tag(self, name: str) -> int:
        with _reading_of("tags/create"):
            return int(self._sdk.tag.create(name)["id"])

    def list_tags(self) -> dict[str, int]:
        with _reading_of("tags/get"):
            return {str(tag["name"]): int(tag["id"]) for tag in self._sdk.tag.get()}

    def tag_people(self, tag_id: int, openids: Sequence[str]) -> None:
        self._in_groups("tags/members/batchtagging", tag_id, openids)

    def untag_people(self, tag_id: int, openids: Sequence[str]) -> None:
        self._in_groups("tags/members/batchuntagging", tag_id, openids)

    def tags_of(self, openid: str) -> list[int]:
        with _reading_of("tags/getidlist"):
            answer = self._sdk.post("tags/getidlist", data={"openid": openid})
            return [int(tag) for tag in answer["tagid_list"]]

    def _in_groups(self, path: str, tag_id: int, openids: Sequence[str]) -> None:
        for start in range(0, len(openids), _TAGGED_AT_ONCE):
            group = list(openids[start : start + _TAGGED_AT_ONCE])
            self._sdk.post(path, data={"openid_list": group, "tagid": tag_id})

    # --- media -------------------------------------------------------------------------------

    def download_media(self, media_id: str) -> Downloaded:
        """The bytes behind a media id, if they are a picture, a sound or a film."""
        request = _media_request({"media_id": media_id})
        response = self._with_token(request, lambda got: _media_or_error(request.path, got))
        if (video_url := _video_url(response)) is not None:
            response = self._download_video(request.path, video_url)
        content_type = sniff(response.content)
        if content_type is None:
            raise ApiUnclear(request.path, f"{len(response.content)} bytes that are no media")
        return Downloaded(response.content, content_type, _filename(response.disposition))

    def upload_media(self, kind: str, content: bytes, filename: str) -> str:
        # Bytes, not a stream: a stream would be at its end when sent again with a new token.
        return str(self._sdk.media.upload(kind, (filename, content))["media_id"])

    def _download_video(self, path: str, url: str) -> Response:
        """A film lies on another host, without token: only the platform's own are believed."""
        with reading(path):
            host = urlsplit(url).hostname or ""
        if host != self._transport.host and not host.endswith((".qq.com", ".qpic.cn")):
            raise ApiError(path, Reaction.PERMANENT, errmsg="film on a foreign host")
        film = self._transport.exchange(_media_request({}), url)
        return _media_or_error(path, film)

    # --- people ------------------------------------------------------------------------------

    def create_qr(self, scene: str, expires_in: int | None) -> QrCode:
        """A code that carries `scene` for `expires_in` seconds; None: one of 100,000 for ever."""
        body: dict[str, object] = {"action_info": {"scene": {"scene_str": scene}}}
        if expires_in is None:
            body["action_name"] = "QR_LIMIT_STR_SCENE"
        else:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": expires_in}
        answer = self._sdk.qrcode.create(body)
        return QrCode(answer["ticket"], str(answer.get("url", "")))

    def user_info(self, openid: str) -> Answer:
        return self.call("GET", "/cgi-bin/user/info", params={"openid": openid, "lang": "zh_CN"})

    def update_remark(self, openid: str, remark: str) -> None:
        self._sdk.user.update_remark(openid, remark)

    def qr_address(self, ticket: str) -> str:
        """Where the picture of a code can be seen by anybody, without a token."""
        return f"{self._mp_base_url}/cgi-bin/showqrcode?{urlencode({'ticket': ticket})}"


def _media_request(params: Mapping[str, str]) -> Request:
    return Request("GET", _MEDIA_PATH, params, limit=MEDIA_LIMIT, within=MEDIA_WITHIN)


def _media_or_error(path: str, response: Response) -> Response:
    answer = json_object(response.content) if response.content[:1] == b"{" else None
    if answer is not None:
        raise_refusal(path, answer)
    if response.status != 200:
        raise ApiUnclear(path, f"status {response.status}")
    return response


def _video_url(response: Response) -> str | None:
    if response.content[:1] != b"{":
        return None
    url = (json_object(response.content) or {}).get("video_url")
    return url if isinstance(url, str) and url.startswith(("http://", "https://")) else None


_FILENAME = re.compile(r'filename="?([A-Za-z0-9._-]{1,128})"?', re.ASCII)


def _filename(disposition: str) -> str:
    match = _FILENAME.search(disposition[:512])
    return match.group(1).lstrip(".") if match else ""
