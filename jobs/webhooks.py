"""Tells other systems: one thread follows the histories, others send what they find (C §25)."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.outgoing import AddressRefused, target_of
from domain.webhooks import Trouble, signature
from failpoints import hit
from jobs.posting import WITHIN, Posted, PostFailed, Resolve, addresses_of, post
from loop import Loop
from models import Database
from services.desk import Rules
from services.webhooks import following, managing, sealing, sending
from services.webhooks.following import Places
from services.webhooks.sending import Claimed, Tried

log = logging.getLogger(__name__)

LOOKS_EVERY = 1.0  # seconds; four short questions
SENDERS = 2  # a slow receiver does not keep all others waiting
_ASKS_EVERY = 30.0  # seconds; a sender that nobody nudged
_SWEEPS_EVERY = timedelta(hours=1)
_SHARE = 9  # parts of rest for each part of work while there is much to follow
_REST_AT_LEAST = 0.02  # seconds


class Webhooks:
    """Threads of a server; several servers may have them, each delivery is in one's hands."""

    def __init__(
        self,
        database: Database,
        rules: Rules,
        clock: Callable[[], datetime],
        key: bytes,
        nudge: Callable[[], None],
        resolve: Resolve = addresses_of,
        within: float = WITHIN,
    ) -> None:
        """`key`: the server's, which opens the secrets; `nudge`: an admin is to be told."""
        self._database = database
        self._rules = rules
        self._clock = clock
        self._key = key
        self._nudge = nudge
        self._resolve = resolve
        self._within = within
        self._places: Places = {}
        self._swept_at: datetime | None = None
        self._follower = Loop("webhooks", self.follow, first=LOOKS_EVERY)
        self._senders = [
            Loop(f"webhook-sender-{number}", self.send, first=_ASKS_EVERY)
            for number in range(1, SENDERS + 1)
        ]

    def start(self) -> None:
        for each in (self._follower, *self._senders):
            each.start()

    def stop(self) -> None:
        """A request under way is finished: it takes a few seconds at most."""
        threads = (self._follower, *self._senders)
        for each in threads:
            each.stopped.set()
        for each in threads:
            each.stop()

    # --- following -------------------------------------------------------------------------------

    def follow(self) -> float:
        """Makes deliveries of what happened; answers with the seconds to rest."""
        began = time.monotonic()
        done = following.step(self._database, self._places, self._clock(), began)
        self._places = done.places
        self._sweep()
        with self._database.reading() as session:
            if sending.is_due(session, self._clock()):
                for each in self._senders:
                    each.nudge()
        if done.is_caught_up:
            return LOOKS_EVERY
        return max(_REST_AT_LEAST, _SHARE * (time.monotonic() - began))

    def _sweep(self) -> None:
        now, rules = self._clock(), self._rules.webhooks
        if self._swept_at is not None and now < self._swept_at + _SWEEPS_EVERY:
            return
        with self._database.reading() as session:
            is_old = managing.has_old(session, rules, now)
        if is_old:
            with self._database.transaction() as session:
                managing.sweep(session, rules, now)
        else:
            self._swept_at = now

    # --- sending ---------------------------------------------------------------------------------

    def send(self) -> float:
        """Sends one delivery, if one is due; answers with the seconds to rest."""
        with self._database.reading() as session:
            if not sending.is_due(session, self._clock()):
                return _ASKS_EVERY
        with self._database.transaction() as session:
            claimed = sending.claim(session, self._clock())
        if claimed is None:
            return _ASKS_EVERY
        hit("event.claimed")
        tried = self._tried(claimed)
        hit("event.answered")
        with self._database.transaction() as session:
            sending.settle(session, claimed, tried, self._rules.webhooks, self._clock())
            hit("event.settled")
        if session.tells_somebody:
            self._nudge()
        return 0.0

    def _tried(self, claimed: Claimed) -> Tried:
        began = time.monotonic()
        try:
            found = self._posted(claimed)
            is_success = 200 <= found.status < 300
            trouble = None if is_success else Trouble.ANSWER
            return Tried(found.status, trouble, _since(began), found.answer)
        except AddressRefused:
            return Tried(None, Trouble.ADDRESS, _since(began))
        except PostFailed as error:
            return Tried(None, error.trouble, _since(began))

    def _posted(self, claimed: Claimed) -> Posted:
        rules = self._rules.webhooks
        target = target_of(claimed.url, rules.allowed_hosts, rules.inside_hosts)
        body = claimed.body.encode()
        headers = self._headers(claimed, body)
        return post(target, body, headers, resolve=self._resolve, within=self._within)

    def _headers(self, claimed: Claimed, body: bytes) -> dict[str, str]:
        at = int(self._clock().timestamp())
        opened = [sealing.opened(each, self._key) for each in claimed.secrets_sealed]
        signatures = [
            signature(secret, claimed.message_id, at, body) for secret in opened if secret
        ]
        if opened[0] is None:
            raise PostFailed(Trouble.SECRET)
        return {
            "Content-Type": "application/json",
            "User-Agent": "itdesk-webhook/1",
            "Webhook-Id": claimed.message_id,
            "Webhook-Timestamp": str(at),
            "Webhook-Signature": " ".join(signatures),
            "Webhook-Event": claimed.event.value,
        }


def _since(began: float) -> int:
    return round(1000 * (time.monotonic() - began))
