"""Web authorization: codes that count once, and the tokens that pages get for them."""

import hashlib
import secrets
from typing import Literal

from pydantic import BaseModel, Field

from sandbox.refusals import ApiRefusal
from sandbox.settings import DAY, Rules

Scope = Literal["snsapi_base", "snsapi_userinfo"]

CODE_FOR = 300  # seconds
TOKEN_FOR = 7200
REFRESH_FOR = 30 * DAY
REMEMBERED = 500  # codes and grants whose fate is still told


class Reader(BaseModel):
    """Who a page gets to know: a person, or the virtual one of a snapshot page."""

    openid: str
    owner: str  # the phone's own openid
    scope: Scope
    is_snapshot: bool = False


class Code(BaseModel):
    value: str
    reader: Reader
    at: float
    is_used: bool = False


class Grant(BaseModel):
    """What a code was exchanged for."""

    access_token: str
    refresh_token: str
    reader: Reader
    expires_at: float
    refreshable_until: float


class OauthBook(BaseModel):
    """Codes and grants, oldest first."""

    codes: list[Code] = Field(default_factory=list)
    grants: list[Grant] = Field(default_factory=list)

    def code_for(self, owner: str, scope: Scope, now: float, *, is_snapshot: bool) -> str:
        openid = virtual_openid(owner) if is_snapshot else owner
        reader = Reader(openid=openid, owner=owner, scope=scope, is_snapshot=is_snapshot)
        code = Code(value=f"0{secrets.token_hex(15)}w3", reader=reader, at=now)
        self.codes = [*self.codes[-REMEMBERED:], code]
        return code.value

    def redeem(self, value: str, rules: Rules, now: float) -> Grant:
        """The grant for a code; a second time, too late or for an unknown one there is none."""
        code = next((each for each in self.codes if each.value == value), None)
        if code is None:
            raise ApiRefusal(40029, "invalid code")
        if code.is_used:
            raise ApiRefusal(40163, "code been used")
        if now - code.at >= rules.oauth_code_ttl:
            raise ApiRefusal(42003, "code expired")
        code.is_used = True
        grant = Grant(
            access_token=_token(),
            refresh_token=_token(),
            reader=code.reader,
            expires_at=now + TOKEN_FOR,
            refreshable_until=now + REFRESH_FOR,
        )
        self.grants = [*self.grants[-REMEMBERED:], grant]
        return grant

    def refresh(self, refresh_token: str, now: float) -> Grant:
        """The grant with its life prolonged; one that had expired gets a new token."""
        grant = next((each for each in self.grants if each.refresh_token == refresh_token), None)
        if grant is None:
            raise ApiRefusal(40030, "invalid refresh_token")
        if grant.refreshable_until <= now:
            raise ApiRefusal(42002, "refresh_token expired")
        if grant.expires_at <= now:
            grant.access_token = _token()
        grant.expires_at = now + TOKEN_FOR
        return grant

    def granted(self, access_token: str, openid: str, now: float) -> Grant:
        """The living grant of this token, if it is this person's."""
        if not access_token:
            raise ApiRefusal(41001, "access_token missing")
        grant = next((each for each in self.grants if each.access_token == access_token), None)
        if grant is None:
            raise ApiRefusal(40001, "invalid credential, access_token is invalid or not latest")
        if grant.expires_at <= now:
            raise ApiRefusal(42001, "access_token expired")
        if grant.reader.openid != openid:
            raise ApiRefusal(40003, "invalid openid")
        return grant

    def revoke(self, owner: str) -> None:
        """The person takes back what they allowed."""
        self.codes = [each for each in self.codes if each.reader.owner != owner]
        self.grants = [each for each in self.grants if each.reader.owner != owner]


def virtual_openid(openid: str) -> str:
    """Who a snapshot page pretends its reader to be: the same one each time."""
    return f"oSnap{hashlib.sha256(openid.encode()).hexdigest()[:23]}"


def unionid(openid: str) -> str:
    return f"oUnion{hashlib.sha256(b'union ' + openid.encode()).hexdigest()[:22]}"


def _token() -> str:
    return f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(64)}"
