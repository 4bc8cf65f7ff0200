"""The phone form at the console: matches, the card, what is meant, and what becomes of it (F2)."""

import pytest

from domain.knowledge import Audience, UseOutcome, UsePlace
from domain.lifecycle import Action, Status
from domain.permissions import Role
from models import ArticleUse, IntakeChannel, Ticket
from tests.services.knowledge import conftest as shelf
from tests.services.making import a_report, happened, only

li, chen, do, published = shelf.li, shelf.chen, shelf.do, shelf.published
PHONE = "/console/phone"
TYPED = {
    "name": "王芳",
    "department": "财务部",
    "phone": "13800001234",
    "fault": "打印机一直卡纸",
    "place": "三楼财务室",
}


@pytest.fixture
def clerk(at_desk, make_person):
    return at_desk(make_person("李娜", Role.DESK))


def registers(clerk, path=PHONE, **typed):
    page = clerk.opens(path)
    return clerk.sends(page.form(PHONE), **{"outcome": "dispatch", **typed})


def test_f2_a_call_becomes_a_dispatched_ticket_with_its_number_to_read_out(
    clerk, make_engineer, database
):
    make_engineer("周工", skills=["printer"])

    page = registers(clerk, **TYPED)

    ticket = only(database, Ticket)
    assert ticket.channel is IntakeChannel.PHONE and ticket.symptom == "打印机一直卡纸"
    assert ticket.number[-4:] in page.text and "周工" in page.text


def test_r089_the_form_sent_twice_is_one_ticket(clerk, database):
    form = clerk.opens(PHONE).form(PHONE)

    first = clerk.posts(form, outcome="queue", **TYPED)
    again = clerk.posts(form, outcome="queue", **TYPED)

    assert first.location == again.location
    assert only(database, Ticket).status is Status.NEW


def test_f7_solved_on_the_phone_needs_cause_and_cure(clerk, database):
    page = registers(clerk, **TYPED, outcome="solved", minutes="0")
    assert page.status == 400 and "请选一个原因" in page.text and "整数" in page.text

    page = clerk.sends(
        page.form(PHONE), outcome="solved", cause="setting", action="重启打印服务", minutes="3"
    )

    assert "已登记为已解决" in page.text
    assert only(database, Ticket).status is Status.RESOLVED


@pytest.mark.parametrize("name", ["name", "department", "phone", "fault", "place"])
def test_c20_what_is_missing_is_asked_for_and_the_rest_stays(clerk, name):
    page = registers(clerk, **{**TYPED, name: ""})

    assert page.status == 400
    kept = page.form(PHONE).fields
    assert all(kept[each] == value for each, value in TYPED.items() if each != name)


def test_b1_matches_pop_up_with_what_the_form_needs(clerk, make_person):
    make_person("王芳")

    found = clerk.opens(f"{PHONE}/callers?q=wf").html

    assert 'data-phone="13800001234"' in found and 'data-department="财务部"' in found


def test_b1_the_same_fault_again_goes_to_the_open_ticket(clerk, make_person, by, database):
    wang = make_person()
    ticket = by(wang).report(a_report()).ticket
    page = clerk.opens(f"{PHONE}?person={wang.id}")
    assert "又是这个" in page.text
    form = page.form(PHONE)
    form.action = f"{PHONE}/again/{ticket.number}"

    page = clerk.sends(form, fault="还在卡，换了纸也一样")

    assert "已经补到这张单上" in page.text
    assert happened(database, ticket.id)[-1] is Action.AMEND


def test_f5_while_typing_the_kind_its_words_and_the_engineer_are_shown(clerk, make_engineer):
    make_engineer("周工", skills=["printer"])
    form = clerk.opens(PHONE).form(PHONE)
    form.action = f"{PHONE}/reading"

    shown = clerk.posts(form, fault="打印机一直卡纸").get_data(as_text=True)
    overruled = clerk.posts(form, fault="打印机一直卡纸", category="network").get_data(as_text=True)

    assert "类型：打印机" in shown and "<mark>卡纸</mark>" in shown and "周工" in shown
    assert "类型：网络" in overruled
    polite = clerk.posts(form, fault="我的密码过期了，谢谢").get_data(as_text=True)
    assert "类型：账号" in polite and "<mark>谢谢</mark>" not in polite


def test_w1_a_talk_becomes_a_ticket_with_the_persons_words(clerk, make_person, by, database):
    wang = make_person()
    by(wang).ask_for_person("打印机一直卡纸")
    path = f"{PHONE}?person={wang.id}&talk=1"
    assert clerk.opens(path).form(PHONE).fields["fault"] == "打印机一直卡纸"

    registers(clerk, path, outcome="queue")

    assert only(database, Ticket).channel is IntakeChannel.WECHAT


def test_y1_the_phone_is_the_desks_alone(at_desk, make_engineer, make_person):
    wang = make_person()
    for path in (PHONE, f"{PHONE}/callers?q=wf", f"{PHONE}/caller/{wang.id}"):
        assert at_desk(make_engineer()).opens(path).status == 403


@pytest.mark.parametrize("path", ["/caller/99999", "/done/IT20261124-9999", "?person=99999"])
def test_h20_what_is_not_there_is_not_found(clerk, path):
    assert clerk.opens(PHONE + path).status == 404


def test_h46_hostile_forms_break_nothing(clerk):
    strange = {"person": "1; DROP", "device": "<x>", "minutes": "九"}

    assert registers(clerk, **{**TYPED, **strange}).status == 200
    assert clerk.opens(f"{PHONE}/callers?q=%00%F0%9F%98%80%25_'").status == 200


# --- known answers -------------------------------------------------------------------------------


def test_k1_a_known_answer_is_read_out_and_the_end_of_the_call_says_what_came_of_it(
    clerk, published, database
):
    number = published(audience=Audience.STAFF)
    form = clerk.opens(PHONE).form(PHONE)
    sent = {"csrf_token": form.fields["csrf_token"], "fault": "打印机怎么添加"}

    told = clerk.client.post(f"{PHONE}/answers", data=sent).get_data(as_text=True)
    assert f'data-answer="{PHONE}/answers/{number}/open"' in told
    clerk.client.post(f"{PHONE}/answers/{number}/open", data=sent)
    use = only(database, ArticleUse)
    assert (use.place, use.outcome) == (UsePlace.CONSOLE, UseOutcome.SHOWN)

    solved = {"outcome": "solved", "cause": "setting", "action": "照步骤添加", "minutes": "3"}
    clerk.sends(form, **TYPED, **solved, use=str(use.id))

    use = only(database, ArticleUse)
    assert (use.outcome, use.ticket_id) == (UseOutcome.USEFUL, only(database, Ticket).id)


def test_k1_dispatched_all_the_same_it_did_not_do(clerk, published, database):
    number = published()
    form = clerk.opens(PHONE).form(PHONE)
    sent = {"csrf_token": form.fields["csrf_token"], "fault": "打印机怎么添加"}
    clerk.client.post(f"{PHONE}/answers/{number}/open", data=sent)

    clerk.sends(form, **TYPED, outcome="dispatch", use=str(only(database, ArticleUse).id))

    assert only(database, ArticleUse).outcome is UseOutcome.REPORTED
