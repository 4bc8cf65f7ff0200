"""A complainant's pages on a phone and at a computer: write, follow, answer (C1, C4, P8)."""

import io
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from domain.complaints import About, ComplaintStatus, Concerned, Verdict
from domain.lifecycle import Status
from domain.permissions import Role
from models import (
    Attachment,
    Complaint,
    ComplaintEvent,
    ComplaintPerson,
    InboxMessage,
    IntakeChannel,
    Notice,
    Person,
)
from services import reaching
from services.complaints import handling, reading, submitting
from services.media_links import MediaLinks, Variant
from tests.services import complaint_kit as kit
from tests.services.complaint_kit import Cast, cast_of
from web.site import keep

ABSENT = "TS20261124-9999"
WORDS = "修到一半接电话就走了"


@dataclass
class Area:
    """The same pages, one way in or the other."""

    path: str
    open: Any
    channel: IntakeChannel

    def at(self, number: str = "", act: str = "") -> str:
        return "/".join(each for each in (self.path, number, act) if each)


@pytest.fixture(params=["h5", "portal"])
def area(request, browser_of, at_desk) -> Area:
    if request.param == "h5":
        return Area("/h5/complaints", browser_of, IntakeChannel.WECHAT)
    return Area("/portal/complaints", at_desk, IntakeChannel.WEB)


@pytest.fixture
def cast(make_person, make_engineer) -> Cast:
    return cast_of(make_person, make_engineer)


@dataclass
class Stage:
    """A complaint in whatever status."""

    database: Any
    desk_of: Any
    cast: Cast
    to: dict[str, Any] = field(
        default_factory=lambda: {
            "submitted": kit.submitted,
            "reported": kit.reported,
            "decided": kit.decided,
            "fed_back": kit.fed_back,
            "objected": kit.objected,
        }
    )

    def __call__(self, status: str, **said) -> str:
        return self.to[status](self.database, self.desk_of, self.cast, **said).number


@pytest.fixture
def stage(database, desk_of, cast) -> Stage:
    return Stage(database, desk_of, cast)


@pytest.fixture
def rows(database):
    def read(model) -> list:
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(*model.__table__.primary_key)))

    return read


def a_photo(name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    photo = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(photo, "JPEG")
    photo.seek(0)
    return photo, name


def writes(area: Area, person, /, *, query: str = "", **typed):
    browser = area.open(person)
    form = browser.opens(area.at("new") + query).form(area.at("new"))
    return browser.sends(form, **typed)


# --- write one -----------------------------------------------------------------------------------


def test_a_complaint_about_a_ticket_gets_its_number_its_clerk_and_its_time(
    area, cast, make_ticket, rows
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)

    page = writes(
        area, cast.requester, about="ticket", ticket=ticket.number, words=WORDS, photos=a_photo()
    )

    (complaint,) = rows(Complaint)
    assert page.path == area.at(complaint.number)
    assert f"已登记，投诉号 {complaint.number}" in page.text
    assert "服务台小陈会在 14:30 前核实" in page.text
    assert (complaint.about, complaint.channel) == (About.TICKET, area.channel)
    assert (complaint.ticket_id, complaint.words) == (ticket.id, WORDS)
    assert [(each.person_id, each.why) for each in rows(ComplaintPerson)] == [
        (cast.engineer.id, Concerned.WORKED)
    ]
    assert [each.complaint_id for each in rows(Attachment)] == [complaint.id]
    told = {each.recipient_id for each in rows(Notice) if each.complaint_id}
    assert told == {cast.clerk.id}


def test_the_ticket_that_the_address_names_is_chosen_already(area, cast, make_ticket):
    make_ticket(Status.ASSIGNED, requester=cast.requester, engineer=cast.engineer)
    ticket = make_ticket(Status.ASSIGNED, requester=cast.requester, engineer=cast.engineer)

    page = area.open(cast.requester).opens(f"{area.at('new')}?ticket={ticket.number}")

    assert f'value="{ticket.number}" selected' in page.html
    assert page.form(area.at("new")).fields["about"] == "ticket"


def test_an_address_that_names_no_ticket_of_theirs_is_not_found_or_blank(area, cast, make_ticket):
    browser = area.open(cast.requester)
    foreign = make_ticket(Status.ASSIGNED, requester=cast.head, engineer=cast.engineer)
    numbers = (foreign.number, "IT20261124-9999", "x", "%00", "IT20261124-0001'--")

    statuses = [browser.opens(f"{area.at('new')}?ticket={each}").status for each in numbers]

    assert statuses == [404, 404, 200, 200, 200]


def test_a_person_is_chosen_from_those_who_came(area, cast, make_ticket, rows):
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)

    writes(area, cast.requester, about="person", person=str(cast.engineer.id), words=WORDS)

    assert rows(Complaint)[0].about is About.PERSON
    assert [(each.person_id, each.why) for each in rows(ComplaintPerson)] == [
        (cast.engineer.id, Concerned.NAMED)
    ]


def test_a_name_that_staff_bears_keeps_them_from_it(area, cast, rows):
    writes(area, cast.requester, about="person", called="小陈", words=WORDS)

    (complaint,) = rows(Complaint)
    assert [each.person_id for each in rows(ComplaintPerson)] == [cast.clerk.id]
    assert complaint.status is ComplaintStatus.REPORTED, "nobody else is at the desk"
    assert complaint.words == WORDS
    assert {each.recipient_id for each in rows(Notice)} == {cast.head.id}


def test_a_surname_means_who_came_and_a_strange_name_stays_in_the_words(
    area, cast, make_ticket, rows
):
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)

    writes(area, cast.requester, about="person", person="other", called="周师傅", words=WORDS)
    writes(area, cast.requester, about="person", person="other", called="穿灰衣服的", words=WORDS)

    assert [each.person_id for each in rows(ComplaintPerson)] == [cast.engineer.id]
    assert [each.words for each in rows(Complaint)] == [WORDS, f"（关于「穿灰衣服的」）\n{WORDS}"]


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(area, cast, make_ticket, rows):
    make_ticket(Status.ASSIGNED, requester=cast.requester, engineer=cast.engineer)
    cases = (
        ({"about": "service", "words": ""}, "请写一写经过"),
        ({"words": WORDS}, "请选一项"),
        ({"about": "ticket", "words": WORDS}, "请选一张工单"),
        ({"about": "person", "words": WORDS}, "请选一位，或写他的姓名"),
        ({"about": "service", "words": WORDS, "phone": "没有"}, "没看明白这个号码"),
    )

    for typed, asked in cases:
        page = writes(area, cast.requester, **typed)
        assert (page.status, asked in page.text) == (400, True), typed
        assert page.form(area.at("new")).fields["words"] == typed["words"]
    assert rows(Complaint) == []


def test_a_number_for_this_complaint_leaves_ones_own_as_it_is(area, cast, rows):
    writes(area, cast.requester, about="service", words=WORDS, phone="8899")

    assert rows(Complaint)[0].contact_phone == "8899"
    own = next(each for each in rows(Person) if each.id == cast.requester.id)
    assert (own.phone, own.extension) == ("13800001234", None)


def test_who_has_no_name_yet_is_asked_for_it_once(area, make_person, rows):
    nobody = make_person(None, phone=None)

    page = writes(area, nobody, about="service", words=WORDS, phone="13900001111", name="李雷")

    assert page.status == 200
    assert rows(Complaint)[0].contact_name == "李雷"
    own = next(each for each in rows(Person) if each.id == nobody.id)
    assert (own.name, own.phone) == ("李雷", "13900001111")


def test_the_same_form_twice_is_one_complaint(area, cast, rows):
    browser = area.open(cast.requester)
    form = browser.opens(area.at("new")).form(area.at("new"))

    first = browser.sends(form, about="service", words=WORDS)
    second = browser.sends(form, about="service", words=WORDS)

    assert first.path == second.path
    assert len(rows(Complaint)) == 1


def test_what_was_said_is_kept_with_the_complaint_alone(area, cast, stage, rows):
    number = stage("fed_back")
    writes(area, cast.requester, about="service", words=WORDS)
    browser = area.open(cast.requester)
    form = browser.opens(area.at(number)).form(area.at(number, "rate"))
    browser.sends(form, process="5", outcome="5", comment="很好")

    said = [each for each in rows(InboxMessage) if each.text in (WORDS, "很好")]

    assert [each.is_confidential for each in said] == [True, True]


# --- follow it -----------------------------------------------------------------------------------


def test_mine_are_listed_with_their_status_and_nobody_elses(area, cast, stage, make_person):
    number = stage("reported")

    mine = area.open(cast.requester).opens(area.at())
    others = area.open(make_person("李雷")).opens(area.at())

    assert area.at(number) in mine.links and "待处理" in mine.text
    assert number not in others.html and "您还没有投诉过" in others.text


@pytest.mark.parametrize(
    ("status", "done", "under_way"),
    [
        ("submitted", 1, "核实"),
        ("reported", 2, "处理"),
        ("decided", 3, "反馈"),
        ("fed_back", 4, "评价"),
        ("objected", 2, "处理"),
    ],
)
def test_it_is_followed_like_a_parcel(area, cast, stage, status, done, under_way):
    number = stage(status)

    page = area.open(cast.requester).opens(area.at(number))

    assert page.html.count("parcel__step--done") == done
    assert f"{under_way} 正在进行" in page.text


def test_the_complainant_reads_the_desks_words_and_nothing_from_inside(area, cast, stage):
    decided = area.open(cast.requester).opens(area.at(stage("decided")))
    fed_back = area.open(cast.requester).opens(area.at(stage("fed_back")))

    for page in (decided, fed_back):
        assert kit.WORDS in page.html
        assert "确有其事" not in page.html, "findings are for those who see to it"
        assert "当面道歉" not in page.html, "and so are the head's measures"
    assert "您反映的属实" not in decided.html and "成立" not in decided.text
    assert "您反映的属实" in fed_back.html and "结论 成立" in fed_back.text


def test_a_promise_that_was_not_kept_is_not_repeated(area, cast, stage, clock):
    number = stage("submitted")
    clock.passes(hours=5)

    page = area.open(cast.requester).opens(area.at(number))

    assert "比说好的晚了" in page.text and "14:30 前" not in page.text


def test_the_page_at_a_computer_moves_by_itself(cast, stage, database, desk_of, at_desk):
    number = stage("submitted")
    way, browser = f"/portal/complaints/{number}/now", at_desk(cast.requester)
    first = browser.client.get(way)
    mark = first.headers["HX-PTag"]

    same = browser.client.get(way, headers={"HX-PTag": mark})
    with database.transaction() as session:
        desk = desk_of(session, cast.clerk)
        found = reading.find(desk, number)
        handling.verify(desk, found.id, "确有其事")
        handling.report(desk, found.id)
    moved = browser.client.get(way, headers={"HX-PTag": mark})

    assert (first.status_code, same.status_code, moved.status_code) == (200, 304, 200)
    assert "IT 负责人正在处理" in moved.text


def test_an_answer_waits_on_the_start_page(area, cast, stage):
    start = area.path.removesuffix("complaints")
    number = stage("fed_back")

    page = area.open(cast.requester).opens(start)

    assert area.at(number) in page.links and "有答复了" in page.text
    assert area.at() in page.links


# --- answer it -----------------------------------------------------------------------------------


def sends(area: Area, person, number: str, act: str, /, **typed):
    browser = area.open(person)
    form = browser.opens(area.at(number)).form(area.at(number, act))
    return browser.sends(form, **typed)


def test_words_and_photos_are_added(area, cast, stage, rows):
    number = stage("reported")

    page = sends(area, cast.requester, number, "words", words="他后来也没来", photos=a_photo())

    assert "已经补上" in page.text and "他后来也没来" in page.html
    assert f"{area.path.removesuffix('complaints')}media/" in page.html
    assert rows(Attachment)[0].complaint_id is not None
    assert any(each.text_key == "complaint_told.added" for each in rows(Notice))


def test_nothing_added_and_too_many_photos_are_said_at_the_form(area, cast, stage, rows):
    number = stage("submitted")

    nothing = sends(area, cast.requester, number, "words")
    nine = [a_photo(f"{each}.jpg") for each in range(9)]
    sends(area, cast.requester, number, "words", photos=nine)
    browser = area.open(cast.requester)
    form = browser.opens(area.at(number)).form(area.at(number, "words"))
    more = browser.sends(form, words="还有一张", photos=a_photo())

    assert (nothing.status, "写一句话，或选一张照片" in nothing.text) == (400, True)
    assert (more.status, "最多 9 张照片" in more.text) == (400, True)
    assert len(rows(Attachment)) == 9


def test_it_is_rated_by_stars_and_a_word(area, cast, stage, rows):
    number = stage("fed_back")

    unfinished = sends(area, cast.requester, number, "rate", process="2")
    page = sends(area, cast.requester, number, "rate", process="2", outcome="4", comment="太慢")

    assert unfinished.status == 400 and "点一下星星" in unfinished.text
    (complaint,) = rows(Complaint)
    assert (complaint.process, complaint.outcome, complaint.comment) == (2, 4, "太慢")
    assert "记下了" in page.text and "过程 2 分，结果 4 分。太慢" in page.text
    assert page.html.count("parcel__step--done") == 5
    low = [each for each in rows(Notice) if each.text_key == "complaint_told.rated_low"]
    assert [each.recipient_id for each in low] == [cast.head.id]


def test_an_objection_is_made_once(area, cast, stage, rows, database, desk_of):
    number = stage("fed_back")

    bare = sends(area, cast.requester, number, "object", reason="")
    page = sends(area, cast.requester, number, "object", reason="没有人来道歉")
    with database.transaction() as session:
        found = reading.find(desk_of(session, cast.head), number)
        handling.decide(
            desk_of(session, cast.head), found.id, handling.Decision(Verdict.PARTLY, "再去一次")
        )
        handling.feed_back(desk_of(session, cast.clerk), found.id, "已当面道歉")
    again = area.open(cast.requester).opens(area.at(number))

    assert bare.status == 400 and "哪里不认同" in bare.text
    assert "您的异议已交给 IT 负责人" in page.text and "没有人来道歉" in page.html
    assert all(form.action != area.at(number, "object") for form in again.forms)
    assert "复议后的最终结果" in again.text


def test_it_is_withdrawn_after_one_question(area, cast, stage, rows):
    number = stage("reported")
    page = area.open(cast.requester).opens(area.at(number))
    assert "撤回后就不再处理了，确定吗？" in page.text

    page = sends(area, cast.requester, number, "withdraw")

    assert f"{number} 已撤回" in page.text
    assert rows(Complaint)[0].status is ComplaintStatus.WITHDRAWN
    assert all(form.action != area.at(number, "withdraw") for form in page.forms)


def test_an_old_tab_says_what_has_become_of_it(area, cast, stage, rows):
    number = stage("submitted")
    browser = area.open(cast.requester)
    old = browser.opens(area.at(number)).form(area.at(number, "words"))
    sends(area, cast.requester, number, "withdraw")

    page = browser.sends(old, words="还有一句")

    assert (page.status, "已撤回" in page.text) == (409, True)
    assert [each.action for each in rows(ComplaintEvent)][-1] == "withdraw"


def test_a_double_post_counts_once(area, cast, stage, rows):
    number = stage("fed_back")
    browser = area.open(cast.requester)
    form = browser.opens(area.at(number)).form(area.at(number, "rate"))

    first = browser.sends(form, process="5", outcome="5")
    second = browser.sends(form, process="5", outcome="5")

    assert (first.status, second.status, second.path) == (200, 200, area.at(number))
    assert [each.action for each in rows(ComplaintEvent)].count("rate") == 1


# --- whom it concerns, and everybody else --------------------------------------------------------

POSTS = {
    "words": {"words": "x"},
    "rate": {"process": "5", "outcome": "5"},
    "object": {"reason": "x"},
    "withdraw": {},
}
WRONG = {"words": {}, "rate": {"process": "9"}, "object": {}, "withdraw": {"more": "1"}}


@pytest.mark.usefixtures("without_tokens")
@pytest.mark.parametrize("who", ["engineer", "clerk", "head", "stranger"])
@pytest.mark.parametrize("status", ["submitted", "fed_back"])
def test_for_everybody_else_it_is_as_absent_as_a_number_that_does_not_exist(
    area, cast, stage, make_person, who, status
):
    """P8: byte for byte, for pages and forms, filled in well or badly."""
    person = make_person("李雷") if who == "stranger" else getattr(cast, who)
    number = stage(status, people=(cast.engineer.id,))
    client = area.open(person).client
    key = {"request_key": "0" * 32}

    def asked(of: str) -> list:
        pages = [client.get(area.at(of, act)) for act in ("", "now")]
        for fields in (POSTS, WRONG):
            pages += [
                client.post(area.at(of, act), data={**key, **typed})
                for act, typed in fields.items()
            ]
        return [(each.status_code, neutral(each.text, of)) for each in pages]

    theirs, absent = asked(number), asked(ABSENT)

    assert theirs == absent
    assert {status for status, _ in theirs} == {404}


def neutral(text: str, number: str) -> str:
    """Without what differs from page to page."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text.replace(number, ""))


@pytest.fixture
def without_tokens(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def test_a_photo_is_for_its_complainant_and_those_who_see_to_it(
    area, cast, stage, rows, make_person, site, clock
):
    number = stage("submitted", people=(cast.engineer.id,))
    sends(area, cast.requester, number, "words", photos=a_photo())
    (photo,) = rows(Attachment)
    media = area.path.removesuffix("complaints") + "media/"

    def seen_by(person) -> int:
        token = MediaLinks(site.secret_key).token(photo.id, person.id, Variant.FULL, clock())
        response = area.open(person).client.get(media + token)
        response.close()
        return response.status_code

    readers = (cast.requester, cast.clerk, cast.head)
    others = (cast.engineer, make_person("李雷"), make_person("管理员", Role.ADMIN))
    assert [seen_by(each) for each in readers] == [200] * 3
    assert [seen_by(each) for each in others] == [404] * 3


def test_a_clerk_who_wrote_a_photo_down_and_is_found_concerned_sees_it_no_more(
    area, cast, stage, rows, make_person, database, desk_of, site, clock
):
    other = make_person("小林", Role.DESK)
    number = stage("submitted")
    saved = site.store.save(a_photo()[0].read(), "image")
    with database.transaction() as session:
        found = reading.find(desk_of(session, cast.clerk), number)
        submitting.keep_upload(desk_of(session, cast.clerk), found.id, "image", saved)
        handling.verify(desk_of(session, other), found.id, "是小陈接的电话", [cast.clerk.id])
    (photo,) = rows(Attachment)

    token = MediaLinks(site.secret_key).token(photo.id, cast.clerk.id, Variant.FULL, clock())
    media = area.path.removesuffix("complaints") + "media/"

    assert photo.person_id == cast.clerk.id
    assert area.open(cast.clerk).client.get(media + token).status_code == 404


# --- messages about it ---------------------------------------------------------------------------


def notice_to(rows, person, key: str) -> Notice:
    return next(
        each for each in rows(Notice) if (each.recipient_id, each.text_key) == (person, key)
    )


def test_a_message_leads_to_the_complaint_at_a_computer(cast, stage, rows, at_desk):
    number = stage("fed_back")
    told = notice_to(rows, cast.requester.id, "complaint_told.fed_back")
    new = notice_to(rows, cast.clerk.id, "complaint_told.new")

    listed = at_desk(cast.requester).opens("/portal/notices")
    way = at_desk(cast.requester).client.get(f"/portal/notices/{told.id}").location
    clerks = at_desk(cast.clerk).client.get(f"/portal/notices/{new.id}").location

    assert "您反映的属实" in listed.text and "看投诉" in listed.text
    assert way == f"/portal/complaints/{number}"
    assert clerks == f"/console/complaints/{number}"


def test_a_message_leads_to_the_complaint_on_a_phone(cast, stage, rows, browser_of, site):
    number = stage("fed_back")
    told = notice_to(rows, cast.requester.id, "complaint_told.fed_back")
    browser = browser_of(cast.requester)
    keep(browser.client.application.extensions, replace(site, opened=reaching.opened))

    page = browser.opens(f"/h5/n/{told.id}")

    assert (page.status, page.path) == (200, f"/h5/complaints/{number}")


def test_who_is_found_concerned_has_no_message_of_it_any_more(
    cast, stage, rows, at_desk, make_person, database, desk_of
):
    other = make_person("小林", Role.DESK)
    number = stage("submitted")
    told = notice_to(rows, cast.clerk.id, "complaint_told.new")
    before = at_desk(cast.clerk).opens("/portal/notices")
    with database.transaction() as session:
        desk = desk_of(session, other)
        found = reading.find(desk, number)
        handling.verify(desk, found.id, "是小陈接的电话", [cast.clerk.id])

    after = at_desk(cast.clerk).opens("/portal/notices")
    opened = at_desk(cast.clerk).client.get(f"/portal/notices/{told.id}")
    absent = at_desk(cast.clerk).client.get("/portal/notices/99999")

    assert number in before.text and number not in after.html
    assert opened.status_code == 404
    assert neutral(opened.text, number) == neutral(absent.text, number)


def test_nobody_rates_after_the_week_is_over_but_who_comes_late_still_may(
    area, cast, stage, rows, database, clock
):
    number = stage("fed_back")
    with database.transaction() as session:
        complaint = session.scalars(select(Complaint)).one()
        complaint.status, complaint.ended_at = ComplaintStatus.CLOSED, clock() + timedelta(days=7)

    before = area.open(cast.requester).opens(area.at(number))
    sends(area, cast.requester, number, "rate", process="4", outcome="4")

    assert "现在评也可以" in before.text and "未评价" not in before.text
    assert rows(Complaint)[0].status is ComplaintStatus.RATED
