"""Pictures, sounds and films that are kept for three days."""

from sandbox import shelf
from sandbox.api.call import Answer, Blob, Call, Endpoint
from sandbox.api.custom import kept_media
from sandbox.refusals import ApiRefusal

_MB = 1024 * 1024
_LIMITS = {"voice": 2 * _MB, "video": 10 * _MB, "thumb": 64 * 1024}  # bytes
_SUFFIXES = {
    "image": {"png", "jpeg", "jpg", "gif"},
    "voice": {"amr", "mp3"},
    "video": {"mp4"},
    "thumb": {"jpg", "jpeg", "png"},
}


def upload(call: Call) -> Answer:
    kind = call.query.get("type", "")
    if kind not in _SUFFIXES:
        raise ApiRefusal(40004, "invalid media type")
    file = call.upload
    if file is None:
        raise ApiRefusal(41005, "media data missing")
    if not file.content:
        raise ApiRefusal(44001, "empty media data")
    if file.filename.rpartition(".")[2].lower() not in _SUFFIXES[kind]:
        raise ApiRefusal(40005, "invalid file type")
    if len(file.content) > _LIMITS.get(kind, call.rules.image_limit):
        raise ApiRefusal(45001, "media size out of limit")
    media = shelf.keep(call.world, kind, file.content, file.filename)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media.id, "created_at": int(media.created_at)}


def get(call: Call) -> Answer | Blob:
    media_id = call.query.get("media_id", "")
    if not media_id:
        raise ApiRefusal(41006, "media_id missing")
    media = kept_media(call, media_id, *_SUFFIXES)
    if media.type == "video":
        return {"video_url": f"{call.origin}/media/{media.id}"}
    content = shelf.content(call.world, media)
    return Blob(content, media.content_type, media.filename)


ENDPOINTS = {
    "/cgi-bin/media/upload": Endpoint("POST", upload, daily=100_000, form=True),
    "/cgi-bin/media/get": Endpoint("GET", get, daily=200_000),
    "/cgi-bin/media/get/jssdk": Endpoint("GET", get, daily=200_000),
}
