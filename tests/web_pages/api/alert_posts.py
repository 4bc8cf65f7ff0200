"""Sources of alarms, and what they post to a server of the desk.

source_of   `source_of(AlertKind.ZABBIX, is_active=False)`: a source with its secret
post_to     `post_to(app)`: posts to this process, with the credential that the source has
post        to the process of the test
"""

import json

import pytest

from domain.alerts import AlertKind
from domain.permissions import Role
from services.alerts import keys
from tests.services.alert_kit import make_source, settings

ALERTMANAGER = {
    "version": "4",
    "groupKey": '{}:{alertname="DiskFull"}',
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "DiskFull", "instance": "db01:9100", "severity": "critical"},
            "annotations": {"summary": "磁盘 95%"},
            "startsAt": "2026-11-24T02:20:00.123456789Z",
            "endsAt": "0001-01-01T00:00:00Z",
        }
    ],
}


@pytest.fixture
def source_of(database, rules, make_person, clock, site, monkeypatch):
    admin, keeper = make_person("高管", Role.ADMIN), make_person("何维")
    monkeypatch.setattr("tests.services.alert_kit.KEY", site.secret_key)

    def make(kind, **said):
        return make_source(database, rules, admin, settings(keeper, **said), clock(), kind)

    return make


@pytest.fixture
def post_to(clock):
    def post_to(app):
        def post(source, body, *, secret=None, at=None, signature=None, path=None, **headers):
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            secret = source.secret if secret is None else secret
            if source.kind is AlertKind.GENERIC:
                stamp = str(int((at or clock()).timestamp()))
                headers["X-Alert-Timestamp"] = stamp
                headers["X-Alert-Signature"] = signature or keys.signature_of(secret, stamp, data)
            else:
                headers.setdefault("Authorization", f"Bearer {secret}")
            return app.test_client().post(
                path or f"/api/v1/alerts/{source.slug}",
                data=data,
                headers=headers,
                content_type="application/json",
            )

        return post

    return post_to


@pytest.fixture
def post(post_to, app):
    return post_to(app)
