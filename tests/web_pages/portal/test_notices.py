"""What the desk told me is on a page, and seeing it there counts (P6)."""


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


def test_a_message_that_nobody_says_any_more_breaks_no_page(
    make_person, queue, at_desk, an_older_release
):
    wang = make_person()
    queue(wang, key="notice.of_long_ago")

    page = at_desk(wang).opens("/portal/notices")

    assert page.status == 200 and "这条消息的文字已不再使用" in page.text


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
