"""What all pages share: database, texts, rules, clock, and the ways to WeChat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from models import Database
from services.desk import Rules
from services.web_sessions import DESK_IDLE_FOR, DESK_KEPT_FOR
from storage import MediaStore
from texts import Texts
from web.assets import Assets
from web.ports import Authorization, Clock, JoiningUrl, JsSdk, Office, Opened, no_url

_EXTENSION = "h5"


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one desk."""

    database: Database
    texts: Texts
    rules: Rules
    clock: Clock
    nudge: Callable[[], None]
    store: MediaStore
    public_url: str  # https://desk.example.com, without a slash behind it
    secret_key: bytes
    authorization: Authorization
    code_spent: type[Exception]  # what `authorization` raises for a used or expired code
    assets: Assets
    opened: Opened
    office: Office
    joining_url: JoiningUrl = no_url
    jssdk: JsSdk | None = None
    desk_idle_for: timedelta = DESK_IDLE_FOR
    desk_kept_for: timedelta = DESK_KEPT_FOR
    domain_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")

    def now(self) -> datetime:
        return self.clock()


def keep(extensions: dict[str, object], site: Site) -> None:
    extensions[_EXTENSION] = site


def site() -> Site:
    """The site of the request under way."""
    return site_of(current_app.extensions)


def site_of(extensions: Mapping[str, object]) -> Site:
    """What `keep` has put there."""
    return cast(Site, extensions[_EXTENSION])
