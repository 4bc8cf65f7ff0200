"""The checks themselves: a sound database passes, and each thing that was bent is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from domain.delivery import Channel
from domain.lifecycle import Status
from models import (
    Activity,
    Attachment,
    AttachmentState,
    Conversation,
    Database,
    Deadline,
    Delivery,
    Engineer,
    Holder,
    InboxMessage,
    Notice,
    NoticeState,
    Outcome,
    Person,
    Rating,
    Ticket,
)
from tests.faults.invariants import Message, broken
from tests.faults.people import EVERYBODY, LIN, WU, ZHAO
from tests.faults.racing import Track

NOW = datetime(2026, 11, 24, 2, 40, tzinfo=UTC)


@pytest.fixture
def track(sqlite_databases):
    with sqlite_databases.migrated() as url:
        database = Database(url)
        made = Track(database)
        made.just_reassigned(1)
        _deliver(made)
        yield made
        database.dispose()


def _deliver(track):
    """Every notice sent and accepted, in its order."""
    with track.database.transaction() as session:
        for notice in session.scalars(select(Notice).order_by(Notice.id)):
            notice.state, notice.settled_at = NoticeState.DELIVERED, NOW
            session.add(_try(notice.id))


def _try(notice_id, outcome=Outcome.ACCEPTED):
    return Delivery(
        notice_id=notice_id, channel=Channel.CUSTOM, outcome=outcome, started_at=NOW, ended_at=NOW
    )


@pytest.fixture
def known(track, tmp_path):
    """As the harness would know it; the platform saw each notice once."""
    with track.database.reading() as session:
        told = session.execute(
            select(Person.openid, Notice.id).join(Person, Person.id == Notice.recipient_id)
        ).all()
    messages = tuple(Message(openid, f"notice {notice_id}") for openid, notice_id in told)
    marks = {each.openid: each.marks for each in EVERYBODY}
    return replace(track.known(), told=messages, marks=marks, spool=tmp_path, media=tmp_path)


def test_what_is_sound_passes(track, known):
    assert broken(track.database, known) == []


def _row(model):
    """The first row's key."""
    (key,) = model.__table__.primary_key
    return select(func.min(key)).scalar_subquery()


def _one(model, **values):
    (key,) = model.__table__.primary_key
    return update(model).where(key == _row(model)).values(**values)


BENT = {
    "I1 inbox": [delete(InboxMessage).where(InboxMessage.id == 1)],
    "I2 effects": [_one(Ticket, opened_by_inbox_id=None)],
    "I3 fold": [_one(Ticket, status=Status.CANCELLED)],
    "I5 clocks": [
        insert(Deadline).values(ticket_id=2, kind="hold_ends", due_at=NOW + timedelta(hours=1))
    ],
    "I5 promises": [delete(Deadline).where(Deadline.kind == "target_due")],
    "I4 loads": [_one(Engineer, workload=Engineer.workload + 1)],
    "I6 fates": [_one(Notice, state=NoticeState.CLAIMED, claim="x" * 32)],
    "I6 order": [
        update(Delivery).values(
            notice_id=select(func.max(Delivery.notice_id)).scalar_subquery()
            - Delivery.notice_id
            + 1
        )
    ],
    "I7 talks": [_one(Conversation, name="report_incident", step="a step of old")],
    "I8 ratings": [
        insert(Rating).values(
            ticket_id=1, cycle=1, requester_id=1, speed=5, attitude=5, result=5, rated_at=NOW
        )
    ],
    "I11 media": [
        insert(Attachment).values(
            person_id=1,
            kind="image",
            media_id="M",
            state=AttachmentState.SAVED,
            file="ab" * 32 + ".jpg",
            size=1,
            created_at=NOW,
        )
    ],
}


@pytest.mark.parametrize("rule", BENT)
def test_what_was_bent_in_the_database_is_found(track, known, rule):
    with track.database.transaction() as session:
        for statement in BENT[rule]:
            session.execute(statement, execution_options={"synchronize_session": False})

    assert rule in {found.partition(":")[0] for found in broken(track.database, known)}


@pytest.mark.parametrize(
    ("rule", "bent"),
    [
        ("I1 inbox", lambda known: replace(known, sent=frozenset())),
        ("I1 inbox", lambda known: replace(known, answered={*known.answered, ("o", "m:1")})),
        ("I2 effects", lambda known: replace(known, reports=known.reports + 1)),
        ("I6 seen", lambda known: replace(known, told=(*known.told, known.told[0]))),
        ("I6 seen", lambda known: replace(known, told=known.told[1:])),
        (
            "I14 private",
            lambda known: replace(known, replies=(Message(ZHAO.openid, f"找{LIN.name}"),)),
        ),
        (
            "I14 private",
            lambda known: replace(known, replies=(Message(LIN.openid, f"电话 {ZHAO.phone}"),)),
        ),
    ],
)
def test_what_the_platform_knows_better_is_found(track, known, rule, bent):
    assert rule in {found.partition(":")[0] for found in broken(track.database, bent(known))}


def test_what_brings_two_together_lets_them_read_of_each_other(track, known):
    replies = (Message(LIN.openid, f"{WU.name}来处理"), Message(WU.openid, LIN.phone))

    assert broken(track.database, replace(known, replies=replies)) == []


def test_a_second_delivery_is_found_unless_it_was_counted(track, known):
    with track.database.transaction() as session:
        session.add(_try(1, Outcome.UNCLEAR))
    assert broken(track.database, replace(known, told=(*known.told, known.told[0]))) == []

    with track.database.transaction() as session:
        session.add(_try(1))

    assert any(found.startswith("I6 fates") for found in broken(track.database, known))


def test_what_waits_on_the_disk_is_found(track, known):
    (known.spool / "1").mkdir()
    (known.spool / "1" / "inbound.jsonl").write_text("x")

    assert any(found.startswith("I1 spool") for found in broken(track.database, known))


def test_a_talk_that_is_held_says_since_when(track, known):
    with track.database.transaction() as session:
        session.execute(_one(Conversation, holder=Holder.CLERK))

    assert any(found.startswith("I7 talks") for found in broken(track.database, known))


def test_a_step_that_the_lifecycle_does_not_know_is_found(track, known):
    with track.database.transaction() as session:
        last = select(func.max(Activity.id)).scalar_subquery()
        session.execute(update(Activity).where(Activity.id == last).values(action="rate"))

    assert any("impossible" in found for found in broken(track.database, known))
