"""The search box and its page (C §13)."""

import pytest

from domain.category import Category
from domain.permissions import Role
from jobs.search_indexing import SearchIndexer
from models import Device


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK, phone="075588880000")


@pytest.fixture
def desk(at_desk, clerk):
    return at_desk(clerk)


@pytest.fixture
def index(database, clock):
    def to_the_end():
        indexer = SearchIndexer(database, clock)
        while not indexer.step():
            pass

    return to_the_end


def test_words_find_tickets_and_are_marked_in_them(desk, make_ticket, make_person, index):
    make_ticket(symptom="惠普打印机一直卡纸")
    make_ticket(symptom="打印机没墨", requester=make_person("李雷", phone="13900000000"))
    index()

    page = desk.opens("/console/search?q=打印机")

    assert page.status == 200
    assert page.html.count("<mark>打印机</mark>") >= 2
    assert [link for link in page.links if link.startswith("/console/tickets/")]


def test_a_single_hit_is_opened_at_once(desk, make_ticket, make_person, index, database, clock):
    ticket = make_ticket()
    wang = make_person("欧阳锋")
    with database.transaction() as session:
        facts = {"category": Category.PRINTER, "place": "三楼", "created_at": clock()}
        device = Device(code="PRT-0012", name="票据机", **facts)
        session.add(device)
    index()

    for words, way in (
        (ticket.number, f"/console/tickets/{ticket.number}"),
        ("卡纸", f"/console/tickets/{ticket.number}"),
        ("oyf", f"/console/search/people/{wang.id}"),
        ("prt-0012", f"/console/search/devices/{device.id}"),
    ):
        answer = desk.client.get("/console/search", query_string={"q": words})
        assert (answer.status_code, answer.location) == (303, way)


def test_an_empty_search_says_what_can_be_looked_for(desk):
    for path in ("/console/search", "/console/search?q=%20"):
        page = desk.opens(path)
        assert page.status == 200
        assert "拼音首字母" in page.text


def test_a_search_without_hits_keeps_what_was_typed(desk):
    page = desk.opens("/console/search?q=<b>不存在</b>")

    assert "没有找到" in page.text
    assert "<b>不存在" not in page.html
    assert page.form("/console/search").fields["q"] == "<b>不存在</b>"


def test_what_was_typed_into_a_ticket_is_shown_as_text(desk, make_ticket, make_person, index):
    for phone in ("13600000001", "13600000002"):
        make_ticket(symptom="<script>打印</script>", requester=make_person(phone=phone))
    index()

    for path in (
        "/console/search?q=打印",
        "/console/search?q=script",
        "/console/search/hint?q=打印",
    ):
        page = desk.opens(path)
        assert page.status == 200
        assert "<script>打" not in page.html
        assert "&lt;" in page.html


def test_suggestions_are_a_part_of_a_page(desk, make_ticket, make_person, index):
    ticket = make_ticket(requester=make_person("王芳"))
    index()

    part = desk.opens("/console/search/hint?q=王芳")

    assert "<html" not in part.html
    assert part.html.count('role="option"') == 2
    assert f"/console/tickets/{ticket.number}" in part.links
    assert desk.opens("/console/search/hint?q=").html.strip() == ""


def test_more_hits_follow_on_the_next_page(desk, make_ticket, make_person, index):
    for number in range(23):
        make_ticket(symptom=f"卡纸{number:02d}号", requester=make_person(phone=f"136{number:08d}"))
    index()

    first = desk.opens("/console/search?q=卡纸")
    (older,) = [link for link in first.links if "before=" in link]
    rest = desk.opens(older)

    hits = [page.html.count('class="hit"') for page in (first, rest)]
    assert hits == [20, 3]
    assert "查看全部结果" in desk.opens("/console/search/hint?q=卡纸").text


def test_an_engineer_finds_nothing_of_others(
    at_desk, make_ticket, make_engineer, make_person, index
):
    ticket = make_ticket(requester=make_person("王芳"))
    index()
    stranger = at_desk(make_engineer("吴工", is_on_duty=False))

    for words in (ticket.number, ticket.short, "卡纸", "王芳", "wf", "1234"):
        page = stranger.opens("/console/search", query_string={"q": words})
        assert "没有找到" in page.text, words
        part = stranger.opens("/console/search/hint", query_string={"q": words})
        assert 'role="option"' not in part.html


def test_a_requester_has_no_search(at_desk, make_person):
    browser = at_desk(make_person())

    for path in (
        "/console/search?q=卡纸",
        "/console/search/hint?q=卡纸",
        "/console/search/people/1",
    ):
        assert browser.client.get(path).status_code == 403


def test_a_person_s_page_shows_who_they_are_and_what_they_reported(desk, make_ticket, make_person):
    wang = make_person("王芳")
    ticket = make_ticket(requester=wang)

    page = desk.opens(f"/console/search/people/{wang.id}")

    assert ticket.number in page.text
    assert "在办 1 张" in page.text
    assert "tel:13800001234" in page.links


def test_a_person_s_page_is_for_those_who_may_read_people(at_desk, make_person, make_engineer):
    wang = make_person("王芳")

    answer = at_desk(make_engineer()).client.get(f"/console/search/people/{wang.id}")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/console/search/people/999999",
        "/console/search/people/99999999999999999999",
        "/console/search/devices/999999",
        "/console/search/devices/x",
    ],
)
def test_what_is_not_there_is_not_found(path, desk):
    assert desk.client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%FF%FE", "q=" + "卡" * 3000, "before=x", "q=a&before=9" + "9" * 30, 'q="']
)
def test_hostile_questions_are_answered(query, desk):
    for path in ("/console/search", "/console/search/hint"):
        assert desk.client.get(f"{path}?{query}").status_code in (200, 414)
