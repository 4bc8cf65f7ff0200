"""The record of changes: what differs is kept, numbers are masked, pages end where they should."""

from datetime import timedelta

import pytest

from domain.permissions import Role
from models import AuditEntry
from services import audit
from services.audit import Change, Wanted
from tests.services.making import all_of, only


@pytest.fixture
def write(database, now, make_person):
    admin = make_person("何敏", Role.ADMIN)

    def write(subject="person:1", before=None, after=None, at=now, **facts):
        with database.transaction() as session:
            session.info[audit.ADDRESS] = "10.0.0.7"
            audit.record(
                session,
                **{"actor_id": admin.id, "action": "person.change", **facts},
                subject=subject,
                before=before,
                after=after,
                now=at,
            )
        return admin

    return write


def test_only_what_differs_is_kept_with_the_address_it_came_from(write, database):
    write(before={"name": "王芳", "level": 1}, after={"name": "王芳", "level": 2})

    entry = only(database, AuditEntry)
    assert (entry.before, entry.after, entry.address) == ({"level": 1}, {"level": 2}, "10.0.0.7")


def test_a_change_that_changes_nothing_leaves_no_entry(write, database):
    write(before={"name": "王芳"}, after={"name": "王芳"})

    assert all_of(database, AuditEntry) == []


def test_a_phone_number_is_never_kept_whole(write, database):
    write(before={"phone": "13800001234"}, after={"phone": "13800009999"})

    entry = only(database, AuditEntry)
    assert (entry.before, entry.after) == ({"phone": "138****1234"}, {"phone": "138****9999"})


def test_roles_are_kept_as_words_in_order(write, database):
    write(after={"roles": frozenset({Role.HEAD, Role.DESK})})

    assert only(database, AuditEntry).after == {"roles": ["desk", "head"]}


def test_the_history_of_one_thing_is_the_newest_first_with_who_did_it(write, database, now):
    write(after={"name": "王"}, action="person.add")
    write(before={"name": "王"}, after={"name": "王芳"}, at=now + timedelta(minutes=1))
    write("person:12", after={"name": "别人"})

    with database.reading() as session:
        found = audit.history(session, "person:1")

    assert [(each.actor, each.changes) for each in found] == [
        ("何敏", (Change("name", "王", "王芳"),)),
        ("何敏", (Change("name", None, "王"),)),
    ]


def test_entries_are_found_by_who_what_and_when(write, database, now):
    admin = write("person:1", after={})
    write("setting:service.opens", after={}, at=now + timedelta(days=1))
    write("text:greet.hello", after={}, actor_id=None, at=now + timedelta(days=2))

    def found(**wanted):
        with database.reading() as session:
            return [each.subject for each in audit.page(session, Wanted(**wanted)).entries]

    assert found(kind="setting") == ["setting:service.opens"]
    assert found(actor_id=admin.id) == ["setting:service.opens", "person:1"]
    assert found(since=now + timedelta(days=2)) == ["text:greet.hello"]
    assert found(until=now + timedelta(hours=1)) == ["person:1"]


def test_pages_follow_each_other_without_gap_or_double(write, database, monkeypatch):
    monkeypatch.setattr(audit, "MOST_SHOWN", 2)
    for number in range(5):
        write(f"team:{number}", after={})

    seen, below = [], None
    with database.reading() as session:
        while True:
            page = audit.page(session, Wanted(below=below))
            seen += [each.subject for each in page.entries]
            below = page.below
            if below is None:
                break

    assert seen == ["team:4", "team:3", "team:2", "team:1", "team:0"]
