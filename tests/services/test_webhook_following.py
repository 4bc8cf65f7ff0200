"""What happened becomes deliveries: all of it, once, for whoever asked for it (C §25)."""

import json
from datetime import timedelta

from domain.category import Category
from domain.lifecycle import Action, Status
from domain.permissions import Role
from models import Activity, Person, Ticket, WebhookMark
from services.views import Scores
from services.webhooks import following
from services.webhooks.following import SETTLED_AFTER
from tests.services.complaint_kit import cast_of, decided
from tests.services.making import all_of, only
from tests.services.webhook_kit import *  # noqa: F403
from tests.services.webhook_kit import data_of

LATER = timedelta(hours=1)


def test_a_ticket_is_told_from_its_opening_to_its_rating_in_order(
    add, follow, logged, make_ticket, make_person, by
):
    hook, wang = add(), make_person("王芳")
    ticket = make_ticket(Status.CLOSED, requester=wang)
    by(wang).rate(ticket.id, Scores(5, 4, 5, "谢谢周工"))

    follow()

    rows = logged(hook)
    assert [row.event.value for row in rows] == [
        "ticket.opened",
        "ticket.dispatched",
        "ticket.accepted",
        "ticket.resolved",
        "ticket.closed",
        "rating.given",
    ]
    assert {row.subject for row in rows} == {ticket.number}
    rating = {"cycle": 1, "speed": 5, "attitude": 4, "result": 5}
    assert data_of(rows[-1])["rating"] == rating
    assert [data_of(row)["status_after"] for row in rows[:3]] == ["new", "assigned", "in_progress"]


def test_only_ids_numbers_states_and_times_leave_the_desk(add, follow, logged, make_ticket):
    hook = add()
    make_ticket(Status.ASSIGNED)

    follow()

    told = "".join(row.body for row in logged(hook))
    for private in ("王芳", "周工", "财务", "13800001234", "oDeskTester", "卡纸", "惠普"):
        assert private not in told


def test_words_are_sent_where_the_admin_wants_them_without_phone_numbers(
    add, follow, logged, make_ticket
):
    hook = add(has_words=True)
    make_ticket(description="三楼惠普卡纸，打 13911112222 找我")

    follow()

    told = data_of(logged(hook)[0])["ticket"]
    assert told["symptom"] == "惠普打印机一直卡纸" and told["place"] == "三楼财务室"
    assert "三楼惠普卡纸" in told["description"] and "13911112222" not in told["description"]
    assert told["requester"].keys() == {"id"}


def test_of_a_complaint_its_number_and_state_are_told_and_nothing_else_p8(
    database, desk_of, add, follow, logged, make_person, make_engineer
):
    hook = add(has_words=True)
    number = decided(database, desk_of, cast_of(make_person, make_engineer)).number

    follow()

    opened, ruled = logged(hook)
    assert (opened.event.value, ruled.event.value) == ("complaint.opened", "complaint.decided")
    assert data_of(opened) == {"complaint": {"number": number, "status": "submitted"}}
    assert data_of(ruled) == {"complaint": {"number": number, "status": "decided"}}


def test_of_a_complaint_about_an_admin_nothing_is_told_p8(
    database, desk_of, add, follow, logged, make_person, make_engineer
):
    """The log of what was sent is read by admins."""
    hook, cast = add(), cast_of(make_person, make_engineer)
    with database.transaction() as session:
        person = session.get_one(Person, cast.engineer.id)
        person.roles = frozenset({*person.roles, Role.ADMIN})

    decided(database, desk_of, cast)
    follow()

    assert logged(hook) == []


def test_a_filter_by_event_category_and_place_leaves_the_rest_out(add, follow, logged, make_ticket):
    printers = add(events=["ticket.opened"], categories=["printer"])
    in_b = add(events=["ticket.opened"], places=["B座", "门卫"])
    closings = add(events=["ticket.closed"])
    make_ticket(place="A座305")
    make_ticket(place="B座 2 楼", category=Category.NETWORK)

    follow()

    assert len(logged(printers)) == 1 and len(logged(in_b)) == 1
    assert data_of(logged(in_b)[0])["ticket"]["category"] == "network"
    assert logged(closings) == []


def test_what_happened_before_it_was_added_is_not_told(add, follow, logged, make_ticket, now):
    make_ticket()
    first = add(at=now + LATER)
    second_of_two = add(at=now + 2 * LATER)
    make_ticket(at=now + LATER + timedelta(minutes=1))

    follow()

    assert len(logged(first)) == 1 and logged(second_of_two) == []


def test_a_follower_that_dies_and_others_that_begin_anew_find_each_line_once(
    add, follow, follower, logged, make_ticket
):
    """At-least-once towards the receiver, and one id for each happening."""
    hook = add()
    make_ticket(Status.ASSIGNED)

    made = [follow(), follow()]
    follower.begin_anew()
    made.append(follow())

    ids = [row.message_id for row in logged(hook)]
    assert made[0] == 2 and made[1] == 0 and len(ids) == len(set(ids)) == 2


def test_a_line_that_is_committed_late_is_found_all_the_same(
    database, add, follow, logged, make_ticket, now
):
    """On PostgreSQL a lower id may appear after a higher one (services/webhooks/following.py)."""
    hook = add(events=["ticket.opened", "ticket.urged", "ticket.escalated"])
    ticket = make_ticket()
    last = all_of(database, Activity)[-1].id
    _line(database, ticket.id, last + 5, now)
    follow(seconds=1.0)
    _line(database, ticket.id, last + 2, now)

    follow(seconds=30.0)
    follow(seconds=2.0 + SETTLED_AFTER)

    assert [row.event.value for row in logged(hook)] == [
        "ticket.opened",
        "ticket.escalated",
        "ticket.escalated",
    ]
    assert only(database, WebhookMark, name="tickets").line_id == last + 5


def _line(database, ticket_id, line_id, now):
    with database.transaction() as session:
        status = session.get_one(Ticket, ticket_id).status
        session.add(
            Activity(
                id=line_id,
                ticket_id=ticket_id,
                action=Action.ESCALATE,
                status_before=status,
                status_after=status,
                actor_id=None,
                happened_at=now,
            )
        )


def test_the_mark_moves_so_that_a_restart_looks_at_little(database, add, follow, make_ticket):
    add()
    make_ticket()

    follow(seconds=1.0)
    before = only(database, WebhookMark, name="tickets").line_id
    follow(seconds=1.0 + SETTLED_AFTER)

    newest = all_of(database, Activity)[-1].id
    assert before < newest == only(database, WebhookMark, name="tickets").line_id


def test_a_long_stop_is_caught_up_in_windows(add, follow, logged, make_ticket, monkeypatch):
    monkeypatch.setattr(following, "_WINDOW", 2)
    hook = add(events=["ticket.opened"])
    for _ in range(3):
        make_ticket(Status.ASSIGNED)

    assert follow() == 3 and follow() == 0
    assert len(logged(hook)) == 3


def test_without_a_webhook_nothing_is_written_or_looked_at(database, make_ticket, now):
    make_ticket()

    done = following.step(database, {}, now, 0.0)

    assert done.is_caught_up and done.places == {}
    assert all_of(database, WebhookMark) == []


def test_an_event_says_of_a_ticket_what_the_api_says_of_it(add, follow, logged, make_ticket):
    """By the same names: a receiver that knows one knows the other (docs/api.md)."""
    from web.api.shapes import TicketOut

    hook = add(has_words=True)
    make_ticket(Status.ASSIGNED)

    follow()

    row = logged(hook)[1]
    whole = json.loads(row.body)
    assert whole.keys() == {"version", "id", "type", "timestamp", "data"}
    assert whole["id"] == row.message_id and whole["timestamp"].endswith("Z")
    told = whole["data"]["ticket"]
    assert told.keys() <= TicketOut.model_fields.keys()
    assert TicketOut.model_fields.keys() - told.keys() == {"contact_name", "contact_department"}
