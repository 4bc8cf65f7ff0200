"""A knowledge base on a real database.

li, chen, he    an engineer who writes, a clerk and the head, who review
do              `do(person, writing.create, wording)`: an act in a transaction of its own
published       an article that people read: `published(title="怎么改密码")`
"""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.permissions import Role
from services.knowledge import reviewing, writing
from services.knowledge.files import read_article
from services.knowledge.records import Wording
from settings import ROOT

DEMO = ROOT / "demo" / "articles"


def a_wording(**facts):
    """How to connect a printer, or what is said to be different."""
    return Wording(
        **{
            "title": "怎么连接打印机",
            "answer": "设置里点添加设备，选机身标签上的那台。",
            "body": "1. 按 [[Win]]+[[I]]\n2. 点「添加设备」",
            "asks": ("打印机怎么添加",),
            **facts,
        }
    )


def demo_articles() -> dict[str, Wording]:
    """Those of the demonstration, by the name of their file."""
    return {file.stem: read_article(file).wording for file in _files()}


def _files() -> list[Path]:
    return sorted(DEMO.glob("*.md"))


@pytest.fixture
def li(make_engineer):
    return make_engineer("李工")


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def he(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def do(database, desk_of, now):
    """The act's own answer; `days` later than now."""

    def act(person, deed, *args, days=0, **facts):
        with database.transaction() as session:
            return deed(desk_of(session, person, now + timedelta(days=days)), *args, **facts)

    return act


@pytest.fixture
def published(do, li, chen):
    """Written by the engineer, published by the clerk; answers with its number."""

    def publish(wording=None, *, writer=None, days=0, **facts):
        def all_of_it(desk):
            return writing.create(desk, wording or a_wording(**facts)).number

        number = do(writer or li, all_of_it, days=days)
        do(writer or li, writing.submit, number, days=days)
        do(chen, reviewing.publish, number, days=days)
        return number

    return publish
