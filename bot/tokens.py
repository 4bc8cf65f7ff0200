"""Who holds the access token, and how it is renewed by one at a time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

TOKEN_MARGIN = 60  # seconds before its end at which a token is no longer used
REFRESH_EVERY = 60  # seconds between renewals after rejections: no race with another system


@dataclass(frozen=True, slots=True)
class Fetched:
    token: str = field(repr=False)
    expires_in: int  # seconds


FOUGHT_OVER_FOR = 600
"""Seconds after a rejection in which another one is no chance any more."""


class TokenStore(Protocol):
    def current(self) -> str | None:
        """The token to use, or None when there is none that will live another minute."""

    def refresh(self, rejected: str | None, fetch: Callable[[], Fetched]) -> str:
        """A token other than `rejected`, fetched once however many ask at the same time.

        May hand `rejected` back when the last refresh is too recent: the caller then gives up.
        """

    def is_fought_over(self) -> bool:
        """Whether a token was rejected some minutes ago, before the one that is rejected now."""


class MemoryTokenStore:
    """Tokens of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._token: str | None = None
        self._ends = 0.0
        self._rejected_at = self._rejected_before = float("-inf")

    def is_fought_over(self) -> bool:
        return self._clock() < self._rejected_before + FOUGHT_OVER_FOR

    def current(self) -> str | None:
        return self._token if self._clock() < self._ends - TOKEN_MARGIN else None

    def refresh(self, rejected: str | None, fetch: Callable[[], Fetched]) -> str:
        with self._lock:
            held = self.current()
            if held is not None and held != rejected:
                return held  # somebody else was faster
            if held is not None:
                if self._clock() < self._rejected_at + REFRESH_EVERY:
                    return held  # fought over: fetching faster only drains the quota
                self._rejected_before, self._rejected_at = self._rejected_at, self._clock()
            fetched = fetch()
            self._token = fetched.token
            self._ends = self._clock() + fetched.expires_in
            return fetched.token
