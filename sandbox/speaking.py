"""Puts on a phone what the account says, whichever way it came."""

from typing import Any

from sandbox.replies import Reply
from sandbox.richtext import lines_of, parts_of
from sandbox.samples import amr_seconds
from sandbox.state import Bubble, Media
from sandbox.world import World

MediaTypes = dict[str, str]

_MEDIA_OF: MediaTypes = {"image": "image", "voice": "voice", "video": "video"}


def show_text(world: World, openid: str, text: str, via: str, clerk: str | None = None) -> Bubble:
    return world.show(
        openid,
        "account",
        "text",
        via,
        text=text,
        parts=parts_of(text),
        lines=lines_of(text),
        clerk=clerk,
    )


def show_notice(world: World, openid: str, text: str) -> Bubble:
    """A grey line of the platform itself."""
    return world.show(openid, "notice", "system", "platform", text=text)


def show_menu_lines(
    world: World, openid: str, head: str, lines: list[dict[str, str]], tail: str, clerk: str | None
) -> Bubble:
    return world.show(
        openid,
        "account",
        "msgmenu",
        "custom",
        text=head,
        parts=parts_of(head),
        lines=lines,
        tail=tail or None,
        clerk=clerk,
    )


def show_media(
    world: World, openid: str, kind: str, media: Media, via: str, **values: Any
) -> Bubble:
    seconds = voice_seconds(world, media) if kind == "voice" else None
    return world.show(openid, "account", kind, via, media_id=media.id, seconds=seconds, **values)


def show_card(world: World, openid: str, via: str, values: dict[str, Any]) -> Bubble:
    return world.show(openid, "account", "news", via, **values)


def show_reply(world: World, openid: str, reply: Reply) -> Bubble | None:
    """The bubble of a passive answer; None for one that shows nothing."""
    if reply.kind == "text":
        return show_text(world, openid, reply.values["text"], "passive")
    if reply.kind in _MEDIA_OF:
        values = dict(reply.values)
        media = world.state.media[values.pop("media_id")]
        return show_media(world, openid, reply.kind, media, "passive", **values)
    if reply.kind in ("news", "music"):
        return show_card(world, openid, "passive", reply.values)
    return None


def is_playable(world: World, reply: Reply) -> bool:
    """Whether the media that an answer names is still kept, and of its kind."""
    if reply.kind not in _MEDIA_OF:
        return True
    media = world.state.media.get(reply.values["media_id"])
    if media is None or media.type != _MEDIA_OF[reply.kind]:
        return False
    is_fresh = world.clock.now() - media.created_at < world.rules.media_ttl
    return is_fresh or media.is_permanent


def voice_seconds(world: World, media: Media) -> int:
    """How long a voice is; one that is no AMR is taken for speech at 16 kbit/s."""
    content = (world.storage.media / media.file).read_bytes()
    seconds = amr_seconds(content)
    return max(1, min(60, round(len(content) / 2000 if seconds is None else seconds)))
