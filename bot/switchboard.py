"""Looks after talks with the desk: who is online, which sessions live, what was said (W1, §6).

Every process may run one: what is changed is compared first, and what is fetched is claimed. The
platform is asked here alone, never while a callback waits for its answer.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.desk_calls import Clerk, KfAccount, Record, Waiting
from bot.errors import ApiError, Reaction
from domain.takeover import held_until
from logs import failure
from models import Database, DatabaseUnavailable, EndedBy, Holder
from services import clerks, holders, open_talks, takeover, talks
from services.desk import Rules
from services.open_talks import OpenTalk
from services.talks import Due, Line

log = logging.getLogger(__name__)

EVERY = 10.0  # seconds between two rounds
AT_LEAST = 0.2  # seconds between two looks, however often it is nudged
AFTER_FAILURE = 20.0  # seconds in which an API that refused is left alone
AFTER_NO_RIGHT = 300.0  # seconds; 48001 is not cured by asking
ASKED_EVERY = 60.0  # seconds between two questions about one person's session
ACCOUNTS_EVERY = 600.0  # seconds; a new account is noticed by being online

BEGUN_FOR = timedelta(seconds=15)  # a session so young may not be shown yet
QUEUED_FOR = timedelta(minutes=2)  # so long a place in the queue may take to be shown
LEASE = timedelta(minutes=2)  # what a look at a living session adds
CLOSING_FOR = timedelta(minutes=10)  # so long a session that shall be closed is tried

NO_CUSTOMER_SERVICE = 65400
NOT_THIS_CLERK = 65414
_SHOWN_AT_MOST = 100  # people that the platform's queue shows


class Platform(Protocol):
    """What is asked of the platform's customer service."""

    def kf_online(self) -> list[Clerk]: ...
    def kf_list(self) -> list[KfAccount]: ...
    def kf_waiting(self) -> list[Waiting]: ...
    def kf_session_of(self, openid: str) -> str | None: ...
    def kf_close_session(self, openid: str, kf_account: str) -> None: ...
    def kf_records(self, start: datetime, end: datetime) -> list[Record]: ...


class Switchboard:
    """One thread; the rows are the truth, a nudge is only a nudge."""

    def __init__(
        self,
        database: Database,
        platform: Platform,
        rules: Rules,
        clock: Callable[[], datetime],
        nudge: Callable[[], None],
        missing: threading.Event | None = None,
    ) -> None:
        """`missing` is set while the account has no customer service: nobody is put in a queue."""
        self._database = database
        self._platform = platform
        self._rules = rules
        self._clock = clock
        self._nudge = nudge
        self._missing = missing or threading.Event()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._asked: dict[int, float] = {}  # person → when their session was last asked for
        self._not_before = 0.0  # the API refused: it is left alone until then
        self._accounts_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="switchboard", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Something was committed that may have to be told to the platform at once."""
        self._woken.set()

    def stop(self) -> None:
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        round_at = time.monotonic()
        while not self._stopping.wait(AT_LEAST):
            self._woken.wait(max(0.0, round_at - time.monotonic()))
            self._woken.clear()
            if self._stopping.is_set():
                return
            if time.monotonic() >= round_at:
                round_at = time.monotonic() + EVERY
                self.look_around()
            else:
                self.fetch()

    # --- a round ---------------------------------------------------------------------------------

    def look_around(self) -> None:
        """Everything once; what fails keeps nothing else from being done."""
        self._guarded("clerks", self._see_clerks)
        self._guarded("wishes", self._tell_at_opening)
        self._guarded("talks", self._see_talks)
        self.fetch()

    def fetch(self) -> None:
        """Sessions that people have ended are closed, and what was said is fetched."""
        self._guarded("records", self._fetch_due)

    def _guarded(self, name: str, act: Callable[[], None]) -> None:
        try:
            act()
        except DatabaseUnavailable as error:
            log.warning("database_away step=%s why=%s", name, error)
        except ApiError as error:
            self._refused(name, error)
        except Exception as error:
            failure(log, "switchboard_failed", error, step=name)

    def _refused(self, name: str, error: ApiError) -> None:
        """An account without customer service is known as such; other refusals pass."""
        log.warning("switchboard_refused step=%s %s", name, error)
        if error.reaction is Reaction.UNREACHABLE:
            return  # that is about one person
        if error.errcode == NO_CUSTOMER_SERVICE:
            self._missing.set()
        has_no_right = error.reaction is Reaction.MISCONFIGURED
        pause = AFTER_NO_RIGHT if has_no_right else AFTER_FAILURE
        self._not_before = time.monotonic() + pause

    @property
    def _may_ask(self) -> bool:
        return self._rules.takeover.is_enabled and time.monotonic() >= self._not_before

    # --- clerks ----------------------------------------------------------------------------------

    def _see_clerks(self) -> None:
        if not self._may_ask:
            return
        now = self._clock()
        with self._database.reading() as session:
            if clerks.was_seen_since(session, now - timedelta(seconds=EVERY * 0.8)):
                self._missing.clear()
                return  # another process has asked
        online = {each.account: each.accepted for each in self._platform.kf_online()}
        self._missing.clear()
        with self._database.transaction() as session:
            are_known = clerks.keep_online(session, online, now)
        if not are_known or time.monotonic() >= self._accounts_at + ACCOUNTS_EVERY:
            self._see_accounts(online, now)

    def _see_accounts(self, online: dict[str, int], now: datetime) -> None:
        listed = [
            clerks.Account(each.account, each.nickname, each.is_bound)
            for each in self._platform.kf_list()
        ]
        self._accounts_at = time.monotonic()
        with self._database.transaction() as session:
            clerks.keep_accounts(session, listed, now)
            clerks.keep_online(session, online, now)

    # --- talks -----------------------------------------------------------------------------------

    def _tell_at_opening(self) -> None:
        with self._database.reading() as session:
            if not open_talks.has_wishes(session):
                return
        with self._database.transaction() as session:
            told = open_talks.tell_at_opening(session, self._rules, self._clock())
        if told:
            self._nudge()

    def _see_talks(self) -> None:
        with self._database.reading() as session:
            found = open_talks.with_the_desk(session)
        queued = self._queue(found)
        for talk in found:
            if self._stopping.is_set():
                return
            self._guarded("talk", partial(self._see, talk, queued))
        here = {talk.held.person_id for talk in found}
        self._asked = {who: at for who, at in self._asked.items() if who in here}

    def _see(self, talk: OpenTalk, queued: frozenset[str] | None) -> None:
        if not talk.is_following:
            self._ends(talk, EndedBy.LOST)
        elif talk.held.holder is Holder.WAITING:
            self._see_waiting(talk, queued)
        elif talk.held.is_by_console:
            self._see_console(talk)
        else:
            self._see_session(talk)

    def _queue(self, found: Sequence[OpenTalk]) -> frozenset[str] | None:
        """Who stands in the platform's queue; None where that is not known, or not needed."""
        if not self._may_ask or not any(map(self._is_long_queued, found)):
            return None
        try:
            waiting = self._platform.kf_waiting()
        except ApiError as error:
            self._refused("queue", error)
            return None
        is_whole = len(waiting) < _SHOWN_AT_MOST
        return frozenset(each.openid for each in waiting) if is_whole else None

    def _is_long_queued(self, talk: OpenTalk) -> bool:
        is_queued = talk.held.holder is Holder.WAITING and talk.is_matter_known
        is_long = self._clock() - talk.asked_at > QUEUED_FOR
        return is_queued and is_long and not talk.is_announced_again

    # --- who waits -------------------------------------------------------------------------------

    def _see_waiting(self, talk: OpenTalk, queued: frozenset[str] | None) -> None:
        now, hours = self._clock(), self._rules.hours
        if talk.is_matter_known and now - talk.asked_at > BEGUN_FOR and self._is_taken(talk):
            return
        if not hours.is_open(now):
            self._closes(talk, hours.next_opening(now))
        elif self._missing.is_set() or (talk.held.until or now) <= now:
            self._nobody_came(talk)
        elif queued is not None and self._is_long_queued(talk) and talk.openid not in queued:
            with self._database.transaction() as session:
                told = open_talks.announce_again(session, talk.takeover_id, now)
            if told:
                self._nudge()

    def _is_taken(self, talk: OpenTalk) -> bool:
        """A clerk may have them although the event that tells of it was lost."""
        account = self._session_of(talk, is_pressing=False)
        if not account:
            return False
        self._taken(talk, account)
        return True

    def _closes(self, talk: OpenTalk, opens: datetime) -> None:
        with self._database.transaction() as session:
            done = takeover.closing_time(session, talk.held, opens, self._clock())
        if done:
            self._nudge()

    def _nobody_came(self, talk: OpenTalk) -> None:
        with self._database.transaction() as session:
            phone = self._rules.desk_phone
            done = takeover.nobody_came(session, talk.held, self._clock(), phone)
        if done:
            self._nudge()

    # --- who is in session -----------------------------------------------------------------------

    def _see_session(self, talk: OpenTalk) -> None:
        now, since = self._clock(), talk.held.since or talk.asked_at
        if now - since < BEGUN_FOR:
            return
        until = talk.held.until or now
        account = self._session_of(talk, is_pressing=until - now < LEASE)
        sign = max(since, talk.last_sign or since)
        idle_for = self._rules.takeover.idle_for
        is_open = self._rules.hours.is_open(now)
        last = held_until(sign, idle_for, is_open=is_open)
        if account == "":
            self._ends(talk, EndedBy.IDLE if now >= sign + idle_for else EndedBy.LOST)
        elif now >= last:
            self._ends(talk, EndedBy.IDLE if is_open else EndedBy.HOURS)
        elif account and account != talk.held.kf_account:
            self._taken(talk, account)
        elif account:
            self._renew(talk, min(last, max(sign + idle_for, now + LEASE)))

    def _session_of(self, talk: OpenTalk, *, is_pressing: bool) -> str | None:
        """Whose session the person is in, empty for nobody's; None if it was not asked for."""
        who, pause = talk.held.person_id, EVERY if is_pressing else ASKED_EVERY
        if not self._may_ask or time.monotonic() < self._asked.get(who, float("-inf")) + pause:
            return None
        self._asked[who] = time.monotonic()
        try:
            return self._platform.kf_session_of(talk.openid) or ""
        except ApiError as error:
            self._refused("session", error)
            return None

    def _taken(self, talk: OpenTalk, account: str) -> None:
        """By a clerk of whom no event has told."""
        with self._database.transaction() as session:
            held = holders.held(session, talk.held.person_id)
            if (held.holder, held.since) != (talk.held.holder, talk.held.since):
                return  # it has been told meanwhile
            rules = self._rules.takeover
            takeover.clerk_takes(session, held.person_id, account, self._clock(), rules)
        self._nudge()

    def _renew(self, talk: OpenTalk, until: datetime) -> None:
        with self._database.transaction() as session:
            holders.renew(session, talk.held, until)

    def _ends(self, talk: OpenTalk, by: EndedBy) -> None:
        now = self._clock()
        with self._database.transaction() as session:
            done = takeover.bot_returns(session, talk.held, by, now, now)
        if done:
            self._nudge()

    def _see_console(self, talk: OpenTalk) -> None:
        """Each word is a sign of life that we see ourselves, and makes the lease longer."""
        now = self._clock()
        if talk.held.until is None or talk.held.until <= now:
            is_open = self._rules.hours.is_open(now)
            self._ends(talk, EndedBy.IDLE if is_open else EndedBy.HOURS)

    # --- what was said ---------------------------------------------------------------------------

    def _fetch_due(self) -> None:
        if not self._may_ask:
            return
        now = self._clock()
        with self._database.reading() as session:
            due = talks.due(session, now)
        for each in due:
            if self._stopping.is_set() or not self._may_ask:
                return
            with self._database.transaction() as session:
                is_mine = talks.claim(session, each, now)
            if is_mine:
                self._close(each) if each.pulls.owes_close else self._pull(each)

    def _close(self, each: Due) -> None:
        """The person has ended it: the platform shall bring their words to us again."""
        try:
            self._close_session(each.openid, each.account)
        except ApiError as error:
            log.warning("session_not_closed takeover=%s %s", each.takeover_id, error)
            is_over = error.reaction in (Reaction.PERMANENT, Reaction.UNREACHABLE)
            if not is_over and self._clock() - (each.ended_at or each.due_at) < CLOSING_FOR:
                self._put_off(each, timedelta(seconds=EVERY))
                return
        with self._database.transaction() as session:
            talks.closed(session, each.takeover_id, self._clock())

    def _close_session(self, openid: str, account: str) -> None:
        try:
            self._platform.kf_close_session(openid, account)
        except ApiError as error:
            if error.errcode != NOT_THIS_CLERK:
                raise
            other = self._platform.kf_session_of(openid)
            if other:
                self._platform.kf_close_session(openid, other)

    def _pull(self, each: Due) -> None:
        try:
            records = self._platform.kf_records(each.start, each.end)
        except ApiError as error:
            log.warning("records_not_fetched takeover=%s %s", each.takeover_id, error)
            self._not_fetched(each, error)
            return
        lines = [
            Line(record.account, record.is_clerk, record.text, record.at)
            for record in records
            if record.openid == each.openid
        ]
        with self._database.transaction() as session:
            talks.keep(session, each.takeover_id, lines, self._clock())

    def _not_fetched(self, each: Due, error: ApiError) -> None:
        """A refusal is a try; silence is none, and is waited out."""
        if error.reaction in (Reaction.PERMANENT, Reaction.MISCONFIGURED):
            with self._database.transaction() as session:
                talks.refused(session, each.takeover_id, self._clock())
        else:
            self._put_off(each, talks.CLAIMED_FOR)

    def _put_off(self, each: Due, pause: timedelta) -> None:
        with self._database.transaction() as session:
            talks.put_off(session, each.takeover_id, self._clock() + pause)
