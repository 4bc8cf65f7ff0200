"""What an admin does to people: checked, recorded, and never the last admin (Y1)."""

import pytest

from domain.category import Category
from domain.lifecycle import Status
from domain.office import ChangedMeanwhile, HasWork, LastAdmin, NumberTaken, OwnAdmin
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import AuditEntry, BindCode, Credential, Engineer, Person, WebSession
from services import audit, credentials, people_changes, people_listing, web_sessions
from services.people_listing import Wanted
from services.web_sessions import Via
from tests.services.making import all_of, at_once, only

STAFF = frozenset({Role.REQUESTER})
NEW = {
    "name": "赵雪",
    "staff_number": "10086",
    "department": "信息中心",
    "office": None,
    "phone": "13800002222",
    "extension": None,
    "team_id": None,
    "roles": STAFF,
}


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def act(database, desk_of):
    """One act of an admin in a transaction of its own."""

    def act(actor, do, *args):
        with database.transaction() as session:
            return do(desk_of(session, actor), *args)

    return act


@pytest.fixture
def change(act):
    """Previewed and confirmed, as the pages do it."""

    def change(actor, person_id, **wanted):
        seen = act(actor, people_changes.plan, person_id, wanted).seen
        act(actor, people_changes.change, person_id, wanted, seen)

    return change


@pytest.fixture
def found(database, desk_of, admin):
    def found(words="", **wanted):
        with database.reading() as session:
            page = people_listing.page(desk_of(session, admin), Wanted(words, **wanted))
            return [row.name for row in page.rows]

    return found


def test_a_new_engineer_is_dispatched_to_and_found_by_whatever_people_know(
    act, admin, found, database
):
    roles = STAFF | {Role.ENGINEER}
    facts = {**NEW, "roles": roles, "skills": {Category.PRINTER}, "areas": ["A座"], "level": 2}
    person_id = act(admin, people_changes.add, facts)

    card = only(database, Engineer)
    assert (card.person_id, card.level, card.areas) == (person_id, 2, ["A座"])
    for words in ("赵", "zx", "1008", "2222", "信息", "雪 信息"):
        assert found(words) == ["赵雪"], words
    assert found("100%") == []
    assert found("", role=Role.ENGINEER) == ["赵雪"]


def test_a_change_is_recorded_with_what_was_and_what_is(change, act, admin, database):
    person_id = act(admin, people_changes.add, NEW)

    change(admin, person_id, phone="13811112222", roles=STAFF | {Role.ENGINEER}, level=3)

    with database.reading() as session:
        newest = audit.history(session, f"person:{person_id}")[0]
    kept = {each.name: (each.before, each.after) for each in newest.changes}
    assert kept["phone"] == ("138****2222", "138****2222")
    assert kept["roles"] == (["requester"], ["engineer", "requester"])
    assert kept["level"] == (None, 3)
    assert newest.actor == "何敏"


def test_what_somebody_else_changed_meanwhile_is_not_written_over(change, act, admin):
    person_id = act(admin, people_changes.add, NEW)
    seen = act(admin, people_changes.plan, person_id, {"office": "A座101"}).seen
    change(admin, person_id, department="财务部")

    with pytest.raises(ChangedMeanwhile):
        act(admin, people_changes.change, person_id, {"office": "A座101"}, seen)


def test_nobody_takes_the_role_of_admin_from_themselves(change, make_person, admin):
    make_person("副手", Role.ADMIN)

    with pytest.raises(OwnAdmin):
        change(admin, admin.id, roles=STAFF)


def test_the_last_admin_stays_whoever_asks(change, act, admin, make_person, database):
    other = make_person("副手", Role.ADMIN)
    change(admin, other.id, roles=STAFF)

    with pytest.raises(LastAdmin):
        act(other, people_changes.leave, admin.id)
    assert Role.ADMIN in only(database, Person, id=admin.id).roles


def test_of_two_admins_who_dismiss_each_other_at_once_one_stays(act, admin, make_person, database):
    other = make_person("副手", Role.ADMIN)

    at_once(
        lambda: act(admin, people_changes.leave, other.id),
        lambda: act(other, people_changes.leave, admin.id),
    )

    left = [each for each in all_of(database, Person) if Role.ADMIN in each.roles]
    assert len(left) == 1


def test_a_staff_number_is_one_persons(act, admin, make_person, change):
    act(admin, people_changes.add, NEW)
    wang = make_person("王芳")

    with pytest.raises(NumberTaken):
        change(admin, wang.id, staff_number="10086")
    with pytest.raises(NumberTaken):
        act(admin, people_changes.add, {**NEW, "name": "别人"})


def test_who_has_work_in_hand_neither_leaves_nor_stops_being_an_engineer(
    act, admin, change, make_engineer, make_ticket
):
    zhou = make_engineer(skills=["printer"])
    ticket = make_ticket(Status.IN_PROGRESS, engineer=zhou)

    with pytest.raises(HasWork) as refused:
        act(admin, people_changes.leave, zhou.id)
    assert refused.value.facts == {"count": 1, "numbers": ticket.number}
    with pytest.raises(HasWork):
        change(admin, zhou.id, roles=STAFF)


def test_whoever_leaves_is_out_everywhere(act, admin, make_engineer, database, found, now):
    zhou = make_engineer(skills=["printer"])
    with database.transaction() as session:
        web_sessions.start_at_desk(session, zhou.id, Via.PASSWORD, now)
        credentials.set_password(session, zhou.id, "a hash", now)
    act(admin, people_changes.new_code, zhou.id)

    act(admin, people_changes.leave, zhou.id)

    gone = only(database, Person, id=zhou.id)
    assert (gone.is_active, gone.roles) == (False, STAFF)
    for model in (Engineer, WebSession, Credential, BindCode):
        assert all_of(database, model) == [], model
    assert found("周") == [] and found("周", has_left=True) == ["周工"]


def test_whoever_comes_back_begins_as_a_requester(act, admin, make_engineer, database):
    zhou = make_engineer()
    act(admin, people_changes.leave, zhou.id)

    act(admin, people_changes.come_back, zhou.id)

    back = only(database, Person, id=zhou.id)
    assert (back.is_active, back.roles) == (True, STAFF)


def test_a_code_is_for_who_is_here(act, admin, make_person):
    wang = make_person()
    act(admin, people_changes.leave, wang.id)

    with pytest.raises(NotFound):
        act(admin, people_changes.new_code, wang.id)


def test_no_secret_stands_in_the_record(act, admin, make_person, database):
    wang = make_person()

    code = act(admin, people_changes.new_code, wang.id)
    act(admin, people_changes.set_provisional, wang.id, "a hash")

    told = repr([(each.before, each.after, each.subject) for each in all_of(database, AuditEntry)])
    assert code not in told and "a hash" not in told


def test_nobody_else_changes_people(act, make_person):
    head, wang = make_person("刘洋", Role.HEAD, Role.DESK, Role.ENGINEER), make_person()

    for do, *more in (
        (people_changes.plan, wang.id, {}),
        (people_changes.add, NEW),
        (people_changes.leave, wang.id),
        (people_changes.come_back, wang.id),
        (people_changes.new_code, wang.id),
        (people_changes.sign_out, wang.id),
    ):
        with pytest.raises(NotPermitted):
            act(head, do, *more)
