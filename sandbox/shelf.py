"""Where media lie: kept under an id like the platform's, read back while the file is there."""

import secrets
from pathlib import Path

from sandbox.state import Media
from sandbox.world import World

_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "amr": "audio/amr",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}


def keep(world: World, kind: str, content: bytes, filename: str) -> Media:
    """Stores the bytes, and remembers them under a new id."""
    media_id = secrets.token_urlsafe(48)
    suffix = filename.rpartition(".")[2].lower()
    suffix = suffix if suffix in _TYPES else "bin"
    with world.locked() as state:
        (world.storage.media / f"{media_id}.{suffix}").write_bytes(content)
        media = Media(
            id=media_id,
            type=kind,
            filename=Path(filename).name,
            content_type=_TYPES.get(suffix, "application/octet-stream"),
            file=f"{media_id}.{suffix}",
            created_at=world.clock.now(),
        )
        state.media[media_id] = media
        return media


def content(world: World, media: Media) -> bytes:
    return (world.storage.media / media.file).read_bytes()
