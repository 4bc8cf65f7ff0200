"""What people do with their phones, and what becomes of it at the platform."""

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox import kf, menus, samples, shelf, speaking, windows
from sandbox.callback import Sender
from sandbox.phone_events import HERE, PICTURES, pressed, scene_of
from sandbox.pushes import Fields, Push
from sandbox.richtext import parts_of
from sandbox.state import Media, Person, QrCode
from sandbox.windows import Act
from sandbox.world import World

_CLICKS = ("click", "scancode_push", "scancode_waitmsg")  # these open a window


_OURS = re.compile(r"https?://weixin\.qq\.com/q/", re.IGNORECASE)


class NotPossible(Exception):
    """What this phone cannot do now; the text is for whoever holds it."""


class Phones:
    """The acts of all phones; each answers with the push that it caused."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._sender = sender

    # --- messages ----------------------------------------------------------------------------

    def say(self, openid: str, text: str) -> Push:
        with self._world.locked():
            person = self._follower(openid)
            self._show(openid, "text", text=text, parts=parts_of(text))
            return self._send(person, {"MsgType": "text", "Content": text}, text)

    def tap(self, openid: str, content: str, line_id: str) -> Push:
        """A line of a msgmenu or a link in a text: its words are sent, with its id."""
        with self._world.locked():
            person = self._follower(openid)
            self._show(openid, "text", text=content, parts=parts_of(content))
            fields = {"MsgType": "text", "Content": content, "bizmsgmenuid": line_id}
            return self._send(person, fields, content, self._world.rules.msgmenu_tap_opens)

    def photo(self, openid: str, content: bytes | None = None, filename: str = "") -> Push:
        with self._world.locked() as state:
            person = self._follower(openid)
            if content is None:
                content = samples.photo(state.next("photo", 0))
            media = shelf.keep(self._world, "image", content, filename or "photo.jpg")
            self._show(openid, "image", media_id=media.id)
            picture = f"{self._world.base_url}/media/{media.id}"
            fields = {"MsgType": "image", "PicUrl": picture, "MediaId": media.id}
            return self._send(person, fields, "[image]")

    def voice(self, openid: str, seconds: int = 4, words: str = "") -> Push:
        content = samples.voice(seconds)  # takes a while: nobody is kept waiting
        with self._world.locked():
            person = self._follower(openid)
            media = shelf.keep(self._world, "voice", content, "voice.amr")
            self._show(
                openid,
                "voice",
                media_id=media.id,
                seconds=speaking.voice_seconds(self._world, media),
            )
            return self._send(person, self._voice_fields(media, words), "[voice]")

    def _voice_fields(self, media: Media, words: str) -> Fields:
        fields: Fields = {
            "MsgType": "voice",
            "MediaId": media.id,
            "Format": "amr",
            "MediaId16K": media.id,
        }
        recognition = self._world.rules.recognition
        if recognition != "off":
            fields["Recognition"] = words if recognition == "text" else ""
        return fields

    def film(self, openid: str) -> Push:
        content = samples.film()
        with self._world.locked():
            person = self._follower(openid)
            media = shelf.keep(self._world, "video", content, "film.mp4")
            thumb = shelf.keep(self._world, "thumb", samples.photo(1), "thumb.jpg")
            media.thumb_id = thumb.id
            self._show(openid, "video", media_id=media.id, picture=f"/media/{thumb.id}")
            fields = {"MsgType": "video", "MediaId": media.id, "ThumbMediaId": thumb.id}
            return self._send(person, fields, "[video]")

    def location(self, openid: str, latitude: float, longitude: float, label: str) -> Push:
        with self._world.locked():
            person = self._follower(openid)
            self._show(openid, "location", latitude=latitude, longitude=longitude, text=label)
            fields = {
                "MsgType": "location",
                "Location_X": f"{latitude:.6f}",
                "Location_Y": f"{longitude:.6f}",
                "Scale": 16,
                "Label": label,
            }
            return self._send(person, fields, "[location]")

    def _show(self, openid: str, kind: str, **values: Any) -> None:
        self._world.show(openid, "person", kind, "phone", **values)

    def _send(self, person: Person, fields: Fields, words: str, act: Act = "message") -> Push:
        """To the product; in a session with a clerk, to the clerk alone."""
        now = self._world.clock.now()
        if person.is_blacklisted:
            return self._sender.swallow(person.openid, fields)
        person.last_message_at = now
        windows.opened(person.windows, act, self._world.rules, now)
        if person.kf.state == "session":
            person.kf.last_at = now
            kf.note(self._world, person, person.kf.account, kf.RECEIVED, words)
            return self._sender.to_clerk(person.openid, fields)
        if person.kf.state == "waiting" and self._world.rules.kf_waiting_is_seen:
            kf.note(self._world, person, person.kf.account, kf.RECEIVED, words)
        return self._sender.message(person.openid, fields)

    # --- the menu ----------------------------------------------------------------------------

    def press(self, openid: str, key: str, scan: str = "") -> Push:
        """A button of the menu; a phone with an old menu may press what is no longer there."""
        with self._world.locked():
            person = self._follower(openid)
            button = menus.leaf_by_key(self._world.menu_of(person), key) or {"type": "click"}
            kind = str(button["type"])
            if kind in _CLICKS:
                self._open(person, "click")
            push = self._event(person, pressed(kind, key, scan))
            if kind in PICTURES:
                self.photo(openid)
            elif kind == "location_select":
                self.location(openid, *HERE)
            return push

    # --- following and scanning --------------------------------------------------------------

    def follow(self, openid: str, code: QrCode | None = None) -> Push:
        with self._world.locked():
            person = self._world.person(openid)
            if person.follows:
                raise NotPossible("已经关注了")
            person.follows = True
            person.followed_at = self._world.clock.now()
            person.follow_scene = "ADD_SCENE_QR_CODE" if code else "ADD_SCENE_SEARCH"
            person.scene = code.scene if code else ""
            person.menu_pulled_at = 0
            person.windows = {}
            self._open(person, "follow")
            speaking.show_notice(self._world, openid, "已关注")
            return self._event(person, {"Event": "subscribe", **scene_of("qrscene_", code)})

    def unfollow(self, openid: str) -> Push:
        """What the account put on a person is gone with it: windows, tags, a clerk's session."""
        with self._world.locked():
            person = self._follower(openid)
            if person.kf.state == "session":
                account = person.kf.account
                self._sender.events(kf.close(self._world, person, account, "clerk"))
            person.follows = False
            person.windows, person.menu = {}, []
            if not self._world.rules.tags_survive_unfollow:
                person.tags = []
            speaking.show_notice(self._world, openid, "已取消关注")
            return self._event(person, {"Event": "unsubscribe", "EventKey": ""})

    def scan(self, openid: str, scene: str = "", url: str = "") -> Push | str:
        """The push of a code of ours; the address that any other code holds."""
        with self._world.locked():
            person = self._world.person(openid)
            if url and not _OURS.match(url):
                return _page_of(url)
            code = self._code_of_url(url) if url else self._code(scene)
            if code.expires_at is not None and code.expires_at <= self._world.clock.now():
                speaking.show_notice(self._world, openid, "二维码已过期")
                raise NotPossible("二维码已过期")
            if not person.follows:
                return self.follow(openid, code)
            self._open(person, "scan")
            return self._event(person, {"Event": "SCAN", **scene_of("", code)})

    def _code(self, scene_or_ticket: str) -> QrCode:
        """The newest code of this scene, or the one with this ticket."""
        for code in reversed(self._world.state.qrcodes.values()):
            if scene_or_ticket in (code.scene, code.ticket):
                return code
        raise NotPossible("没有这个二维码")

    def _code_of_url(self, url: str) -> QrCode:
        for code in self._world.state.qrcodes.values():
            if _OURS.sub("", url) == _OURS.sub("", code.url):
                return code
        raise NotPossible("没有这个二维码")

    # --- both --------------------------------------------------------------------------------

    def _follower(self, openid: str) -> Person:
        person = self._world.person(openid)
        if not person.follows:
            raise NotPossible("还没有关注")
        return person

    def _open(self, person: Person, act: Act) -> None:
        windows.opened(person.windows, act, self._world.rules, self._world.clock.now())

    def _event(self, person: Person, fields: Fields) -> Push:
        return send_event(self._world, self._sender, person, fields)


def send_event(world: World, sender: Sender, person: Person, fields: Fields) -> Push:
    """To the product, unless the platform keeps what this person does to itself."""
    is_kept = person.kf.state == "session" and not world.rules.kf_events_in_session
    if person.is_blacklisted or is_kept:
        return sender.swallow(person.openid, {"MsgType": "event", **fields})
    return sender.event(person.openid, fields)


def _page_of(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotPossible("这个二维码里不是网址")
    if parts.hostname == "weixin.qq.com":
        raise NotPossible("没有这个二维码")
    return url
