"""Form HXXXJL06S as PDF: every field, Chinese in it, signatures, reprints (R1, C §19)."""

import io

import pypdfium2
import pytest
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from domain.permissions import Role
from models import Purpose
from services import attachments
from services.desk import Desk
from services.views import WorkResult
from tests.web_pages.console.reports import reported

PDF = b"%PDF-1.7\n1 0 obj\n"


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


def test_r1_what_was_sent_is_named_and_shown_and_pushes_nothing_off_the_page(
    at_desk, clerk, database, rules, clock, site, make_person, make_engineer
):
    """By whom and when; not what colleagues put beside it. A full page keeps the names alone."""
    wang, zhou = make_person("王芳"), make_engineer(skills=["printer"])
    photo, pdf = site.store.save(a_photo(), "image"), site.store.save_document(PDF, "验收单.pdf")
    inside = site.store.save_document(b"secret\n", "内部.txt")
    numbers = []
    for words, steps in (("打印机卡纸", "换了取纸轮"), ("打印机卡纸，" * 70, "换了取纸轮，" * 100)):
        ticket = reported(database, rules, clock(), wang, words)
        numbers.append(ticket.number)
        with database.transaction() as session:
            by_wang, by_zhou = (Desk(session, clock(), rules, each) for each in (wang, zhou))
            attachments.keep_upload(by_wang, ticket.id, "image", photo)
            attachments.keep_upload(by_wang, ticket.id, "image", photo)
            by_zhou.accept(ticket.id)
            attachments.keep_upload(by_zhou, ticket.id, "file", pdf, Purpose.RESULT)
            attachments.keep_upload(by_zhou, ticket.id, "file", inside, Purpose.NOTE)
            by_zhou.resolve(ticket.id, WorkResult("worn_part", steps, 25, True))
    query = "&".join(f"n={number}" for number in numbers)

    answer = at_desk(clerk).client.get(f"/console/forms.pdf?{query}")

    pages = text_of(answer)
    assert len(pages) == 2
    for page in pages:
        assert "照片 2 张（王芳 11-24 10:30）；验收单.pdf（周工 11-24 10:30）" in page.replace(
            "\r\n", ""
        )
        assert "内部" not in page and "意见或建议" in page
    assert [shots_of(each) for each in pypdfium2.PdfDocument(answer.data)] == [2, 0]


def a_photo():
    out = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def shots_of(page):
    """Pictures on it that are made of pixels."""
    return sum(each.type == FPDF_PAGEOBJ_IMAGE for each in page.get_objects(max_depth=8))
