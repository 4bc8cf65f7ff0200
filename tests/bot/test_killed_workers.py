"""Workers killed at each named place, and what the next one makes of it (R-008…R-012)."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from domain.category import Category
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency
from domain.sentence import Say
from models import (
    Activity,
    Attachment,
    AttachmentState,
    Database,
    Deadline,
    Delivery,
    Notice,
    NoticeState,
    Outcome,
    Ticket,
)
from services import notices, people
from services.outbox import LEASE
from services.people import NewPerson
from tests.bot.api_server import OK, api_server
from tests.bot.one_worker import worker_of
from tests.bot.pushes import OPENID
from tests.bot.test_fetching import photo
from tests.eventually import eventually
from tests.programs import failing_at, program

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
LATER = NOW + LEASE + timedelta(minutes=2)  # claims are over, and so is every pause
SEND = "/cgi-bin/message/custom/send"
MEDIA = "/cgi-bin/media/get"


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def platform():
    with api_server() as running:
        running.on(SEND, OK)
        running.on(MEDIA, photo())
        yield running


@pytest.fixture
def kill(database_url, platform, tmp_path):
    """A worker in a process of its own works until it reaches the place where it dies."""

    def kill(work, at, dies_at):
        environment = failing_at(dies_at)
        words = [work, database_url, platform.url, str(tmp_path / "media"), at.isoformat()]
        log = tmp_path / "worker.log"
        process = program("tests.bot.one_worker", *words, log=log, environment=environment)
        try:
            assert process.wait() == -signal.SIGKILL, log.read_text(encoding="utf-8")
        finally:
            process.close()

    return kill


@pytest.fixture
def begin(database, platform, tmp_path):
    """The next worker, in this process."""
    begun = []

    def begin(work, at):
        begun.append(worker_of(work, database, platform.url, str(tmp_path / "media"), at))
        begun[-1].start()

    yield begin
    for worker in begun:
        worker.stop()


@pytest.fixture
def person_id(database):
    with database.transaction() as session:
        roles = frozenset({Role.REQUESTER, Role.ENGINEER})
        return people.add(session, NewPerson("周工", roles, openid=OPENID), NOW).id


@pytest.mark.parametrize(
    ("dies_at", "sent_before", "outcomes"),
    [
        ("worker.claimed", 0, [Outcome.ACCEPTED]),
        ("worker.request_sent", 0, [Outcome.UNCLEAR, Outcome.ACCEPTED]),
        ("worker.answered", 1, [Outcome.UNCLEAR, Outcome.ACCEPTED]),
    ],
)
def test_an_urgent_notice_outlives_its_worker(
    database, platform, kill, begin, person_id, dies_at, sent_before, outcomes
):
    """R-008, R-009, R-010: at most one duplicate, and each try is on record."""
    with database.transaction() as session:
        say = Say("notice.hello")
        notices.queue(session, [notices.row(person_id, say, NOW, is_urgent=True)])
    kill("courier", NOW, dies_at)
    assert len(platform.to(SEND)) == sent_before

    begin("courier", LATER)
    if outcomes[0] is Outcome.UNCLEAR:  # told apart first, said again after a pause
        eventually(lambda: _outcomes(database) == [Outcome.UNCLEAR])
        begin("courier", LATER + timedelta(minutes=1))

    eventually(lambda: _states(database) == [NoticeState.DELIVERED])
    assert _outcomes(database) == outcomes
    assert len(platform.to(SEND)) == sent_before + 1


def _states(database):
    with database.reading() as session:
        return list(session.scalars(select(Notice.state)))


def _outcomes(database):
    with database.reading() as session:
        return list(session.scalars(select(Delivery.outcome).order_by(Delivery.id)))


def test_a_photo_outlives_its_fetcher(database, platform, kill, begin, person_id):
    """R-012: the file was there and its row was not; the same bytes are the same file."""
    with database.transaction() as session:
        session.add(
            Attachment(
                person_id=person_id,
                kind="image",
                media_id="MEDIA-1",
                state=AttachmentState.WAITING,
                tries=0,
                next_try_at=NOW,
                created_at=NOW,
            )
        )
    kill("fetcher", NOW, "media.written")

    begin("fetcher", LATER)

    eventually(lambda: _saved(database) == 1)
    assert len(platform.to(MEDIA)) == 2


def _saved(database):
    saved = select(func.count()).where(Attachment.state == AttachmentState.SAVED)
    with database.reading() as session:
        return session.scalar(saved)


@pytest.mark.parametrize("dies_at", ["deadline.claimed", "deadline.acted"])
def test_a_deadline_outlives_its_clock(database, kill, begin, person_id, dies_at):
    """R-011: done or not done; the next clock does it once."""
    _let_a_reminder_be_due(database, person_id)
    kill("clock", NOW, dies_at)
    assert _reminders(database) == (0, 0, 1)

    begin("clock", NOW)

    eventually(lambda: _reminders(database) == (1, 1, 0))


def _let_a_reminder_be_due(database, person_id):
    with database.transaction() as session:
        ticket = Ticket(
            number="IT20261124-0001",
            status=Status.ASSIGNED,
            requester_id=person_id,
            assignee_id=person_id,
            contact_name="王芳",
            contact_department="财务部",
            contact_phone="8899",
            contact_office="三楼财务室",
            symptom="卡纸",
            description="卡纸",
            place="三楼财务室",
            category=Category.PRINTER,
            impact=Impact.PERSON,
            urgency=Urgency.NORMAL,
            priority=Priority.NORMAL,
            opened_at=NOW - timedelta(minutes=5),
            response_due_at=NOW + timedelta(minutes=5),
            resolution_due_at=NOW + timedelta(hours=2),
        )
        session.add(ticket)
        session.flush()
        session.execute(
            insert(Deadline).values(
                ticket_id=ticket.id, kind=DeadlineKind.ANSWER_REMINDER, due_at=NOW
            )
        )


def _reminders(database):
    """Notices, lines of the timeline, and clocks that still run."""
    with database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(Notice)),
            session.scalar(select(func.count()).where(Activity.action == Action.REMIND)),
            session.scalar(select(func.count()).select_from(Deadline)),
        )
