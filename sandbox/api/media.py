"""Pictures, sounds and films: kept for three days, or for good."""

import re

from sandbox import shelf
from sandbox.api.call import Answer, Blob, Call, Endpoint, Upload
from sandbox.api.custom import kept_media
from sandbox.refusals import ApiRefusal
from sandbox.samples import amr_seconds
from sandbox.state import Media

_MB = 1024 * 1024
_LIMITS = {"voice": 2 * _MB, "video": 10 * _MB, "thumb": 64 * 1024}  # bytes
_SUFFIXES = {
    "image": {"png", "jpeg", "jpg", "gif"},
    "voice": {"amr", "mp3"},
    "video": {"mp4"},
    "thumb": {"jpg", "jpeg", "png"},
}
_LONGEST_VOICE = 61  # seconds; a recorder may run over the 60 by a moment


def upload(call: Call) -> Answer:
    media = _kept(call)
    name = "thumb_media_id" if media.type == "thumb" else "media_id"
    return {"type": media.type, name: media.id, "created_at": int(media.created_at)}


def _kept(call: Call) -> Media:
    """The file of the form, if it is of a kind and a size that the platform takes."""
    kind = call.query.get("type", "")
    if kind not in _SUFFIXES:
        raise ApiRefusal(40004, "invalid media type")
    file = checked_file(call, _SUFFIXES[kind])
    if len(file.content) > _LIMITS.get(kind, call.rules.image_limit):
        raise ApiRefusal(45001, "media size out of limit")
    if kind == "voice" and (amr_seconds(file.content) or 0) > _LONGEST_VOICE:
        raise ApiRefusal(45007, "playtime out of limit")
    return shelf.keep(call.world, kind, file.content, file.filename)


def checked_file(call: Call, suffixes: set[str]) -> Upload:
    file = call.upload
    if file is None:
        raise ApiRefusal(41005, "media data missing")
    if not file.content:
        raise ApiRefusal(44001, "empty media data")
    if file.filename.rpartition(".")[2].lower() not in suffixes:
        raise ApiRefusal(40005, "invalid file type")
    return file


def add_material(call: Call) -> Answer:
    """For good: no end, and an address for pictures."""
    media = _kept(call)
    media.is_permanent = True
    address = {"url": f"{call.origin}/media/{media.id}"} if media.type == "image" else {}
    return {"media_id": media.id, **address}


def upload_picture(call: Call) -> Answer:
    """For the bodies of articles: only an address comes back."""
    file = checked_file(call, {"jpg", "jpeg", "png"})
    if len(file.content) > _MB:
        raise ApiRefusal(40009, "invalid image size")
    media = shelf.keep(call.world, "image", file.content, file.filename)
    media.is_permanent = True
    return {"url": f"{call.origin}/media/{media.id}"}


def get(call: Call) -> Answer | Blob:
    media_id = call.query.get("media_id", "")
    if not media_id:
        raise ApiRefusal(41006, "media_id missing")
    media = kept_media(call, media_id, *_SUFFIXES)
    if media.type == "video":
        return {"video_url": f"{call.origin}/media/{media.id}"}
    content = shelf.content(call.world, media)
    # A name in other letters does not fit into a header: the file's own id stands for it.
    is_plain = re.fullmatch(r"[A-Za-z0-9._ -]{1,100}", media.filename)
    return Blob(content, media.content_type, media.filename if is_plain else media.file)


def get_sharp_voice(call: Call) -> Answer | Blob:
    """What uploadVoice of a page recorded, or a voice's MediaId16K; nothing else."""
    if not call.query.get("media_id"):
        raise ApiRefusal(41006, "media_id missing")
    kept_media(call, call.query["media_id"], "voice")
    return get(call)


ENDPOINTS = {
    "/cgi-bin/media/upload": Endpoint("POST", upload, daily=100_000, form=True),
    "/cgi-bin/media/get": Endpoint("GET", get, daily=200_000),
    "/cgi-bin/media/get/jssdk": Endpoint("GET", get_sharp_voice, daily=200_000),
    "/cgi-bin/material/add_material": Endpoint("POST", add_material, form=True),
    "/cgi-bin/media/uploadimg": Endpoint("POST", upload_picture, form=True),
}
