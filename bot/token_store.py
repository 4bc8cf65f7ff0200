"""The access token in the database: sealed, shared by all processes, renewed by one of them."""

import secrets
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ApiError, ApiUnsent, Reaction
from bot.tokens import FOUGHT_OVER_FOR, REFRESH_EVERY, TOKEN_MARGIN, Fetched
from bot.transport import TOKEN_PATH
from models import Database, DatabaseUnavailable
from services import tokens
from services.tokens import RENEWAL_LEASE, Shared

READ_AGAIN_AFTER = 3.0  # seconds; another process may have renewed it
LOOK_EVERY = 0.05  # seconds, while another process fetches
PATIENCE = RENEWAL_LEASE.total_seconds() + 10

_MARGIN = timedelta(seconds=TOKEN_MARGIN)
_BETWEEN_REJECTIONS = timedelta(seconds=REFRESH_EVERY)
_FOUGHT_OVER_FOR = timedelta(seconds=FOUGHT_OVER_FOR)
_REFUSED = "refused:"  # instead of a token: sealed, so that a changed secret does not see it
_OF_THIS_HOST = (40164, 61004, 89503)  # the address is not on the list; another's may be
_NONCE = 12  # bytes


class Seal:
    """Tokens at rest, readable only with the account's secret."""

    def __init__(self, app_id: str, app_secret: str) -> None:
        derive = HKDF(SHA256(), length=32, salt=app_id.encode(), info=b"access token at rest")
        self._cipher = AESGCM(derive.derive(app_secret.encode()))
        self._app_id = app_id.encode()

    def close(self, token: str) -> str:
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, token.encode(), self._app_id)
        return b64encode(nonce + sealed).decode()

    def open(self, sealed: str | None) -> str | None:
        """The token; None for what another secret has sealed."""
        try:
            data = b64decode(sealed or "", validate=True)
            return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], self._app_id).decode()
        except (InvalidTag, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class _Held:
    """What this process last saw in the row."""

    token: str | None = None
    expires_at: datetime | None = None
    rejected_at: datetime | None = None
    read_at: float = float("-inf")

    def usable(self, now: datetime) -> str | None:
        is_alive = self.expires_at is not None and now < self.expires_at - _MARGIN
        return self.token if is_alive and self.refusal is None else None

    @property
    def refusal(self) -> int | None:
        """The errcode with which the platform gave no token, for as long as the row holds."""
        token = self.token or ""
        return int(token.removeprefix(_REFUSED)) if token.startswith(_REFUSED) else None


class DatabaseTokenStore:
    """A TokenStore for any number of threads and processes (one fetch per expiry)."""

    def __init__(
        self,
        database: Database,
        app_id: str,
        app_secret: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._app_id = app_id
        self._seal = Seal(app_id, app_secret)
        self._clock = clock
        self._one = threading.Lock()  # of this process at a time goes to the row
        self._held = _Held()

    def current(self) -> str | None:
        """From memory; the row is looked at every few seconds."""
        if time.monotonic() > self._held.read_at + READ_AGAIN_AFTER:
            try:
                self._look()
            except DatabaseUnavailable:  # what we have may still be good
                self._held = replace(self._held, read_at=time.monotonic())
        return self._held.usable(self._clock())

    def is_fought_over(self) -> bool:
        at = self._held.rejected_at
        return at is not None and self._clock() < at + _FOUGHT_OVER_FOR

    def refresh(self, rejected: str | None, fetch: Callable[[], Fetched]) -> str:
        """Fetches unless another thread or process has, or does; never while a row is locked."""
        ends = time.monotonic() + PATIENCE
        with self._one:
            while time.monotonic() < ends:
                token = self._one_round(rejected, fetch)
                if token is not None:
                    return token
                self._await_other()
        raise ApiUnsent(TOKEN_PATH, "another process fetches for ever")

    def _one_round(self, rejected: str | None, fetch: Callable[[], Fetched]) -> str | None:
        """A token, or None while somebody else fetches one."""
        by = secrets.token_hex(16)
        with self._database.transaction() as session:
            now, row = self._clock(), tokens.locked(session, self._app_id)
            seen = self._see(row)
            held = seen.usable(now)
            if held is not None and (held != rejected or _is_fought_over(row, now)):
                return held
            _raise_refusal(seen, now)
            if not tokens.claim(session, self._app_id, by, now):
                return None
            rejected_at = now if held is not None else row.rejected_at
        return self._fetched(by, rejected_at, fetch)

    def _fetched(self, by: str, rejected_at: datetime | None, fetch: Callable[[], Fetched]) -> str:
        try:
            fetched = fetch()
        except BaseException as error:
            self._failed(by, rejected_at, error)
            raise
        ends = self._clock() + timedelta(seconds=fetched.expires_in)
        # A token that cannot be stored is good all the same; the claim ends by itself.
        self._store(by, fetched.token, ends, rejected_at)
        self._held = _Held(fetched.token, ends, rejected_at, time.monotonic())
        return fetched.token

    def _failed(self, by: str, rejected_at: datetime | None, error: BaseException) -> None:
        """A refused secret is refused to every process: one of them asks in a minute."""
        if (
            isinstance(error, ApiError)
            and error.reaction is Reaction.MISCONFIGURED
            and error.errcode not in _OF_THIS_HOST
        ):
            ends = self._clock() + _BETWEEN_REJECTIONS
            self._store(by, f"{_REFUSED}{error.errcode}", ends, rejected_at)
            return
        with suppress(DatabaseUnavailable), self._database.transaction() as session:
            tokens.let_go(session, self._app_id, by)

    def _store(self, by: str, token: str, ends: datetime, rejected_at: datetime | None) -> None:
        kept = Shared(self._seal.close(token), ends, rejected_at)
        with suppress(DatabaseUnavailable), self._database.transaction() as session:
            tokens.store(session, self._app_id, by, kept)

    def _await_other(self) -> None:
        """Looks without a lock until the other is done or its claim is over."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            row = self._look()
            if row.claimed_until is None or row.claimed_until <= self._clock():
                return
            time.sleep(LOOK_EVERY)

    def _look(self) -> Shared:
        with self._database.reading() as session:
            row = tokens.read(session, self._app_id)
        self._see(row)
        return row

    def _see(self, row: Shared) -> _Held:
        token = self._seal.open(row.sealed)
        self._held = _Held(token, row.expires_at, row.rejected_at, time.monotonic())
        return self._held


def _raise_refusal(seen: _Held, now: datetime) -> None:
    """Nobody asks again before the minute is over (R-054)."""
    if seen.refusal is not None and seen.expires_at is not None and now < seen.expires_at:
        why = "refused a moment ago"
        raise ApiUnsent(TOKEN_PATH, why, errcode=seen.refusal, until=seen.expires_at)


def _is_fought_over(row: Shared, now: datetime) -> bool:
    """Renewed after a rejection a moment ago: fetching faster only drains the quota (R-053)."""
    return row.rejected_at is not None and now < row.rejected_at + _BETWEEN_REJECTIONS
