"""Puts the parts together: settings, database, clock, edges and the threads behind them."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import chinese_calendar
from filelock import FileLock, Timeout
from flask import Flask

from bot.calls import Observer
from bot.client import WeChatClient
from bot.delivery import Courier
from bot.envelope import Keys
from bot.fetching import Fetcher
from bot.joining import joining_url
from bot.jssdk import JsSdk, ticket_key
from bot.media_sending import MediaSending
from bot.oauth import CodeSpent, WebAuthorization
from bot.remarks import RemarkKeeper
from bot.render import neutral
from bot.replay import Outage, Replayer
from bot.spool import Spool
from bot.switchboard import Switchboard
from bot.tagging import Tagger
from bot.token_store import DatabaseTokenStore
from bot.transport import Transport
from bot.turns import Turns
from bot.usage import Usage
from bot.webhook import Webhook
from domain.calendar import DayKind, ServiceHours
from domain.complaints import ComplaintRules
from domain.deadlines import Targets
from domain.delivery import Cause, ReachRules, WindowLimits
from domain.knowledge import KnowledgeRules
from domain.takeover import TakeoverRules
from domain.targets import agreement_of
from domain.understanding import LearningRules
from domain.webhooks import WebhookRules
from jobs.clock_watch import ClockWatch
from jobs.office import Office
from jobs.reading_exchange import ReadingExchange
from jobs.search_indexing import SearchIndexer
from jobs.timetable import Timetable
from jobs.webhooks import Webhooks
from models import Database, DatabaseUnavailable
from nlp.patterns import compile_all
from services import reaching, recognition
from services.desk import Rules
from services.live_rules import LiveRules
from services.recognition import Recogniser
from settings import ROOT, Service, Settings, SettingsError
from storage import MediaStore
from texts import Texts, read_sentences, read_texts
from web import health
from web.app import make_app
from web.assets import Assets
from web.late import EdgeFirst, Later
from web.site import Site

if TYPE_CHECKING:
    from web.console.export_making import ExportMaker

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_WEEKEND = (5, 6)
_DAYS_KEPT = 4096  # of which the library need not be asked again
PAGES_AFTER = 2.0  # seconds, unless somebody opens one before
_SERVERS_AT_MOST = 64  # that share one spool folder


@lru_cache(_DAYS_KEPT)
def day_kind(day: date) -> DayKind:
    """By the published holidays and made-up days; where a year is not published, by weekday."""
    try:
        is_workday = bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return DayKind.ORDINARY
    if is_workday:
        return DayKind.MADE_UP if day.weekday() in _WEEKEND else DayKind.ORDINARY
    # A Saturday within a holiday is one for a desk that works on Saturdays, too.
    is_free = day in chinese_calendar.holidays or day.weekday() not in _WEEKEND
    return DayKind.HOLIDAY if is_free else DayKind.ORDINARY


@lru_cache(_DAYS_KEPT)
def is_published(day: date) -> bool:
    """Whether the arrangement of the day's year is known (R-072)."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def hours_of(service: Service) -> ServiceHours:
    """The week as config.yaml says it; what an admin sets stands above."""
    if service.round_the_clock:
        return ServiceHours.never_closed(day_kind, is_published)
    return ServiceHours.daily(service.opens, service.closes, day_kind, is_published=is_published)


def rules_of(settings: Settings) -> Rules:
    """Targets, hours and limits as the services take them."""
    windows, service = settings.wechat.windows, settings.service
    limits = WindowLimits(
        windows.message_count,
        timedelta(hours=windows.message_hours),
        windows.tap_count,
        timedelta(seconds=windows.tap_seconds),
        Cause(windows.line_counts_as),
    )
    outer = Rules(
        Targets(),
        hours_of(service),
        reach=ReachRules(limits),
        takeover=_takeover_of(settings),
        complaints=_complaints_of(settings),
        knowledge=_knowledge_of(settings),
        learning=LearningRules(settings.nlp.train_weekly, settings.nlp.promote_alone),
        fill_ahead_weeks=settings.roster.fill_ahead_weeks,
        webhooks=_webhooks_of(settings),
    )
    return rules_with(outer, service)


def rules_with(outer: Rules, service: Service) -> Rules:
    """The rules with what this section says; what other sections say stays."""
    return replace(
        outer,
        targets=Targets(
            respond_within=timedelta(minutes=service.respond_within_minutes),
            resolve_within=timedelta(minutes=service.resolve_within_minutes),
            auto_close_within=timedelta(hours=service.auto_close_within_hours),
            remind_confirm_within=timedelta(hours=service.remind_confirm_within_hours),
            remind_rating_within=timedelta(hours=service.remind_rating_within_hours),
            reopen_within=timedelta(days=service.reopen_within_days),
            on_call_answer_within=timedelta(minutes=service.on_call_answer_minutes),
        ),
        hours=hours_of(service),
        agreement=agreement_of(
            timedelta(minutes=service.respond_within_minutes),
            timedelta(minutes=service.resolve_within_minutes),
        ),
        max_open_tickets=service.max_open_tickets,
        desk_phone=service.desk_phone,
        reach=replace(
            outer.reach,
            unreached_within=timedelta(seconds=service.unreached_within_seconds),
            alarm_after=timedelta(hours=service.undelivered_alarm_hours),
        ),
    )


def office_of(
    database: Database, rules: LiveRules, service: Service, clock: Clock, *texts: Texts
) -> Office:
    """What an admin sets stands above what the server was started with."""
    outer = rules.current

    def made(with_own: Service) -> Rules:
        return rules_with(outer, with_own)

    return Office(database, rules, made, service, clock, *texts)


def _knowledge_of(settings: Settings) -> KnowledgeRules:
    given = settings.knowledge
    return KnowledgeRules(
        review_after=timedelta(days=given.review_after_days),
        never_used_after=timedelta(days=given.never_used_after_days),
        same_report_within=timedelta(hours=given.same_report_within_hours),
        least_shown=given.least_shown,
        least_useful_share=given.least_useful_percent / 100,
    )


def _complaints_of(settings: Settings) -> ComplaintRules:
    given = settings.complaints
    return ComplaintRules(
        verify_within=timedelta(hours=given.verify_within_hours),
        decide_within_days=given.decide_within_days,
        feed_back_within=timedelta(hours=given.feed_back_within_hours),
        remind_rating_within=timedelta(hours=given.remind_rating_within_hours),
        close_within=timedelta(days=given.close_within_days),
        appeal_within=timedelta(days=given.appeal_within_days),
        points_upheld=given.points_upheld,
        points_partly=given.points_partly,
        deputy=given.deputy.strip(),
    )


def _webhooks_of(settings: Settings) -> WebhookRules:
    given = settings.webhooks
    return WebhookRules(
        allowed_hosts=tuple(given.allowed_hosts),
        inside_hosts=tuple(given.inside_hosts),
        kept_for=timedelta(days=given.keep_days),
        pause_after=given.pause_after_failures,
    )


def _takeover_of(settings: Settings) -> TakeoverRules:
    desk = settings.wechat.customer_service
    return TakeoverRules(
        desk.enabled,
        desk.room,
        timedelta(minutes=desk.waits_minutes),
        timedelta(minutes=desk.idle_minutes),
    )


def _with_switch(rules: Rules) -> tuple[Rules, Event]:
    """What the switchboard finds out of the account holds for every later message (65400)."""
    missing = Event()
    return replace(rules, takeover=replace(rules.takeover, is_missing=missing.is_set)), missing


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


def client_of(
    settings: Settings, database: Database, clock: Clock, observer: Observer | None = None
) -> WeChatClient:
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
        mp_base_url=account.mp_base_url,
        clock=clock,
        observer=observer,
    )


def authorization_of(settings: Settings, clock: Clock, observer: Observer) -> WebAuthorization:
    """Who finds out which person reads a page."""
    account = settings.wechat
    return WebAuthorization(
        account.app_id,
        account.app_secret.get_secret_value(),
        account.oauth_base_url,
        Transport(account.api_base_url),
        clock=clock,
        observer=observer,
    )


def js_sdk_of(settings: Settings, database: Database, client: WeChatClient, clock: Clock) -> JsSdk:
    """Who signs pages for the JS-SDK, under the ticket that all processes share."""
    app_id, secret = settings.wechat.app_id, settings.wechat.app_secret.get_secret_value()
    store = DatabaseTokenStore(database, ticket_key(app_id), secret, clock)
    return JsSdk(client, store, app_id, clock)


def secret_key_of(settings: Settings) -> bytes:
    """What seals cookies and links: the operator's key, or one that is made of the app secret."""
    own = settings.server.secret_key
    secret = own or settings.wechat.app_secret
    return hashlib.sha256(f"pages:{secret.get_secret_value()}".encode()).digest()


def recogniser_of(settings: Settings) -> Recogniser | None:
    """What turns voices into words, if the operator has something that does."""
    name = settings.media.recogniser
    try:
        return recognition.load(name) if name else None
    except ValueError as error:
        raise SettingsError(f"media.recogniser: {error}") from None


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


def _pages_of(shared: Site) -> Flask:
    from web.whole import whole  # a second of work: half of the program is pages

    return whole(shared)


class Server:
    """Everything that one server process runs."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.database = Database(settings.database.url)
        sentences, public_url = read_sentences(ROOT / "texts.yaml"), settings.server.public_url
        texts = Texts(sentences, neutral, public_url)
        page_texts = Texts(sentences, str, public_url)
        started, no_customer_service = _with_switch(rules_of(settings))
        rules = LiveRules(started)
        self.office = office_of(self.database, rules, settings.service, clock, texts, page_texts)
        self.office.also(ReadingExchange(self.database, clock).refresh)
        self._usage = Usage(self.database, clock, self.nudge, settings.wechat.daily_quotas)
        client = client_of(settings, self.database, clock, self._usage)
        self.authorization = authorization_of(settings, clock, self._usage)
        self._joining_url = joining_url(client)
        self.js_sdk = js_sdk_of(settings, self.database, client, clock)
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
            sending=MediaSending(client, store, clock),
            reach=rules.reach,
            public_url=settings.server.public_url,
        )
        self._fetcher = Fetcher(
            self.database,
            client,
            store,
            clock,
            self._courier.nudge,
            recogniser=recogniser_of(settings),
        )
        watch = ClockWatch(clock, client.platform_time)
        self._timetable = Timetable(self.database, rules, clock, self.nudge, watch)
        self._keeps_clock = settings.server.keeps_clock
        self._switchboard = Switchboard(
            self.database, client, rules, clock, self._courier.nudge, no_customer_service
        )
        self._tagger = Tagger(self.database, client)
        self._indexer = SearchIndexer(self.database, clock)
        self._webhooks = Webhooks(self.database, rules, clock, secret_key_of(settings), self.nudge)
        self._remarks = RemarkKeeper(self.database, client, texts, clock)
        turns = Turns(self.database, texts, rules, clock, self.nudge)
        self._replayer = Replayer(spool, turns, self.database, outage, self.nudge)
        webhook = Webhook(keys_of(settings), turns, spool, outage, texts, clock)
        readiness = health.Readiness({"database": self._database_missing})
        shared = self._site(settings, page_texts, rules, store, clock)
        edge = make_app([webhook.blueprint(), health.blueprint(readiness)])
        self.app = EdgeFirst(edge, Later(partial(_pages_of, shared)))
        self._ends = Event()
        self._late = Thread(target=self._start_pages, name="pages", daemon=True)
        self._exports: ExportMaker | None = None

    def _site(
        self, settings: Settings, texts: Texts, rules: Rules, store: MediaStore, clock: Clock
    ) -> Site:
        return Site(
            database=self.database,
            texts=texts,
            rules=rules,
            clock=clock,
            nudge=self.nudge,
            store=store,
            public_url=settings.server.public_url.rstrip("/"),
            secret_key=secret_key_of(settings),
            authorization=self.authorization,
            code_spent=CodeSpent,
            assets=Assets(),
            opened=reaching.opened,
            office=self.office,
            joining_url=self._joining_url,
            jssdk=self.js_sdk,
            domain_files=settings.wechat.domain_files,
            desk_idle_for=timedelta(minutes=settings.server.desk_idle_minutes),
            desk_kept_for=timedelta(hours=settings.server.desk_kept_hours),
        )

    def _start_pages(self) -> None:
        """What people at computers need, after what waited while no server was there."""
        if self._ends.wait(PAGES_AFTER):
            return
        pages = self.app.pages.made()  # first: one thread at a time may load them
        from web.console.export_making import ExportMaker

        self._exports = ExportMaker(pages)
        self._exports.start()
        compile_all()

    def nudge(self) -> None:
        """Something was committed that somebody may have to be told, or that is to be fetched."""
        self._courier.nudge()
        self._fetcher.nudge()
        self._switchboard.nudge()
        self._remarks.nudge()

    def start(self) -> None:
        self.office.start()
        self._usage.start()
        self._courier.start()
        self._fetcher.start()
        self._tagger.start()
        self._remarks.start()
        self._indexer.start()
        self._webhooks.start()
        self._replayer.start()
        self._switchboard.start()
        if self._keeps_clock:
            self._timetable.start()
        self._late.start()

    def stop(self) -> None:
        """Everything under way is finished or left to be found again."""
        self._timetable.stop()
        self._switchboard.stop()
        self._replayer.stop()
        self._ends.set()
        self._late.join()
        if self._exports is not None:
            self._exports.stop()
        self._webhooks.stop()
        self._indexer.stop()
        self._remarks.stop()
        self._tagger.stop()
        self._fetcher.stop()
        self._courier.stop()
        self._usage.stop()
        self.office.stop()
        self.database.dispose()
        self._spool_lock.release()

    def _database_missing(self) -> str | None:
        try:
            self.database.probe()
        except DatabaseUnavailable as error:
            return str(error)
        return None
