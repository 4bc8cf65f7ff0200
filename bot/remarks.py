"""Keeps the remark beside each person in the WeChat backend as the desk knows them (W1)."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from bot.client import WeChatClient
from bot.crew import Crew
from bot.errors import ApiError, Reaction
from domain.calendar import CHINA
from models import Database
from services import remarks
from services.remarks import Bearer, Cursor
from texts import Texts

log = logging.getLogger(__name__)

SWEEP_EVERY = 5.0  # seconds
GATHER = 0.5  # seconds; a talk's rows and a ticket's come together
STOPS_WITHIN = 10.0  # seconds
EXAMINED = 100  # people of one query
AT_ONCE = 50  # calls of one round
A_DAY = 8000  # calls, then only for those with clerks: the quota is 10,000 (wechat-platform §11)
LOOKED_THROUGH = 200  # people of one slow look through all of them
SLOW_EVERY = 60.0  # seconds between two such looks
SLOW_AT_ONCE = 2  # calls of one: 2,880 a day
AFTER_FAILURE = 30.0  # seconds, when the platform did not answer
AFTER_REFUSAL = 600.0  # seconds, when the account lacks the right
IN_PEACE = 3600.0  # seconds in which one person is left alone whose remark is refused


class RemarkKeeper:
    """First those whom a clerk looks at, then those whose tickets move, at last everybody."""

    def __init__(
        self,
        database: Database,
        client: WeChatClient,
        texts: Texts,
        clock: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._client = client
        self._texts = texts
        self._clock = clock
        self._seconds = seconds
        self._cursor: Cursor | None = None
        self._waiting: dict[int, None] = {}  # people to look at, in order
        self._refused: dict[int, float] = {}  # people, and when each is tried again
        self._rests_until = 0.0
        self._full_on: str | None = None  # the platform's day whose quota is used up
        self._calls = Counter[str]()  # of each day of the platform
        self._swept_to = 0
        self._slow_at = seconds() + SLOW_EVERY
        self._round = threading.Lock()
        self._crew = Crew(
            "remarks", self._work, self.nudge, 1, sweep_every=SWEEP_EVERY, gather=GATHER
        )

    def start(self) -> None:
        self._crew.start()

    def nudge(self) -> None:
        """Something was committed; somebody may wait for the desk."""
        self._crew.nudge()

    def stop(self) -> None:
        self._crew.stop(STOPS_WITHIN)

    def _work(self) -> None:
        self.look()

    def look(self) -> int:
        """One round; answers how many remarks were put on."""
        with self._round:
            if self._is_resting():
                return 0
            first = self._find()
            wrong = self._examined()
            if self._calls[self._day()] >= A_DAY:
                wrong = [pair for pair in wrong if pair[0].person_id in first]
            put_on = self._put_on(wrong[:AT_ONCE])
            if not self._waiting and self._seconds() >= self._slow_at:
                self._slow_at = self._seconds() + SLOW_EVERY
                put_on += self._look_through()
            return put_on

    def _is_resting(self) -> bool:
        return self._seconds() < self._rests_until or self._full_on == self._day()

    def _day(self) -> str:
        """The platform's day: its quotas begin anew at midnight in China."""
        return self._clock().astimezone(CHINA).date().isoformat()

    def _find(self) -> Collection[int]:
        """Whose remark may be wrong, those with clerks before all others; answers these first."""
        with self._database.reading() as session:
            if self._cursor is None:
                cursor = remarks.present(session)
                found = remarks.with_tickets(session)
            else:
                found, cursor = remarks.touched(session, self._cursor)
            first = remarks.with_clerks(session)
        self._cursor = cursor
        self._waiting = dict.fromkeys([*first, *found, *self._waiting])
        return first

    def _examined(self) -> list[tuple[Bearer, str]]:
        """The first whose remark is wrong; who was looked at and is right waits no longer.

        No more than one round can put right: on a full desk looking at all takes seconds.
        """
        people = list(self._waiting)
        wrong: list[tuple[Bearer, str]] = []
        seen = 0
        with self._database.reading() as session:
            while seen < len(people) and len(wrong) < AT_ONCE:
                some = people[seen : seen + EXAMINED]
                wrong += self._wrong(remarks.bearers(session, some))
                seen += len(some)
        self._waiting = dict.fromkeys([bearer.person_id for bearer, _ in wrong] + people[seen:])
        return wrong

    def _look_through(self) -> int:
        """Some more of all people, a few calls at a time; at the end it begins anew."""
        with self._database.reading() as session:
            some = remarks.after(session, self._swept_to, LOOKED_THROUGH)
            wrong = self._wrong(remarks.bearers(session, some))[:SLOW_AT_ONCE]
        self._swept_to = some[-1] if len(some) == LOOKED_THROUGH else 0
        if len(wrong) == SLOW_AT_ONCE:  # there may be more between here and the end
            self._swept_to = wrong[-1][0].person_id
        return self._put_on(wrong)

    def _wrong(self, bearers: Iterable[Bearer]) -> list[tuple[Bearer, str]]:
        """Those whose remark differs from what it should be, and what that is."""
        now = self._seconds()
        wanted = ((bearer, self._wanted(bearer)) for bearer in bearers)
        return [
            (bearer, remark)
            for bearer, remark in wanted
            if remark != bearer.remark and self._refused.get(bearer.person_id, 0.0) <= now
        ]

    def _wanted(self, bearer: Bearer) -> str:
        facts = {"count": bearer.count}
        more = self._texts.words("remark.more", facts, self._clock()) if bearer.count > 1 else ""
        return remarks.remark_of(
            bearer.name, bearer.department, bearer.number, bearer.symptom, more
        )

    def _put_on(self, wrong: Sequence[tuple[Bearer, str]]) -> int:
        done = 0
        for bearer, remark in wrong:
            if self._crew.is_stopping or self._is_resting():
                break
            if self._is_put_on(bearer, remark):
                done += 1
        return done

    def _is_put_on(self, bearer: Bearer, remark: str) -> bool:
        self._calls[self._day()] += 1
        try:
            self._client.update_remark(bearer.openid, remark)
        except ApiError as error:
            self._heed(bearer, error)
            return False
        with self._database.transaction() as session:
            remarks.keep(session, bearer.person_id, remark)
        self._waiting.pop(bearer.person_id, None)
        return True

    def _heed(self, bearer: Bearer, error: ApiError) -> None:
        """What stops all, stops for a while; what concerns one person stops nobody else."""
        log.warning("remark_failed person=%s %s", bearer.person_id, error)
        match error.reaction:
            case Reaction.RETRY_TOMORROW:
                self._full_on = self._day()
            case Reaction.MISCONFIGURED:
                self._rests_until = self._seconds() + AFTER_REFUSAL
            case Reaction.UNREACHABLE | Reaction.PERMANENT:
                self._refused[bearer.person_id] = self._seconds() + IN_PEACE
                self._waiting.pop(bearer.person_id, None)
            case _:
                self._rests_until = self._seconds() + AFTER_FAILURE
