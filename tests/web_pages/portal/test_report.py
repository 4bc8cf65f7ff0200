"""A report at a computer is the one that WeChat takes, by another door (F1, F3, F5, R-089)."""

import io

from sqlalchemy import select

from domain.category import Category
from domain.lifecycle import Status
from domain.priority import Urgency
from models import Attachment, Conversation, Device, InboxMessage, IntakeChannel, Notice, Ticket
from services import devices
from services.devices import NewDevice
from tests.web_pages.portal.conftest import FAULT


def test_a_report_is_dispatched_at_once_and_says_that_it_came_by_web(
    make_person, make_engineer, report_of, rows, nudges
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])

    page = report_of(wang)

    (ticket,) = rows(Ticket)
    assert page.path == f"/portal/tickets/{ticket.number}"
    assert (ticket.status, ticket.assignee_id) == (Status.ASSIGNED, zhou.id)
    assert (ticket.category, ticket.place) == (Category.PRINTER, "三楼财务室")
    assert ticket.channel is IntakeChannel.WEB
    assert "已受理" in page.text and ticket.number in page.text and "周工" in page.text
    assert nudges, "the courier is woken after the commit"


def test_who_has_only_a_password_reports_and_is_told_where_to_look(
    make_person, make_engineer, report_of, rows
):
    """No message reaches them: the page has to say it all."""
    li = make_person("李雷", openid=None)
    make_engineer(skills=["printer"])

    page = report_of(li)

    (ticket,) = rows(Ticket)
    assert ticket.requester_id == li.id
    assert f"已受理，单号 {ticket.number}。进展在「我的工单」和「通知」里看。" in page.text
    assert li.id not in {notice.recipient_id for notice in rows(Notice)}


def test_the_one_sentence_of_the_start_page_fills_in_the_form(make_person, at_desk):
    browser = at_desk(make_person(office="五楼"))
    form = browser.opens("/portal/").form("/portal/report/begin")

    page = browser.sends(form, fault="三楼财务室打印机卡纸，急用")
    filled = page.form("/portal/report").fields

    assert filled["fault"] == "三楼财务室打印机卡纸，急用"
    assert filled["place"] == "三楼财务室", "what was said goes before what is known"
    assert filled["urgency"] == "high"
    assert (filled["name"], filled["phone"]) == ("王芳", "13800001234")
    assert "看起来是「打印机」的问题" in page.text


def test_the_hint_names_the_kind_of_thing_and_the_words_that_decided(make_person, at_desk):
    browser = at_desk(make_person())
    form = browser.opens("/portal/report").form("/portal/report")
    token = {"csrf_token": form.fields["csrf_token"]}

    answer = browser.client.post("/portal/report/hint", data={**token, "fault": FAULT})
    hint = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert 'data-category="printer"' in hint and 'data-place="三楼财务室"' in hint
    assert "看起来是「打印机」的问题" in hint and "<mark>卡纸</mark>" in hint
    assert "<html" not in hint


def test_the_hint_of_whatever_words_is_a_page(make_person, at_desk):
    browser = at_desk(make_person())
    form = browser.opens("/portal/report").form("/portal/report")
    token = {"csrf_token": form.fields["csrf_token"]}

    for words in ("", "啊", "<script>alert(1)</script>", "🖨" * 200, "0" * 500):
        answer = browser.client.post("/portal/report/hint", data={**token, "fault": words})
        assert answer.status_code == 200
        assert "<script" not in answer.get_data(as_text=True)


def test_the_hint_offers_what_is_open_already_of_the_same_kind(make_person, make_ticket, at_desk):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    browser = at_desk(wang)
    form = browser.opens("/portal/").form("/portal/report/begin")

    page = browser.sends(form, fault=FAULT)

    assert f"/portal/tickets/{ticket.number}" in page.links


def test_what_was_said_by_web_is_in_the_inbox_and_in_the_talk(
    make_person, make_engineer, report_of, rows, database
):
    wang = make_person()
    make_engineer(skills=["printer"])

    report_of(wang)

    (said,), (ticket,) = rows(InboxMessage), rows(Ticket)
    assert (said.text, said.openid) == (FAULT, wang.openid)
    with database.reading() as session:
        spoken_of = select(Conversation.ticket_id).where(Conversation.person_id == wang.id)
        assert session.scalar(spoken_of) == ticket.id


def test_the_same_form_twice_is_one_ticket(make_person, make_engineer, at_desk, rows):
    make_engineer(skills=["printer"])
    browser = at_desk(make_person())
    form = browser.opens("/portal/report").form("/portal/report")

    paths = [browser.sends(form, fault=FAULT).path for _ in range(2)]

    (ticket,) = rows(Ticket)
    assert paths == [f"/portal/tickets/{ticket.number}"] * 2


def test_a_device_of_mine_is_offered_and_taken_by_its_code(
    make_person, make_engineer, report_of, at_desk, rows, database, now
):
    wang = make_person()
    make_engineer(skills=["printer"])
    with database.transaction() as session:
        new = NewDevice("PRN-1", "惠普 M404", Category.PRINTER, "A座305", owner_id=wang.id)
        devices.add(session, new, now)

    assert '<option value="PRN-1">' in at_desk(wang).opens("/portal/report").html
    report_of(wang, device="prn-1")

    (ticket,), (device,) = rows(Ticket), rows(Device)
    assert (ticket.device_id, ticket.device) == (device.id, "惠普 M404")


def test_a_device_without_a_code_is_what_the_person_calls_it(
    make_person, make_engineer, report_of, rows
):
    make_engineer(skills=["printer"])

    report_of(make_person(), device="窗边那台")

    (ticket,) = rows(Ticket)
    assert (ticket.device_id, ticket.device) == (None, "窗边那台")


def test_photos_come_with_the_report(make_person, make_engineer, report_of, rows, a_photo):
    make_engineer(skills=["printer"])

    page = report_of(make_person(), photos=[a_photo("1.jpg"), a_photo("2.jpg")])

    (ticket,) = rows(Ticket)
    assert [each.ticket_id for each in rows(Attachment)] == [ticket.id] * 2
    assert page.html.count("/portal/media/") >= 2


def test_what_is_not_taken_is_refused_and_the_words_are_kept(make_person, report_of, rows):
    file = (io.BytesIO(b"MZ\x90\x00\x03 a program"), "contract.pdf")

    page = report_of(make_person(), photos=[file])

    assert page.status == 400
    assert page.form("/portal/report").fields["fault"] == FAULT
    assert "「contract.pdf」这种文件不能传" in page.text
    assert rows(Ticket) == []


def test_the_limits_are_said_before_anything_is_sent(make_person, at_desk):
    page = at_desk(make_person()).opens("/portal/report")

    for told in ("一次最多 9 个，合计不超过 35 MB", "照片每张不超过 10 MB", "文件每个不超过 20 MB"):
        assert told in page.text


def test_what_cannot_be_placed_has_to_be_chosen(make_person, report_of, rows):
    page = report_of(make_person(), fault="用不了了")

    assert page.status == 400 and "请选一个最像的" in page.text
    assert rows(Ticket) == []


def test_words_that_sound_urgent_are_urgent(make_person, make_engineer, report_of, rows):
    make_engineer(skills=["printer"])

    report_of(make_person(), fault=f"{FAULT}，急用", urgency="normal")

    assert rows(Ticket)[0].urgency is Urgency.HIGH


def test_a_field_that_is_not_on_the_form_is_refused(make_person, report_of, rows):
    page = report_of(make_person(), priority="urgent")

    assert page.status == 400
    assert rows(Ticket) == []


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(browser_of):
    answer = browser_of().client.get("/portal/report?device=PRN-1")

    assert answer.status_code == 303
    assert answer.location == "/account/sign-in?to=/portal/report%3Fdevice%3DPRN-1"
