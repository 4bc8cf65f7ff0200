"""Two desks that differ by one complaint alone: whom it concerns must not tell them apart (P8).

周工 mended the printer of 王芳, who talks with the desk, too. On the one desk she then complains
of 周工, of the clerk 小刘 and of the head 李主任. 小陈 verifies, 陈主任 decides; notices get lost.
"""

import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.routing import IntegerConverter, Rule

from domain.complaints import Verdict
from domain.delivery import Channel
from domain.speaker import Speaker
from models import (
    Attachment,
    AttachmentState,
    Complaint,
    Database,
    Delivery,
    InboxMessage,
    Notice,
    NoticeState,
    Outcome,
)
from services import reaching, web_sessions
from services.complaints import handling, submitting
from services.complaints.handling import Charge, Decision
from services.complaints.submitting import Submission
from services.desk import Desk
from services.live_rules import LiveRules
from services.web_sessions import Via
from settings import Service
from web.installing import AREAS, TicketNumber
from web.site import Site, keep
from wiring import office_of

WORDS = "周工修到一半接电话就走了，小刘还说不归他管"
FINDINGS = "查了通话记录，确有中途离开"
MEASURES = "当面道歉，重修一次"
FEEDBACK = "您说的都属实，向您道歉"
CHARGE = "维修没有做完就离开了现场"
SAID = (WORDS, FINDINGS, MEASURES, FEEDBACK, CHARGE)

_RANDOM = re.compile(
    rb'name="(csrf_token|request_key)" value="[^"]*"|"(csrf|key)": ?"[^"]*"|nonce[=-]"?[^" ;]*'
    rb"|request_key=[0-9a-f]*|rid[-_\w]*[0-9a-f]{8,}"
)


@dataclass(frozen=True)
class People:
    """Who is at both desks."""

    requester: Speaker
    engineer: Speaker
    clerk: Speaker  # named in the complaint
    head: Speaker  # named in it, too
    verifier: Speaker
    decider: Speaker

    @property
    def concerned(self) -> tuple[Speaker, ...]:
        return self.engineer, self.clerk, self.head


@dataclass
class Twins:
    """The application before the desk with the complaint, and before the one without."""

    app: Flask
    sites: Mapping[str, Site]
    people: People
    ticket: str
    number: str  # of the complaint
    tokens: Mapping[Any, str]
    ids: tuple[int, ...]  # that name something of the complaint, or of who complained

    def client(self, desk: str, person: Speaker) -> FlaskClient:
        keep(self.app.extensions, self.sites[desk])
        client = self.app.test_client()
        for name in ("desk", "h5"):
            client.set_cookie(name, self.tokens[person.id, name], domain="localhost")
        return client

    def both(self, person: Speaker, path: str, **options: Any) -> tuple[Any, Any]:
        """What the path answers on each desk, without what is new on every page."""
        with_it, without_it = (
            seen(self.client(desk, person).get(path, **options)) for desk in ("with", "without")
        )
        return with_it, without_it


def seen(answer: Any) -> tuple[int, str | None, bytes]:
    """Status, where it leads, and its words; of what is packed, what is in it."""
    body, kind = answer.get_data(), answer.content_type or ""
    if "spreadsheet" in kind or body[:2] == b"PK":
        body = _unpacked(body)
    if "pdf" in kind:
        body = b""  # its words are those of the ticket's page
    return answer.status_code, answer.headers.get("Location"), _RANDOM.sub(b"", body)


def _unpacked(body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        names = [name for name in sorted(packed.namelist()) if not name.startswith("docProps")]
        return b"\n".join(packed.read(name) for name in names)


def paths(twins: Twins, area_names: frozenset[str]) -> Iterator[str]:
    """Every address that can be looked at, with all that might name the complaint."""
    for rule in twins.app.url_map.iter_rules():
        is_wanted = any(area.has(rule.rule) and area.name in area_names for area in AREAS)
        if is_wanted and "GET" in (rule.methods or ()):
            yield from _built(twins, rule)


def _built(twins: Twins, rule: Rule) -> Iterator[str]:
    adapter = twins.app.url_map.bind("localhost")
    names = list(rule._converters)
    choices = [_values(twins, each) for each in rule._converters.values()]
    for at in range(max(map(len, choices), default=1)):
        values = {name: each[at % len(each)] for name, each in zip(names, choices, strict=True)}
        yield adapter.build(rule.endpoint, values, "GET")


def _values(twins: Twins, converter: Any) -> tuple[Any, ...]:
    if isinstance(converter, TicketNumber):
        return twins.ticket, twins.number
    if isinstance(converter, IntegerConverter):
        return twins.ids
    if type(converter).__name__ == "AnyConverter":
        return tuple(re.findall(r"\w+", str(converter.regex)))
    return twins.number, "unknown"


# --- how they are made ---------------------------------------------------------------------------


@dataclass
class Maker:
    """The desk before anybody complains, and what then happens on one of the two."""

    database: Database
    desk_of: Callable[..., Desk]
    people: People
    ticket_id: int
    number: str

    def tokens(self) -> dict[Any, str]:
        with self.database.transaction() as session:
            now = self.desk_of(session, self.people.clerk).now
            found: dict[Any, str] = {}
            for each in (*self.people.concerned, self.people.verifier):
                at_desk = web_sessions.start_at_desk(session, each.id, Via.PASSWORD, now)
                found[each.id, "desk"] = at_desk
                found[each.id, "h5"] = web_sessions.start(session, each.openid, now)
            return found

    def chatted(self, key: str, text: str, reply: str, *, is_confidential: bool = False) -> int:
        """A message of the requester, and what answered it."""
        with self.database.transaction() as session:
            now = self.desk_of(session, self.people.requester).now
            row = InboxMessage(
                openid=self.people.requester.openid,
                key=key,
                kind="text",
                text=text,
                sent_at=now,
                received_at=now,
                reply={"text": reply},
                is_confidential=is_confidential,
            )
            session.add(row)
            session.flush()
            return row.id

    def complains(self) -> Complaint:
        """Up to a decision that was fed back, with all that may go wrong on the way."""
        messages = (self.chatted("secret", WORDS, "请把经过说一下", is_confidential=True),)
        people = self.people
        with self.database.transaction() as session:
            named = (people.clerk.id, people.head.id)
            submission = Submission(WORDS, ticket_id=self.ticket_id, people=named)
            submission = replace(submission, messages=messages)
            made = submitting.submit(self.desk_of(session, people.requester), submission)
            self._photo(session, made.id)
        with self.database.transaction() as session:
            desk = self.desk_of(session, people.verifier)
            handling.verify(desk, made.id, FINDINGS, [people.engineer.id])
            handling.report(desk, made.id)
        with self.database.transaction() as session:
            charges = {people.engineer.id: Charge(-3, CHARGE)}
            decision = Decision(Verdict.UPHELD, MEASURES, charges)
            handling.decide(self.desk_of(session, people.decider), made.id, decision)
            handling.feed_back(self.desk_of(session, people.verifier), made.id, FEEDBACK)
        self._not_delivered(made.id)
        with self.database.reading() as session:
            return session.get_one(Complaint, made.id)

    def _photo(self, session: Any, complaint_id: int) -> None:
        now = self.desk_of(session, self.people.requester).now
        session.add(
            Attachment(
                person_id=self.people.requester.id,
                complaint_id=complaint_id,
                kind="image",
                state=AttachmentState.SAVED,
                file="ab/cd.jpg",
                content_type="image/jpeg",
                created_at=now,
            )
        )

    def _not_delivered(self, complaint_id: int) -> None:
        """Everybody who may know of it was told in vain, and that was noticed."""
        with self.database.transaction() as session:
            now = self.desk_of(session, self.people.clerk).now
            of_it = Notice.complaint_id == complaint_id
            session.execute(
                update(Notice).where(of_it).values(state=NoticeState.FAILED, settled_at=now)
            )
            for notice_id in session.scalars(select(Notice.id).where(of_it)).all():
                session.add(
                    Delivery(
                        notice_id=notice_id,
                        channel=Channel.CUSTOM,
                        outcome=Outcome.REFUSED,
                        errcode=45015,
                        started_at=now,
                    )
                )
            session.flush()
            failed = session.scalars(select(Notice.id).where(of_it)).all()
            reaching.alarm(session, failed, now)


def copy_of(url: str, name: str) -> str:
    """The same database once more, as it stands."""
    source = url.partition("///")[2]
    target = f"{source}.{name}"
    with sqlite3.connect(source) as origin, sqlite3.connect(target) as copied:
        origin.backup(copied)
    return f"{url.partition('///')[0]}///{target}"


def site_of(site: Site, database: Database) -> Site:
    """The same desk's pages on another database."""
    service = Service(max_open_tickets=site.rules.max_open_tickets)
    office = office_of(database, cast(LiveRules, site.rules), service, site.clock, site.texts)
    return replace(site, database=database, office=office)
