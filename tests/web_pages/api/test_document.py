"""The OpenAPI document is true: what is served is named, what is named is served as it says."""

import json
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.lifecycle import Status
from domain.permissions import Role
from domain.webhooks import CHOICES
from services.webhooks import lines
from services.webhooks.bodies import body_of, message_id
from web.api.installing import make_api
from web.api.shapes import TicketDone, TicketOut
from web.api.told import Told, ToldOfTicket, ToldTicket

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture
def document(app):
    return app.test_client().get("/api/v1/openapi.json").json


def test_every_call_is_documented_and_everything_documented_is_served(document, site):
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in make_api(site).url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    named = {(path, method) for path, item in document["paths"].items() for method in item}

    assert served - {("/api/v1/openapi.json", "get")} == named


def test_every_call_says_who_may_call_and_what_may_go_wrong(document):
    for path, item in document["paths"].items():
        if path == "/api/v1/alerts/{source}":
            continue  # for machines without a token: test_alerts.py
        for method, operation in item.items():
            assert operation["security"] == [{"token": []}], path
            assert operation["summary"], path
            assert {"401", "403", "429", "503"} <= set(operation["responses"])
            if method != "get":
                assert "Idempotency-Key" in [each["name"] for each in operation["parameters"]]


def test_each_reference_leads_somewhere(document):
    schemas = document["components"]["schemas"]

    named = re.findall(r"#/components/schemas/([\w.]+)", str(document))

    assert set(named) <= set(schemas)
    assert named


def test_what_other_systems_are_told_is_documented_and_true(document, database, make_ticket):
    """Each event, and each field of what is sent (C §25)."""
    ticket = make_ticket()
    with database.reading() as session:
        (line, *_) = lines.of_tickets(session, 0, 1, ())

    body = json.loads(body_of(message_id(1, line), line, has_words=True))

    assert document["openapi"].startswith("3.1")
    assert set(document["webhooks"]) == {each.value for each in CHOICES}
    told: Any = Told.model_validate(body).data
    assert told.ticket.number == ticket.number
    assert body["data"]["ticket"].keys() == ToldTicket.model_fields.keys()
    assert body["data"].keys() | {"rating"} == ToldOfTicket.model_fields.keys()


def test_what_a_shape_does_not_name_is_not_sent(make_ticket):
    facts = {**_facts_of(TicketDone), "secret": "x"}

    assert "secret" not in TicketDone.model_validate(facts).model_dump()
    assert {"contact_phone", "reading", "opened_by_inbox_id"}.isdisjoint(TicketOut.model_fields)


def _facts_of(_):
    return {
        "number": "IT20261124-0001",
        "status": "new",
        "response_due_at": None,
        "resolution_due_at": "2026-11-24T02:30:00Z",
    }


def test_random_calls_are_answered_as_the_document_says(app, caller_of, make_person, make_ticket):
    """Each operation, with what fits the document and with what does not."""
    everybody = make_person("全能", *Role)
    ticket = make_ticket(Status.ASSIGNED, requester=everybody)
    token = caller_of(everybody).token
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    headers = {"Authorization": f"Bearer {token}"}

    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        _try(found.ok(), headers, ticket.number)


def _try(operation, headers, number):
    @settings(
        max_examples=3,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @_given(operation)
    def tried(case):
        if "number" in case.path_parameters and number_fits(case.path_parameters["number"]):
            case.path_parameters["number"] = number
        case.call_and_validate(headers=headers, checks=list(CHECKS))

    tried()


def number_fits(number):
    return isinstance(number, str) and re.fullmatch(r"[A-Z]{1,6}\d{8}-\d{4,9}", number)


def _given(operation):
    from hypothesis import given

    return given(case=operation.as_strategy())
