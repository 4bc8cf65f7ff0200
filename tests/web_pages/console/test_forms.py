"""Form HXXXJL06S as PDF: every field, Chinese in it, signatures, reprints (R1, C §19)."""

import pypdfium2
import pytest

from domain.permissions import Role
from services.desk import Desk
from services.views import WorkResult
from tests.web_pages.console.reports import reported


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


def text_of(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "application/pdf"
    document = pypdfium2.PdfDocument(answer.data)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_r1_the_form_holds_what_was_reported(at_desk, clerk, database, rules, clock, make_person):
    ticket = reported(database, rules, clock(), make_person("王芳"), "打印机一直卡纸，龘囍也打不出")

    pages = text_of(at_desk(clerk).client.get(f"/console/tickets/{ticket.number}/form.pdf"))

    assert len(pages) == 1
    for word in ("HXXXJL06S", ticket.number, "财务部", "王芳", "三楼财务室", "13800001234"):
        assert word in pages[0]
    assert "打印机一直卡纸，龘囍也打不出" in pages[0]


def test_r1_the_result_stands_on_it(
    at_desk, clerk, database, rules, clock, make_person, make_engineer
):
    engineer = make_engineer(skills=["printer"])
    ticket = reported(database, rules, clock(), make_person(), "打印机卡纸")
    with database.transaction() as session:
        desk = Desk(session, clock(), rules, engineer)
        desk.accept(ticket.id)
        result = WorkResult("worn_part", "更换了取纸轮", 25, True, ("取纸轮",))
        desk.resolve(ticket.id, result)

    page = text_of(at_desk(clerk).client.get(f"/console/tickets/{ticket.number}/form.pdf"))[0]

    for word in ("周工", "更换了取纸轮", "25 分钟", "取纸轮", "2026-11-24"):
        assert word in page


def test_a_reprint_is_marked(at_desk, clerk, database, rules, clock, make_person):
    ticket = reported(database, rules, clock(), make_person(), "打印机卡纸")
    browser = at_desk(clerk)
    path = f"/console/tickets/{ticket.number}/form.pdf"

    first, second = (text_of(browser.client.get(path))[0] for _ in range(2))

    assert "补打" not in first
    assert "补打第 1 次" in second


def test_many_forms_are_one_document(at_desk, clerk, database, rules, clock, make_person):
    numbers = [
        reported(database, rules, clock(), make_person(), f"第{count}台打印机卡纸").number
        for count in range(3)
    ]
    query = "&".join(f"n={number}" for number in numbers)

    pages = text_of(at_desk(clerk).client.get(f"/console/forms.pdf?{query}"))

    assert [
        number for number, page in zip(numbers, pages, strict=True) if number in page
    ] == numbers


def test_nothing_in_a_fault_is_read_as_markup(at_desk, clerk, database, rules, clock, make_person):
    hostile = '#read("/etc/passwd") $x$ *b* [y] \\ "}'
    ticket = reported(database, rules, clock(), make_person(), f"打印机卡纸 {hostile}")

    page = text_of(at_desk(clerk).client.get(f"/console/tickets/{ticket.number}/form.pdf"))[0]

    assert '#read("/etc/passwd")' in page


def test_a_very_long_fault_stays_on_one_page(at_desk, clerk, database, rules, clock, make_person):
    ticket = reported(database, rules, clock(), make_person(), "打印机卡纸，" * 400)

    pages = text_of(at_desk(clerk).client.get(f"/console/tickets/{ticket.number}/form.pdf"))

    assert len(pages) == 1
    assert "全文见工单" in pages[0]


def test_y1_an_engineer_prints_their_own_tickets_alone(
    at_desk, database, rules, clock, make_person, make_engineer
):
    engineer, other = make_engineer(skills=["printer"]), make_engineer("钱工", is_on_duty=False)
    ticket = reported(database, rules, clock(), make_person(), "打印机卡纸")
    path = f"/console/tickets/{ticket.number}/form.pdf"

    assert at_desk(engineer).client.get(path).status_code == 200
    assert at_desk(other).client.get(path).status_code == 404
    assert at_desk(make_person("李雷")).client.get(path).status_code == 403
