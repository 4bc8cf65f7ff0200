"""The API beside the pages, and whoever calls it.

app         pages and API as one application
caller_of   `caller_of(clerk, Scope.TICKETS_READ)`: a program with a token of this person
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.permissions import Role
from domain.scopes import Scope
from domain.speaker import Speaker
from services import api_tokens
from tests.web_pages.conftest import *  # noqa: F403
from web.api.pages import ApiPages
from web.app import make_app
from web.installing import Pages
from web.site import Site, keep

_keys = count(1)


@dataclass
class Caller:
    """A program that calls with one token."""

    client: FlaskClient
    token: str
    token_id: int

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._write("POST", path, body, **options)

    def patch(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self._write("PATCH", path, body, **options)

    def _write(
        self, method: str, path: str, body: Any, *, key: str | None = "", **options: Any
    ) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if key is not None:
            headers["Idempotency-Key"] = key or f"key-number-{next(_keys)}"
        if body is not None:
            options["data"] = body if isinstance(body, str | bytes) else json.dumps(body)
            options.setdefault("content_type", "application/json")
        return self._call(method, path, headers=headers, **options)

    def _call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)


_built: list[tuple[Flask, dict[str, Any]]] = []


@pytest.fixture(name="app")
def pages_and_api(site: Site) -> Flask:
    """One application for all tests of a process, each with a desk of its own behind it."""
    if not _built:
        api = ApiPages(site)
        made = (make_app([], Pages(site), api), api.app.made())
        _built.extend((each, {**each.extensions}) for each in made)
    for each, as_made in _built:
        each.extensions = {**as_made}
        keep(each.extensions, site)
        for limiter in as_made.get("limiter", ()):
            limiter.reset()  # tokens have the same ids in each database
    return _built[0][0]


@pytest.fixture
def caller_of(app: Flask, database, clock) -> Callable[..., Caller]:
    def caller(person: Speaker, *scopes: Scope) -> Caller:
        with database.transaction() as session:
            token, secret = api_tokens.issue(
                session,
                name="测试",
                person_id=person.id,
                scopes=scopes or tuple(Scope),
                created_by_id=person.id,
                expires_at=None,
                now=clock(),
            )
            return Caller(app.test_client(), secret, token.id)

    return caller


@pytest.fixture
def clerk(make_person) -> Speaker:
    return make_person("陈台", Role.DESK)
