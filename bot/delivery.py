"""Sends notices: claims them, writes down each try, asks the platform, keeps what it answered."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.client import WeChatClient
from bot.crew import Crew
from bot.errors import ApiError, ApiUnclear, Hindrance, Reaction
from bot.media_sending import MediaSending
from bot.render import Button, media_message, text_message
from bot.templates import Template, template_data
from domain import delivery
from domain.delivery import Channel, Move, ReachRules, Verdict, Weight
from domain.sentence import Say
from failpoints import hit
from logs import failure
from models import Database, DatabaseUnavailable, Session
from services import deliveries, outbox, quiet_digest
from services.deliveries import Answer, Begun
from services.outbox import Claimed
from texts import Texts

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Send = Callable[[], int | None]
"""Sends one message; answers the number that its report will carry, if it has one."""

BATCH = 8  # notices that one thread claims; a full batch wakes the next thread
GATHERS_FOR = 0.03  # seconds; nobody feels them, and several notices share their transactions
KEEP_WITHIN = 50.0  # seconds; an answer that the database does not take by then is lost

DOUBTS_FOR = timedelta(seconds=5)
"""After an answer that was lost, how long until the platform is asked again whether it is there."""

_PATHS = {
    Channel.CUSTOM: "/cgi-bin/message/custom/send",
    Channel.TEMPLATE: "/cgi-bin/message/template/send",
}
_HINDRANCES: dict[Hindrance | None, Verdict] = {
    Hindrance.WINDOW_SHUT: Verdict.WINDOW_SHUT,
    Hindrance.WINDOW_USED_UP: Verdict.WINDOW_USED_UP,
}
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
    begun: Begun
    answer: Answer
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
        sending: MediaSending | None = None,
        reach: ReachRules | None = None,
        public_url: str = "",
    ) -> None:
        self._database = database
        self._client = client
        self._texts = texts
        self._clock = clock
        self._templates = templates
        self._sending = sending
        self._limits = (reach or ReachRules()).limits
        self._public_url = public_url.rstrip("/")
        self._doubts_until: datetime | None = None
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
            is_morning = quiet_digest.is_due(session, now)
        if is_morning:
            with self._database.transaction() as session:
                quiet_digest.gather(session, now)
        if is_stale:
            with self._database.transaction() as session:
                outbox.expire(session, now)
                deliveries.recover(session, now, self._limits)
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
        # In one order of people, so that two threads never wait for each other.
        for each in sorted(sent, key=lambda one: one.claimed.recipient_id):
            deliveries.settle_accepted(
                session, each.claimed, each.begun, each.answer, each.at, self._limits
            )

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
            self._give_up(claimed)
            return
        ways = self._ways(claimed)
        if not ways:
            self._kept(
                lambda session: deliveries.hold(session, claimed, self._clock(), self._limits)
            )
            return
        closed_until = self._closed_until(ways)
        if closed_until is not None:
            self._kept(lambda session: deliveries.wait(session, claimed, closed_until))
            return
        open_ways = [each for each in ways if self._client.closed_until(_PATHS[each]) is None]
        for channel in open_ways or ways:
            try:
                sends = self._written(claimed, claimed.openid, channel)
            except ApiError as error:  # something that goes with it could not be given to them
                until = error.until or self._clock() + DOUBTS_FOR
                self._kept(partial(_wait, claimed=claimed, until=until))
                return
            except Exception as error:
                failure(log, "notice_not_written", error, notice=claimed.id, key=claimed.say.key)
                self._give_up(claimed)
                return
            is_last = channel is ways[-1]
            move = self._try(claimed, channel, sends, sent, is_last=is_last)
            if move is not Move.OTHER_CHANNEL:
                return
        # What is left is closed for the moment.
        until = self._closed_until(ways[-1:]) or self._clock() + DOUBTS_FOR
        self._kept(lambda session: deliveries.wait(session, claimed, until))

    def _ways(self, claimed: Claimed) -> tuple[Channel, ...]:
        """By the wallet and the weight; a template that bounced is not tried again (R-060)."""
        has_template = claimed.say.key in self._templates
        if has_template and claimed.tries > 1:
            with self._database.reading() as session:
                has_template = not deliveries.has_bounced(session, claimed.id)
        is_weighty = claimed.is_urgent or claimed.is_said_by_clerk
        weight = Weight(is_weighty, bool(claimed.say.buttons), has_template)
        return delivery.channels(claimed.wallet, weight, self._clock(), self._limits)

    def _closed_until(self, ways: Sequence[Channel]) -> datetime | None:
        """When the first of these ways opens, if all are closed; no try is spent until then."""
        doubt = self._doubt()
        if doubt is not None:
            return doubt
        closed = [self._client.closed_until(_PATHS[each]) for each in ways]
        ends = [each for each in closed if each is not None]
        return min(ends) if len(ends) == len(closed) else None

    def _doubt(self) -> datetime | None:
        """After a lost answer no notice is risked before a harmless question was answered."""
        until = self._doubts_until
        if until is None:
            return None
        now = self._clock()
        if now < until:
            return until
        self._doubts_until = now + DOUBTS_FOR
        try:
            self._client.callback_ips()
        except ApiError as error:
            if isinstance(error, ApiUnclear) or error.reaction is Reaction.RETRY:
                return self._doubts_until
        self._doubts_until = None
        return None

    def _give_up(self, claimed: Claimed) -> None:
        self._kept(lambda session: deliveries.give_up(session, claimed, self._clock()))
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
            begun = deliveries.start_try(session, claimed, channel, self._clock(), parts=len(sends))
        sent.clear()
        if begun is None:
            log.info("notice_not_begun notice=%s", claimed.id)
            return None
        hit("worker.request_sent")
        answer = _answer(sends)
        hit("worker.answered")
        if answer.verdict is Verdict.ACCEPTED:
            sent.append(Sent(claimed, begun, answer, self._clock()))
            return Move.DONE
        if answer.verdict is Verdict.UNCLEAR:
            self._doubts_until = self._clock()
        if answer.verdict in _LOUD:
            log.error("notice_refused key=%s errcode=%s", claimed.say.key, answer.errcode)
        return self._kept(
            lambda session: deliveries.settle_try(
                session,
                claimed,
                begun,
                answer,
                self._clock(),
                is_last_channel=is_last,
                limits=self._limits,
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
        media_id = say.facts.get("media_id") or self._uploaded(say)
        if media_id:
            return [media_message(str(say.facts["medium"]), str(media_id))]
        rendered = self._texts.render(say, self._clock())
        buttons = [Button(line.act, line.label) for line in rendered.lines]
        return text_message(rendered.text, buttons)

    def _uploaded(self, say: Say) -> str | None:
        """What the platform has no more is given to it anew; what is gone is said in words."""
        file = say.facts.get("file")
        if not file or self._sending is None:
            return None
        try:
            return self._sending.media_id_for(str(file), str(say.facts["medium"]))
        except FileNotFoundError:
            return None

    def _custom(self, openid: str, body: Mapping[str, object]) -> Send:
        def send() -> None:
            self._client.send_custom(openid, body)

        return send

    def _template(self, claimed: Claimed, openid: str) -> Send:
        """The same id each time: within ten minutes the platform sends it once (R-009)."""
        template = self._templates[claimed.say.key]
        data = template_data(template, claimed.say, self._texts, self._clock())
        message_id = f"n{claimed.id}"
        url = f"{self._public_url}/h5/n/{claimed.id}" if self._public_url else None
        return lambda: self._client.send_template(openid, template.id, url, data, message_id)


def _wait(session: Session, claimed: Claimed, until: datetime) -> None:
    deliveries.wait(session, claimed, until)


def _answer(sends: Sequence[Send]) -> Answer:
    """What the platform said to all parts; once one has arrived, a failure is no plain no."""
    answer = Answer(Verdict.ACCEPTED, 0)
    for place, send in enumerate(sends):
        answer = _asked(send)
        if answer.verdict is not Verdict.ACCEPTED:
            return replace(answer, verdict=Verdict.PARTLY) if place else answer
    return answer


def _asked(send: Send) -> Answer:
    try:
        return Answer(Verdict.ACCEPTED, 0, message_id=send())
    except ApiUnclear as error:
        return Answer(Verdict.UNCLEAR, None, error.errmsg)
    except ApiError as error:
        verdict = _HINDRANCES.get(error.hindrance, _VERDICTS[error.reaction])
        return Answer(verdict, error.errcode, error.errmsg, error.request_id)
    except DatabaseUnavailable:  # the token's row could not be read: nothing was sent
        return Answer(Verdict.BUSY, None, "no token")
    except Exception as error:
        failure(log, "notice_send_failed", error)
        return Answer(Verdict.UNCLEAR, None, type(error).__name__)
