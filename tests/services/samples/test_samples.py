"""Samples are loaded to try the desk out, and removed again wholly (peers §C25)."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotPermitted
from models import (
    Activity,
    Article,
    AuditEntry,
    Base,
    Deadline,
    Device,
    Engineer,
    Notice,
    Person,
    RosterPattern,
    SampleKind,
    SampleMark,
    SavedView,
    Ticket,
)
from services import desk_acts, merging, people_changes, saved_views, working
from services.desk import Desk
from services.knowledge import writing
from services.samples import loading, planning, removing
from services.samples.contents import read_contents
from services.speakers import speaker_of
from settings import ROOT
from tests.services.making import RESULT, a_report, all_of, everything, only

CONTENTS = read_contents(ROOT / "demo")


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def as_(database, rules, now):
    """One act of somebody in a transaction of its own: `as_(admin, removing.remove)`."""

    def as_(actor, act, *args):
        with database.transaction() as session:
            return act(Desk(session, now, rules, actor), *args)

    return as_


@pytest.fixture
def loaded(as_, admin):
    return as_(admin, loading.load, CONTENTS)


def sample(database, name):
    with database.reading() as session:
        return speaker_of(session.scalars(select(Person).where(Person.name.startswith(name))).one())


def test_they_are_there_at_once_and_nobody_real_is_told_or_rung(
    database, loaded, admin, make_person, as_
):
    assert loaded == {
        SampleKind.PERSON: 5,
        SampleKind.DEVICE: 3,
        SampleKind.ARTICLE: 6,
        SampleKind.SHIFT: 1,
        SampleKind.TICKET: 5,
    }
    assert all_of(database, Notice) == [] and all_of(database, Deadline) == []
    states = {each.status for each in all_of(database, Ticket)}
    assert states == {
        Status.NEW,
        Status.ASSIGNED,
        Status.IN_PROGRESS,
        Status.RESOLVED,
        Status.CLOSED,
    }
    assert [each.action for each in all_of(database, AuditEntry)] == ["samples.load"]
    assert as_(admin, loading.load, CONTENTS) == {}


def test_a_number_that_is_somebody_elses_stops_the_loading_before_it_begins(
    database, as_, admin, make_person
):
    make_person("林青", staff_number="SL-1002")

    with pytest.raises(loading.SamplesTaken):
        as_(admin, loading.load, CONTENTS)

    assert all_of(database, SampleMark) == []


@pytest.mark.parametrize("role", [Role.DESK, Role.HEAD, Role.ENGINEER])
def test_only_an_admin_loads_and_removes_them_y1(as_, make_person, role):
    somebody = make_person("林青", role)

    for act in (lambda desk: loading.load(desk, CONTENTS), removing.remove, planning.plan):
        with pytest.raises(NotPermitted):
            as_(somebody, act)


def test_dispatch_gives_no_sample_a_real_ticket_by_itself_f8(database, loaded, by, make_person):
    ticket = by(make_person()).report(a_report()).ticket

    assert ticket.assignee is None
    assert only(database, Ticket, id=ticket.id).status is Status.NEW


def test_loaded_and_removed_the_desk_is_as_it_was_but_for_the_record(
    database, as_, admin, make_person
):
    make_person("王芳")
    but = ("audit_entries", "ticket_counts")
    before = everything(database, but=but)

    as_(admin, loading.load, CONTENTS)
    as_(admin, removing.remove)

    assert everything(database, but=but) == before
    actions = [each.action for each in all_of(database, AuditEntry)]
    assert actions == ["samples.load", "samples.remove"]


def test_real_work_with_samples_stays_and_points_to_none_of_them(
    database, loaded, as_, by, admin, make_person, make_engineer
):
    wang, clerk = make_person("王芳"), make_person("陈台", Role.DESK)
    zhou = sample(database, "周工")
    open_one, done, swallowed = (
        by(wang).report(a_report(symptom=words, device_code="SL-PR-0301")).ticket
        for words in ("卡纸", "缺墨", "投影")
    )
    for each in (open_one, done):
        as_(clerk, desk_acts.assign_to, each.id, zhou.id, "试用")
        as_(zhou, working.accept, each.id)
    as_(zhou, working.resolve, done.id, RESULT)
    theirs = only(database, Ticket, symptom="电脑开机蓝屏")
    as_(clerk, merging.merge, swallowed.id, theirs.number)
    real = make_engineer("林工", skills=["printer", "computer"])
    as_(clerk, desk_acts.assign_to, theirs.id, real.id, "试用")
    ids = {each.id for each in all_of(database, Person) if "示例" in (each.name or "")}

    plan = as_(admin, planning.plan)
    removed = as_(admin, removing.remove)

    assert set(plan.freed) == {open_one.number, done.number, swallowed.number}
    assert theirs.number in plan.touched
    assert removed.freed == 2
    kept = {each.id: each for each in all_of(database, Ticket)}
    assert set(kept) == {open_one.id, done.id, swallowed.id}
    assert kept[open_one.id].assignee_id == real.id == kept[swallowed.id].assignee_id
    assert kept[done.id].status is Status.RESOLVED and kept[done.id].assignee_id is None
    assert (
        kept[open_one.id].device == "惠普 M404 打印机（示例）" and not kept[open_one.id].device_id
    )
    assert only(database, Engineer, person_id=real.id).open_tickets == 2
    assert points_nowhere(database) == []
    assert not ids & {each.id for each in all_of(database, Person)}
    assert mentioned(database, ids) == []
    assert all_of(database, SampleMark) == []

    before = everything(database)
    assert as_(admin, removing.remove).plan.is_empty
    assert everything(database) == before


def test_what_names_them_without_a_key_names_them_no_more(
    database, loaded, as_, admin, make_person
):
    """A number that is free again may be somebody else's: lists, nights, patterns, the record."""
    clerk = make_person("陈台", Role.DESK)
    zhou = sample(database, "周工")
    asked = {"engineer": [str(zhou.id), "77"], "q": ["卡纸"]}
    as_(clerk, partial(saved_views.save, is_shared=False, name="周工的", query=asked))
    as_(admin, people_changes.new_code, zhou.id)
    with database.transaction() as session:
        pattern = {"days": [1], "people": [zhou.id, clerk.id], "since": date(2026, 11, 23)}
        session.add(RosterPattern(name="轮班", step=1, is_active=True, **pattern))

    as_(admin, removing.remove)

    assert only(database, SavedView).query == {"engineer": ["77"], "q": ["卡纸"]}
    assert only(database, RosterPattern).people == [clerk.id]
    named = [each.subject for each in all_of(database, AuditEntry, action="person.code")]
    assert named == ["sample:周工（示例）"]


def points_nowhere(database):
    """Foreign keys whose row is not there, whatever the database itself would have let by."""
    found = []
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                for key in column.foreign_keys:
                    there = select(key.column)
                    wrong = select(column).where(column.is_not(None), column.not_in(there))
                    found += [(str(column), each) for each in session.scalars(wrong)]
    return found


def mentioned(database, ids):
    """Lines of real tickets whose facts name a sample by number."""
    keys = ("engineer_id", "from_engineer_id", "supporter_id", "to")
    return [
        line.id
        for line in all_of(database, Activity)
        if any((line.detail or {}).get(key) in ids for key in keys)
    ]


def test_what_somebody_made_their_own_stays(database, loaded, as_, admin, make_engineer):
    writer = make_engineer("林工")
    with database.transaction() as session:
        device = session.scalars(select(Device).where(Device.code == "SL-PC-0305")).one()
        device.name = "人事部 3 号机"
        article = session.scalars(select(Article).order_by(Article.id)).first()
        number = article.number
        zhou = session.scalars(select(Person).where(Person.name.startswith("周工"))).one()
        zhou.openid = "oJoinedByASamplesCode"
    as_(writer, writing.revise, number)

    plan = as_(admin, planning.plan)
    as_(admin, removing.remove)

    assert set(plan.kept) >= {"人事部 3 号机", "周工（示例）"}
    assert [each.code for each in all_of(database, Device)] == ["SL-PC-0305"]
    assert [each.number for each in all_of(database, Article)] == [number]
    assert [each.name for each in all_of(database, Person) if "示例" in (each.name or "")] == [
        "周工（示例）"
    ]
    assert points_nowhere(database) == []
