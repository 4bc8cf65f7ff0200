"""Refused calls by their request id, as long as the platform tells of them."""

import secrets
from collections import OrderedDict
from typing import Any

_KEPT = 5_000
_TOLD_FOR = 7 * 86400  # seconds

Request = dict[str, Any]


class Rids:
    """What was asked and answered, by rid."""

    def __init__(self) -> None:
        self._requests: OrderedDict[str, Request] = OrderedDict()

    def keep(self, rid: str, request: Request) -> None:
        self._requests[rid] = request
        while len(self._requests) > _KEPT:
            self._requests.popitem(last=False)

    def find(self, rid: str) -> Request | None:
        return self._requests.get(rid)

    def clear(self) -> None:
        self._requests.clear()

    @staticmethod
    def is_told(request: Request, now: float) -> bool:
        return bool(now - request["invoke_time"] < _TOLD_FOR)


def new_rid() -> str:
    return "-".join(secrets.token_hex(4) for _ in range(3))
