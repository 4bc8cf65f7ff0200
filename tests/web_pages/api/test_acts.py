"""Acts by the API: the same services as chat and pages, the same rules, the same refusals."""

import json
from datetime import timedelta

from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.scopes import Scope
from models import Person, Resolution, Ticket
from tests.services.making import all_of, happened, only

RESULT = {
    "cause": "worn_part",
    "action_taken": "换了搓纸轮",
    "minutes": 30,
    "is_on_site": True,
    "parts": ["搓纸轮"],
}


def test_an_engineer_s_program_brings_a_ticket_from_assignment_to_its_end(
    caller_of, make_person, make_engineer, make_ticket, database, clock
):
    wang, zhou = make_person("王芳"), make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou)
    engineer, requester = caller_of(zhou, Scope.TICKETS_WORK), caller_of(wang, Scope.TICKETS_WRITE)
    until = (clock() + timedelta(hours=2)).isoformat()

    for caller, act, body in (
        (engineer, "accept", None),
        (engineer, "arrive", {}),
        (engineer, "progress", {"words": "在拆机"}),
        (engineer, "hold", {"reason": "等配件", "until": until}),
        (engineer, "resume", None),
        (engineer, "resolve", RESULT),
        (requester, "reopen", {"reason": "又卡了"}),
        (engineer, "accept", None),
        (engineer, "resolve", RESULT),
        (requester, "confirm", None),
    ):
        answer = caller.post(f"/tickets/{ticket.number}/{act}", body)
        assert answer.status_code == 200, (act, answer.text)

    assert answer.json["status"] == "closed"
    assert only(database, Ticket).status is Status.CLOSED
    assert [each.parts for each in all_of(database, Resolution)] == [["搓纸轮"], ["搓纸轮"]]


def test_the_desk_assigns_notes_and_gives_back_to_dispatch(
    caller_of, clerk, make_engineer, make_ticket, database
):
    ticket = make_ticket()
    zhou, caller = make_engineer("周工"), caller_of(clerk)
    path = f"/tickets/{ticket.number}"

    noted = caller.post(f"{path}/note", {"words": "先问一下型号"})
    assigned = caller.post(f"{path}/assign", {"engineer_id": zhou.id})

    assert (noted.status_code, assigned.status_code) == (200, 200)
    assert assigned.json["status"] == "assigned"
    assert only(database, Ticket).assignee_id == zhou.id
    assert happened(database, ticket.id) == [Action.OPEN, Action.NOTE, Action.ASSIGN]


def test_an_engineer_who_gives_a_ticket_back_is_told_how_it_stands(
    caller_of, make_engineer, make_ticket
):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)

    answer = caller_of(zhou).post(f"/tickets/{ticket.number}/decline", {"reason": "在外面"})

    assert (answer.status_code, answer.json["status"]) == (200, "new")


def test_what_the_lifecycle_does_not_allow_is_refused_in_words(caller_of, make_person, make_ticket):
    wang = make_person("王芳")
    ticket = make_ticket(requester=wang)

    answer = caller_of(wang).post(f"/tickets/{ticket.number}/confirm")

    assert (answer.status_code, answer.json["code"]) == (409, "action_not_allowed")
    assert answer.json["detail"]


def test_an_act_on_a_version_that_is_gone_is_not_done(
    caller_of, clerk, make_ticket, by, database, clock
):
    ticket = make_ticket(Status.ASSIGNED)
    caller, path = caller_of(clerk), f"/tickets/{ticket.number}"
    seen = caller.get(path).headers["ETag"]
    by(clerk, at=clock() + timedelta(minutes=1)).amend(ticket.id, "换了纸也没用")

    refused = caller.post(f"{path}/cancel", headers={"If-Match": seen})
    done = caller.post(f"{path}/cancel", headers={"If-Match": refused.headers["ETag"]})

    assert (refused.status_code, done.status_code) == (412, 200)
    assert ["换了纸也没用" in each["text"] for each in refused.json["changes"]] == [True]


def test_what_changed_is_not_told_to_a_token_that_may_not_read(
    caller_of, clerk, make_ticket, by, clock
):
    ticket = make_ticket(Status.ASSIGNED)
    seen = caller_of(clerk).get(f"/tickets/{ticket.number}").headers["ETag"]
    by(clerk, at=clock() + timedelta(minutes=1)).amend(ticket.id, "换了纸也没用")

    refused = caller_of(clerk, Scope.TICKETS_WRITE).post(
        f"/tickets/{ticket.number}/cancel", headers={"If-Match": seen}
    )

    assert refused.status_code == 412
    assert refused.json["changes"] == []


def test_somebody_else_s_ticket_is_not_there_to_be_acted_on(caller_of, make_person, make_ticket):
    answer = caller_of(make_person("李娜")).post(f"/tickets/{make_ticket().number}/cancel")

    assert answer.status_code == 404


WRONG: tuple[tuple[str, object, str | None], ...] = (
    ("reopen", {}, "reason"),
    ("reopen", {"reason": "  "}, "reason"),
    ("reopen", {"reason": "x" * 401}, "reason"),
    ("reopen", {"reason": 5}, "reason"),
    ("urge", {"status": "closed"}, "status"),
    ("resolve", {**RESULT, "minutes": "30"}, "minutes"),
    ("resolve", {**RESULT, "cause": "magic"}, "cause"),
    ("resolve", {**RESULT, "is_on_site": 1}, "is_on_site"),
    ("resolve", {**RESULT, "parts": ["x"] * 21}, "parts"),
    ("assign", {"engineer_id": True}, "engineer_id"),
    ("assign", {"engineer_id": 2**31}, "engineer_id"),
    ("hold", {"reason": "等", "until": "2026-11-24T09:00:00+08:00"}, "until"),
    ("hold", {"reason": "等", "until": "2027-11-24T09:00:00+08:00"}, "until"),
    ("hold", {"reason": "等", "until": 1795490000}, "until"),
    ("amend", [], None),
    ("amend", "words", None),
)


def test_a_wrong_field_is_named_and_nothing_is_done(
    caller_of, make_engineer, make_ticket, database
):
    zhou = make_engineer("周工", department="信息中心")
    with database.transaction() as session:
        session.get_one(Person, zhou.id).roles = frozenset({Role.ENGINEER, Role.DESK})
    ticket = make_ticket(Status.IN_PROGRESS, requester=zhou, engineer=zhou)
    caller, before = caller_of(zhou), happened(database, ticket.id)

    for act, body, field in WRONG:
        answer = caller.post(f"/tickets/{ticket.number}/{act}", json.dumps(body))
        assert (answer.status_code, answer.json["field"]) == (422, field), (act, body)

    assert happened(database, ticket.id) == before
