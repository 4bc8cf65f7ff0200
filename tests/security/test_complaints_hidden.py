"""Whom a complaint concerns finds nothing of it, wherever they look (P8, reliability.md §4)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from domain.commands import Command, tap
from domain.heard import Heard, Medium
from domain.lifecycle import Status
from domain.permissions import Role
from domain.scopes import Scope
from handlers import router
from models import AppraisalFact, Attachment, Database, InboxMessage, Notice
from services import api_tokens, board, console_talk, overview, talk_page, undelivered
from services.conversations import Standing
from services.desk import Desk
from services.media_links import MediaLinks, Variant
from tests.security.twin_desks import (
    CHARGE,
    SAID,
    Maker,
    People,
    Twins,
    copy_of,
    paths,
    seen,
    site_of,
)
from tests.web_pages.conftest import *  # noqa: F403
from web.api.installing import make_api

PAGES = frozenset({"console", "portal", "h5", "account"})
ASKED = (
    "q",
    "words",
    "text",
    "number",
    "person",
    "ticket",
)  # what pages that look something up take
OWN_FACT = ("appraisal", "notices")
"""Where somebody reads what an upheld complaint counts for them, and that they were told of it."""


@pytest.fixture
def people(make_person, make_engineer) -> People:
    return People(
        make_person("王芳"),
        make_engineer("周工", skills=["printer"]),
        make_person("小刘", Role.DESK, phone="13800003331"),
        make_person("李主任", Role.HEAD, phone="13800003332"),
        make_person("小陈", Role.DESK, phone="13800003333"),
        make_person("陈主任", Role.HEAD, phone="13800003334"),
    )


@pytest.fixture
def maker(database, desk_of, people, make_ticket) -> Maker:
    ticket = make_ticket(Status.CLOSED, requester=people.requester, engineer=people.engineer)
    make_ticket(Status.IN_PROGRESS, requester=people.requester, engineer=people.engineer)
    made = Maker(database, desk_of, people, ticket.id, ticket.number)
    made.chatted("open", "你好，请找服务台", "好的")
    with database.transaction() as session:
        console_talk.take(desk_of(session, people.clerk), people.requester.id)
    return made


@pytest.fixture
def twins(app, site, maker, people, database, clock) -> Iterator[Twins]:
    tokens = maker.tokens()
    with database.transaction() as session:
        for each in people.concerned:
            _, tokens[each.id, "api"] = api_tokens.issue(
                session,
                name="程序",
                person_id=each.id,
                scopes=tuple(Scope),
                created_by_id=each.id,
                expires_at=None,
                now=clock(),
            )
    without = Database(copy_of(database.url, "without"))
    complaint = maker.complains()
    sites = {"with": site, "without": site_of(site, without)}
    ids = (complaint.id, people.requester.id, people.engineer.id, people.clerk.id)
    yield Twins(app, sites, people, maker.number, complaint.number, tokens, ids)
    without.dispose()


def differing(twins: Twins, person, asked) -> list[str]:
    """The addresses that answer otherwise on the desk with the complaint."""
    answers = ((path, twins.both(person, path)) for path in asked)
    return [path for path, (here, there) in answers if here != there]


def test_there_is_something_to_hide(twins, desk_of, database):
    """Else the tests below prove nothing: who sees to it does see it, and notices failed."""
    people = twins.people
    path = f"/console/complaints/{twins.number}"

    assert SAID[0].encode() in twins.client("with", people.verifier).get(path).data
    with database.reading() as session:
        assert len(undelivered.of_complaint(desk_of(session, people.verifier), 1)) >= 3
        assert session.scalar(select(Attachment.complaint_id)) == 1
        assert session.scalars(select(AppraisalFact)).one().person_id == people.engineer.id


@pytest.mark.parametrize("who", ["engineer", "clerk", "head"])
def test_every_page_is_the_same_to_whom_it_concerns(twins, who):
    person = getattr(twins.people, who)
    found = differing(twins, person, paths(twins, PAGES))
    if who != "engineer":
        assert found == []
    assert [path for path in found if not any(word in path for word in OWN_FACT)] == []
    for path in found:
        told = twins.client("with", person).get(path).get_data(as_text=True)
        assert not any(word in told for word in (*SAID, twins.number) if word != CHARGE)


@pytest.mark.parametrize("who", ["engineer", "clerk", "head"])
def test_whatever_is_looked_for_is_not_found(twins, who):
    """By its words, its number and its end, who complained, and the photo's place in the store."""
    person = getattr(twins.people, who)
    wanted = [*SAID, twins.number, twins.number[-4:], "王芳", "投诉"]
    places = [path for path in paths(twins, PAGES) if path.count("/") <= 3]
    asked = [
        f"{path}?" + "&".join(f"{name}={words}" for name in ASKED)
        for path in places
        if "search" in path or "complaints" in path or path in ("/console/", "/console/tickets")
        for words in wanted
    ]

    assert len(asked) > len(wanted)
    assert differing(twins, person, asked) == []


@pytest.mark.parametrize("who", ["engineer", "clerk", "head"])
def test_the_api_answers_the_same(twins, who):
    person = getattr(twins.people, who)
    bearer = {"Authorization": f"Bearer {twins.tokens[person.id, 'api']}"}
    here, there = (make_api(twins.sites[name]) for name in ("with", "without"))
    asked = dict.fromkeys(
        _filled(rule.rule, value)
        for rule in here.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        for value in (twins.ticket, twins.number, "1", "?q=" + twins.number)
    )

    def answers(api, path):
        return seen(api.test_client().get(path, headers=bearer))

    assert len(asked) > 15
    assert [path for path in asked if answers(here, path) != answers(there, path)] == []


def _filled(rule: str, value: str) -> str:
    parts = (value if part.startswith("<") else part for part in rule.split("/"))
    return "/".join(parts)


@pytest.mark.parametrize("who", ["engineer", "clerk", "head"])
def test_its_photo_is_not_there(twins, who, site, clock):
    """Though it was sent while the complainant talked with this very clerk (W1)."""
    person = getattr(twins.people, who)
    links = MediaLinks(site.secret_key)
    for area in ("h5", "console", "portal"):
        token = links.token(1, person.id, Variant.FULL, clock())
        here, there = twins.both(person, f"/{area}/media/{token}")
        assert here == there
        assert here[0] == 404


def test_nobody_whom_it_concerns_was_told_of_it(twins, database):
    """Neither of the complaint nor of what did not get through; the engineer reads their fact."""
    with database.reading() as session:
        rows = session.execute(select(Notice.recipient_id, Notice.text_key, Notice.say)).all()
    ours = {each.id for each in twins.people.concerned}
    told = [row for row in rows if row.recipient_id in ours]
    of_it = [row.text_key for row in told if not row.text_key.startswith(("notice.", "desk_told"))]

    assert of_it == ["appraisal_told.counted"]
    assert not any(twins.number in str(row.say) or SAID[0] in str(row.say) for row in told)
    assert "notice.undelivered" not in [row.text_key for row in told]
    assert "notice.undelivered" in [row.text_key for row in rows]


def test_no_figure_of_the_desk_counts_it(twins, desk_of, site):
    """Undelivered ones, the wall, today's overview, a shift's legacy."""
    figures = []
    for name in ("with", "without"):
        with twins.sites[name].database.reading() as session:
            desk = desk_of(session, twins.people.clerk)
            figures.append(
                (
                    undelivered.count(session, desk.now),
                    undelivered.listed(session, desk.now),
                    board.board(desk),
                    overview.overview(desk),
                    desk.draft_hand_over(),
                )
            )

    assert figures[0] == figures[1]


def test_who_sees_to_it_reads_in_the_talk_that_there_is_one(twins, desk_of, database):
    """A line without words or number; whom it concerns has the talk as if it had not been said."""

    def said(person):
        with database.reading() as session:
            page = talk_page.page(desk_of(session, person), twins.people.requester.id)
        return [each.say.key for each in page.spoken if each.say] + [
            each.words for each in page.spoken if each.words
        ]

    assert "talk.of_complaint" in said(twins.people.verifier)
    assert "talk.of_complaint" not in said(twins.people.clerk)
    assert not any(word in line for line in said(twins.people.verifier) for word in SAID)


def test_its_words_make_no_ticket_of_the_talk(twins, desk_of, database):
    with database.reading() as session:
        hidden = session.scalars(select(InboxMessage).where(InboxMessage.is_confidential)).all()
        words = talk_page.matter(
            desk_of(session, twins.people.clerk), twins.people.requester.id, 1000
        )

    assert hidden
    assert SAID[0] not in words


@pytest.mark.parametrize("who", ["engineer", "clerk", "head"])
def test_every_act_on_it_is_as_on_one_that_does_not_exist(twins, who, monkeypatch):
    """H-20: forms sent for its number, by whom it concerns."""
    monkeypatch.setitem(twins.app.config, "WTF_CSRF_METHODS", set())
    person = getattr(twins.people, who)
    rules = [
        each
        for each in twins.app.url_map.iter_rules()
        if "complaint" in each.rule and "POST" in (each.methods or ()) and "<" in each.rule
    ]
    form = {"request_key": "0" * 32, "words": "看看", "verdict": "upheld", "measures": "无"}

    assert rules
    for rule in rules:
        path = _filled(rule.rule, twins.number)
        answer = twins.client("with", person).post(path, data=form)
        assert answer.status_code >= 400, path
        assert (
            answer.status_code == twins.client("without", person).post(path, data=form).status_code
        )


# --- in chat -------------------------------------------------------------------------------------

SPOKEN = (
    "{n}",
    "投诉 {n}",
    "查 {n}",
    "核实 {n}",
    "处理 {n}",
    "反馈 {n}",
    "撤回 {n}",
    "我的投诉",
    "投诉",
    "待办",
)
OF_ONE_FACT = (Command.MY_APPRAISAL, Command.ANSWER_FACT, Command.DECIDE_FACT)


@pytest.mark.parametrize("who", ["engineer", "clerk", "head"])
def test_the_account_answers_the_same_in_chat(twins, who, rules):
    """Each order with its number, whole and short, tapped and typed."""
    person = getattr(twins.people, who)
    numbers = (twins.number, twins.number[-4:])
    orders = [each for each in Command if who != "engineer" or each not in OF_ONE_FACT]
    heard = [
        Heard(Medium.TEXT, text=words, tap=act)
        for words, act in (
            *((each.value, tap(each, number)) for each in orders for number in (*numbers, None)),
            *((each.format(n=number), None) for each in SPOKEN for number in numbers),
        )
    ]

    def answer(name, each):
        database = twins.sites[name].database
        try:
            with database.transaction() as session:
                desk = Desk(session, twins.sites[name].now(), rules, person)
                said = router.answer(each, person, Standing(), desk, desk.now)
                raise Undone(said)
        except Undone as done:
            return done.args[0]

    found = [each for each in heard if answer("with", each) != answer("without", each)]
    assert [(each.text, each.tap) for each in found] == []


class Undone(Exception):
    """Takes a transaction back, and carries what was said in it."""
