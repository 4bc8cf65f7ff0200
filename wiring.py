"""Puts the parts together: settings, database, clock, edges and the threads behind them."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import chinese_calendar
from filelock import FileLock, Timeout
from flask import Flask

from bot.client import WeChatClient
from bot.delivery import Courier
from bot.envelope import Keys
from bot.fetching import Fetcher
from bot.render import neutral
from bot.replay import Outage, Replayer
from bot.spool import Spool
from bot.tagging import Tagger
from bot.token_store import DatabaseTokenStore
from bot.turns import Turns
from bot.webhook import Webhook
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from jobs.timetable import Timetable
from models import Database, DatabaseUnavailable
from services.desk import Rules
from settings import ROOT, Settings, SettingsError
from storage import MediaStore
from texts import Texts, read_texts
from web import health
from web.app import make_app

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SERVERS_AT_MOST = 64  # that share one spool folder


def is_working_day(day: date) -> bool:
    """By the published holidays and make-up days; by weekday where a year is not published yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def rules_of(settings: Settings) -> Rules:
    """Targets, hours and limits as the services take them."""
    service = settings.service
    targets = Targets(
        respond_within=timedelta(minutes=service.respond_within_minutes),
        resolve_within=timedelta(minutes=service.resolve_within_minutes),
        auto_close_within=timedelta(hours=service.auto_close_within_hours),
        remind_confirm_within=timedelta(hours=service.remind_confirm_within_hours),
        remind_rating_within=timedelta(hours=service.remind_rating_within_hours),
        reopen_within=timedelta(days=service.reopen_within_days),
    )
    hours = ServiceHours(service.opens, service.closes, is_working_day)
    return Rules(targets, hours, service.max_open_tickets, service.desk_phone)


def keys_of(settings: Settings) -> Keys:
    """The account's secrets; SettingsError for one that could not protect anything (S-096)."""
    account = settings.wechat
    if account.mode == "plain" and urlsplit(account.api_base_url).hostname not in _LOOPBACK:
        raise SettingsError("wechat.mode: plain is for the sandbox only (H-01)")
    keys = [account.encoding_aes_key, account.previous_encoding_aes_key]
    try:
        return Keys(
            account.app_id,
            account.token.get_secret_value(),
            tuple(key.get_secret_value() for key in keys if key is not None),
            account.original_id,
            account.mode,
        )
    except ValueError as error:
        raise SettingsError(f"wechat: {error}") from None


def texts_of(public_url: str = "") -> Texts:
    return read_texts(ROOT / "texts.yaml", neutral, public_url)


def client_of(settings: Settings, database: Database, clock: Clock) -> WeChatClient:
    """The one way to the platform's API, with the shared token."""
    account = settings.wechat
    secret = account.app_secret.get_secret_value()
    tokens = DatabaseTokenStore(database, account.app_id, secret, clock)
    return WeChatClient(
        account.app_id,
        secret,
        account.api_base_url,
        tokens,
        stable_token=account.stable_token,
    )


def spool_of(folder: Path) -> tuple[Spool, FileLock]:
    """A spool of this process's own; one that a dead process left is taken over first."""
    for number in range(1, _SERVERS_AT_MOST + 1):
        own = folder / str(number)
        own.mkdir(parents=True, exist_ok=True)
        lock = FileLock(own / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            continue
        return Spool(own), lock
    raise SettingsError(f"{folder}: {_SERVERS_AT_MOST} servers use this folder already")


class Server:
    """Everything that one server process runs."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.database = Database(settings.database.url)
        texts, rules = texts_of(settings.server.public_url), rules_of(settings)
        client = client_of(settings, self.database, clock)
        store = MediaStore(settings.storage.media)
        spool, self._spool_lock = spool_of(settings.storage.spool)
        outage = Outage()
        self._courier = Courier(
            self.database,
            client,
            texts,
            clock,
            templates=settings.wechat.templates,
            senders=settings.server.senders,
        )
        self._fetcher = Fetcher(self.database, client, store, clock, self._courier.nudge)
        self._timetable = Timetable(self.database, rules, clock, self.nudge)
        self._tagger = Tagger(self.database, client)
        turns = Turns(self.database, texts, rules, clock, self.nudge)
        self._replayer = Replayer(spool, turns, self.database, outage, self.nudge)
        webhook = Webhook(keys_of(settings), turns, spool, outage, texts, clock)
        readiness = health.Readiness({"database": self._database_missing})
        self.app: Flask = make_app([webhook.blueprint(), health.blueprint(readiness)])

    def nudge(self) -> None:
        """Something was committed that somebody may have to be told; media are found by a sweep."""
        self._courier.nudge()

    def start(self) -> None:
        self._courier.start()
        self._fetcher.start()
        self._tagger.start()
        self._replayer.start()
        self._timetable.start()

    def stop(self) -> None:
        """Everything under way is finished or left to be found again."""
        self._timetable.stop()
        self._replayer.stop()
        self._tagger.stop()
        self._fetcher.stop()
        self._courier.stop()
        self.database.dispose()
        self._spool_lock.release()

    def _database_missing(self) -> str | None:
        try:
            self.database.probe()
        except DatabaseUnavailable as error:
            return str(error)
        return None
