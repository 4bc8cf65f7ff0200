"""/healthz and /readyz: what whoever watches the service is told (Y3, S-037, R-085)."""

import pytest
from flask import Blueprint

import counts
from web.app import make_app
from web.health import Readiness, blueprint


@pytest.fixture
def missing():
    """What the only check answers."""
    return {"why": None, "asked": 0}


@pytest.fixture
def client(missing):
    def database() -> str | None:
        missing["asked"] += 1
        return missing["why"]

    return make_app([blueprint(Readiness({"database": database}))]).test_client()


def test_live_says_only_that_and_asks_nothing(client, missing):
    assert client.get("/healthz").text == "live\n"
    assert missing["asked"] == 0


def test_ready_when_nothing_is_missing(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_not_ready_says_why_to_this_machine(client, missing):
    missing["why"] = "OperationalError"

    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "database: OperationalError\n")


def test_s037_not_ready_tells_strangers_one_word(client, missing):
    missing["why"] = "OperationalError"

    answer = client.get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.9"})

    assert (answer.status_code, answer.text) == (503, "not ready\n")


def test_r085_many_questions_are_one_check(client, missing):
    for _ in range(5):
        client.get("/readyz")

    assert missing["asked"] == 1


def test_s113_counts_are_for_this_machine_only(client):
    counts.CALLBACKS.labels("answered").inc()
    assert "itdesk_callbacks" in client.get("/metrics").text
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_base=stranger).status_code == 404


def test_s115_there_is_no_debugger_and_no_traceback():
    routes = Blueprint("broken", __name__)

    @routes.get("/broken")
    def broken() -> str:
        raise RuntimeError("words of a person")

    client = make_app([routes]).test_client()

    assert client.get("/console").status_code == 404
    assert client.get("/?__debugger__=yes&cmd=resource&f=debugger.js").status_code == 404
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "words of a person" not in answer.text and "Traceback" not in answer.text
