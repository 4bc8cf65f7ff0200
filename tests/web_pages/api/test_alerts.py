"""Monitoring reports alarms: each kind as it writes them, whoever is somebody else is refused."""

import base64
import gzip
import json
import time

import pytest

from domain.alerts import AlertKind
from models import Alert, AlertDelivery, Notice, Ticket
from services.alerts import keys
from tests.services.alert_kit import minutes
from tests.services.making import all_of
from tests.web_pages.api.alert_posts import *  # noqa: F403
from tests.web_pages.api.alert_posts import ALERTMANAGER
from web.api import alerts

ZABBIX = {
    "event_id": "4711",
    "trigger_id": "13926",
    "status": "PROBLEM",
    "host": "core-sw-1",
    "name": "Interface Gi0/1 is down",
    "severity": "High",
    "message": "端口断开\u0007",
}
PLAIN = {"name": "备份失败", "severity": "warning", "labels": {"job": "nas"}}
HOSTILE = {
    "not json": b"{",
    "nothing": b"",
    "a word": b"null",
    "a list": b"[]",
    "twice the same key": b'{"name": "a", "name": "b"}',
    "NaN": b'{"name": NaN}',
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5000 + b"}",
    "brackets": b"[" * 500_000,
    "nine levels": b'{"a":' * 9 + b"1" + b"}" * 9,
    "bytes of no text": b'{"name": "\xff\xfe"}',
    "no alarms": b'{"alerts": []}',
    "alarms that are none": b'{"alerts": [1]}',
    "labels that are none": b'{"name": "a", "labels": "x"}',
    "a status that nobody knows": b'{"name": "a", "status": "maybe"}',
    "too many alarms": json.dumps({"alerts": [PLAIN] * 201}).encode(),
    "a name that is no text": b'{"name": {"a": 1}}',
}


@pytest.mark.parametrize(
    ("kind", "body", "name", "severity"),
    [
        (AlertKind.ALERTMANAGER, ALERTMANAGER, "DiskFull", "critical"),
        (AlertKind.ZABBIX, ZABBIX, "Interface Gi0/1 is down", "critical"),
        (AlertKind.GENERIC, PLAIN, "备份失败", "warning"),
    ],
)
def test_each_kind_of_source_opens_a_ticket(database, source_of, post, kind, body, name, severity):
    answer = post(source_of(kind), body)

    (alert,) = all_of(database, Alert)
    assert (answer.status_code, answer.json["became"]) == (200, {"opened": 1})
    assert (alert.name, alert.severity.value) == (name, severity)
    assert len(all_of(database, Ticket)) == 1
    assert all_of(database, AlertDelivery)[0].status == 200


def test_who_is_not_the_source_is_refused_and_nothing_is_kept(
    database, source_of, post, clock, app
):
    """S-106, H-53: without, with a wrong, with another source's credential."""
    plain, other = source_of(AlertKind.GENERIC), source_of(AlertKind.GENERIC)
    bearer, shut = source_of(AlertKind.ALERTMANAGER), source_of(AlertKind.ZABBIX, is_active=False)
    elsewhere = source_of(AlertKind.ALERTMANAGER, addresses=("10.1.0.0/16",))
    now = clock()

    answers = {
        "no header": app.test_client().post(f"/api/v1/alerts/{plain.slug}", json=PLAIN),
        "wrong": post(plain, PLAIN, secret="sa_wrong"),
        "another's": post(plain, PLAIN, secret=other.secret),
        "too old": post(plain, PLAIN, at=now - minutes(5.1)),
        "too new": post(plain, PLAIN, at=now + minutes(5.1)),
        "signed something else": post(
            plain, PLAIN, signature=keys.signature_of(plain.secret, "1", b"{}")
        ),
        "letters": post(plain, PLAIN, signature="sha256=\xff"),
        "bearer for who signs": app.test_client().post(
            f"/api/v1/alerts/{plain.slug}",
            json=PLAIN,
            headers={"Authorization": f"Bearer {plain.secret}"},
        ),
        "another's bearer": post(bearer, ALERTMANAGER, secret=plain.secret),
        "empty bearer": post(bearer, ALERTMANAGER, secret=""),
        "shut": post(shut, ZABBIX),
        "from elsewhere": post(elsewhere, ALERTMANAGER),
        "nobody": post(bearer, ALERTMANAGER, path="/api/v1/alerts/nobody"),
    }

    assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(answers, 401)
    assert {each.json["code"] for each in answers.values()} == {"source_unknown"}
    assert all_of(database, AlertDelivery) == all_of(database, Alert) == []


def test_basic_over_tls_and_a_signature_within_five_minutes_are_taken(source_of, post, clock):
    bearer, plain = source_of(AlertKind.ALERTMANAGER), source_of(AlertKind.GENERIC)
    pair = base64.b64encode(f"alertmanager:{bearer.secret}".encode()).decode()

    basic = post(bearer, ALERTMANAGER, Authorization=f"Basic {pair}")
    late = post(plain, PLAIN, at=clock() - minutes(4.9))

    assert (basic.status_code, late.status_code) == (200, 200)


def test_hostile_json_is_answered_never_with_a_fault(database, source_of, post):
    """H-55: whoever has the secret may send anything; it opens nothing, and the admin sees it."""
    source = source_of(AlertKind.GENERIC)

    answers = {name: post(source, body) for name, body in HOSTILE.items()}

    assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(HOSTILE, 422)
    assert all_of(database, Ticket) == []
    assert {each.status for each in all_of(database, AlertDelivery)} == {422}
    assert answers["a status that nobody knows"].json["field"] == "status"


def test_alarms_that_are_large_are_cut_and_no_alarm_is_lost(database, source_of, post):
    """H-54: 65 labels, long ones, markup, control characters."""
    labels = {f"l{number:02}": "x" * 5000 for number in range(70)}
    body = {
        **PLAIN,
        "name": "<img src=x>@all\u0000\u202e",
        "summary": "长" * 3000,
        "labels": labels,
    }

    answer = post(source_of(AlertKind.GENERIC), body)

    (alert,) = all_of(database, Alert)
    assert answer.status_code == 200
    assert (len(alert.labels), max(map(len, alert.labels.values()))) == (64, 256)
    assert (alert.name, len(alert.summary)) == ("<img src=x>@all", 500)


def test_a_body_is_at_most_one_mebibyte_and_not_packed(database, source_of, post):
    """S-112: at the limit, above it, and packed."""
    source = source_of(AlertKind.GENERIC)
    room = alerts.BODY_LIMIT - len(json.dumps({**PLAIN, "pad": ""}).encode())

    fits = post(source, {**PLAIN, "pad": "x" * room})
    above = post(source, {**PLAIN, "pad": "x" * (room + 1)})
    packed = post(source, gzip.compress(b"{}"), **{"Content-Encoding": "gzip"})

    assert [each.status_code for each in (fits, above, packed)] == [200, 413, 415]
    assert above.json["code"] == "alert_too_large"
    assert len(all_of(database, AlertDelivery)) == 1


def test_the_same_delivery_again_is_answered_the_same(database, source_of, post):
    """S-105: one that was captured and sent again; an event that Zabbix sends again."""
    plain, zabbix = source_of(AlertKind.GENERIC), source_of(AlertKind.ZABBIX)

    first, second = post(plain, PLAIN), post(plain, PLAIN)
    events = [post(zabbix, ZABBIX) for _ in range(2)]
    named = [post(plain, {**PLAIN, "summary": str(n)}, **{"Idempotency-Key": "k1"}) for n in (1, 2)]

    assert first.json == second.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert events[1].headers["Idempotency-Replayed"] == "true"
    assert named[1].headers["Idempotency-Replayed"] == "true"
    assert [each.times for each in all_of(database, AlertDelivery)] == [2, 2, 2]
    assert len(all_of(database, Ticket)) == 2


def test_alertmanager_that_repeats_itself_is_counted(database, source_of, post):
    source = source_of(AlertKind.ALERTMANAGER)

    became = [post(source, ALERTMANAGER).json["became"] for _ in range(3)]

    assert became == [{"opened": 1}, {"repeated": 1}, {"repeated": 1}]
    assert all_of(database, Alert)[0].count == 3


def test_fifty_posts_of_one_alarm_cost_little_and_tell_nobody_twice(
    database, source_of, post, make_engineer
):
    """R-080 in process: one ticket, one assignment, no further notice within five minutes."""
    make_engineer(skills=["server"])
    source = source_of(AlertKind.ALERTMANAGER)
    began = time.process_time()

    statuses = {post(source, ALERTMANAGER).status_code for _ in range(50)}

    assert statuses == {200}
    assert len(all_of(database, Ticket)) == 1
    assert [each.text_key for each in all_of(database, Notice)] == ["notice.assigned"]
    assert time.process_time() - began < 25  # half a second each would be a fault


def test_the_document_says_how_sources_prove_who_they_are(app):
    document = app.test_client().get("/api/v1/openapi.json").json
    operation = document["paths"]["/api/v1/alerts/{source}"]["post"]

    assert operation["security"] == [{"source": []}]
    assert {"401", "413", "415", "422", "429", "503"} <= set(operation["responses"])
    assert "X-Alert-Signature" in [each["name"] for each in operation["parameters"]]
