"""Bulletins from draft to their end: who may write, who sees them when, who has read them (K3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import AuditEntry, BulletinReading
from services import bulletin_writing, bulletins
from services.bulletin_writing import EndsTooEarly, Wording
from services.bulletins import Phase

MAIL = Wording(
    "周六 20:00–22:00 邮箱升级停用", "邮箱系统升级。\n这段时间收发不了邮件。\n\n急事请打 8800。"
)


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def at(database, desk_of, now):
    """`at(person, minutes)`: runs an act of theirs so much later, in its own transaction."""

    def act(person, do, minutes=0):
        with database.transaction() as session:
            return do(desk_of(session, person, now + timedelta(minutes=minutes)))

    return act


@pytest.fixture
def out(at, chen):
    """A bulletin that is out."""

    def publish(wording=MAIL, by=None, minutes=0):
        def do(desk):
            drafted = bulletin_writing.draft(desk, wording)
            return bulletin_writing.publish(desk, drafted.id)

        return at(by or chen, do, minutes)

    return publish


def test_a_draft_is_seen_by_nobody_but_the_desk(at, chen, make_person):
    wang = make_person()

    drafted = at(chen, lambda desk: bulletin_writing.draft(desk, MAIL))

    assert drafted.phase is Phase.DRAFT
    assert at(wang, bulletins.published).bulletins == ()
    with pytest.raises(NotFound):
        at(wang, lambda desk: bulletins.read(desk, drafted.id))
    assert at(chen, bulletin_writing.written).bulletins[0].title == MAIL.title


def test_one_that_is_published_is_read_by_everybody_paragraph_by_paragraph(at, out, make_person):
    wang, bulletin = make_person(), out()

    seen = at(wang, lambda desk: bulletins.read(desk, bulletin.id))

    assert (seen.phase, seen.author) == (Phase.CURRENT, "陈静")
    assert seen.paragraphs == ("邮箱系统升级。\n这段时间收发不了邮件。", "急事请打 8800。")


def test_one_for_later_is_out_at_its_time_and_not_before(at, chen, make_person, now):
    wang = make_person()
    drafted = at(chen, lambda desk: bulletin_writing.draft(desk, MAIL))
    in_an_hour = now + timedelta(hours=1)

    told = at(chen, lambda desk: bulletin_writing.publish(desk, drafted.id, in_an_hour))

    assert told.phase is Phase.SCHEDULED
    assert at(wang, bulletins.published, 59).bulletins == ()
    assert [each.id for each in at(wang, bulletins.published, 60).bulletins] == [drafted.id]


def test_what_was_published_by_hand_earlier_stays_as_it_went_out(at, chen, out):
    bulletin = out()

    again = at(chen, lambda desk: bulletin_writing.publish(desk, bulletin.id), 30)

    assert again.published_at == bulletin.published_at


def test_one_that_is_over_waits_to_be_read_no_more_but_can_be(at, out, make_person, now, database):
    wang = make_person()
    bulletin = out(Wording("停电", "一小时", True, now + timedelta(hours=1)))

    assert [each.id for each in at(wang, bulletins.unread, 59)] == [bulletin.id]
    assert at(wang, bulletins.unread, 60) == ()
    assert at(wang, bulletins.published, 61).bulletins[0].phase is Phase.PAST
    with database.reading() as session:
        over = now + timedelta(hours=1)
        assert bulletins.urgent(session, wang.id, over) is None
        urgent = bulletins.urgent(session, wang.id, now)
        assert urgent is not None and urgent.id == bulletin.id


def test_who_opened_it_has_read_it_once_and_from_the_first_time(
    at, out, make_person, database, now, chen
):
    wang, bulletin = make_person(), out()

    for minutes in (5, 9):
        with database.transaction() as session:
            at_time = now + timedelta(minutes=minutes)
            bulletins.note_reading(session, bulletin.id, wang.id, at_time)

    with database.reading() as session:
        (row,) = session.scalars(select(BulletinReading))
        assert row.read_at == now + timedelta(minutes=5)
        assert bulletins.count_unread(session, wang.id, now) == 0
        assert bulletins.count_unread(session, chen.id, now) == 1
    (reading,) = at(chen, lambda desk: bulletin_writing.readings(desk, bulletin.id))
    assert (reading.name, reading.department) == ("王芳", "财务部")
    assert at(chen, lambda desk: bulletin_writing.one(desk, bulletin.id)).readers == 1
    assert at(wang, bulletins.unread, 10) == ()


def test_one_that_was_withdrawn_is_a_draft_and_its_readers_stay_known(
    at, out, make_person, chen, database, now
):
    wang, bulletin = make_person(), out()
    with database.transaction() as session:
        bulletins.note_reading(session, bulletin.id, wang.id, now)

    told = at(chen, lambda desk: bulletin_writing.withdraw(desk, bulletin.id), 5)

    assert (told.phase, told.readers) == (Phase.DRAFT, 1)
    with pytest.raises(NotFound):
        at(wang, lambda desk: bulletins.read(desk, bulletin.id))


def test_other_words_are_read_at_once_and_the_former_ones_are_kept(
    at, out, make_person, chen, database
):
    wang, bulletin = make_person(), out()

    changed = Wording(MAIL.title, "改到周日。")
    at(chen, lambda desk: bulletin_writing.change(desk, bulletin.id, changed), 5)

    assert at(wang, lambda desk: bulletins.read(desk, bulletin.id)).body == "改到周日。"
    with database.reading() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [each.action for each in entries] == [
        "bulletin.draft",
        "bulletin.publish",
        "bulletin.change",
    ]
    assert entries[-1].before == {"body": MAIL.body}
    assert entries[-1].after == {"body": "改到周日。"}
    assert {each.actor_id for each in entries} == {chen.id}


def test_a_change_that_changes_nothing_leaves_no_record(at, out, chen, database):
    bulletin = out()

    at(chen, lambda desk: bulletin_writing.change(desk, bulletin.id, MAIL), 5)

    with database.reading() as session:
        assert len(list(session.scalars(select(AuditEntry)))) == 2


def test_what_would_be_over_before_it_is_out_is_refused(at, chen, out, now):
    ends = Wording("停电", "一小时", False, now + timedelta(minutes=30))
    drafted = at(chen, lambda desk: bulletin_writing.draft(desk, ends))

    with pytest.raises(EndsTooEarly):
        at(chen, lambda desk: bulletin_writing.publish(desk, drafted.id), 30)
    bulletin = out()
    past = Wording("停电", "一小时", False, now)
    with pytest.raises(EndsTooEarly):
        at(chen, lambda desk: bulletin_writing.change(desk, bulletin.id, past))


@pytest.mark.parametrize("roles", [(), (Role.ENGINEER,), (Role.VENDOR,)])
def test_who_only_reads_writes_nothing_and_learns_no_readers(at, out, make_person, roles):
    person, bulletin = make_person("周工", *roles), out()

    for act in (
        bulletin_writing.written,
        lambda desk: bulletin_writing.draft(desk, MAIL),
        lambda desk: bulletin_writing.one(desk, bulletin.id),
        lambda desk: bulletin_writing.readings(desk, bulletin.id),
        lambda desk: bulletin_writing.change(desk, bulletin.id, MAIL),
        lambda desk: bulletin_writing.publish(desk, bulletin.id),
        lambda desk: bulletin_writing.withdraw(desk, bulletin.id),
    ):
        with pytest.raises(NotPermitted):
            at(person, act)


@pytest.mark.parametrize("role", [Role.DESK, Role.HEAD, Role.ADMIN])
def test_desk_head_and_admin_publish(out, make_person, role):
    assert out(by=make_person("何总", role)).phase is Phase.CURRENT


def test_lists_go_on_where_they_left_off(at, out, chen, make_person, monkeypatch):
    monkeypatch.setattr(bulletins, "LISTED", 2)
    wang = make_person()
    made = [out(Wording(f"第 {n} 条", "…"), minutes=n // 2).id for n in range(5)]

    seen, before = [], None
    for _ in range(3):
        part = at(wang, lambda desk, before=before: bulletins.published(desk, before), 60)
        seen += [each.id for each in part.bulletins]
        before = part.older

    assert seen == made[::-1]
    assert before is None
    first = at(chen, bulletin_writing.written)
    second = at(chen, lambda desk: bulletin_writing.written(desk, first.older))
    assert [each.id for each in (*first.bulletins, *second.bulletins)] == made[:0:-1]
