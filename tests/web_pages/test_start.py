"""The first page."""


def test_the_start_page_greets_by_name_and_lists_open_reports(make_person, make_ticket, browser_of):
    wang = make_person()
    ticket = make_ticket(requester=wang)

    page = browser_of(wang).opens("/h5/")

    assert page.status == 200
    assert "王芳，您好" in page.text
    assert f"/h5/tickets/{ticket.number}" in page.links
