"""What the sandbox is started with, and the rules and faults that may change while it runs."""

import json
import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

Mode = Literal["safe", "compat", "plain"]
FaultKind = Literal["close", "html502", "empty", "errcode", "lost", "latency"]

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
    has_written: bool = False  # a short while before the first start, so that a window is open
    examples: tuple[str, ...] = ()  # what this person might say first


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
    """What goes wrong with API calls of one path; `times` None: until it is taken away."""

    model_config = ConfigDict(extra="forbid")

    path: str = "*"
    kind: FaultKind
    errcode: int = -1
    errmsg: str = ""
    seconds: float = 0  # latency only
    times: int | None = None


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

    # --- windows and messages ---
    message_window: tuple[int, int] = (5, 48 * 3600)  # messages, seconds
    click_window: tuple[int, int] = (3, 60)
    follow_window: tuple[int, int] = (3, 60)
    scan_window: tuple[int, int] = (3, 60)
    msgmenu_tap_opens: Literal["message", "click"] = "click"  # contested; the worse is assumed
    consume: Literal["soonest", "newest"] = "soonest"
    unfollowed_errcode: int = 45015
    template_unfollowed_errcode: int = 43004
    text_limit: int = Field(default=2048, ge=1)  # bytes
    msgmenu_limit: int = Field(default=10, ge=1)  # lines
    msgmenu_line_limit: int = Field(default=512, ge=1)  # bytes of one line

    # --- media, menus, voice ---
    media_ttl: int = Field(default=3 * DAY, ge=1)
    image_limit: int = Field(default=10 * 1024 * 1024, ge=1)
    menu_cache: int = Field(default=300, ge=0)
    recognition: Literal["off", "empty", "text"] = "empty"

    # --- templates ---
    template_delay: float = Field(default=0.5, ge=0, le=60)
    template_outcome: Literal["success", "failed:user block", "failed: system failed", "never"] = (
        "success"
    )
    template_per_minute: int = Field(default=20, ge=1)  # to one person, then 43117

    # --- customer service ---
    kf_enabled: bool = True
    kf_idle: int = Field(default=1800, ge=1)
    kf_idle_from: Literal["last_message", "start"] = "last_message"
    kf_idle_event: bool = True
    kf_wait_ttl: int = Field(default=48 * 3600, ge=1)
    kf_records_delay: int = Field(default=60, ge=0)

    @field_validator("callback_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        return checked_url(url)

    @field_validator("aes_key")
    @classmethod
    def _has_43_characters(cls, key: str) -> str:
        return checked_key(key)

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
