"""A report by page does what one by chat does (F1, F5, F8, R-089, H-46, S-093)."""

import io

import pytest
from PIL import Image
from sqlalchemy import select, update

from domain.category import Category
from domain.lifecycle import Status
from domain.priority import Urgency
from models import Attachment, Conversation, Device, InboxMessage, Notice, Ticket

FAULT = "三楼财务室那台惠普打印机一直卡纸"


def a_photo(side: int = 40) -> io.BytesIO:
    photo = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(photo, "JPEG")
    photo.seek(0)
    return photo


@pytest.fixture
def rows(database):
    def read(model) -> list:
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    return read


@pytest.fixture
def report_of(browser_of):
    def send(person, **typed):
        browser = browser_of(person)
        form = browser.opens("/h5/report").form("/h5/report")
        return browser.sends(form, **{"fault": FAULT, **typed})

    return send


def test_a_report_is_dispatched_at_once_and_its_page_says_to_whom(
    make_person, make_engineer, report_of, rows, nudges
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])

    page = report_of(wang)

    (ticket,) = rows(Ticket)
    assert page.path == f"/h5/tickets/{ticket.number}"
    assert (ticket.status, ticket.assignee_id) == (Status.ASSIGNED, zhou.id)
    assert (ticket.category, ticket.place) == (Category.PRINTER, "三楼财务室")
    assert "已受理" in page.text and "周工" in page.text and "tel:13800002222" in page.links
    assert nudges, "the courier is woken after the commit"


@pytest.mark.parametrize(
    ("name", "after"), [("report_incident", None), ("rate_ticket", "rate_ticket")]
)
def test_the_question_of_a_report_in_chat_is_answered_by_the_form(
    make_person, make_engineer, report_of, database, name, after
):
    """A photo sent afterwards belongs to the ticket, and to no second report."""
    wang = make_person()
    make_engineer()
    under_way = update(Conversation).values(name=name, step="symptom", draft={"fault": {}})
    with database.transaction() as session:
        session.execute(under_way)

    report_of(wang)

    with database.reading() as session:
        assert (
            session.scalar(select(Conversation.name).where(Conversation.person_id == wang.id))
            == after
        )


def test_whom_no_message_reaches_is_asked_for_a_word_in_chat(make_person, report_of):
    assert "回公众号里发一句话" in report_of(make_person()).text


def test_the_number_comes_to_the_chat_as_well(
    make_person, make_engineer, report_of, rows, database, now
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    with database.transaction() as session:
        talk = session.get_one(Conversation, wang.id)
        talk.heard_at, talk.heard_left = now, 5

    report_of(wang)

    (ticket,) = rows(Ticket)
    told = {notice.recipient_id: notice for notice in rows(Notice)}
    assert told[zhou.id].text_key == "notice.assigned"
    assert told[wang.id].text_key == "incident.opened"
    assert told[wang.id].say["facts"]["number"] == ticket.number


def test_who_cannot_be_written_to_has_seen_the_number_and_no_notice_waits(
    make_person, make_engineer, report_of, rows
):
    """A notice that waits is an alarm at the desk in the end: this one would be for nothing."""
    wang, zhou = make_person(), make_engineer(skills=["printer"])

    report_of(wang)

    assert {notice.recipient_id for notice in rows(Notice)} == {zhou.id}


def test_what_a_page_did_is_what_the_chat_speaks_of(make_person, report_of, rows, database):
    wang = make_person()

    report_of(wang)

    with database.reading() as session:
        assert session.get_one(Conversation, wang.id).ticket_id == rows(Ticket)[0].id


def test_the_form_knows_the_person_already(make_person, browser_of):
    form = browser_of(make_person()).opens("/h5/report").form("/h5/report")

    assert form.fields["name"] == "王芳"
    assert form.fields["department"] == "财务部"
    assert form.fields["phone"] == "13800001234"
    assert form.fields["place"] == "三楼财务室"


def test_somebody_new_is_known_after_their_first_report(
    browser_of, platform, make_engineer, rows, database
):
    from models import Person

    make_engineer(skills=["printer"])
    browser = browser_of()
    browser.sign_in(platform, "oDeskNobodyKnown000000000001")
    form = browser.opens("/h5/report").form("/h5/report")

    browser.sends(
        form, fault="打印机卡纸", place="A座305", name="李明", department="市场部", phone="6021"
    )

    person = next(each for each in rows(Person) if each.openid == "oDeskNobodyKnown000000000001")
    assert (person.name, person.department, person.extension) == ("李明", "市场部", "6021")
    assert person.office == "A座305"
    assert rows(Ticket)[0].contact_phone == "6021"


def test_what_was_said_on_a_page_is_in_the_inbox(make_person, report_of, rows):
    wang = make_person()

    report_of(wang)

    (kept,), (ticket,) = rows(InboxMessage), rows(Ticket)
    assert (kept.kind, kept.openid, kept.text) == ("h5", wang.openid, FAULT)
    assert kept.key.startswith("h5:") and kept.ticket_id == ticket.id
    assert ticket.opened_by_inbox_id == kept.id


def test_the_same_form_sent_twice_is_one_ticket_and_the_same_page(make_person, browser_of, rows):
    browser = browser_of(make_person())
    form = browser.opens("/h5/report").form("/h5/report")

    first = browser.posts(form, fault=FAULT)
    second = browser.posts(form, fault=FAULT)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(rows(Ticket)) == 1


def test_the_same_form_with_other_words_is_not_lost_unheard(make_person, browser_of, rows):
    """H-52: the reader is told that what they changed has not been counted."""
    browser = browser_of(make_person())
    form = browser.opens("/h5/report").form("/h5/report")
    first = browser.posts(form, fault=FAULT)

    changed = browser.sends(form, fault="电脑开不了机")

    assert changed.status == 409 and first.location in changed.links
    assert len(rows(Ticket)) == 1


def test_a_key_of_one_person_is_nothing_to_another(make_person, browser_of, rows):
    wang, li = browser_of(make_person()), browser_of(make_person("李明"))
    form = wang.opens("/h5/report").form("/h5/report")
    wang.posts(form, fault=FAULT)
    own = li.opens("/h5/report").form("/h5/report")
    own.fields["request_key"] = form.fields["request_key"]

    li.posts(own, fault=FAULT)

    assert len(rows(Ticket)) == 2


@pytest.mark.parametrize("key", ["", "x", "0" * 31, "G" * 32, "0" * 33])
def test_a_form_without_a_real_key_is_refused(make_person, browser_of, rows, key):
    browser = browser_of(make_person())
    form = browser.opens("/h5/report").form("/h5/report")

    answer = browser.posts(form, fault=FAULT, request_key=key)

    assert answer.status_code == 400 and rows(Ticket) == []


def test_haste_is_what_was_chosen_or_what_the_words_say(make_person, report_of, rows):
    report_of(make_person(), urgency="high")
    report_of(make_person("李明"), fault="打印机卡纸，急用，马上要开会")
    report_of(make_person("赵云"))

    assert [each.urgency for each in rows(Ticket)] == [Urgency.HIGH, Urgency.HIGH, Urgency.NORMAL]


def test_a_kind_that_was_chosen_counts_more_than_the_words(make_person, report_of, rows):
    report_of(make_person(), category="network")

    assert rows(Ticket)[0].category is Category.NETWORK


def test_a_kind_that_nobody_can_tell_is_asked_for_and_nothing_is_lost(make_person, report_of, rows):
    page = report_of(make_person(), fault="用不了了")

    assert page.status == 400 and "请选一个最像的" in page.text
    assert page.form("/h5/report").fields["fault"] == "用不了了"
    assert rows(Ticket) == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("fault", "", "请说说什么坏了"),
        ("fault", "  \n ", "请说说什么坏了"),
        ("place", "", "请写楼和房间"),
        ("name", "", "这一项要填"),
        ("phone", "没有", "没看明白这个号码"),
        ("fault", "卡" * 501, "最多 500 个字"),
        ("name", "王" * 1000, "最多 40 个字"),
    ],
)
def test_a_form_with_a_gap_is_shown_again_with_all_that_was_typed(
    make_person, report_of, rows, field, value, said
):
    page = report_of(make_person(), **{"category": "network", "place": "B座1201", field: value})

    form = page.form("/h5/report")
    assert page.status == 400 and said in page.text
    assert form.fields[field] == value.strip()
    if field != "place":
        assert form.fields["place"] == "B座1201"
    assert rows(Ticket) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("urgency", "godlike"),
        ("category", "nuclear"),
        ("status", "closed"),
        ("requester_id", "1"),
        ("role", "admin"),
    ],
)
def test_a_value_or_field_that_is_not_on_the_form_is_refused(
    make_person, report_of, rows, field, value
):
    page = report_of(make_person(), **{field: value})

    assert page.status == 400 and rows(Ticket) == []


def test_a_field_sent_twice_is_refused(make_person, browser_of, rows):
    browser = browser_of(make_person())
    form = browser.opens("/h5/report").form("/h5/report")

    answer = browser.posts(form, fault=["one", "two"])

    assert answer.status_code == 400 and rows(Ticket) == []


def test_photos_go_with_the_report(make_person, make_engineer, report_of, rows):
    make_engineer(skills=["printer"])

    report_of(make_person(), photos=[(a_photo(), "a.jpg"), (a_photo(60), "b.jpg")])

    (ticket,) = rows(Ticket)
    assert [each.ticket_id for each in rows(Attachment)] == [ticket.id, ticket.id]


def test_what_is_not_taken_is_named_and_the_words_are_kept(make_person, report_of, rows):
    page = report_of(make_person(), photos=[(io.BytesIO(b"MZ\x90\x00\x03"), "a.png")])

    assert page.status == 400 and "「a.png」这种文件不能传" in page.text
    assert page.form("/h5/report").fields["fault"] == FAULT
    assert (rows(Ticket), rows(Attachment)) == ([], [])


def test_ten_photos_are_too_many(make_person, report_of, rows):
    page = report_of(make_person(), photos=[(a_photo(), f"{n}.jpg") for n in range(10)])

    assert page.status == 400 and "最多 9 张" in page.text and rows(Ticket) == []


def test_a_body_beyond_measure_is_refused_kindly(make_person, browser_of, rows, monkeypatch):
    monkeypatch.setattr("web.page.PHOTOS_LIMIT", 50_000)
    browser = browser_of(make_person())
    form = browser.opens("/h5/report").form("/h5/report")

    answer = browser.posts(form, fault=FAULT, photos=(io.BytesIO(b"x" * 60_000), "a.jpg"))

    assert answer.status_code == 413 and "照片或文件太大" in answer.text and rows(Ticket) == []


def test_a_form_without_photos_may_be_small_only(make_person, make_ticket, browser_of):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    browser = browser_of(wang)
    form = browser.opens(f"/h5/tickets/{ticket.number}").form(f"/h5/tickets/{ticket.number}/urge")

    assert browser.posts(form, words="x" * 70_000).status_code == 413


# --- a device whose code was scanned -----------------------------------------------------------


@pytest.fixture
def printer(database, now):
    def add(*, is_active: bool = True) -> None:
        with database.transaction() as session:
            session.add(
                Device(
                    code="PRN-0012",
                    name="惠普 M404 打印机",
                    description="序列号 CNB1234567",
                    category=Category.PRINTER,
                    place="二楼打印室",
                    is_active=is_active,
                    created_at=now,
                )
            )

    return add


def test_a_scanned_device_fills_in_itself_and_its_place(make_person, browser_of, printer, rows):
    printer()
    browser = browser_of(make_person())
    page = browser.opens("/h5/report?device=prn-0012")

    browser.sends(page.form("/h5/report"), fault="卡纸", category="printer")

    (ticket,) = rows(Ticket)
    assert "惠普 M404 打印机" in page.text
    assert page.form("/h5/report").fields["place"] == "二楼打印室"
    assert (ticket.place, ticket.device, ticket.device_id) == ("二楼打印室", "惠普 M404 打印机", 1)


def test_who_reported_it_already_is_shown_the_way_to_that_ticket(
    make_person, browser_of, printer, rows
):
    printer()
    browser = browser_of(make_person())
    page = browser.opens("/h5/report?device=PRN-0012")
    browser.sends(page.form("/h5/report"), fault="卡纸", category="printer")

    again = browser.opens("/h5/report?device=PRN-0012")

    assert f"/h5/tickets/{rows(Ticket)[0].number}" in again.links


def test_a_device_that_is_out_of_use_or_unknown_is_said(make_person, browser_of, printer):
    printer(is_active=False)
    browser = browser_of(make_person())

    assert "已停用" in browser.opens("/h5/report?device=PRN-0012").text
    assert browser.opens("/h5/report?device=<script>").status == 200
