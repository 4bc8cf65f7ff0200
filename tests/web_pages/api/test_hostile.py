"""What programs send by mistake and others on purpose: each is answered, nothing happens (H-46)."""

import gzip
import json

from models import DatabaseUnavailable, Ticket
from tests.services.making import all_of
from web.api.pages import ApiPages
from web.app import make_app

SECRET_HEADERS = ("Access-Control-Allow-Origin", "Set-Cookie", "Server")

BROKEN = {
    "not json": "{",
    "nothing": "",
    "a word": "null",
    "twice the same key": '{"description": "a", "description": "b"}',
    "NaN": '{"description": NaN}',
    "infinity": '{"requester_id": 1e999}',
    "a number of 5,000 digits": '{"requester_id": ' + "9" * 5000 + "}",
    "100,000 brackets": "[" * 30_000 + "]" * 30_000,
    "nine levels": '{"a":' * 9 + "1" + "}" * 9,
    "NUL": '{"description": "a\\u0000b"}',
    "half a character": '{"description": "\\ud800"}',
    "a bell": '{"description": "\\u0007"}',
    "bytes of no text": b'{"description": "\xff\xfe"}',
    "NUL in a key": '{"a\\u0000": 1}',
}


def test_what_is_no_json_of_ours_is_refused_and_opens_nothing(caller_of, make_person, database):
    caller = caller_of(make_person("王芳"))

    answers = {name: caller.post("/tickets", body) for name, body in BROKEN.items()}

    assert {name: each.status_code for name, each in answers.items()} == {
        name: 422 if name == "a word" else 400 for name in BROKEN
    }
    assert {each.content_type for each in answers.values()} == {"application/problem+json"}
    assert all_of(database, Ticket) == []


def test_a_body_is_not_larger_than_64_kib_and_neither_packed_nor_of_another_kind(
    caller_of, make_person, database
):
    caller = caller_of(make_person("王芳"))
    body = json.dumps({"description": "打印机卡纸", "place": "三楼", "category": "printer"})

    large = caller.post("/tickets", json.dumps({"description": "x" * 70_000}))
    packed = caller.post(
        "/tickets", gzip.compress(body.encode()), headers={"Content-Encoding": "gzip"}
    )
    form = caller.post("/tickets", body, content_type="application/x-www-form-urlencoded")
    text = caller.post("/tickets", body, content_type="text/plain")

    statuses = [each.status_code for each in (large, packed, form, text)]
    assert statuses == [413, 415, 415, 415]
    assert all_of(database, Ticket) == []


def test_a_field_that_nobody_knows_is_refused_by_its_name(caller_of, make_person, database):
    body = {
        "description": "打印机卡纸",
        "place": "三楼",
        "category": "printer",
        "status": "closed",
        "channel": "phone",
        "assignee_id": 1,
    }

    answer = caller_of(make_person("王芳")).post("/tickets", body)

    assert answer.status_code == 422
    assert {each["field"] for each in answer.json["errors"]} == {"status", "channel", "assignee_id"}
    assert all_of(database, Ticket) == []


def test_a_question_is_asked_once_and_in_letters(caller_of, clerk):
    caller = caller_of(clerk)

    for query in ("limit=1&limit=2", "cursor=%00", "status=%ff%fe", "q=a%07b", "q=%ED%A0%80"):
        for path in ("/tickets", "/people"):
            answer = caller.get(f"{path}?{query}")
            assert answer.status_code in (400, 422) or query == "q=%ED%A0%80"
            assert answer.status_code < 500


NOT_THERE = (
    "/api",
    "/api/",
    "/api/v1",
    "/api/v2/tickets",
    "/api/v1//tickets",
    "/api/v1/tickets/",
    "/api/v1/tickets/1",
    "/api/v1/tickets/IT20261124-0001%00",
    "/api/v1/tickets/..%2f..%2fme",
    "/api/v1/docs",
    "/api/v1/nothing",
)


def test_what_is_not_there_is_a_problem_in_json(app):
    answers = {path: app.test_client().get(path) for path in NOT_THERE}

    assert {path: each.status_code for path, each in answers.items()} == dict.fromkeys(
        NOT_THERE, 404
    )
    assert {each.content_type for each in answers.values()} == {"application/problem+json"}


def test_a_method_that_a_path_does_not_have_is_told_which_it_has(caller_of, clerk):
    caller = caller_of(clerk)

    for method in ("DELETE", "PUT", "TRACE"):
        answer = caller._call(method, "/tickets")
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    overridden = caller.get("/me", headers={"X-HTTP-Method-Override": "DELETE"})
    assert overridden.status_code == 200


def test_head_is_get_without_a_body_and_options_tell_the_methods(caller_of, clerk, app):
    caller = caller_of(clerk)
    got, headed = caller.get("/me"), caller._call("HEAD", "/me")
    options = app.test_client().options("/api/v1/me")

    assert (headed.status_code, headed.data) == (200, b"")
    assert headed.headers["Content-Length"] == got.headers["Content-Length"]
    assert (options.status_code, options.data) == (200, b"")
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_no_answer_may_be_kept_or_read_by_other_sites(caller_of, clerk, app):
    caller = caller_of(clerk)
    answers = [
        caller.get("/me", headers={"Origin": "http://evil.example.com"}),
        caller.get("/nothing"),
        app.test_client().get("/api/v1/me"),
        app.test_client().get("/api/v1/openapi.json"),
    ]

    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Authorization" in answer.headers["Vary"]
        assert not [name for name in SECRET_HEADERS if name in answer.headers]


def test_who_calls_too_often_is_told_when_to_come_back(site, caller_of, clerk, make_person):
    app = make_app([], ApiPages(site, "3 per hour"))
    busy, calm = caller_of(clerk), caller_of(make_person("王芳"))
    busy.client, calm.client = app.test_client(), app.test_client()

    statuses = [busy.get("/me").status_code for _ in range(4)]
    refused = busy.get("/me")

    assert statuses == [200, 200, 200, 429]
    assert refused.json["code"] == "too_many"
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert calm.get("/me").status_code == 200


def test_guessing_without_a_token_is_counted_by_address(site):
    client = make_app([], ApiPages(site, "2 per hour")).test_client()

    statuses = [
        client.get("/api/v1/me", headers={"Authorization": f"Bearer sd_{n}"}).status_code
        for n in range(3)
    ]

    assert statuses == [401, 401, 429]


def test_a_database_that_is_away_is_said_so_and_the_call_can_be_made_again(
    caller_of, clerk, site, monkeypatch
):
    caller = caller_of(clerk)

    def away(*_, **__):
        raise DatabaseUnavailable("OperationalError")

    with monkeypatch.context() as patch:
        patch.setattr(site.database, "reading", away)
        answer = caller.get("/tickets")

    assert (answer.status_code, answer.json["code"]) == (503, "away")
    assert answer.headers["Retry-After"]
    assert caller.get("/tickets").status_code == 200


def test_a_fault_of_ours_shows_nothing_of_itself(caller_of, clerk, monkeypatch):
    def fails(*_):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("web.api.standing.overview_out", fails)

    answer = caller_of(clerk).get("/overview")

    assert (answer.status_code, answer.json["code"]) == (500, "broken")
    assert "secret" not in answer.text


def test_the_pages_stay_beside_it(app):
    client = app.test_client()

    assert client.get("/apis").status_code == 404
    assert client.get("/apis").content_type.startswith("text/plain")
    assert client.get("/console/").status_code in (302, 303)
