"""What happens at the desk meanwhile: acts upon tickets that stand first in lists."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.calendar import ServiceHours
from domain.deadlines import Targets
from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import Refusal
from models import Database, DatabaseUnavailable, Engineer, Person, Ticket, table_of
from services import desk_acts, listing
from services.desk import Desk, Rules
from services.listing_wanted import View, Wanted
from services.speakers import SPEAKER_COLUMNS, speaker_of

_TICKETS_OF_AN_ACT = 1_000_000  # of three years: on such a desk there is an act each second
_VIEWS = (View.NEW, View.LATE, View.OPEN)
_FIRST = 10  # tickets of a list, one of which is acted upon
_people = table_of(Person)


class Acts:
    """Somebody accepts, is given, or works on the next ticket, by the desk's own services."""

    def __init__(self, url: str, tickets: int) -> None:
        """As many as a desk has in a busy hour that gets so many tickets in three years.

        1,333 tickets on a working day of ten hours, eight acts each, thrice as many at the peak.
        """
        self._every = _TICKETS_OF_AN_ACT / tickets
        self._database = Database(url)
        self._rules = Rules(
            Targets(), ServiceHours.daily(time(0), time(23, 59)), max_open_tickets=1_000
        )
        self._stopped = threading.Event()
        self._views = itertools.cycle(_VIEWS)
        self.done = 0

    @contextmanager
    def going_on(self) -> Iterator[None]:
        thread = threading.Thread(target=self._go_on, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()
            self._database.dispose()

    def _go_on(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                self._act(next(self._views))
                self.done += 1
            except (Refusal, DatabaseUnavailable):
                continue  # it was too late for this one; the next turn has another

    def _act(self, view: View) -> None:
        now = datetime.now(UTC)
        with self._database.transaction() as session:
            clerk = self._desk(session, Person.roles == frozenset({Role.DESK}), now)
            places = listing.first(clerk, Wanted(view, size=_FIRST))
            if not places:
                return
            ticket = session.get_one(Ticket, places[self.done % len(places)].id)
            if ticket.status is Status.ASSIGNED:
                self._desk(session, Person.id == ticket.assignee_id, now).accept(ticket.id)
                return
            others = select(Engineer.person_id).where(Engineer.person_id != ticket.assignee_id)
            if ticket.assignee_id is None:
                others = select(Engineer.person_id)
            engineers = session.scalars(others.order_by(Engineer.person_id)).all()
            to = engineers[self.done % len(engineers)]
            desk_acts.assign_to(clerk, ticket.id, to, reason="bench")

    def _desk(self, session: Session, which: ColumnElement[bool], now: datetime) -> Desk:
        found = select(*SPEAKER_COLUMNS).where(which).order_by(_people.c.id).limit(1)
        return Desk(session, now, self._rules, speaker_of(session.execute(found).one()))
