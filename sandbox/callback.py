"""Delivers pushes to the product: three attempts of five seconds, and only a live reply counts."""

import random
import secrets
import threading
import time
from collections import defaultdict, deque
from urllib.parse import urlencode

from sandbox import kf, speaking
from sandbox.crypto import seal, sign
from sandbox.pushes import Fields, Push, to_xml
from sandbox.replies import BadReply, Frame, Reply, read_reply
from sandbox.settings import Rules
from sandbox.state import FIRST_MSG_ID
from sandbox.wire import Answer, NoAnswer, post
from sandbox.world import UnknownPerson, World

_FINAL = {"replied", "silent", "fault"}
_BEST = ("replied", "silent", "fault", "gave_up")
_KEPT = 5_000  # finished pushes whose fate can still be asked


class Sender:
    """The platform's side of the callback."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pushes: dict[int, Push] = {}
        self._queues: dict[str, deque[Push]] = defaultdict(deque)
        self._draining: set[str] = set()
        self._held: list[Push] = []
        self._under_way = 0
        self._jobs = 0  # template receipts that are still to be pushed
        self._random = random.Random(world.rules.seed)
        self._random_seed = world.rules.seed

    # --- what is asked of it -----------------------------------------------------------------

    def message(self, openid: str, fields: Fields) -> Push:
        """Pushes what a person sent."""
        with self._world.locked() as state:
            msg_id = state.next("message", FIRST_MSG_ID)
        return self._push(openid, {**self._envelope(openid), **fields, "MsgId": msg_id})

    def event(self, openid: str, fields: Fields) -> Push:
        return self._push(openid, {**self._envelope(openid), "MsgType": "event", **fields})

    def raw(self, openid: str, fields: Fields, body: str | None) -> Push:
        """Pushes whatever a test wants; what it leaves out is filled in."""
        return self._push(openid, {**self._envelope(openid), **fields}, body)

    def to_clerk(self, openid: str, fields: Fields) -> Push:
        """Remembers a message that goes to the desk's own people instead of the product."""
        return self._settled(openid, fields, "to_clerk")

    def swallow(self, openid: str, fields: Fields) -> Push:
        """Remembers a message that the platform keeps to itself."""
        return self._settled(openid, fields, "dropped")

    def _settled(self, openid: str, fields: Fields, outcome: str) -> Push:
        with self._world.locked() as state:
            push = Push(state.next("push", 1), openid, {**self._envelope(openid), **fields})
            self._remember(push)
            self._under_way += 1
            self._finish(push, outcome)
        return push

    def events(self, events: list[kf.KfEvent]) -> None:
        for each in events:
            self.event(each.openid, each.fields)

    def later(self, seconds: float, openid: str, fields: Fields) -> None:
        """Pushes an event after a while; until then nothing is settled."""
        with self._world.locked():
            self._jobs += 1
            epoch = self._world.epoch

        def fire() -> None:
            with self._world.locked():
                self._jobs -= 1
                if self._world.epoch == epoch:
                    self.event(openid, fields)

        timer = threading.Timer(seconds, fire)
        timer.daemon = True
        timer.start()

    def find(self, push_id: int) -> Push | None:
        return self._pushes.get(push_id)

    @property
    def is_settled(self) -> bool:
        return not self._under_way and not self._jobs

    # --- queueing ----------------------------------------------------------------------------

    def _envelope(self, openid: str) -> Fields:
        return {
            "ToUserName": self._world.settings.original_id,
            "FromUserName": openid,
            "CreateTime": int(self._world.stamp()),
        }

    def _push(self, openid: str, fields: Fields, body: str | None = None) -> Push:
        world = self._world
        with world.locked() as state:
            push = Push(state.next("push", 1), openid, fields, body)
            self._remember(push)
            self._under_way += 1
            if not world.rules.callback_is_set or self._dice() < world.rules.drop:
                self._finish(push, "dropped")
            elif world.rules.reorder_window:
                self._hold(push)
            else:
                self._enqueue(push)
        return push

    def chance(self) -> float:
        """The next number of the series that the seed gives, from 0 to 1."""
        with self._world.locked():
            return self._dice()

    def _dice(self) -> float:
        if self._random_seed != self._world.rules.seed:
            self._random_seed = self._world.rules.seed
            self._random = random.Random(self._random_seed)
        return self._random.random()

    def _remember(self, push: Push) -> None:
        self._pushes[push.id] = push
        while len(self._pushes) > _KEPT:
            oldest = next(iter(self._pushes))
            if not self._pushes[oldest].outcome:
                break
            del self._pushes[oldest]

    def _hold(self, push: Push) -> None:
        """Gathers what comes within the window, then lets it go in another order."""
        self._held.append(push)
        if len(self._held) == 1:
            timer = threading.Timer(self._world.rules.reorder_window, self._release)
            timer.daemon = True
            timer.start()

    def _release(self) -> None:
        with self._world.locked():
            held, self._held = self._held, []
            order = list(held)
            while len(held) > 1 and order == held:
                self._random.shuffle(order)
            for push in order:
                self._enqueue(push)

    def _enqueue(self, push: Push) -> None:
        if self._world.rules.order == "parallel":
            _start(self._deliver, push)
            return
        self._queues[push.openid].append(push)
        if push.openid not in self._draining:
            self._draining.add(push.openid)
            _start(self._drain, push.openid)

    def _drain(self, openid: str) -> None:
        while True:
            with self._world.reading():
                queue = self._queues[openid]
                if not queue:
                    self._draining.discard(openid)
                    del self._queues[openid]
                    return
                push = queue.popleft()
            self._deliver(push)

    def _finish(self, push: Push, outcome: str) -> None:
        with self._world.locked():
            push.outcome = outcome
            self._under_way -= 1
            if outcome in ("dropped", "to_clerk"):
                self._world.journal.add(
                    at=self._world.clock.real(),
                    direction="note",
                    openid=push.openid,
                    what=push.what,
                    words=push.words,
                    push_id=push.id,
                    outcome=outcome,
                )
            push.done.set()

    # --- delivering --------------------------------------------------------------------------

    def _deliver(self, push: Push) -> None:
        epoch = self._world.epoch
        rules = self._world.rules
        try:
            if rules.delay:
                time.sleep(rules.delay)
            outcome = self._in_copies(push, rules, epoch)
            if outcome in ("fault", "gave_up") and push.shows_fault:
                self._show_fault(push, rules, epoch)
        except Exception:
            self._finish(push, "gave_up")
            raise
        self._finish(push, outcome)

    def _in_copies(self, push: Push, rules: Rules, epoch: int) -> str:
        """The best of what the parallel copies came to; usually there is one."""
        outcomes: list[str] = []

        def run() -> None:
            outcomes.append(self._attempts(push, rules, epoch))

        others = [_start(run) for _ in range(rules.copies - 1)]
        run()
        for thread in others:
            thread.join()
        return min(outcomes, key=_BEST.index)

    def _attempts(self, push: Push, rules: Rules, epoch: int) -> str:
        stamp = _stamp(self._world)
        attempt = 0
        while True:
            attempt += 1
            stamp = _stamp(self._world) if rules.fresh_nonce else stamp
            outcome = self._attempt(push, attempt, stamp, epoch)
            is_nobody = outcome in ("refused", "cut")
            limit = rules.refused_attempts if is_nobody else rules.attempts
            is_final = outcome in _FINAL and not (outcome == "fault" and rules.retry_bad_answer)
            if is_final:
                return outcome
            if attempt >= limit:
                return "fault" if outcome == "fault" else "gave_up"
            if is_nobody:
                time.sleep(rules.refused_pause)

    def _attempt(self, push: Push, attempt: int, stamp: tuple[str, str], epoch: int) -> str:
        world = self._world
        url, body = _request(world, push, stamp)
        began = time.monotonic()
        answer, outcome, detail = None, "", ""
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        try:
            answer = post(url, body, headers, world.rules.time_limit)
            reply = self._understood(answer, push)
            outcome = self._accepted(push, reply, epoch)
            detail = reply.xml if reply else answer.body.decode("utf-8", "replace")
        except NoAnswer as error:
            outcome = error.kind
        except BadReply as error:
            outcome = "fault"
            shown = answer.body.decode("utf-8", "replace") if answer else ""
            detail = f"{error}\n{shown}"
        with world.locked():
            push.attempts = max(push.attempts, attempt)
            world.journal.add(
                at=world.clock.real(),
                direction="callback",
                method="POST",
                path=world.rules.callback_url,
                openid=push.openid,
                what=push.what,
                words=push.words,
                status=answer.status if answer else None,
                ms=round((time.monotonic() - began) * 1000, 1),
                attempt=attempt,
                push_id=push.id,
                outcome=outcome,
                request=push.xml(),
                answer=detail,
            )
        return outcome.partition(" ")[0]

    def _understood(self, answer: Answer, push: Push) -> Reply | None:
        if answer.status != 200:
            raise BadReply(f"HTTP {answer.status}")
        rules, settings = self._world.rules, self._world.settings
        frame = Frame(
            mode=rules.mode,
            token=rules.token,
            aes_key=rules.aes_key,
            app_id=settings.app_id,
            openid=push.openid,
            account=settings.original_id,
            is_to_message=push.is_message,
            text_limit=rules.text_limit,
            size=rules.size,
        )
        reply = read_reply(answer.body, frame)
        if reply and not speaking.is_playable(self._world, reply):
            raise BadReply("the media is unknown or expired")
        return reply

    def _accepted(self, push: Push, reply: Reply | None, epoch: int) -> str:
        """Shows the first reply to a push; a copy's reply is compared and thrown away."""
        if reply is None:
            return "silent"
        world = self._world
        events: list[kf.KfEvent] = []
        with world.locked():
            if world.epoch != epoch:
                return "silent"
            told = {"kind": reply.kind, **reply.values}
            if push.reply is not None:
                return "replied again" if push.reply == told else "replied differently"
            push.reply = told
            if not push.is_answerable:
                return "replied in vain"
            events = self._show(push, reply)
        self.events(events)
        return "replied"

    def _show(self, push: Push, reply: Reply) -> list[kf.KfEvent]:
        try:
            person = self._world.person(push.openid)
        except UnknownPerson:
            return []
        if not person.follows:
            return []
        if reply.kind == "transfer_customer_service":
            words = str(push.fields.get("Content", f"[{push.what}]"))
            return kf.transfer(self._world, person, reply.values["account"], words)
        speaking.show_reply(self._world, push.openid, reply)
        return []

    def _show_fault(self, push: Push, rules: Rules, epoch: int) -> None:
        with self._world.locked() as state:
            if self._world.epoch == epoch and push.openid in state.people:
                speaking.show_notice(self._world, push.openid, rules.fault_text)


def _start(target: object, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


def _stamp(world: World) -> tuple[str, str]:
    """A timestamp and a nonce, as they stand in the address."""
    return str(int(world.stamp())), str(secrets.randbelow(10**10))


def _request(world: World, push: Push, stamp: tuple[str, str]) -> tuple[str, bytes]:
    """The address with its signatures, and the body in the account's mode."""
    rules, (timestamp, nonce) = world.rules, stamp
    xml = push.xml()
    query = {
        "signature": sign(rules.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": push.openid,
    }
    if rules.mode != "plain":
        sealed = seal(xml.encode(), rules.aes_key, world.settings.app_id)
        signature = sign(rules.token, timestamp, nonce, sealed)
        query |= {"encrypt_type": "aes", "msg_signature": signature}
        xml = _sealed_body(world, push, sealed)
    joint = "&" if "?" in rules.callback_url else "?"
    return f"{rules.callback_url}{joint}{urlencode(query)}", xml.encode()


def _sealed_body(world: World, push: Push, sealed: str) -> str:
    if world.rules.mode == "compat":
        return to_xml({**push.fields, "Encrypt": sealed})
    return to_xml({"ToUserName": world.settings.original_id, "Encrypt": sealed})
