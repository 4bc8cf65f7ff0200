"""The account's access tokens: two kinds that never touch each other, and how each one dies."""

import secrets
from typing import Literal

from pydantic import BaseModel, Field

from sandbox.settings import DAY, Rules

Kind = Literal["plain", "stable"]

MISSING, GARBAGE, SUPERSEDED, EXPIRED = 41001, 40014, 40001, 42001

FORCED_PER_DAY = 20
FORCED_APART = 30  # seconds
REMEMBERED = 200  # dead tokens whose cause of death is still told


class Token(BaseModel):
    value: str
    kind: Kind
    expires_at: float
    dies_at: float | None = None  # when it was superseded


class TokenBook(BaseModel):
    """Every token that the account was given lately, oldest first."""

    tokens: list[Token] = Field(default_factory=list)
    forced_at: list[float] = Field(default_factory=list)

    def issue_plain(self, rules: Rules, now: float) -> Token:
        """A new token; the former one lives on for the overlap."""
        return self._rotate("plain", rules, now, overlap=rules.token_overlap)

    def issue_stable(self, rules: Rules, now: float, *, is_forced: bool) -> Token:
        """The current token while it lasts, else a new one; force replaces it at once."""
        current = self._current("stable", now)
        if is_forced and self._may_force(now):
            self.forced_at.append(now)
            return self._rotate("stable", rules, now, overlap=0)
        if current and current.expires_at - now > rules.token_overlap:
            return current
        return self._rotate("stable", rules, now, overlap=rules.token_overlap)

    def forced_today(self, now: float) -> int:
        self.forced_at = [at for at in self.forced_at if at > now - DAY]
        return len(self.forced_at)

    def errcode_of(self, value: str, now: float) -> int | None:
        """Why this token is refused, or None if it is good."""
        if not value:
            return MISSING
        token = next((each for each in self.tokens if each.value == value), None)
        if token is None:
            return GARBAGE
        if token.dies_at is not None and token.dies_at <= min(now, token.expires_at):
            return SUPERSEDED
        return EXPIRED if token.expires_at <= now else None

    def _may_force(self, now: float) -> bool:
        is_apart = not self.forced_at or now - self.forced_at[-1] >= FORCED_APART
        return is_apart and self.forced_today(now) < FORCED_PER_DAY

    def _current(self, kind: Kind, now: float) -> Token | None:
        alive = [
            each
            for each in self.tokens
            if each.kind == kind and each.dies_at is None and each.expires_at > now
        ]
        return alive[-1] if alive else None

    def _rotate(self, kind: Kind, rules: Rules, now: float, *, overlap: int) -> Token:
        for former in self.tokens:
            if former.kind == kind and former.dies_at is None:
                former.dies_at = min(former.expires_at, now + overlap)
            elif former.kind == kind and overlap == 0 and former.dies_at is not None:
                former.dies_at = min(former.dies_at, now)
        # As long as the platform's own, so that a column too short is found here.
        token = Token(value=_value(), kind=kind, expires_at=now + rules.token_ttl)
        self.tokens = [*self.tokens[-REMEMBERED:], token]
        return token


def _value() -> str:
    return f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(100)}"
