"""Pages of the knowledge base inside WeChat: found, read, judged, reported after all (K1)."""

import pytest
from sqlalchemy import select

from domain.category import Category
from domain.knowledge import Audience, UseOutcome, UsePlace
from models import Article, ArticleUse, Ticket
from tests.services.knowledge import conftest as shelf
from tests.services.making import only

li, chen, do, published = shelf.li, shelf.chen, shelf.do, shelf.published
LIST = "/h5/knowledge"


@pytest.fixture
def wang(make_person):
    return make_person()


@pytest.fixture
def phone(browser_of, wang):
    return browser_of(wang)


@pytest.fixture
def uses(database):
    def read():
        with database.reading() as session:
            return list(session.scalars(select(ArticleUse).order_by(ArticleUse.id)))

    return read


def test_common_questions_and_kinds_stand_on_the_first_page_k1(phone, published):
    number = published(category=Category.PRINTER)

    page = phone.opens(LIST)

    assert "大家常看" in page.text and "怎么连接打印机" in page.text
    assert f"{LIST}/{number}" in page.links and f"{LIST}?kind=printer" in page.links


def test_a_search_finds_and_what_is_not_found_can_be_reported_k1(phone, published):
    published()

    assert "找到 1 条" in phone.opens(f"{LIST}?q=打印机怎么添加").text
    page = phone.opens(f"{LIST}?q=门禁卡")
    assert "没找到「门禁卡」" in page.text and "/h5/report" in page.links


def test_what_is_for_staff_nobody_else_sees_y1(phone, browser_of, published, li):
    number = published(audience=Audience.STAFF)

    assert "怎么连接打印机" not in phone.opens(LIST).text
    assert phone.opens(f"{LIST}/{number}").status == 404
    assert "怎么连接打印机" in browser_of(li).opens(f"{LIST}/{number}").text


def test_nobody_reads_who_is_not_signed_in_y1(browser_of, published):
    number = published()

    response = browser_of().client.get(f"{LIST}/{number}")

    assert response.status_code == 302 and "authorize" in response.location


def test_opened_once_it_counts_once_however_often_it_is_loaded_k1(phone, published, uses):
    number = published()

    page = phone.opens(f"{LIST}/{number}?q=连打印机")
    phone.opens(f"{LIST}/{number}?use={uses()[0].id}")

    (use,) = uses()
    assert (use.place, use.query, use.outcome) == (UsePlace.PAGE, "连打印机", UseOutcome.SHOWN)
    assert "<kbd>Win</kbd>" in page.html, "the steps in full"


def test_the_page_of_an_answer_in_chat_belongs_to_that_answer_k1(phone, published, do, wang, uses):
    number = published()
    from services.desk import Desk

    (found,) = do(wang, Desk.answers, "怎么连打印机")
    use = do(wang, Desk.show_answer, found, "怎么连打印机")

    page = phone.opens(f"{LIST}/{number}?use={use}")
    phone.sends(page.form(f"{LIST}/{number}/said"), outcome="useful")

    assert [(each.place, each.outcome) for each in uses()] == [(UsePlace.CHAT, UseOutcome.USEFUL)]


def test_useful_is_thanked_and_counted_once_k1(phone, published, database):
    number = published()
    form = phone.opens(f"{LIST}/{number}").form(f"{LIST}/{number}/said")

    page = phone.sends(form, outcome="useful")
    phone.sends(form, outcome="useful")

    assert "谢谢您告诉我" in page.text
    assert only(database, Article).useful == 1


def test_of_no_use_it_may_be_said_why_k1(phone, published, uses):
    number = published()
    said = f"{LIST}/{number}/said"

    page = phone.sends(phone.opens(f"{LIST}/{number}").form(said), outcome="useless")
    assert "抱歉没帮上忙" in page.text
    phone.sends(page.form(said), remark="第 2 步的按钮找不到")

    assert (uses()[0].outcome, uses()[0].remark) == (UseOutcome.USELESS, "第 2 步的按钮找不到")


def test_reported_after_all_the_form_holds_the_question_and_the_kind_k1(
    phone, published, uses, database
):
    number = published(category=Category.PRINTER)
    page = phone.opens(f"{LIST}/{number}?q=怎么连三楼的打印机")
    use = uses()[0].id
    assert f"/h5/report?use={use}" in page.links

    form = phone.opens(f"/h5/report?use={use}").form("/h5/report")
    assert form.fields["fault"] == "怎么连三楼的打印机"
    assert 'value="printer" selected' in phone.page.html
    phone.sends(form, category="printer")

    ticket = only(database, Ticket)
    assert (uses()[0].outcome, uses()[0].ticket_id) == (UseOutcome.REPORTED, ticket.id)


def test_somebody_elses_question_is_in_nobodys_form_y1(
    browser_of, make_person, published, phone, uses
):
    number = published()
    phone.opens(f"{LIST}/{number}?q=我的密码是多少")

    other = browser_of(make_person("李雷"))
    page = other.opens(f"/h5/report?use={uses()[0].id}")

    assert page.form("/h5/report").fields["fault"] == ""


@pytest.mark.parametrize("use", ["x", "-1", "99999999999999999999", "1%00"])
def test_a_made_up_use_is_only_a_form_without_it_h46(phone, published, use):
    number = published()

    assert phone.opens(f"/h5/report?use={use}").status == 200
    assert phone.opens(f"{LIST}/{number}?use={use}").status == 200


def test_beside_a_report_known_answers_are_offered_and_not_yet_counted_k1(phone, published, uses):
    number = published()
    form = phone.opens("/h5/report").form("/h5/report")
    token = form.fields["csrf_token"]

    told = phone.client.post(f"{LIST}/like", data={"csrf_token": token, "fault": "打印机连不上"})
    assert f'data-answer="{LIST}/{number}/open"' in told.get_data(as_text=True)
    assert uses() == []

    sent = {"csrf_token": token, "fault": "打印机连不上"}
    opened = phone.client.post(f"{LIST}/{number}/open", data=sent)
    assert f'data-use="{uses()[0].id}"' in opened.get_data(as_text=True)
    assert uses()[0].query == "打印机连不上"


def test_what_was_opened_beside_it_belongs_to_the_ticket_k1(phone, published, uses, do, wang):
    number = published()
    form = phone.opens("/h5/report").form("/h5/report")
    sent = {"csrf_token": form.fields["csrf_token"], "fault": "打印机连不上"}
    phone.client.post(f"{LIST}/{number}/open", data=sent)

    phone.sends(form, fault="打印机连不上", use=str(uses()[0].id))

    assert uses()[0].outcome is UseOutcome.REPORTED
