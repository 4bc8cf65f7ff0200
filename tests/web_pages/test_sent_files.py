"""Files with a ticket: sent from phone, portal and console, and only ever handed out (C §12)."""

import io
import re

import pytest
from PIL import Image

from domain.permissions import Role
from models import Attachment, Purpose
from tests.services.making import all_of, only
from tests.test_file_kinds import office

PDF = b"%PDF-1.7\n1 0 obj\n"
NAME = "验收单 第1版.pdf"


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def ticket(make_ticket, wang):
    return make_ticket(requester=wang)


def send(browser, page, path, *files, **typed):
    """The form of this page with these files, as (content, name)."""
    form = browser.opens(page).form(path)
    form.fields.pop("shown", None)  # a box that nobody ticked
    sent = [(io.BytesIO(content), name) for content, name in files]
    answer = browser.client.post(
        form.action,
        data={**form.fields, **typed, "photos": sent},
        content_type="multipart/form-data",
    )
    answer.request.environ["wsgi.input"].close()  # of the client: a large one lies in a file
    return answer


def at_portal(browser, ticket, *files):
    way = f"/portal/tickets/{ticket.number}"
    return send(browser, way, f"{way}/words", *files)


def at_console(browser, ticket, *files, **typed):
    way = f"/console/tickets/{ticket.number}"
    return send(browser, way, f"{way}/files", *files, **typed)


def links(browser, page):
    """The ways to files on a page."""
    return re.findall(r'class="sent-file" href="([^"]+)"', browser.opens(page).html)


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def test_a_requester_sends_a_pdf_and_a_photo_and_the_desk_saves_it_under_its_name(
    at_desk, database, wang, clerk, ticket
):
    assert at_portal(at_desk(wang), ticket, (PDF, NAME), (photo(), "屏幕.png")).status_code == 303

    kept = all_of(database, Attachment)
    assert [(each.kind, each.label) for each in kept] == [("file", NAME), ("image", None)]
    page = at_desk(clerk).opens(f"/console/tickets/{ticket.number}")
    assert f"{NAME} 1 KB" in page.text.replace("</bdi>", "")
    for reader, where in ((wang, "portal"), (clerk, "console")):
        browser = at_desk(reader)
        (address,) = links(browser, f"/{where}/tickets/{ticket.number}")
        answer = browser.client.get(address)
        assert answer.get_data() == PDF
        answer.close()
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert "%E9%AA%8C%E6%94%B6%E5%8D%95" in disposition


def test_a_file_of_the_desk_is_for_colleagues_unless_it_is_shown(
    at_desk, database, wang, clerk, ticket
):
    browser = at_desk(clerk)
    at_console(browser, ticket, (office("word/document.xml"), "内部记录.docx"))
    (inside,) = links(browser, f"/console/tickets/{ticket.number}")

    theirs = at_desk(wang)
    assert only(database, Attachment).purpose is Purpose.NOTE
    page = theirs.opens(f"/portal/tickets/{ticket.number}").text
    assert "内部记录" not in page
    assert theirs.client.get(inside.replace("/console/", "/portal/")).status_code == 404

    at_console(browser, ticket, (PDF, NAME), shown="1")
    assert NAME in theirs.opens(f"/portal/tickets/{ticket.number}").text


def test_a_link_is_of_one_reader_and_nobody_elses(at_desk, make_person, wang, ticket):
    at_portal(at_desk(wang), ticket, (PDF, NAME))
    (address,) = links(at_desk(wang), f"/portal/tickets/{ticket.number}")

    assert at_desk(make_person("赵敏")).client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"MZ\x90\x00\x03", "报告.pdf", "「报告.pdf」这种文件不能传"),
        (office("word/document.xml", "word/vbaProject.bin"), "表.docx", "里有宏"),
        (b"", "空.txt", "是空的"),
        (b"%PDF-" + bytes(20 * 1024 * 1024), "大.pdf", "每个不超过 20 MB"),
    ],
)
def test_what_is_not_taken_is_named_with_the_reason_and_the_words_stay(
    at_desk, database, wang, ticket, content, name, told
):
    way = f"/portal/tickets/{ticket.number}"
    answer = send(at_desk(wang), way, f"{way}/words", (content, name), words="这是新的说明")

    assert answer.status_code == 400
    assert told in answer.text and "这是新的说明" in answer.text
    assert all_of(database, Attachment) == []


def test_limits_and_kinds_are_said_before_anything_is_chosen(
    at_desk, browser_of, wang, clerk, ticket
):
    for browser, where in (
        (browser_of(wang), "h5"),
        (at_desk(wang), "portal"),
        (at_desk(clerk), "console"),
    ):
        page = browser.opens(f"/{where}/tickets/{ticket.number}").text
        assert "文件每个不超过 20 MB，可传 PDF、Word、Excel、PowerPoint" in page
        assert "合计不超过 35 MB" in page


def test_a_file_of_a_report_waits_for_it_and_comes_with_it(at_desk, database, wang):
    send(at_desk(wang), "/portal/report", "/portal/report", (PDF, NAME), fault="三楼打印机卡纸了")

    kept = only(database, Attachment)
    assert (kept.label, kept.content_type) == (NAME, "application/pdf")


def test_a_phone_sends_documents_with_a_report_and_to_a_ticket(browser_of, database, wang, ticket):
    phone, way = browser_of(wang), f"/h5/tickets/{ticket.number}"
    send(phone, "/h5/report", "/h5/report", (PDF, NAME), fault="三楼打印机卡纸了")
    send(phone, way, f"{way}/words", (b"09:00 error\n", "报错.log"), (photo(), "屏幕.png"))

    kept = [(each.kind, each.label, each.ticket_id) for each in all_of(database, Attachment)]
    assert [each[:2] for each in kept] == [("file", NAME), ("file", "报错.log"), ("image", None)]
    assert kept[1][2] == kept[2][2] == ticket.id != kept[0][2]
    (address,) = links(phone, way)
    answer = phone.client.get(address)
    assert answer.get_data() == b"09:00 error\n"
    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_photo_beyond_its_limit_is_told_the_limit_of_photos(browser_of, wang, ticket):
    way = f"/h5/tickets/{ticket.number}"
    large = photo() + bytes(10 * 1024 * 1024)
    answer = send(browser_of(wang), way, f"{way}/words", (large, "屏幕.png"), words="新的说明")

    assert answer.status_code == 400
    assert "照片每张不超过 10 MB" in answer.text.split("photos-problem")[-1]
    assert "新的说明" in answer.text
