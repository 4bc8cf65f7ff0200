"""Sends notices: claims them, writes down each try, asks the platform, keeps what it answered."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.client import WeChatClient
from bot.crew import Crew
from bot.errors import ApiError, ApiUnclear, Reaction
from bot.render import Button, media_message, text_message
from bot.templates import Template, template_data
from domain import delivery
from domain.delivery import Channel, Move, Verdict
from domain.sentence import Say
from failpoints import hit
from logs import failure
from models import Database, DatabaseUnavailable, Session
from services import deliveries, outbox
from services.deliveries import Answer
from services.outbox import Claimed
from texts import Texts

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Send = Callable[[], None]

BATCH = 8  # notices that one thread claims; a full batch wakes the next thread
GATHERS_FOR = 0.03  # seconds; nobody feels them, and several notices share their transactions
KEEP_WITHIN = 50.0  # seconds; an answer that the database does not take by then is lost

_VERDICTS = {
    Reaction.REFRESH_TOKEN: Verdict.BUSY,  # the client has renewed it once, and in vain
    Reaction.RETRY: Verdict.BUSY,
    Reaction.RETRY_TOMORROW: Verdict.QUOTA,
    Reaction.PERMANENT: Verdict.REFUSED,
    Reaction.UNREACHABLE: Verdict.UNREACHABLE,
    Reaction.MISCONFIGURED: Verdict.MISCONFIGURED,
    Reaction.UNKNOWN: Verdict.UNKNOWN,
}
_LOUD = frozenset({Verdict.REFUSED, Verdict.MISCONFIGURED, Verdict.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the platform has accepted; the next transaction writes it down."""

    claimed: Claimed
    try_id: int
    at: datetime


class Courier:
    """Threads that carry notices out; the rows are the truth, a nudge is only a nudge."""

    def __init__(
        self,
        database: Database,
        client: WeChatClient,
        texts: Texts,
        clock: Callable[[], datetime],
        templates: Mapping[str, Template],
        senders: int = 4,
    ) -> None:
        self._database = database
        self._client = client
        self._texts = texts
        self._clock = clock
        self._templates = templates
        self._crew = Crew("courier", self._work, self._sweep, senders, gather=GATHERS_FOR)

    def start(self) -> None:
        self._crew.start()

    def nudge(self) -> None:
        """Something was committed that may have queued notices."""
        self._crew.nudge()

    def stop(self, within: float = 5.0) -> bool:
        """Messages under way are finished, claims handed back (R-016)."""
        return self._crew.stop(within)

    # --- finding work ----------------------------------------------------------------------------

    def _sweep(self) -> None:
        now = self._clock()
        with self._database.reading() as session:
            is_stale = outbox.is_stale(session, now)
            is_waiting = outbox.is_waiting(session, now)
        if is_stale:
            with self._database.transaction() as session:
                outbox.expire(session, now)
                deliveries.recover(session, now)
        if is_stale or is_waiting:
            self._crew.nudge()

    def _work(self) -> None:
        """Writing down what was sent, and claiming or starting what is next, is one transaction."""
        sent: list[Sent] = []
        batch: list[Claimed] = []
        try:
            batch = self._claimed(sent)
            if len(batch) == BATCH:
                self._crew.nudge()
            while batch and not self._crew.is_stopping:
                self._deliver(batch.pop(0), sent)
                if not batch:  # what waited behind these
                    batch = self._claimed(sent)
        finally:
            if sent or batch:
                self._kept(lambda session: self._left(session, sent, batch))

    def _left(self, session: Session, sent: list[Sent], batch: list[Claimed]) -> None:
        self._settle(session, sent)
        outbox.hand_back(session, batch)

    def _settle(self, session: Session, sent: list[Sent]) -> None:
        for each in sent:
            deliveries.settle_accepted(session, each.claimed, each.try_id, each.at)

    def _claimed(self, sent: list[Sent]) -> list[Claimed]:
        with self._database.transaction() as session:
            self._settle(session, sent)
            batch = outbox.claim(session, self._clock(), BATCH)
        sent.clear()
        if batch:
            hit("worker.claimed")
        return batch

    # --- one notice ------------------------------------------------------------------------------

    def _deliver(self, claimed: Claimed, sent: list[Sent]) -> None:
        if claimed.openid is None:
            self._give_up(claimed, Verdict.UNREACHABLE)
            return
        has_template = claimed.say.key in self._templates
        ways = delivery.channels(claimed.wallet, self._clock(), has_template=has_template)
        for channel in ways:
            try:
                sends = self._written(claimed, claimed.openid, channel)
            except Exception as error:
                failure(log, "notice_not_written", error, notice=claimed.id, key=claimed.say.key)
                self._give_up(claimed, Verdict.REFUSED)
                return
            move = self._try(claimed, channel, sends, sent, is_last=channel is ways[-1])
            if move is not Move.OTHER_CHANNEL:
                return

    def _give_up(self, claimed: Claimed, verdict: Verdict) -> None:
        self._kept(lambda session: deliveries.give_up(session, claimed, verdict, self._clock()))
        self._crew.nudge()  # the desk may have to hear of it

    def _try(
        self,
        claimed: Claimed,
        channel: Channel,
        sends: Sequence[Send],
        sent: list[Sent],
        *,
        is_last: bool,
    ) -> Move | None:
        """One try, written down before it; None if the notice is somebody else's by now."""
        with self._database.transaction() as session:
            self._settle(session, sent)
            try_id = deliveries.start_try(session, claimed, channel, self._clock())
        sent.clear()
        if try_id is None:
            log.warning("notice_claim_lost notice=%s", claimed.id)
            return None
        hit("worker.request_sent")
        answer = _answer(sends)
        hit("worker.answered")
        if answer.verdict is Verdict.ACCEPTED:
            sent.append(Sent(claimed, try_id, self._clock()))
            return Move.DONE
        if answer.verdict in _LOUD:
            log.error("notice_refused key=%s errcode=%s", claimed.say.key, answer.errcode)
        return self._kept(
            lambda session: deliveries.settle_try(
                session, claimed, try_id, channel, answer, self._clock(), is_last_channel=is_last
            )
        )

    def _kept(self, act: Callable[[Session], Result]) -> Result:
        """What has happened outside is written down as soon as the database takes it."""
        ends = time.monotonic() + KEEP_WITHIN
        while True:
            try:
                with self._database.transaction() as session:
                    return act(session)
            except DatabaseUnavailable:
                if self._crew.is_stopping or time.monotonic() > ends:
                    raise
            self._crew.pause(0.5)

    # --- words -----------------------------------------------------------------------------------

    def _written(self, claimed: Claimed, openid: str, channel: Channel) -> list[Send]:
        if channel is Channel.TEMPLATE:
            return [self._template(claimed, openid)]
        return [self._custom(openid, body) for body in self._bodies(claimed.say)]

    def _bodies(self, say: Say) -> list[dict[str, object]]:
        """The words; or the photo or voice itself, if the sentence carries one."""
        media_id = say.facts.get("media_id")
        if media_id:
            return [media_message(str(say.facts["medium"]), str(media_id))]
        rendered = self._texts.render(say, self._clock())
        buttons = [Button(line.act, line.label) for line in rendered.lines]
        return text_message(rendered.text, buttons)

    def _custom(self, openid: str, body: Mapping[str, object]) -> Send:
        return lambda: self._client.send_custom(openid, body)

    def _template(self, claimed: Claimed, openid: str) -> Send:
        """The same id each time: within ten minutes the platform sends it once (R-009)."""
        template = self._templates[claimed.say.key]
        data = template_data(template, claimed.say, self._texts, self._clock())
        message_id = f"n{claimed.id}"

        def send() -> None:
            self._client.send_template(openid, template.id, None, data, message_id)

        return send


def _answer(sends: Sequence[Send]) -> Answer:
    """What the platform said to all parts; once one has arrived, a failure is no plain no."""
    for place, send in enumerate(sends):
        answer = _asked(send)
        if answer.verdict is not Verdict.ACCEPTED:
            return Answer(Verdict.UNCLEAR, answer.errcode, answer.error) if place else answer
    return Answer(Verdict.ACCEPTED, 0)


def _asked(send: Send) -> Answer:
    try:
        send()
    except ApiUnclear as error:
        return Answer(Verdict.UNCLEAR, None, error.errmsg)
    except ApiError as error:
        return Answer(_VERDICTS[error.reaction], error.errcode, error.errmsg)
    except DatabaseUnavailable:  # the token's row could not be read: nothing was sent
        return Answer(Verdict.BUSY, None, "no token")
    except Exception as error:
        failure(log, "notice_send_failed", error)
        return Answer(Verdict.UNCLEAR, None, type(error).__name__)
    return Answer(Verdict.ACCEPTED, 0)
