"""The page of a ticket: who may what, two clerks at once, notes that stay inside (F11)."""

from dataclasses import replace

import pytest

from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.targets import TargetKind, TargetState
from models import Activity, Draft, Notice, NoticeState, Presence, Ticket, TicketTarget
from services import canned
from services.canned import NewCanned
from services.desk import Desk
from tests.services.making import all_of, happened, only, told
from tests.services.promise_kit import Past


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def li(make_person):
    return make_person("李台", Role.DESK)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def ticket(make_ticket, wang):
    """Waits for an engineer."""
    return make_ticket(requester=wang)


def way(ticket, rest=""):
    return f"/console/tickets/{ticket.number}{rest}"


def act(browser, ticket, name, **typed):
    """Opens the form of an act and sends it filled in."""
    form = browser.opens(way(ticket, f"/act/{name}")).form(way(ticket, f"/act/{name}"))
    return browser.sends(form, **typed)


def press(browser, ticket, name, **typed):
    page = browser.opens(way(ticket))
    return browser.sends(page.form(way(ticket, name)), **typed)


# --- reading -----------------------------------------------------------------------------------


def test_the_page_shows_clocks_with_their_reasons_and_what_was_said(
    at_desk, chen, wang, make_ticket, make_engineer
):
    """C §14."""
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=make_engineer("周工"))

    page = at_desk(chen).opens(way(ticket))

    assert page.status == 200
    assert "10:30 派单 + 10 分钟 = 10:40" in page.text
    assert "应于 12:30 前给出方案或初步诊断" in page.text
    assert "三楼财务室那台惠普打印机一直卡纸" in page.text
    assert "给周工" in page.text and "排队发送" in page.text


def test_a_late_clock_says_so_in_words_and_an_early_one_does_not(at_desk, clock, chen, make_ticket):
    ticket = make_ticket(Status.ASSIGNED)
    clock.passes(minutes=8)
    assert "clock--amber" in at_desk(chen).opens(way(ticket)).html

    clock.passes(minutes=7)

    page = at_desk(chen).opens(way(ticket))
    assert "clock--late" in page.html and "已超时5 分钟" in page.text


def test_who_only_reported_it_reads_the_portal_and_strangers_nothing(
    at_desk, wang, make_person, make_engineer, ticket
):
    """H-20."""
    vendor = make_person("外援", Role.VENDOR)

    assert at_desk(wang).client.get(way(ticket)).status_code == 403
    assert at_desk(vendor).opens(way(ticket)).status == 404


def test_an_engineer_sees_what_is_theirs_without_the_desks_acts(
    at_desk, wang, make_ticket, make_engineer
):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)

    page = at_desk(zhou).opens(way(ticket))

    assert page.status == 200
    assert way(ticket, "/act/resolve") in page.links
    assert way(ticket, "/act/merge") not in page.links
    assert "派单" not in [form.action for form in page.forms]
    assert not any("/assign" in form.action for form in page.forms)


def test_an_unchanged_page_is_not_sent_again(at_desk, chen, ticket):
    browser = at_desk(chen)
    browser.opens(way(ticket))
    first = browser.client.get(way(ticket, "/live"))

    again = browser.client.get(way(ticket, "/live"), headers={"HX-PTag": first.headers["HX-PTag"]})

    assert (first.status_code, again.status_code) == (200, 304)


def test_what_happens_meanwhile_is_sent(at_desk, by, chen, wang, ticket):
    browser = at_desk(chen)
    mark = browser.client.get(way(ticket, "/live")).headers["HX-PTag"]

    by(wang).amend(ticket.id, "现在冒烟了")

    answer = browser.client.get(way(ticket, "/live"), headers={"HX-PTag": mark})
    assert "现在冒烟了" in answer.get_data(as_text=True)


# --- presence (C §5) --------------------------------------------------------------------------


def test_colleagues_are_seen_while_they_are_there(at_desk, clock, chen, li, ticket):
    at_desk(li).client.get(way(ticket, "/live?typing=1"))

    assert "李台正在输入" in at_desk(chen).opens(way(ticket)).text

    clock.passes(seconds=41)
    assert "avatars" not in at_desk(chen).opens(way(ticket)).html


def test_that_somebody_is_there_is_written_each_quarter_minute_only(
    at_desk, database, clock, chen, ticket
):
    browser = at_desk(chen)
    browser.client.get(way(ticket, "/live"))
    clock.passes(seconds=4)
    browser.client.get(way(ticket, "/live"))
    first = only(database, Presence).seen_at
    clock.passes(seconds=12)
    browser.client.get(way(ticket, "/live"))

    assert (only(database, Presence).seen_at - first).total_seconds() == 16


# --- acts --------------------------------------------------------------------------------------


def test_the_first_choice_is_given_it_by_one_press_and_taken_back_by_another(
    at_desk, database, chen, make_engineer, ticket
):
    """F8, C §7."""
    make_engineer("周工")
    browser = at_desk(chen)

    page = press(browser, ticket, "/assign")
    assert "已派给周工" in page.text
    page = browser.sends(page.form(way(ticket, "/undo")))

    assert "撤回了" in page.text
    assert only(database, Ticket, id=ticket.id).status is Status.NEW
    states = {each.state for each in all_of(database, Notice, text_key="notice.assigned")}
    assert states == {NoticeState.REPLACED}


def test_somebody_else_wants_a_reason(at_desk, chen, make_engineer, ticket):
    make_engineer("周工", skills=["printer"])
    wu = make_engineer("吴工", skills=["network"])
    browser = at_desk(chen)
    form = browser.opens(way(ticket)).form(way(ticket, "/assign"))

    refused = browser.sends(form, engineer=str(wu.id))

    assert refused.status == 409
    assert "为什么派给这位" in refused.text


def test_the_desk_solves_by_phone(at_desk, database, chen, ticket):
    """F7."""
    result = {"cause": "setting", "action_taken": "电话里指导重新连接", "minutes": "5"}

    page = act(at_desk(chen), ticket, "resolve", where="remote", **result)

    assert "已完工" in page.text
    assert only(database, Ticket, id=ticket.id).status is Status.RESOLVED


def test_a_result_that_lacks_something_keeps_what_was_typed(at_desk, chen, ticket):
    page = act(
        at_desk(chen), ticket, "resolve", cause="setting", action_taken="重启", minutes="很久"
    )

    assert page.status == 400
    assert page.form(way(ticket, "/act/resolve")).fields["action_taken"] == "重启"


@pytest.mark.parametrize(
    ("status", "name", "typed", "after"),
    [
        (Status.NEW, "cancel", {"words": "重复了"}, Status.CANCELLED),
        (Status.RESOLVED, "reopen", {"words": "又卡了"}, Status.ASSIGNED),
        (Status.NEW, "correct", {"category": "network"}, Status.NEW),
    ],
)
def test_the_desk_acts_by_a_form(
    at_desk, database, chen, wang, make_ticket, status, name, typed, after
):
    ticket = make_ticket(status, requester=wang)

    page = act(at_desk(chen), ticket, name, **typed)

    assert page.status == 200
    assert only(database, Ticket, id=ticket.id).status is after


def test_an_engineer_holds_it_from_a_computer(at_desk, database, wang, make_ticket, make_engineer):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)

    act(
        at_desk(zhou),
        ticket,
        "hold",
        words="等配件",
        until_at="2026-11-24T15:00",
        reason="wait_part",
    )

    assert only(database, Ticket, id=ticket.id).status is Status.ON_HOLD


def test_what_the_status_forbids_says_why(at_desk, chen, ticket):
    refused = at_desk(chen).opens(way(ticket, "/act/reopen"))

    assert refused.status == 409
    assert "待受理" in refused.text


def test_merging_leads_to_the_other_ticket_and_back(
    at_desk, database, chen, wang, make_person, make_ticket
):
    first = make_ticket(requester=wang)
    second = make_ticket(requester=make_person("李娜"))
    browser = at_desk(chen)

    assert act(browser, second, "merge", number="IT20260101-9999").status == 400
    page = act(browser, second, "merge", number=first.number)
    assert f"/console/tickets/{first.number}" in page.links
    assert second.number in browser.opens(way(first)).html

    page = browser.sends(browser.opens(way(second)).form(way(second, "/do/unmerge")))
    assert only(database, Ticket, id=second.id).status is Status.NEW


def test_a_second_fault_is_split_off(at_desk, database, chen, ticket):
    page = act(
        at_desk(chen), ticket, "split", symptom="邮箱登不上", category="email", urgency="normal"
    )

    assert "已拆成两张" in page.text
    assert [each.symptom for each in all_of(database, Ticket)][-1] == "邮箱登不上"


# --- two clerks (C §5) ------------------------------------------------------------------------


def test_an_act_on_what_somebody_has_changed_shows_both_and_keeps_the_words(
    at_desk, database, chen, li, ticket
):
    one, other = at_desk(chen), at_desk(li)
    form = one.opens(way(ticket, "/act/cancel")).form(way(ticket, "/act/cancel"))
    act(other, ticket, "correct", category="network")

    stopped = one.sends(form, words="用户说不用了")

    assert stopped.status == 409
    assert "李台更正了" in stopped.text and "用户说不用了" in stopped.text
    assert only(database, Ticket, id=ticket.id).status is Status.NEW

    done = one.sends(stopped.form(way(ticket, "/act/cancel")))
    assert done.status == 200
    assert only(database, Ticket, id=ticket.id).status is Status.CANCELLED


def test_notes_and_the_requesters_words_stop_nobody(at_desk, database, by, chen, li, wang, ticket):
    browser = at_desk(chen)
    form = browser.opens(way(ticket, "/act/cancel")).form(way(ticket, "/act/cancel"))
    by(wang).amend(ticket.id, "快点")
    press(at_desk(li), ticket, "/note", words="我看看")

    assert browser.sends(form, words="重复").status == 200


# --- words -------------------------------------------------------------------------------------


def test_a_note_stays_inside_and_tells_whom_it_names(
    at_desk, browser_of, database, chen, li, wang, ticket
):
    """C §11."""
    page = press(at_desk(chen), ticket, "/note", words="客户很急 @李台 请先看")

    assert "客户很急" in page.text
    assert "desk_told.mentioned" in told(database, li)
    assert not [key for key in told(database, wang) if key.startswith("desk_told")]
    assert "客户很急" not in browser_of(wang).opens(f"/h5/tickets/{ticket.number}").html
    assert Action.NOTE in happened(database, ticket.id)


def test_a_follower_hears_of_notes(at_desk, database, chen, li, ticket):
    """C §10."""
    press(at_desk(li), ticket, "/follow")

    press(at_desk(chen), ticket, "/note", words="等配件")

    assert "desk_told.noted" in told(database, li)


def test_a_reply_goes_to_the_requester_and_can_be_taken_back(at_desk, database, chen, wang, ticket):
    browser = at_desk(chen)

    page = press(browser, ticket, "/reply", words="周工十分钟到")
    assert told(database, wang) == ["desk_told.reply"]
    page = browser.sends(page.form(way(ticket, "/reply/undo")))

    assert page.form(way(ticket, "/reply")).fields["words"] == "周工十分钟到"
    assert only(database, Notice, recipient_id=wang.id).state is NoticeState.REPLACED


def test_words_with_a_variable_left_open_do_not_go(at_desk, database, chen, wang, ticket):
    """C §6."""
    page = press(at_desk(chen), ticket, "/reply", words="{engineer}马上到")

    assert page.status == 400
    assert "还有没填上的内容：工程师" in page.text
    assert told(database, wang) == []


def test_drafts_survive_and_are_nobody_elses(at_desk, database, chen, li, ticket):
    """C §8."""
    browser = at_desk(chen)
    token = browser.opens(way(ticket)).form(way(ticket, "/note")).fields["csrf_token"]

    saved = browser.client.post(
        way(ticket, "/draft"), data={"csrf_token": token, "place": "note", "words": "写到一半"}
    )

    assert saved.status_code == 204
    again = at_desk(chen).opens(way(ticket)).form(way(ticket, "/note"))
    assert again.fields["words"] == "写到一半"
    assert at_desk(li).opens(way(ticket)).form(way(ticket, "/note")).fields["words"] == ""

    press(browser, ticket, "/note", words="写完了")
    assert all_of(database, Draft) == []


def test_canned_words_are_offered_with_this_tickets_values(
    at_desk, database, rules, clock, chen, ticket
):
    """K1."""
    with database.transaction() as session:
        desk = Desk(session, clock(), rules, chen)
        canned.add(
            desk, NewCanned("马上到", "{requester}您好，{number} 师傅马上到", is_shared=True)
        )

    page = at_desk(chen).opens(way(ticket))

    assert f"王芳您好，{ticket.number} 师傅马上到" in page.html
    assert "/msd" in page.text


def test_a_notice_that_did_not_get_through_is_sent_again(at_desk, database, chen, wang, ticket):
    press(at_desk(chen), ticket, "/reply", words="请重启试试")
    with database.transaction() as session:
        notice = session.query(Notice).filter_by(recipient_id=wang.id).one()
        notice.state = NoticeState.FAILED
        number = notice.id
    browser = at_desk(chen)

    page = browser.opens(way(ticket))
    assert "没能送到" in page.text
    browser.sends(page.form(way(ticket, f"/retry/{number}")))

    assert only(database, Notice, id=number).state is NoticeState.PENDING


def test_a_notice_and_a_line_of_an_older_release_break_no_page(
    at_desk, database, chen, wang, ticket, an_older_release
):
    press(at_desk(chen), ticket, "/reply", words="请重启试试")
    with database.transaction() as session:
        notice = session.query(Notice).filter_by(recipient_id=wang.id).one()
        line = session.query(Activity).filter_by(ticket_id=ticket.id).first()
        line.detail = {**(line.detail or {}), "after": {"colour": "red"}, "before": {}}
        number = notice.id
    an_older_release(number)

    page = at_desk(chen).opens(way(ticket))

    assert page.status == 200 and "这条消息的文字已不再使用" in page.text


# --- canned words ------------------------------------------------------------------------------


def test_canned_words_are_written_changed_and_put_out_of_use(at_desk, chen, li):
    browser = at_desk(chen)
    form = browser.opens("/console/canned/new").form("/console/canned/new")
    assert browser.sends(form, title="等一下", text="{nobody}请重启").status == 400

    page = browser.sends(form, title="等一下", text="{requester}，请重启试试")
    assert "/dyx" in page.text
    assert "请重启试试" in at_desk(li).opens("/console/canned").text

    off = next(each for each in page.forms if each.action.endswith("/put_off"))
    assert "已停用，以后还能启用" in browser.sends(off).text


def test_somebody_elses_own_words_are_not_there(at_desk, chen, li):
    browser = at_desk(chen)
    form = browser.opens("/console/canned/new").form("/console/canned/new")
    form.fields.pop("shared", None)
    page = browser.sends(form, title="我的", text="我自己的话")
    own = next(
        link for link in page.links if link.startswith("/console/canned/") and link[-1].isdigit()
    )

    assert at_desk(li).opens(own).status == 404
    assert "我自己的话" not in at_desk(li).opens("/console/canned").text


# --- what arrives from elsewhere ---------------------------------------------------------------


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --"])
def test_words_are_words(at_desk, by, chen, wang, ticket, words):
    """H-30."""
    by(wang).amend(ticket.id, words)

    assert "<script>alert" not in at_desk(chen).opens(way(ticket)).html


@pytest.mark.parametrize("seen", ["", "x", "-1", "٣"])
def test_a_form_without_what_it_saw_is_no_form(at_desk, chen, ticket, seen):
    browser = at_desk(chen)
    form = browser.opens(way(ticket, "/act/cancel")).form(way(ticket, "/act/cancel"))

    assert browser.posts(form, words="x", seen=seen).status_code == 400


def test_nothing_is_recorded_of_an_act_that_was_refused(at_desk, database, chen, ticket):
    browser = at_desk(chen)
    form = browser.opens(way(ticket, "/act/merge")).form(way(ticket, "/act/merge"))

    assert browser.sends(form, number=ticket.number).status == 400
    assert [each.action for each in all_of(database, Activity)] == [Action.OPEN]


# --- promises that were not kept -----------------------------------------------------------------


@pytest.fixture
def missed(database, ticket):
    """Its diagnosis came 45 minutes late."""
    past = Past(database, ticket.requester_id)
    return past.promise(
        TargetState.MISSED, TargetKind.FEEDBACK, ticket_id=ticket.id, ran_minutes=165
    )


def test_a_miss_is_explained_where_the_ticket_is_read(at_desk, database, chen, ticket, missed):
    """R4: the same as on the page of all misses."""
    browser = at_desk(chen)
    assert "晚了 45 分钟" in browser.opens(way(ticket)).text

    page = press(browser, ticket, f"/misses/{missed}", reason="等配件，已约周一")

    assert "等配件，已约周一" in page.text and "陈静 说明" in page.text
    kept = only(database, TicketTarget, id=missed)
    assert (kept.miss_reason, kept.miss_reason_by_id) == ("等配件，已约周一", chen.id)


def test_of_another_ticket_nothing_is_explained_here(
    at_desk, database, chen, wang, make_ticket, ticket, missed
):
    other, browser = make_ticket(requester=wang), at_desk(chen)
    form = browser.opens(way(ticket)).form(way(ticket, f"/misses/{missed}"))
    elsewhere = replace(form, action=way(other, f"/misses/{missed}"))

    assert browser.sends(elsewhere, reason="不是这张").status == 404
    assert only(database, TicketTarget, id=missed).miss_reason is None


def test_an_engineer_sees_no_misses(at_desk, make_ticket, make_engineer, database):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)
    past = Past(database, ticket.requester_id)
    past.promise(TargetState.MISSED, TargetKind.FEEDBACK, ticket_id=ticket.id)

    assert "没做到的承诺" not in at_desk(zhou).opens(way(ticket)).text
