"""One complaint at the console: read, verified, decided, fed back; two at once (C2, C3, P8)."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from domain.complaints import ComplaintAction, ComplaintStatus, Verdict
from domain.lifecycle import Status
from domain.permissions import Role
from models import AppraisalFact, Complaint, ComplaintEvent, ComplaintPerson, InboxMessage
from services.complaints import handling, submitting
from tests.services.complaint_kit import (
    WORDS,
    cast_of,
    decided,
    fed_back,
    objected,
    reported,
    submitted,
)
from tests.services.making import RESULT, all_of, only

LIST = "/console/complaints"


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.fixture
def clerk(at_desk, cast):
    return at_desk(cast.clerk)


@pytest.fixture
def head(at_desk, cast):
    return at_desk(cast.head)


def actions_of(database) -> list[str]:
    events = all_of(database, ComplaintEvent)
    return [each.action.value for each in events if each.action is not ComplaintAction.READ]


def form_of(browser, complaint, name):
    """With nobody ticked."""
    form = browser.opens(f"{LIST}/{complaint.number}").form(f"{LIST}/{complaint.number}/{name}")
    form.fields = {k: v for k, v in form.fields.items() if not k.startswith("person_")}
    return form


# --- what is read --------------------------------------------------------------------------------


def test_everything_to_verify_with_stands_on_one_page(
    clerk, cast, make_ticket, by, database, desk_of
):
    """C2: words, who, the ticket with its result, whom it concerns, by when and why."""
    ticket = make_ticket(Status.RESOLVED, requester=cast.requester, engineer=cast.engineer)
    complaint = submitted(database, desk_of, cast, ticket_id=ticket.id)

    page = clerk.opens(f"{LIST}/{complaint.number}")

    for words in (WORDS, "13800001234", "财务部", ticket.number, "换了搓纸轮", "未评价"):
        assert words in page.text
    assert "周工" in page.text and "经手过这张单" in page.text
    assert "应于" in page.text and "只算服务时间" in page.text


def test_what_was_said_is_there_but_for_words_of_another_complaint(
    clerk, cast, database, desk_of, now
):
    """P8: words of a complaint are read with it, and nowhere else."""
    said = {"openid": cast.requester.openid, "kind": "text", "sent_at": now, "received_at": now}
    with database.transaction() as session:
        session.add(InboxMessage(**said, key="1", text="师傅什么时候来"))
        session.add(InboxMessage(**said, key="2", text="小陈也不好", is_confidential=True))
    complaint = submitted(database, desk_of, cast)

    page = clerk.opens(f"{LIST}/{complaint.number}")

    assert "师傅什么时候来" in page.text and "小陈也不好" not in page.text


def test_p8_each_opening_is_noted_once_in_an_hour(clerk, at_desk, cast, database, desk_of, clock):
    complaint = submitted(database, desk_of, cast)

    for _ in range(2):
        clerk.opens(f"{LIST}/{complaint.number}")
    clock.passes(minutes=61)
    page = at_desk(cast.clerk).opens(f"{LIST}/{complaint.number}")

    events = [each.action for each in all_of(database, ComplaintEvent)]
    assert events.count(ComplaintAction.READ) == 2
    assert "2 次打开记录" in page.text


def test_what_moves_says_that_somebody_else_moved_it(
    clerk, cast, make_person, database, desk_of, clock
):
    complaint = submitted(database, desk_of, cast)
    page = clerk.opens(f"{LIST}/{complaint.number}")
    address = page.html.partition('data-live="/console/complaints/TS')[2].partition('"')[0]
    lina = make_person("李娜", Role.DESK)
    with database.transaction() as session:
        handling.take(desk_of(session, lina), complaint.id)

    moved = clerk.opens(f"{LIST}/TS{address}")

    assert "别的同事刚才动过" in moved.text and "李娜" in moved.text


# --- the desk verifies ---------------------------------------------------------------------------


def test_c2_it_is_verified_and_reported_in_one(clerk, cast, database, desk_of):
    complaint = submitted(database, desk_of, cast)

    page = clerk.sends(
        form_of(clerk, complaint, "verify"),
        findings="确有其事",
        report="yes",
        **{f"person_{cast.engineer.id}": "yes"},
    )

    assert "已上报负责人" in page.text
    kept = only(database, Complaint)
    assert (kept.status, kept.findings) == (ComplaintStatus.REPORTED, "确有其事")
    assert only(database, ComplaintPerson).is_found


def test_findings_are_kept_and_reported_later(clerk, cast, database, desk_of):
    complaint = submitted(database, desk_of, cast)

    page = clerk.sends(form_of(clerk, complaint, "verify"), findings="还在问")

    assert only(database, Complaint).status is ComplaintStatus.VERIFIED
    form = form_of(clerk, complaint, "verify")
    assert page.status == 200 and form.fields["findings"] == "还在问"
    clerk.sends(form, findings="问清楚了", report="yes")
    assert actions_of(database) == ["submit", "verify", "verify", "report"]


def test_findings_without_words_are_asked_for_and_ticks_stay(clerk, cast, database, desk_of):
    complaint = submitted(database, desk_of, cast)
    ticked = {f"person_{cast.engineer.id}": "yes"}

    page = clerk.sends(form_of(clerk, complaint, "verify"), findings=" ", report="yes", **ticked)

    assert page.status == 400 and "请写一下查到了什么" in page.text
    assert f'name="person_{cast.engineer.id}" value="yes" checked' in page.html
    assert only(database, Complaint).status is ComplaintStatus.SUBMITTED


def test_nobody_verifies_what_concerns_them(clerk, cast, database, desk_of):
    complaint = submitted(database, desk_of, cast)
    form = form_of(clerk, complaint, "verify")
    assert f"person_{cast.clerk.id}" not in form.names

    page = clerk.sends(form, findings="是我", **{f"person_{cast.clerk.id}": "yes"})

    assert page.status == 400 and "请由别的同事核实" in page.text


def test_another_clerk_takes_it(at_desk, cast, make_person, database, desk_of):
    complaint = submitted(database, desk_of, cast)
    lina = make_person("李娜", Role.DESK)
    browser = at_desk(lina)

    page = browser.sends(form_of(browser, complaint, "take"))

    assert "由您核实了" in page.text
    assert only(database, Complaint).verifier_id == lina.id
    assert not any(each.action.endswith("/take") for each in page.forms)


def test_more_is_written_down_for_a_caller_with_a_photo(clerk, cast, database, desk_of, site):
    complaint = submitted(database, desk_of, cast)
    made = io.BytesIO()
    Image.new("RGB", (40, 40)).save(made, "PNG")
    made.seek(0)

    page = clerk.sends(
        form_of(clerk, complaint, "add"), more="他又打来说人还没来", photos=(made, "a.png")
    )

    assert "他又打来说人还没来" in page.text
    picture = page.html.partition('<img src="')[2].partition('"')[0]
    with clerk.client.get(picture.replace("&amp;", "&")) as shown:
        assert shown.mimetype == "image/jpeg"


def test_p8_its_photo_is_not_for_whom_it_concerns(
    clerk, at_desk, cast, make_person, database, desk_of
):
    """Not even at an address that somebody has passed on."""
    complaint = submitted(database, desk_of, cast)
    made = io.BytesIO()
    Image.new("RGB", (40, 40)).save(made, "PNG")
    made.seek(0)
    page = clerk.sends(form_of(clerk, complaint, "add"), photos=(made, "a.png"))
    picture = page.html.partition('<img src="')[2].partition('"')[0]

    assert at_desk(cast.engineer).client.get(picture).status_code == 404


# --- the head decides ----------------------------------------------------------------------------


def test_c3_the_head_decides_with_what_counts_for_whom(head, cast, database, desk_of):
    complaint = reported(database, desk_of, cast)
    who = cast.engineer.id

    page = head.sends(
        form_of(head, complaint, "decide"),
        verdict="partly",
        measures="当面道歉",
        **{f"points_{who}": "-3", f"words_{who}": "上门中途离开"},
    )

    assert "已交服务台反馈" in page.text
    fact = only(database, AppraisalFact)
    assert (fact.points, fact.words) == (-3, "上门中途离开")
    assert only(database, Complaint).verdict is Verdict.PARTLY


def test_points_left_empty_are_as_the_rules_say(head, cast, database, desk_of):
    complaint = reported(database, desk_of, cast)

    head.sends(form_of(head, complaint, "decide"), verdict="upheld", measures="当面道歉")

    assert only(database, AppraisalFact).points == -5


@pytest.mark.parametrize("words", ["王芳说你中途走了", "见 0001", "打 13800001234 道歉"])
def test_p8_words_for_whom_it_concerns_give_nobody_away(head, cast, database, desk_of, words):
    complaint = reported(database, desk_of, cast)

    page = head.sends(
        form_of(head, complaint, "decide"),
        verdict="upheld",
        measures="当面道歉",
        **{f"words_{cast.engineer.id}": words},
    )

    assert page.status == 400 and "这段话本人会看到，请去掉" in page.text
    assert page.form(f"{LIST}/{complaint.number}/decide").fields["measures"] == "当面道歉"
    assert only(database, Complaint).status is ComplaintStatus.REPORTED


@pytest.mark.parametrize("points", ["many", "-101", "1000"])
def test_points_that_nobody_can_read_are_asked_for_again(head, cast, database, desk_of, points):
    complaint = reported(database, desk_of, cast)

    page = head.sends(
        form_of(head, complaint, "decide"),
        verdict="upheld",
        measures="当面道歉",
        **{f"points_{cast.engineer.id}": points},
    )

    assert page.status == 400 and "-100 到 100" in page.text


def test_more_facts_are_wanted_before_a_decision(head, clerk, cast, database, desk_of):
    complaint = reported(database, desk_of, cast)

    head.sends(form_of(head, complaint, "return"), wanted="问一下同去的人")

    assert only(database, Complaint).status is ComplaintStatus.SUBMITTED
    assert "问一下同去的人" in clerk.opens(f"{LIST}/{complaint.number}").text


def test_c4_an_objection_stands_before_the_second_decision(head, cast, database, desk_of):
    complaint = objected(database, desk_of, cast)

    page = head.opens(f"{LIST}/{complaint.number}")

    assert "没有道歉" in page.text and "复议" in page.text
    assert page.form(f"{LIST}/{complaint.number}/decide").fields[f"points_{cast.engineer.id}"] == (
        "-5"
    )


# --- the desk tells ------------------------------------------------------------------------------


def test_c3_the_desk_tells_it_in_words_that_begin_as_a_draft(clerk, cast, database, desk_of):
    complaint = decided(database, desk_of, cast)
    form = form_of(clerk, complaint, "feed-back")
    assert "情况属实" in form.fields["feedback"] and "周工当面道歉" in form.fields["feedback"]

    page = clerk.sends(form, feedback="已请师傅道歉")

    assert "已反馈给投诉人" in page.text and "等投诉人评价" in page.text
    assert only(database, Complaint).feedback == "已请师傅道歉"


def test_p6_the_fate_of_each_notice_is_shown(clerk, cast, database, desk_of):
    complaint = fed_back(database, desk_of, cast)

    page = clerk.opens(f"{LIST}/{complaint.number}")

    assert "您反映的属实" in page.text and 'class="fate' in page.html


# --- two at once ---------------------------------------------------------------------------------


def test_the_second_of_two_is_shown_what_changed_and_loses_no_word(
    clerk, at_desk, cast, make_person, database, desk_of
):
    complaint = submitted(database, desk_of, cast)
    other = at_desk(make_person("李娜", Role.DESK))
    mine, theirs = (form_of(each, complaint, "verify") for each in (clerk, other))
    other.sends(theirs, findings="李娜查的")

    page = clerk.sends(mine, findings="小陈查的")

    assert page.status == 409
    assert "李娜查的" in page.text and "小陈查的" in page.text
    assert only(database, Complaint).findings == "李娜查的"
    clerk.sends(page.form(f"{LIST}/{complaint.number}/verify"))
    assert only(database, Complaint).findings == "小陈查的"


def test_words_of_the_complainant_that_came_meanwhile_are_read_first(
    clerk, cast, database, desk_of
):
    complaint = submitted(database, desk_of, cast)
    form = form_of(clerk, complaint, "verify")
    with database.transaction() as session:
        submitting.add(desk_of(session, cast.requester), complaint.id, "人刚才来了")

    page = clerk.sends(form, findings="没人来", report="yes")

    assert page.status == 409 and "人刚才来了" in page.text


def test_r089_the_form_sent_twice_is_done_once(clerk, cast, database, desk_of):
    complaint = submitted(database, desk_of, cast)
    form = form_of(clerk, complaint, "verify")

    first = clerk.posts(form, findings="确有其事")
    again = clerk.posts(form, findings="确有其事")

    assert first.location == again.location
    assert actions_of(database) == ["submit", "verify"]


# --- who may not ---------------------------------------------------------------------------------


ACTS = {
    "take": {},
    "verify": {"findings": "无"},
    "decide": {"verdict": "not_upheld", "measures": "无"},
    "return": {"wanted": "无"},
    "feed-back": {"feedback": "无"},
    "add": {"more": "无"},
    "retry/1": {},
}


@pytest.mark.parametrize("name", ACTS)
def test_p8_no_act_reaches_a_complaint_that_concerns_the_actor(
    at_desk, cast, make_person, database, desk_of, name
):
    """A clerk and a head who are named: not found, as if there were none; nothing changes."""
    chief = make_person("吴主任", Role.HEAD, Role.DESK)
    named = (chief.id, cast.engineer.id)
    complaint = reported(database, desk_of, cast, people=named)
    browser = at_desk(chief)
    form = browser.opens(f"{LIST}/new").form(f"{LIST}/new")
    form.fields = {k: v for k, v in form.fields.items() if k in ("csrf_token", "request_key")}
    if name not in ("add", "retry/1"):
        form.fields["seen"] = "999999"
    before = actions_of(database)

    for number in (complaint.number, "TS20261124-9999"):
        form.action = f"{LIST}/{number}/{name}"
        assert browser.posts(form, **ACTS[name]).status_code == 404
    assert actions_of(database) == before


@pytest.mark.parametrize("name", ["decide", "return"])
def test_a_clerk_does_not_decide(clerk, cast, database, desk_of, name):
    complaint = reported(database, desk_of, cast)
    page = clerk.opens(f"{LIST}/{complaint.number}")
    assert not any(each.action.endswith(f"/{name}") for each in page.forms)
    form = page.form(f"{LIST}/{complaint.number}/add")
    form.action, form.fields = (
        f"{LIST}/{complaint.number}/{name}",
        {k: v for k, v in form.fields.items() if k != "more"} | {"seen": "99"},
    )

    assert clerk.posts(form, **ACTS[name]).status_code == 403
    with database.reading() as session:
        status = session.scalar(select(Complaint.status))
    assert status is ComplaintStatus.REPORTED


# --- on the ticket -------------------------------------------------------------------------------


def test_the_page_of_the_ticket_names_it_for_who_sees_to_it_alone(
    clerk, at_desk, cast, make_ticket, database, desk_of
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    engineer = at_desk(cast.engineer)
    before = engineer.opens(f"/console/tickets/{ticket.number}").text
    complaint = submitted(database, desk_of, cast, ticket_id=ticket.id)

    after = engineer.opens(f"/console/tickets/{ticket.number}").text
    seen = clerk.opens(f"/console/tickets/{ticket.number}")

    assert after == before and "投诉" not in before
    assert f"{LIST}/{complaint.number}" in seen.links and "待核实" in seen.text


# --- on the phone --------------------------------------------------------------------------------


def test_c1_a_complaint_comes_by_phone(clerk, cast, make_ticket, database):
    ticket = make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    page = clerk.opens(f"{LIST}/new?person={cast.requester.id}&ticket={ticket.number}")
    form = page.form(f"{LIST}/new")
    assert form.fields["about"] == f"ticket:{ticket.id}" and form.fields["name"] == "王芳"

    page = clerk.sends(form, words="修一半就走了")

    kept = only(database, Complaint)
    assert (kept.ticket_id, kept.registered_by_id) == (ticket.id, cast.clerk.id)
    assert kept.number[-4:] in page.text and "投诉已登记" in page.text and "前核实" in page.text


def test_c1_somebody_new_complains_of_a_person(clerk, cast, database):
    form = clerk.opens(f"{LIST}/new").form(f"{LIST}/new")

    page = clerk.sends(
        form,
        name="孙丽",
        department="行政部",
        phone="8801",
        about="person",
        named=str(cast.engineer.id),
        words="说话很冲",
    )

    kept = only(database, Complaint)
    assert page.status == 200 and (kept.contact_name, kept.contact_phone) == ("孙丽", "8801")
    assert only(database, ComplaintPerson).person_id == cast.engineer.id


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"words": ""}, "请记一下投诉人怎么说"),
        ({"about": "person"}, "请选是哪一位"),
        ({"about": "ticket:x"}, "请选一项"),
        ({"phone": "没有"}, "电话没看明白"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_rest_stays(clerk, cast, database, typed, asked):
    form = clerk.opens(f"{LIST}/new?person={cast.requester.id}").form(f"{LIST}/new")

    page = clerk.sends(form, **{"words": "态度差", "about": "service", **typed})

    assert page.status == 400 and asked in page.text
    assert page.form(f"{LIST}/new").fields["name"] == "王芳"
    assert all_of(database, Complaint) == []


def test_a_clerk_whom_it_concerns_reads_out_the_number_and_no_more(
    clerk, cast, make_ticket, by, database
):
    """They solved the ticket on the phone themselves."""
    ticket = make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    by(cast.clerk).resolve(ticket.id, RESULT)
    form = clerk.opens(f"{LIST}/new?person={cast.requester.id}&ticket={ticket.number}").form(
        f"{LIST}/new"
    )

    page = clerk.sends(form, words="没修好就说好了")

    kept = only(database, Complaint)
    assert kept.number[-4:] in page.text and "由别的同事核实" in page.text
    assert clerk.opens(f"{LIST}/{kept.number}").status == 404


def test_the_way_to_it_is_on_the_card_of_a_caller_and_of_a_person(clerk, cast):
    way = f"{LIST}/new?person={cast.requester.id}"

    assert way in clerk.opens(f"/console/phone?person={cast.requester.id}").links
    assert way in clerk.opens(f"/console/search/people/{cast.requester.id}").links
