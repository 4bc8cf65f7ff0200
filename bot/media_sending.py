"""Gives the platform what the desk kept, so that it can be sent in a chat (wechat-platform §10)."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.client import WeChatClient
from storage import MediaStore

KEPT_FOR = timedelta(days=2)
"""An uploaded thing is used again for so long; the platform keeps it for three days."""

_MOST_BYTES = 2 * 1024 * 1024  # the stricter of the two sizes that the platform states
_REMEMBERED = 500


class MediaSending:
    """Uploads a kept file when it is to be sent; the same file within two days only once."""

    def __init__(
        self, client: WeChatClient, store: MediaStore, clock: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, datetime]] = {}

    def media_id_for(self, file: str, kind: str) -> str:
        """For `image` and `voice`; ApiError as any call, FileNotFoundError if it is gone."""
        now = self._clock()
        with self._lock:
            media_id, until = self._known.get(file, ("", now))
        if now < until:
            return media_id
        content = self._store.smaller(file, _MOST_BYTES)
        media_id = self._client.upload_media(kind, content, f"{kind}.{file.rpartition('.')[2]}")
        self._remember(file, media_id, now)
        return media_id

    def _remember(self, file: str, media_id: str, now: datetime) -> None:
        with self._lock:
            while len(self._known) >= _REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[file] = (media_id, now + KEPT_FOR)
