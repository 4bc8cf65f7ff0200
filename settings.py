"""What an operator set: config.yaml and the environment, read once; a wrong key stops the start."""

import os
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

ENVIRONMENT = "ITDESK_"
"""ITDESK_WECHAT__APP_SECRET sets wechat.app_secret; …_FILE names a file that holds the value."""

ROOT = Path(__file__).parent


class SettingsError(Exception):
    """A setting that is unknown, missing or wrong; the message names each one."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _clock(value: object) -> object:
    """YAML reads 8:00 as a number of minutes; people mean a time."""
    if isinstance(value, int) and not isinstance(value, bool):
        return time(value // 60, value % 60)
    return value


Clock = Annotated[time, BeforeValidator(_clock)]


class Template(_Section):
    """One template message of the account, and which fact fills which field."""

    id: str = Field(min_length=1)
    fields: dict[str, str]


class Windows(_Section):
    """How many customer messages let by what, for how long (wechat-platform §5, §14.3-4)."""

    message_count: int = Field(default=5, ge=1)
    message_hours: int = Field(default=48, ge=1)
    tap_count: int = Field(default=3, ge=0)
    tap_seconds: int = Field(default=60, ge=1)
    line_counts_as: Literal["click", "message"] = "click"


class CustomerService(_Section):
    """The desk in the WeChat backend (W1, wechat-platform §6)."""

    enabled: bool = True
    room: int = Field(default=10, ge=1)  # talks that one clerk holds at a time
    waits_minutes: int = Field(default=15, ge=1)  # for a clerk, before the bot answers again
    idle_minutes: int = Field(default=30, ge=1)  # of a session, before the platform ends it


class WeChat(_Section):
    """The account; secrets come from the environment."""

    app_id: str = Field(min_length=1)
    app_secret: SecretStr = Field(min_length=1)
    token: SecretStr
    encoding_aes_key: SecretStr
    previous_encoding_aes_key: SecretStr | None = None
    original_id: str | None = None
    api_base_url: str = "https://api.weixin.qq.com"
    oauth_base_url: str = "https://open.weixin.qq.com"
    mp_base_url: str = "https://mp.weixin.qq.com"
    mode: Literal["safe", "compat", "plain"] = "safe"
    stable_token: bool = True
    templates: dict[str, Template] = Field(default_factory=dict)
    windows: Windows = Windows()
    customer_service: CustomerService = CustomerService()
    daily_quotas: dict[str, int] = Field(default_factory=dict)  # by API path, where not the usual
    domain_files: dict[str, str] = Field(default_factory=dict)  # MP_verify_….txt and its content


class DatabaseSection(_Section):
    """Where the desk remembers."""

    url: str = Field(default="sqlite:///var/desk.sqlite", repr=False)  # it may hold a password


class Service(_Section):
    """Hours and promises of the desk (F9, F14, F15)."""

    opens: Clock = time(8)
    closes: Clock = time(18)
    round_the_clock: bool = False  # no hours at all: somebody is always there
    respond_within_minutes: int = Field(default=10, ge=1, le=24 * 60)
    resolve_within_minutes: int = Field(default=120, ge=1, le=60 * 24 * 60)
    auto_close_within_hours: int = Field(default=24, ge=1, le=60 * 24)
    remind_confirm_within_hours: int = Field(default=4, ge=1, le=60 * 24)
    remind_rating_within_hours: int = Field(default=20, ge=1, le=60 * 24)
    reopen_within_days: int = Field(default=7, ge=1, le=365)
    max_open_tickets: int = Field(default=8, ge=1, le=1000)
    on_call_answer_minutes: int = Field(default=5, ge=1, le=120)  # then the next of the chain
    desk_phone: str = Field(default="", max_length=40)
    unreached_within_seconds: int = Field(default=60, ge=5, le=24 * 3600)
    undelivered_alarm_hours: int = Field(default=4, ge=1, le=60 * 24)

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("service.closes must be later than service.opens")
        return self


class Complaints(_Section):
    """Within what time a complaint is verified, decided and answered (C2–C4)."""

    verify_within_hours: int = Field(default=4, ge=1, le=1000)  # of service hours
    decide_within_days: int = Field(default=2, ge=1, le=60)  # working days
    feed_back_within_hours: int = Field(default=4, ge=1, le=1000)  # of service hours
    remind_rating_within_hours: int = Field(default=20, ge=1, le=24 * 60)
    close_within_days: int = Field(default=7, ge=1, le=365)  # not rated by then: closed
    appeal_within_days: int = Field(default=7, ge=1, le=365)
    points_upheld: int = Field(default=-5, ge=-100, le=0)
    points_partly: int = Field(default=-2, ge=-100, le=0)
    deputy: str = Field(default="", max_length=20)  # staff number


class Knowledge(_Section):
    """When an article is looked at again, and when it counts as of no use (K1, K2)."""

    review_after_days: int = Field(default=180, ge=7, le=1000)
    never_used_after_days: int = Field(default=90, ge=7, le=1000)
    same_report_within_hours: int = Field(default=24, ge=1, le=14 * 24)  # then it did not help
    least_shown: int = Field(default=10, ge=1, le=1000)  # before the share of useful says anything
    least_useful_percent: int = Field(default=30, ge=0, le=100)


class Nlp(_Section):
    """What is learnt of how messages are understood (F6)."""

    train_weekly: bool = True  # at night, if the desk corrected something since
    promote_alone: bool = False  # what a weekly training made, where it reads better


class Roster(_Section):
    """How the roster goes on (D1)."""

    fill_ahead_weeks: int = Field(default=4, ge=0, le=52)  # from its patterns; 0: by hand


class Webhooks(_Section):
    """Which systems may be told of events, and how long the log is kept (C §25, H-35)."""

    allowed_hosts: list[str] = Field(default_factory=list)  # none: every host of the internet
    inside_hosts: list[str] = Field(default_factory=list)  # of our own network; http, too
    keep_days: int = Field(default=30, ge=2, le=1000)
    pause_after_failures: int = Field(default=20, ge=3, le=10_000)  # in a row


class Server(_Section):
    """How the web server listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ""  # https://desk.example.com: where WeChat and phones reach this server
    secret_key: SecretStr | None = None  # seals links and cookies; made of app_secret if missing
    trusted_proxy: str = ""  # the address of the proxy whose X-Forwarded-For is believed
    threads: int = Field(default=16, ge=2, le=512)
    senders: int = Field(default=4, ge=1, le=64)
    desk_idle_minutes: int = Field(default=30, ge=5, le=24 * 60)  # then a computer is signed out
    desk_kept_hours: int = Field(default=12, ge=1, le=7 * 24)  # after signing in, whatever happens
    keeps_clock: bool = True  # false: deadlines are kept by `run.py clock` alone


class Storage(_Section):
    """Folders for what is not in the database."""

    media: Path = Path("var/media")
    spool: Path = Path("var/spool")


class Media(_Section):
    """What is done with the things that people send."""

    recogniser: str = ""  # module:function, (bytes, content_type) -> words of a voice


class Settings(_Section):
    """All of it."""

    wechat: WeChat
    database: DatabaseSection = DatabaseSection()
    service: Service = Service()
    complaints: Complaints = Complaints()
    knowledge: Knowledge = Knowledge()
    nlp: Nlp = Nlp()
    roster: Roster = Roster()
    webhooks: Webhooks = Webhooks()
    server: Server = Server()
    storage: Storage = Storage()
    media: Media = Media()


def read_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The file's settings under those of the environment; SettingsError names each wrong key."""
    tree = _read_yaml(path)
    for name, value in environment.items():
        if name.startswith(ENVIRONMENT) and "__" in name:
            _put(tree, name.removeprefix(ENVIRONMENT).lower().split("__"), value)
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise SettingsError(_told(path, error)) from None


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not YAML{_line_of(error)}") from None
    if not isinstance(tree, dict):
        raise SettingsError(f"{path} holds no settings")
    return tree


def _line_of(error: Exception) -> str:
    """Where, but not what stands there: it may be a secret."""
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark else ""


def _put(tree: dict[str, Any], keys: list[str], value: str) -> None:
    *sections, last = keys
    if last.endswith("_file"):
        last = last.removesuffix("_file")
        value = _secret_in(Path(value))
    for section in sections:
        inner = tree.setdefault(section, {})
        if not isinstance(inner, dict):
            inner = tree[section] = {}
        tree = inner
    tree[last] = value


def _secret_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8") from None


def _told(path: Path, error: ValidationError) -> str:
    """One line for each wrong key, without its value: it may be a secret."""
    lines = []
    for each in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in each["loc"])
        message = "is not a setting" if each["type"] == "extra_forbidden" else each["msg"].lower()
        hint = ""
        if each["type"] == "missing":
            hint = f" (set it, or {ENVIRONMENT}{'__'.join(map(str, each['loc'])).upper()})"
        lines.append(f"{path}: {key}: {message}{hint}")
    return "\n".join(lines)
