"""What the sandbox is started with, and the rules and faults that may change while it runs."""

import json
import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

Mode = Literal["safe", "compat", "plain"]
FaultKind = Literal["close", "html502", "empty", "truncated", "errcode", "lost", "latency"]
Outcome = Literal["success", "failed:user block", "failed: system failed", "never"]
KfEnd = Literal["clerk", "api", "idle"]

FAULT_TEXT = "该公众号提供的服务出现故障，请稍后再试"
DAY = 86400


class PhoneOwner(BaseModel):
    """One line of the people file."""

    model_config = ConfigDict(extra="forbid")

    openid: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=32)
    role: str = ""
    caption: str = ""
    follows: bool = True
    is_snapshotuser: bool = False
    has_written: bool = False  # a short while before the first start, so that a window is open
    examples: tuple[str, ...] = ()  # what this person might say first


class Link(BaseModel):
    """A page of the product that the wall of phones leads to."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(min_length=1, max_length=40)
    url: str = Field(pattern=r"^http://[A-Za-z0-9.:/_-]+$")


class Settings(BaseModel):
    """What the sandbox is started with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = 9001
    callback_url: str
    app_id: str
    app_secret: str
    token: str
    aes_key: str
    original_id: str
    wechat_name: str
    account_title: str = "IT 服务台"
    people: tuple[PhoneOwner, ...] = ()
    links: tuple[Link, ...] = ()
    data: Path
    mode: Mode = "safe"
    rules: dict[str, Any] = Field(default_factory=dict)  # what differs from the platform's numbers

    @field_validator("host")
    @classmethod
    def _stays_on_this_machine(cls, host: str) -> str:
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("the sandbox answers on the loopback interface only")
        return host

    @field_validator("callback_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        return checked_url(url)

    @field_validator("aes_key")
    @classmethod
    def _has_43_characters(cls, key: str) -> str:
        return checked_key(key)


def checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError("the callback address must be http://host:port/path")
    return url


def checked_key(key: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]{43}", key):
        raise ValueError("the AES key has exactly 43 letters and digits")
    return key


class ApiFault(BaseModel):
    """What goes wrong with API calls of one path, or of those that a pattern fits."""

    model_config = ConfigDict(extra="forbid")

    path: str = "*"
    kind: FaultKind
    errcode: int = -1
    errmsg: str = ""
    seconds: float = 0  # latency only
    times: int | None = None  # how often from now on; None: until it is taken away
    spent: int = 0  # how often it struck


class Rules(BaseModel):
    """The platform's numbers and the faults; each may be changed while the sandbox runs."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    # --- callback ---
    callback_url: str
    token: str
    aes_key: str
    mode: Mode
    attempts: int = Field(default=3, ge=1, le=20)  # in total
    time_limit: float = Field(default=5.0, gt=0, le=60)  # seconds for one whole attempt
    refused_attempts: int = Field(default=3, ge=1, le=600)  # while nobody listens
    refused_pause: float = Field(default=1.0, ge=0, le=60)
    fresh_nonce: bool = True  # each attempt gets its own timestamp and nonce
    retry_bad_answer: bool = False
    fault_text: str = FAULT_TEXT
    order: Literal["serial", "parallel"] = "serial"  # the pushes of one person
    stamp_clock: Literal["real", "sandbox"] = "real"  # CreateTime and timestamp

    callback_is_set: bool = True  # 服务器配置 is on; off: nothing is pushed, 40201

    # --- callback faults ---
    copies: int = Field(default=1, ge=1, le=20)
    reorder_window: float = Field(default=0, ge=0, le=60)  # seconds
    delay: float = Field(default=0, ge=0, le=60)
    drop: float = Field(default=0, ge=0, le=1)  # share of pushes that never leave
    seed: int = 20261124

    # --- API faults ---
    api_latency: float = Field(default=0, ge=0, le=60)
    api_faults: list[ApiFault] = Field(default_factory=list)

    # --- tokens and quotas ---
    token_ttl: int = Field(default=7200, ge=1)
    token_overlap: int = Field(default=300, ge=0)
    quotas: dict[str, int] = Field(default_factory=dict)  # path: calls a day
    minute_quotas: dict[str, int] = Field(default_factory=dict)  # path: calls a minute
    unauthorized: list[str] = Field(default_factory=list)  # paths that answer 48001
    allowed_ips: list[str] = Field(default_factory=list)  # empty: no whitelist
    is_secret_frozen: bool = False  # 40243
    superseded_errcode: int = 40001

    # --- OAuth ---
    oauth_domain: str = ""  # 网页授权域名, a host without a port; empty: any
    oauth_code_ttl: int = Field(default=300, ge=1)
    has_unionid: bool = True  # the account is bound to an open-platform account

    # --- windows and messages ---
    message_window: tuple[int, int] = (5, 48 * 3600)  # messages, seconds
    click_window: tuple[int, int] = (3, 60)
    follow_window: tuple[int, int] = (3, 60)
    scan_window: tuple[int, int] = (3, 60)
    acts_refresh_message_window: bool = False  # clicks, follows and scans renew one that is open
    clerk_words_consume: bool = False
    session_opens: Literal["nothing", "message"] = "nothing"
    msgmenu_tap_opens: Literal["message", "click"] = "click"  # contested; the worse is assumed
    consume: Literal["soonest", "newest"] = "soonest"
    unfollowed_errcode: int = 45015
    template_unfollowed_errcode: int = 43004
    text_limit: int = Field(default=2048, ge=1)
    text_limit_unit: Literal["bytes", "characters"] = "bytes"
    msgmenu_limit: int = Field(default=10, ge=1)  # lines
    msgmenu_line_limit: int = Field(default=512, ge=1)  # bytes of one line

    # --- media, menus, voice ---
    media_ttl: int = Field(default=3 * DAY, ge=1)
    permanent_codes: int = Field(default=100_000, ge=0)  # QR codes without an end, then 45029
    image_limit: int = Field(default=10 * 1024 * 1024, ge=1)
    menu_cache: int = Field(default=300, ge=0)
    conditional_limit: int = Field(default=100, ge=0)  # conditional menus, then 65305
    is_conditional_allowed: bool = True  # false: 65309
    recognition: Literal["off", "empty", "text"] = "empty"

    # --- tags ---
    tag_name_limit: int = Field(default=30, ge=1)
    tag_name_unit: Literal["bytes", "characters"] = "bytes"
    tags_survive_unfollow: bool = False
    tagging_apart: float = Field(default=0, ge=0)  # seconds between two of one person, else 45169

    # --- templates and notices ---
    template_delay: float = Field(default=0.5, ge=0, le=60)
    template_outcome: Outcome = "success"
    template_rates: dict[Outcome, float] = Field(default_factory=dict)  # shares of other outcomes
    template_per_minute: int = Field(default=20, ge=1)  # to one person, then 43117
    template_burst: int = Field(default=300, ge=0)  # calls within one second, then -1
    template_repeat: Literal["same", "new", "error"] = "same"  # a client_msg_id that was seen
    template_repeat_errcode: int = 44007
    template_limit: int = Field(default=25, ge=0)  # templates in use, then 45026
    templates_frozen: bool = False  # 43106, a sanction
    banned_templates: list[str] = Field(default_factory=list)  # ids, 43116
    blocked_words: list[str] = Field(default_factory=list)  # 40249
    grants_add_up: bool = True  # taps on a notice's consent

    # --- customer service ---
    kf_enabled: bool = True
    kf_idle: int = Field(default=1800, ge=1)
    kf_idle_from: Literal["last_message", "start"] = "last_message"
    kf_idle_event: bool = True
    kf_close_types: dict[KfEnd, str] = Field(default_factory=dict)  # CloseType; empty: not sent
    kf_wait_ttl: int = Field(default=48 * 3600, ge=1)
    kf_wait_text: str = ""  # what who is transferred reads when no clerk is online
    kf_waiting_is_seen: bool = False  # the desk reads along although the product answered itself
    kf_events_in_session: bool = True  # menu keys and scans of who is in session are pushed
    kf_invite: Literal["accepted", "waiting", "rejected"] = "accepted"
    kf_records_delay: int = Field(default=60, ge=0)
    kf_records_days: int = Field(default=30, ge=1)

    @field_validator("callback_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        return checked_url(url)

    @field_validator("aes_key")
    @classmethod
    def _has_43_characters(cls, key: str) -> str:
        return checked_key(key)

    @field_validator("template_rates")
    @classmethod
    def _are_shares(cls, rates: dict[Outcome, float]) -> dict[Outcome, float]:
        if any(share < 0 for share in rates.values()) or sum(rates.values()) > 1:
            raise ValueError("shares are 0 to 1, and 1 in all")
        return rates

    def size(self, text: str) -> int:
        """How long a text is against `text_limit`."""
        return len(text.encode() if self.text_limit_unit == "bytes" else text)

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        given = settings.model_dump(include={"callback_url", "token", "aes_key", "mode"})
        return cls.model_validate({**given, **settings.rules})

    def changed(self, values: dict[str, Any]) -> "Rules":
        """These rules with some values replaced; an unknown or wrong one is refused."""
        return Rules.model_validate({**self.model_dump(), **values})


def read_people(path: Path) -> tuple[PhoneOwner, ...]:
    lines = json.loads(path.read_text(encoding="utf-8"))
    people = tuple(PhoneOwner.model_validate(line) for line in lines)
    if len({person.openid for person in people}) != len(people):
        raise ValueError(f"{path}: two people have the same openid")
    return people
