"""What the desk told me is on a page, and seeing it there counts; a complaint goes out (P6, C1)."""

from domain.permissions import Role
from models import InboxMessage, Notice


def test_messages_are_there_with_their_fate(make_person, queue, at_desk):
    wang = make_person()
    queue(wang)

    page = at_desk(wang).opens("/portal/notices")

    assert "刚才由服务台接待。" in page.text
    assert "正要发到微信" in page.text and "未看" in page.text


def test_whom_no_message_reaches_is_promised_none(make_person, queue, at_desk):
    li = make_person("李雷", openid=None)
    queue(li)

    page = at_desk(li).opens("/portal/notices")

    assert "请在这里看" in page.text and "微信" not in page.text.partition("未看")[2]


def test_a_message_that_nobody_says_any_more_breaks_no_page(make_person, queue, at_desk):
    wang = make_person()
    queue(wang, key="notice.of_long_ago")

    page = at_desk(wang).opens("/portal/notices")

    assert page.status == 200 and "一条旧消息" in page.text


def test_opening_a_message_counts_and_leads_to_its_ticket(
    make_person, make_ticket, queue, at_desk, notice, clock
):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    told = queue(wang, ticket_id=ticket.id)

    answer = at_desk(wang).client.get(f"/portal/notices/{told}")

    assert answer.location == f"/portal/tickets/{ticket.number}"
    assert notice(told).opened_at == clock()


def test_one_without_a_ticket_leads_back_to_the_list(make_person, queue, at_desk, notice):
    wang = make_person()
    told = queue(wang)

    page = at_desk(wang).opens(f"/portal/notices/{told}")

    assert page.path == "/portal/notices"
    assert notice(told).opened_at is not None


def test_somebody_elses_message_is_not_there(make_person, queue, at_desk, notice):
    told = queue(make_person())
    client = at_desk(make_person("李雷")).client

    for number in (told, 2147483647, "99999999999999999999"):
        assert client.get(f"/portal/notices/{number}").status_code == 404
    assert notice(told).opened_at is None


def test_a_complaint_is_kept_passed_on_and_answered_truthfully(make_person, at_desk, rows):
    wang, chen = make_person(), make_person("陈静", Role.DESK)
    browser = at_desk(wang)
    form = browser.opens("/portal/complaint").form("/portal/complaint")

    page = browser.sends(form, words="修到一半就走了", phone="8899")

    assert page.path == "/portal/complaint/told"
    assert "同事会打 13800001234 找您" in page.text, "the mobile number stays the first one"
    (notice,) = rows(Notice)
    assert (notice.recipient_id, notice.text_key) == (chen.id, "notice.complaint")
    assert rows(InboxMessage)[0].text == "修到一半就走了"


def test_by_night_the_page_says_when_somebody_calls(make_person, at_desk, clock):
    wang = make_person()
    make_person("陈静", Role.DESK)
    clock.passes(hours=12)
    browser = at_desk(wang)
    form = browser.opens("/portal/complaint").form("/portal/complaint")

    page = browser.sends(form, words="修到一半就走了")

    assert "现在是下班时间，明天 8:00 上班后同事会打" in page.text


def test_a_complaint_without_words_is_asked_for_them(make_person, at_desk, rows):
    browser = at_desk(make_person())
    form = browser.opens("/portal/complaint").form("/portal/complaint")

    page = browser.sends(form, words="")

    assert page.status == 400 and "请写一写经过" in page.text
    assert rows(Notice) == []


def test_a_complaint_names_the_ticket_that_it_is_about(make_person, make_ticket, at_desk, rows):
    wang, _ = make_person(), make_person("陈静", Role.DESK)
    ticket = make_ticket(requester=wang)
    browser = at_desk(wang)
    page = browser.opens(f"/portal/complaint?ticket={ticket.number}")
    assert ticket.number in page.text

    browser.sends(page.form("/portal/complaint"), words="没人来")

    complaint = next(each for each in rows(Notice) if each.text_key == "notice.complaint")
    assert complaint.say["facts"]["number"] == ticket.number


def test_a_complaint_about_nothing_is_about_nothing_or_not_found(make_person, at_desk):
    browser = at_desk(make_person())
    numbers = ("IT20261124-9999", "x", "%00", "IT20261124-0001'--")

    statuses = [browser.opens(f"/portal/complaint?ticket={each}").status for each in numbers]

    assert statuses == [404, 200, 200, 200]
