"""The address behind a QR code that joins a colleague, as typing their code does (H-28)."""

import logging
from collections.abc import Callable

from bot.client import WeChatClient
from bot.errors import ApiError

log = logging.getLogger(__name__)


def joining_url(client: WeChatClient) -> Callable[[str, int], str | None]:
    """`url(scene, seconds)`: None if the platform makes none now; the digits still join."""

    def url(scene: str, seconds: int) -> str | None:
        try:
            return client.create_qr(scene, seconds).url or None
        except ApiError as error:
            log.warning("joining_qr_failed %s", error)
            return None

    return url
