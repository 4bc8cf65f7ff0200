"""Customer-service messages: what may be sent, to whom, and while which window is open."""

from collections.abc import Callable
from typing import Any

from sandbox import speaking, windows
from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.state import Media, Person

_TYPING_FOR = 15  # seconds that the phone shows it
_TYPING_AFTER = 30  # seconds since the person's last message

_WINDOW_WORDS = {
    windows.OUT_OF_TIME: "response out of time limit or subscription is canceled",
    windows.OUT_OF_COUNT: "out of response count limit",
}

Show = Callable[[], object]


def send(call: Call) -> Answer:
    person = call.person(call.text("touser"))
    _check_reachable(call, person)
    show = _shown(call, person)
    refusal = windows.refusal(person.windows, call.now)
    if refusal is not None:
        raise ApiRefusal(refusal, _WINDOW_WORDS[refusal])
    windows.consume(person.windows, call.rules, call.now)
    person.typing_until = 0
    show()
    return OK


def _check_reachable(call: Call, person: Person) -> None:
    if not person.follows:
        code = call.rules.unfollowed_errcode
        raise ApiRefusal(code, _WINDOW_WORDS.get(code, "invalid openid"))
    if person.is_blacklisted:
        raise ApiRefusal(43019, "require remove blacklist")
    if person.is_blocking:
        raise ApiRefusal(48002, "user block receive message")


def _shown(call: Call, person: Person) -> Show:
    """What will put the message on the phone, once it is known that it may pass."""
    kind = call.text("msgtype")
    makers: dict[str, Callable[[Call, str, dict[str, Any], str | None], Show]] = {
        "text": _text,
        "image": _image,
        "voice": _voice,
        "video": _video,
        "music": _music,
        "news": _news,
        "msgmenu": _menu,
    }
    if kind not in makers:
        raise ApiRefusal(40008, "invalid message type")
    content = call.section(kind, errcode=44004, errmsg="empty content")
    return makers[kind](call, person.openid, content, _clerk(call))


def _clerk(call: Call) -> str | None:
    if "customservice" not in call.body:
        return None
    named = call.section("customservice", errcode=47001, errmsg="data format error")
    clerk = call.state.clerks.get(str(named.get("kf_account", "")))
    if clerk is None:
        raise ApiRefusal(65401, "invalid custom service account")
    return clerk.nickname


def _text(call: Call, openid: str, content: dict[str, Any], clerk: str | None) -> Show:
    text = _checked_text(call, content.get("content"))
    return lambda: speaking.show_text(call.world, openid, text, "custom", clerk)


def _image(call: Call, openid: str, content: dict[str, Any], clerk: str | None) -> Show:
    media = kept_media(call, content.get("media_id"), "image")
    return lambda: speaking.show_media(call.world, openid, "image", media, "custom", clerk=clerk)


def _voice(call: Call, openid: str, content: dict[str, Any], clerk: str | None) -> Show:
    media = kept_media(call, content.get("media_id"), "voice")
    return lambda: speaking.show_media(call.world, openid, "voice", media, "custom", clerk=clerk)


def _video(call: Call, openid: str, content: dict[str, Any], clerk: str | None) -> Show:
    media = kept_media(call, content.get("media_id"), "video")
    words = {"title": str(content.get("title", "")), "text": str(content.get("description", ""))}
    return lambda: speaking.show_media(
        call.world, openid, "video", media, "custom", clerk=clerk, **words
    )


def _music(call: Call, openid: str, content: dict[str, Any], clerk: str | None) -> Show:
    kept_media(call, content.get("thumb_media_id"), "thumb", "image")
    return _card(call, openid, content, clerk, url="musicurl", picture="")


def _news(call: Call, openid: str, content: dict[str, Any], clerk: str | None) -> Show:
    articles = content.get("articles")
    if not isinstance(articles, list) or not articles or not isinstance(articles[0], dict):
        raise ApiRefusal(44003, "empty news data")
    if len(articles) > 1:
        raise ApiRefusal(45008, "article size out of limit")
    return _card(call, openid, articles[0], clerk, url="url", picture="picurl")


def _card(
    call: Call, openid: str, content: dict[str, Any], clerk: str | None, *, url: str, picture: str
) -> Show:
    values = {
        "title": str(content.get("title", "")),
        "text": str(content.get("description", "")),
        "url": str(content.get(url, "")),
        "picture": str(content.get(picture, "")) if picture else "",
        "clerk": clerk,
    }
    return lambda: speaking.show_card(call.world, openid, "custom", values)


def _menu(call: Call, openid: str, content: dict[str, Any], clerk: str | None) -> Show:
    rows = content.get("list")
    if not isinstance(rows, list) or not 1 <= len(rows) <= call.rules.msgmenu_limit:
        raise ApiRefusal(45098, "msgmenu list size is out of limit")
    lines = [_line(row, call.rules.msgmenu_line_limit) for row in rows]
    head, tail = str(content.get("head_content") or ""), str(content.get("tail_content") or "")
    for text in (head, tail):
        if call.rules.size(text) > call.rules.text_limit:
            raise ApiRefusal(45002, "content size out of limit")
    return lambda: speaking.show_menu_lines(call.world, openid, head, lines, tail, clerk)


def _line(row: object, limit: int) -> dict[str, str]:
    if not isinstance(row, dict):
        raise ApiRefusal(47001, "data format error")
    content = _filled(row.get("content"))
    if len(content.encode()) > limit:
        raise ApiRefusal(45099, "item content size is out of limit")
    return {"id": str(row.get("id", "")), "content": content}


def _checked_text(call: Call, value: object) -> str:
    text = _filled(value)
    if call.rules.size(text) > call.rules.text_limit:
        raise ApiRefusal(45002, "content size out of limit")
    return text


def _filled(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ApiRefusal(44004, "empty content")
    return value


def kept_media(call: Call, media_id: object, *types: str) -> Media:
    """A media that is known, of this type and not expired."""
    media = call.state.media.get(media_id) if isinstance(media_id, str) else None
    if media is None or media.type not in types:
        raise ApiRefusal(40007, "invalid media_id")
    is_old = call.now - media.created_at >= call.rules.media_ttl
    if is_old and not media.is_permanent:
        raise ApiRefusal(40007, "invalid media_id")
    return media


def typing(call: Call) -> Answer:
    person = call.person(call.text("touser"))
    command = call.text("command")
    if command not in ("Typing", "CancelTyping"):
        raise ApiRefusal(45072, "invalid command")
    _check_reachable(call, person)
    if command == "CancelTyping":
        person.typing_until = 0
        return OK
    if call.now - person.last_message_at > _TYPING_AFTER:
        raise ApiRefusal(45080, "need message within last 30 seconds before typing")
    if person.typing_until > call.now:
        raise ApiRefusal(45081, "you are already typing")
    person.typing_until = call.now + _TYPING_FOR
    return OK


ENDPOINTS = {
    "/cgi-bin/message/custom/send": Endpoint("POST", send, daily=500_000),
    "/cgi-bin/message/custom/typing": Endpoint("POST", typing, daily=500_000),
}
