"""A token does what its scopes and its person's roles permit, as long as it lives (Y1, H-51)."""

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotFound
from domain.scopes import Scope, scopes_for
from models import ApiToken, Person
from services import api_tokens
from tests.services.making import everything, only
from web.api.installing import make_api

EVERY_ROLE = tuple(Role)


@pytest.fixture
def calls(app, site):
    """Every call that there is, and the permission it asks for."""
    api = make_api(site)
    return [
        (sorted((rule.methods or set()) & {"GET", "POST", "PATCH"})[0], rule.rule, view.needs)
        for rule in api.url_map.iter_rules()
        if hasattr(view := api.view_functions[rule.endpoint], "needs")
    ]


def call(caller, method, rule, number):
    path = rule.removeprefix("/api/v1").replace("<ticket:number>", number).replace("<code>", "PC-1")
    if method == "GET":
        return caller.get(path)
    return caller._write(method, path, None)


def test_each_scope_refuses_what_it_does_not_hold_and_changes_nothing(
    calls, caller_of, make_person, make_ticket, database
):
    person = make_person("全能", *EVERY_ROLE)
    ticket = make_ticket(Status.ASSIGNED, requester=person)
    callers = {scope: caller_of(person, scope) for scope in Scope}
    before = everything(database, but=["api_tokens.last_used_at"])

    for scope, caller in callers.items():
        for method, rule, needed in calls:
            if needed is None or scope in scopes_for(needed):
                continue
            answer = call(caller, method, rule, ticket.number)
            assert (answer.status_code, answer.json["code"]) == (403, "scope_missing"), rule
            assert any(word.value in answer.json["detail"] for word in scopes_for(needed))

    assert everything(database, but=["api_tokens.last_used_at"]) == before


def test_each_scope_opens_what_it_holds(calls, caller_of, make_person, make_ticket):
    person = make_person("全能", *EVERY_ROLE)
    ticket = make_ticket(Status.ASSIGNED, requester=person)

    for scope in Scope:
        caller = caller_of(person, scope)
        answers = [
            call(caller, method, rule, ticket.number)
            for method, rule, needed in calls
            if needed is not None and scope in scopes_for(needed)
        ]
        # Not everything can be done now with this ticket, but nothing fails for want of a scope.
        assert "scope_missing" not in [(each.json or {}).get("code") for each in answers]
        assert 401 not in [each.status_code for each in answers]


def test_every_scope_of_a_requester_gives_no_more_than_a_requester_has(
    calls, caller_of, make_person, make_ticket
):
    caller = caller_of(make_person("王芳"))

    refused = {
        rule for method, rule, _ in calls if call(caller, method, rule, "X1").status_code == 403
    }

    assert {"/api/v1/people", "/api/v1/devices", "/api/v1/overview"} <= refused


def test_every_call_names_the_permission_that_it_asks_for(site):
    api = make_api(site)

    undeclared = [
        rule.rule
        for rule in api.url_map.iter_rules()
        if not hasattr(api.view_functions[rule.endpoint], "needs")
    ]

    # A source of alarms proves itself by its own secret, and may do nothing else (H-53).
    assert sorted(undeclared) == ["/api/v1/alerts/<source>", "/api/v1/openapi.json"]


def test_who_has_no_token_is_told_how_to_bring_one(app, make_ticket):
    client, number = app.test_client(), make_ticket().number

    for path in ("/api/v1/me", f"/api/v1/tickets/{number}", "/api/v1/tickets/IT20200101-0001"):
        answer = client.get(path)
        assert (answer.status_code, answer.json["code"]) == (401, "token_missing")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_is_good_until_it_is_over_revoked_or_its_person_has_left(
    caller_of, clerk, database, clock
):
    caller = caller_of(clerk, Scope.TICKETS_READ)
    assert caller.get("/me").json["scopes"] == ["tickets:read"]

    with database.transaction() as session:
        session.get_one(Person, clerk.id).is_active = False
    assert caller.get("/me").status_code == 401
    with database.transaction() as session:
        session.get_one(Person, clerk.id).is_active = True
    assert caller.get("/me").status_code == 200

    clock.passes(days=366)
    assert caller.get("/me").json["code"] == "token_refused"
    clock.passes(days=-366)
    with database.transaction() as session:
        api_tokens.revoke(session, caller.token_id, clock())
    assert caller.get("/me").status_code == 401


def test_a_role_that_was_lost_is_lost_with_the_next_call(caller_of, clerk, database, make_ticket):
    caller, ticket = caller_of(clerk), make_ticket()
    assert caller.get(f"/tickets/{ticket.number}").status_code == 200

    with database.transaction() as session:
        session.get_one(Person, clerk.id).roles = frozenset({Role.REQUESTER})

    assert caller.get(f"/tickets/{ticket.number}").status_code == 404


def test_when_a_token_was_last_used_is_noted_once_a_minute(caller_of, clerk, database, clock):
    caller, began = caller_of(clerk), clock()
    caller.get("/me")
    clock.passes(seconds=59)
    caller.get("/me")
    assert only(database, ApiToken).last_used_at == began

    clock.passes(seconds=1)
    caller.get("/me")
    assert only(database, ApiToken).last_used_at == clock()


FOREIGN = (
    "Basic d2FuZzp3YW5n",
    "Bearer",
    "Bearer ",
    "Bearer sd_x",
    "Bearer ü",
    "Bearer " + "s" * 300,
)


def test_what_is_no_token_of_ours_opens_nothing(app):
    for sent in FOREIGN:
        answer = app.test_client().get("/api/v1/me", headers={"Authorization": sent})
        assert (answer.status_code, answer.json["code"]) == (401, "token_refused")


def test_a_token_in_the_address_opens_nothing(app, caller_of, clerk):
    token = caller_of(clerk).token

    for name in ("token", "access_token", "api_key"):
        assert app.test_client().get(f"/api/v1/me?{name}={token}").status_code == 401


def test_no_log_line_has_a_token_or_words_in_it(caller_of, make_person, caplog):
    caplog.set_level("DEBUG")
    caller = caller_of(make_person("王芳"))

    caller.post("/tickets", {"description": "打印机卡纸了", "place": "三楼", "category": "printer"})
    caller.get("/tickets?requester=lost")

    assert caller.token not in caplog.text
    assert "卡纸" not in caplog.text


def test_a_person_who_left_gets_no_token(database, make_person, clock):
    wang = make_person("王芳")
    with database.transaction() as session:
        session.get_one(Person, wang.id).is_active = False

    with pytest.raises(NotFound), database.transaction() as session:
        api_tokens.issue(
            session,
            name="x",
            person_id=wang.id,
            scopes=[Scope.TICKETS_READ],
            created_by_id=wang.id,
            expires_at=None,
            now=clock(),
        )
