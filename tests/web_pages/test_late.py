"""The edge answers at once; the pages are made once, by whoever comes first (T10)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Blueprint, Flask
from werkzeug.test import Client

from web.late import EdgeFirst, Later


def an_app(says: str, path: str) -> Flask:
    app = Flask(says)
    routes = Blueprint(says, __name__)
    routes.add_url_rule(path, "said", lambda: says)
    app.register_blueprint(routes)
    return app


@pytest.fixture
def made():
    """How often the pages were made."""
    return []


@pytest.fixture
def pages(made):
    def make() -> Flask:
        made.append(1)
        return an_app("pages", "/console")

    return Later(make)


def test_what_is_said_in_wechat_waits_for_no_page(pages, made):
    client = Client(EdgeFirst(an_app("edge", "/wechat"), pages))

    assert client.get("/wechat").text == "edge"
    assert not made


def test_a_page_that_is_opened_first_makes_them_all(pages, made):
    client = Client(EdgeFirst(an_app("edge", "/wechat"), pages))

    assert client.get("/console").text == "pages"
    assert client.get("/nothing").status_code == 404
    assert pages.made() is pages.made()
    assert len(made) == 1


def test_eight_who_come_at_once_wait_for_the_same_pages(pages, made):
    ready = Barrier(8)

    def come(_: int) -> Flask:
        ready.wait()
        return pages.made()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(come, range(8)))

    assert len({id(each) for each in found}) == len(made) == 1
