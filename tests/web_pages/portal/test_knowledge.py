"""The knowledge base at a computer is the one of the phone, by another door (K1, F3)."""

from domain.category import Category
from domain.knowledge import UseOutcome, UsePlace
from models import ArticleUse, Ticket
from tests.services.knowledge import conftest as shelf

li, chen, do, published = shelf.li, shelf.chen, shelf.do, shelf.published
LIST = "/portal/knowledge"


def test_found_read_judged_and_reported_after_all_k1(make_person, at_desk, published, rows):
    number = published(category=Category.PRINTER)
    browser = at_desk(make_person())
    assert f"{LIST}/{number}?q=" in " ".join(browser.opens(f"{LIST}?q=怎么连打印机").links)

    page = browser.opens(f"{LIST}/{number}?q=怎么连打印机")
    page = browser.sends(page.form(f"{LIST}/{number}/said"), outcome="useless")
    assert "抱歉没帮上忙" in page.text
    (use,) = rows(ArticleUse)
    assert use.place is UsePlace.PORTAL
    form = browser.opens(f"/portal/report?use={use.id}").form("/portal/report")
    assert form.fields["fault"] == "怎么连打印机"
    browser.sends(form, place="三楼", category="printer")

    (use,), (ticket,) = rows(ArticleUse), rows(Ticket)
    assert (use.outcome, use.ticket_id) == (UseOutcome.REPORTED, ticket.id)


def test_the_menu_and_the_form_lead_to_it_and_nothing_waits_for_it_k1(make_person, at_desk):
    browser = at_desk(make_person())

    assert LIST in browser.opens("/portal/").links
    assert f'data-answers="{LIST}/like"' in browser.opens("/portal/report").html
    assert "还在整理" in browser.opens(LIST).text
