"""A requester drags a document to their report, and the desk saves it from the ticket (C §12)."""

import re

from playwright.sync_api import expect

from domain.permissions import Role
from models import Attachment
from tests.services.making import only
from tests.web.console.accessible import violations
from tests.web.pictures import take_page

IS_IN_ONE_LINE = """button => [...button.parentElement.children]
  .map(each => each.getBoundingClientRect())
  .filter(box => box.height)
  .every(box => box.bottom > button.getBoundingClientRect().top
    && box.top < button.getBoundingClientRect().bottom)"""
DROP = """([name, words]) => {
  const data = new DataTransfer();
  data.items.add(new File([words], name));
  document.querySelector('.files__drop').dispatchEvent(
    new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
  );
}"""


def test_documents_are_dragged_in_looked_over_sent_and_saved_under_their_names(
    make_person, make_ticket, open_desk, database
):
    wang, clerk = make_person("王芳"), make_person("陈静", Role.DESK)
    ticket = make_ticket(requester=wang)
    page = open_desk(wang, f"/portal/tickets/{ticket.number}")
    chosen = page.get_by_role("list", name="选好的照片").get_by_role("listitem")

    page.evaluate(DROP, ["报错日志.log", "09:00 error 0x1\n"])
    page.evaluate(DROP, ["不要了.pdf", "%PDF-1.7"])
    expect(chosen).to_have_count(2)
    take_page(page, "files-portal")
    page.evaluate(DROP, ["工具.exe", "MZ"])
    expect(page.locator(".files__told")).to_contain_text("这种文件不能传")
    page.get_by_role("button", name="去掉 不要了.pdf").click()
    expect(chosen).to_have_count(1)
    assert violations(page) == []
    page.locator("#words-form").get_by_role("button", name="发送").click()
    expect(page.get_by_role("link", name=re.compile("报错日志.log"))).to_be_visible()
    assert only(database, Attachment).label == "报错日志.log"

    desk = open_desk(clerk, f"/console/tickets/{ticket.number}")
    attach = desk.locator("[data-attach]:visible")
    assert attach.evaluate(IS_IN_ONE_LINE)
    attach.click()
    expect(attach).to_have_attribute("aria-expanded", "true")
    assert violations(desk) == []
    take_page(desk, "files-console")
    with desk.expect_download() as saving:
        desk.get_by_role("link", name=re.compile("报错日志.log")).click()
    assert saving.value.suggested_filename == "报错日志.log"
