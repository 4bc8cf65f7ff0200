"""The engineer's day on pages: accept, arrive, hold, support, transfer, the result (W2, F9–F12)."""

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from domain.heard import Heard, Medium
from domain.lifecycle import Action, Status
from domain.permissions import Role
from models import Attachment, Purpose, Resolution, Ticket
from tests.services.making import all_of, happened, only, told


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def ticket_in(make_ticket, wang, zhou):
    """Of 王芳's, with 周工, in this status."""
    return lambda status: make_ticket(status, requester=wang, engineer=zhou)


def address(ticket, name=""):
    return f"/h5/work/{ticket.number}" + (f"/{name}" if name else "")


def offered(page, ticket):
    """The acts that an order offers, as forms or as ways to a form."""
    places = [*page.links, *(form.action for form in page.forms)]
    start = address(ticket, "")
    return {place.removeprefix(f"{start}/") for place in places if place.startswith(f"{start}/")}


def status_of(database, ticket):
    return only(database, Ticket, id=ticket.id).status


def test_the_list_leads_to_each_order(browser_of, ticket_in, zhou):
    waiting = ticket_in(Status.ASSIGNED)

    page = browser_of(zhou).opens("/h5/work")

    assert page.status == 200
    assert "等我接单（1）" in page.text and "请在 10:40 前接单" in page.text
    assert address(waiting) in page.links


def test_the_list_is_not_for_everybody(browser_of, wang):
    assert browser_of(wang).opens("/h5/work").status == 403


@pytest.mark.parametrize(
    ("status", "acts"),
    [
        (Status.ASSIGNED, {"accept", "decline", "files"}),
        (
            Status.IN_PROGRESS,
            {"arrive", "progress", "hold", "ask_support", "transfer", "result", "files"},
        ),
        (Status.ON_HOLD, {"resume", "progress", "transfer", "files"}),
        (Status.RESOLVED, {"files"}),
        (Status.CLOSED, set()),
    ],
)
def test_an_order_offers_what_its_status_allows(browser_of, ticket_in, zhou, status, acts):
    ticket = ticket_in(status)

    assert offered(browser_of(zhou).opens(address(ticket)), ticket) == acts


def test_what_was_reported_and_whom_to_call_is_on_the_order(browser_of, by, ticket_in, wang, zhou):
    ticket = ticket_in(Status.IN_PROGRESS)
    place = Heard(Medium.LOCATION, latitude=30.5, longitude=114.25, label="科技路 1 号")
    by(wang).attach(place, ticket.id)

    page = browser_of(zhou).opens(address(ticket))

    assert "tel:13800001234" in page.links
    assert any("position=114.25,30.5" in link for link in page.links)
    assert 'data-latitude="30.5"' in page.html
    for words in ("惠普打印机一直卡纸", "三楼财务室", "王芳", "应于 12:30 前有结果"):
        assert words in page.text


def test_a_place_without_a_map_is_there_to_be_copied(browser_of, ticket_in, zhou):
    page = browser_of(zhou).opens(address(ticket_in(Status.IN_PROGRESS)))

    assert 'data-copy="三楼财务室"' in page.html
    assert not any("position=" in link for link in page.links)


def test_one_tap_accepts_and_a_second_one_changes_nothing(
    browser_of, database, ticket_in, wang, zhou
):
    """R-089: the requester is told once."""
    ticket, browser = ticket_in(Status.ASSIGNED), browser_of(zhou)
    form = browser.opens(address(ticket)).form(address(ticket, "accept"))

    page, again = browser.sends(form), browser.sends(form)

    assert "接单成功" in page.text and "接单成功" in again.text
    assert status_of(database, ticket) is Status.IN_PROGRESS
    assert told(database, wang).count("notice.engineer_coming") == 1


def test_who_comes_too_late_is_told_who_has_it(browser_of, by, make_engineer, ticket_in, zhou):
    ticket, browser = ticket_in(Status.ASSIGNED), browser_of(zhou)
    form = browser.opens(address(ticket)).form(address(ticket, "accept"))
    wu = make_engineer("吴工")
    by(zhou).decline(ticket.id, "不会修")
    by(wu).accept(ticket.id)

    page = browser.sends(form)

    assert page.status == 409
    assert "吴工" in page.text


def test_on_site_and_progress_are_told_to_the_requester(
    browser_of, database, ticket_in, wang, zhou
):
    """F11."""
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)

    page = browser.sends(browser.opens(address(ticket)).form(address(ticket, "arrive")))
    assert "arrive" not in offered(page, ticket)
    form = browser.opens(address(ticket, "progress")).form(address(ticket, "progress"))
    page = browser.sends(form, words="配件已下单，明天到")

    assert "周工：配件已下单，明天到" in page.text
    assert told(database, wang)[-2:] == ["notice.arrived", "notice.progress"]


def test_words_are_asked_for_and_nothing_that_was_typed_is_lost(
    browser_of, database, ticket_in, zhou
):
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)
    form = browser.opens(address(ticket, "hold")).form(address(ticket, "hold"))

    page = browser.sends(form, words="等厂家发货", until_at="2020-01-01T00:00")

    assert page.status == 400
    assert "请选一个之后的时间" in page.text
    assert page.form(address(ticket, "hold")).fields["words"] == "等厂家发货"
    assert status_of(database, ticket) is Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ({"until": "until_close"}, 7.5),  # 18:00 of a day whose 10:30 it is
        ({"until": "", "until_at": "2026-11-24T15:30"}, 5),
    ],
)
def test_a_hold_says_why_and_until_when(browser_of, database, ticket_in, zhou, clock, typed, hours):
    """F11: the time of the desk, whatever the server's zone."""
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)
    form = browser.opens(address(ticket, "hold")).form(address(ticket, "hold"))

    page = browser.sends(form, reason="wait_part", words="搓纸轮", **typed)

    assert "已挂起" in page.text and "等配件, 搓纸轮" in page.text
    row = only(database, Ticket, id=ticket.id)
    assert (row.status, row.hold_until) == (Status.ON_HOLD, clock() + timedelta(hours=hours))
    page = browser.sends(browser.opens(address(ticket)).form(address(ticket, "resume")))
    assert "已恢复处理" in page.text


def test_a_decline_leaves_the_order_and_names_the_reason(browser_of, database, ticket_in, zhou):
    ticket, browser = ticket_in(Status.ASSIGNED), browser_of(zhou)
    form = browser.opens(address(ticket, "decline")).form(address(ticket, "decline"))

    page = browser.sends(form, reason="busy")

    assert page.path == "/h5/work" and "已退回" in page.text
    assert Action.DECLINE in happened(database, ticket.id)


def test_a_transfer_shows_who_is_free_and_who_is_not(
    browser_of, database, ticket_in, make_engineer, zhou
):
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)
    wu, away = make_engineer("吴工"), make_engineer("马工", is_on_duty=False)
    page = browser.opens(address(ticket, "transfer"))

    assert "吴工" in page.text and "手上 0 张" in page.text
    assert "马工（不在班）" in page.text
    page = browser.sends(page.form(address(ticket, "transfer")), reason="far", to=str(wu.id))
    assert "已转出" in page.text
    assert only(database, Ticket, id=ticket.id).assignee_id == wu.id
    assert away.id != wu.id


def test_support_is_asked_for_by_a_tap_or_in_words(browser_of, database, ticket_in, zhou):
    """F12."""
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)
    form = browser.opens(address(ticket, "ask_support")).form(address(ticket, "ask_support"))

    assert browser.sends(form, words="").status == 400
    form = browser.opens(address(ticket, "ask_support")).form(address(ticket, "ask_support"))
    assert "服务台收到了" in browser.sends(form, reason="need_vendor").text
    assert happened(database, ticket.id)[-1] is Action.ASK_SUPPORT


# --- the result ----------------------------------------------------------------------------------


def photo():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (20, 90, 160)).save(out, "JPEG")
    return out.getvalue()


def drawn():
    """What the pad sends: a stroke on nothing, as a PNG in an address."""
    picture = Image.new("RGBA", (350, 176), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 90), (120, 30), (300, 140)], fill=(17, 17, 17, 255), width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


RESULT = {
    "cause": "worn_part",
    "action_taken": "换了搓纸轮，测试正常",
    "minutes": "30",
    "where": "on_site",
    "parts": "搓纸轮、 清洁布；",
}


@pytest.fixture
def result_form(browser_of, ticket_in, zhou):
    """A browser of 周工's with the form of a ticket."""

    def result_form(status=Status.IN_PROGRESS):
        ticket, browser = ticket_in(status), browser_of(zhou)
        page = browser.opens(address(ticket, "result"))
        return browser, ticket, page.form(address(ticket, "result"))

    return result_form


def test_the_result_with_photos_and_signature_ends_the_work(result_form, database, wang):
    """F10, R1: as by chat; the requester is asked whether it is solved."""
    browser, _, form = result_form()
    photos = [(io.BytesIO(photo()), "1.jpg"), (io.BytesIO(photo() + b"2"), "2.jpg")]

    page = browser.sends(form, **RESULT, signature=drawn(), photos=photos)

    assert "已完工" in page.text and "待确认" in page.text
    result = only(database, Resolution)
    assert (result.cause, result.minutes, result.is_on_site) == ("worn_part", 30, True)
    assert result.parts == ["搓纸轮", "清洁布"]
    purposes = [each.purpose for each in all_of(database, Attachment)]
    assert purposes == [Purpose.RESULT, Purpose.RESULT, Purpose.SIGNATURE]
    assert told(database, wang)[-1] == "notice.resolved"
    assert "用户签字" in page.text


def test_the_result_is_reported_once_however_often_it_is_sent(result_form, database, wang):
    """R-089: the connection broke before the answer came."""
    browser, _, form = result_form()

    pages = [browser.sends(form, **RESULT, signature=drawn()) for _ in range(2)]

    assert [page.status for page in pages] == [200, 200]
    assert len(all_of(database, Resolution)) == len(all_of(database, Attachment)) == 1
    assert told(database, wang).count("notice.resolved") == 1


def test_without_a_script_there_is_no_signature_and_the_result_goes_through(result_form, database):
    browser, _, form = result_form()

    assert browser.sends(form, **RESULT).status == 200
    assert all_of(database, Attachment) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"cause": ""}, "请选一个原因"),
        ({"action_taken": " "}, "这一项要填"),
        ({"minutes": "-5"}, "请填 0 到 1440 之间的整数"),
        ({"minutes": "1441"}, "请填 0 到 1440 之间的整数"),
        ({"minutes": "三十"}, "请填 0 到 1440 之间的整数"),
        ({"minutes": "٣٠"}, "请填 0 到 1440 之间的整数"),
        ({"signature": "data:image/svg+xml;base64,PHN2Zz4="}, "签字没能收下"),
        ({"signature": "data:image/png;base64,%%%"}, "签字没能收下"),
        ({"signature": "data:image/png;base64,aGVsbG8="}, "签字没能收下"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(result_form, database, wrong, said):
    browser, ticket, form = result_form()

    page = browser.sends(form, **{**RESULT, **wrong})

    assert page.status == 400
    assert said in page.text
    kept = page.form(address(ticket, "result")).fields
    expected = {name: value for name, value in RESULT.items() if name not in wrong}
    assert {name: kept[name] for name in expected} == expected
    assert all_of(database, Resolution) == []


def test_a_file_that_is_none_of_those_taken_is_refused(result_form, database):
    browser, _, form = result_form()
    page = browser.sends(form, **RESULT, photos=[(io.BytesIO(b"MZ\x90"), "a.jpg")])

    assert page.status == 400
    assert all_of(database, Resolution) == all_of(database, Attachment) == []


def test_files_are_put_to_an_order_in_hand_for_colleagues_or_for_all_c12(
    browser_of, database, ticket_in, wang, zhou
):
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)
    path = address(ticket, "files")

    def puts(name, **typed):
        form = browser.opens(address(ticket)).form(path)
        form.fields.pop("shown")  # a box that nobody ticked
        return browser.sends(form, photos=[(io.BytesIO(b"10:32 up\n"), name)], **typed)

    assert "已经加上" in puts("交换机.log").text
    page = puts("报价.txt", shown="1")

    assert [each.purpose for each in all_of(database, Attachment)] == [Purpose.NOTE, Purpose.RESULT]
    assert "交换机.log" in page.text and "报价.txt" in page.text
    theirs = browser_of(wang).opens(f"/h5/tickets/{ticket.number}").text
    assert "报价.txt" in theirs and "交换机.log" not in theirs


def test_an_empty_choice_is_said_and_an_ended_order_takes_no_files(browser_of, ticket_in, zhou):
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)
    form = browser.opens(address(ticket)).form(address(ticket, "files"))
    form.fields.pop("shown")

    assert "请先选一个文件" in browser.sends(form).text

    closed = browser.opens(address(ticket_in(Status.CLOSED)))
    assert not any(each.action.endswith("/files") for each in closed.forms)


def test_a_requester_puts_nothing_beside_their_own_order(browser_of, database, ticket_in, wang):
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(wang)
    sent = {**key(browser), "photos": (io.BytesIO(b"a"), "a.txt")}

    answer = browser.client.post(address(ticket, "files"), data=sent)

    assert answer.status_code == 403
    assert all_of(database, Attachment) == []


# --- who may not ---------------------------------------------------------------------------------

ACTS = ("accept", "arrive", "resume", "progress", "hold", "ask_support", "transfer", "decline")
FORMS = ("progress", "hold", "ask_support", "transfer", "decline", "result")


def key(browser):
    """A token and a request key of one's own."""
    return browser.opens("/h5/").form("/h5/sign-out").fields


@pytest.mark.parametrize("name", [*ACTS, "result"])
def test_a_stranger_finds_no_order_to_act_on(browser_of, database, ticket_in, make_person, name):
    """H-20: whether it exists or not."""
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(make_person("李雷"))
    typed = {**key(browser), "words": "x", "reason": "busy", "to": "dispatch"}
    listed = {
        "accept": (), "arrive": (), "resume": (), "progress": ("words",),
        "transfer": ("words", "reason", "to"), "decline": ("words", "reason"),
    }  # fmt: skip
    fields = listed.get(name, ("words",))
    if name == "hold":
        typed |= {"reason": "wait_part", "until": "until_close"}
        fields = ("reason", "until")
    if name == "result":
        typed |= RESULT
        fields = tuple(RESULT)
    sent = {each: typed[each] for each in ("csrf_token", "request_key", *fields)}

    response = browser.client.post(address(ticket, name), data=sent)

    assert response.status_code == 404
    assert happened(database, ticket.id)[-1] is Action.ACCEPT


def test_a_stranger_is_shown_no_order(browser_of, ticket_in, make_person):
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(make_person("李雷"))

    for name in ("", *FORMS):
        assert browser.opens(address(ticket, name)).status == 404


def test_who_reported_it_is_led_to_the_page_of_the_report(browser_of, ticket_in, wang):
    ticket = ticket_in(Status.IN_PROGRESS)

    assert browser_of(wang).opens(address(ticket)).path == f"/h5/tickets/{ticket.number}"


@pytest.mark.parametrize("name", FORMS)
def test_the_requester_gets_no_form_of_the_engineer(browser_of, ticket_in, wang, name):
    ticket = ticket_in(Status.ASSIGNED if name == "decline" else Status.IN_PROGRESS)

    assert browser_of(wang).opens(address(ticket, name)).status == 403


def test_a_form_that_was_opened_too_late_says_how_it_stands(browser_of, by, ticket_in, zhou):
    ticket = ticket_in(Status.RESOLVED)
    browser = browser_of(zhou)

    for name in FORMS:
        page = browser.opens(address(ticket, name))
        assert page.status == 409
        assert "待确认" in page.text


def test_the_desk_reads_the_order_and_may_solve_it(browser_of, database, ticket_in, make_person):
    """F7; assigning and the like are done in the console."""
    ticket, clerk = ticket_in(Status.IN_PROGRESS), make_person("陈台", Role.DESK)
    browser = browser_of(clerk)

    assert offered(browser.opens(address(ticket)), ticket) == {"result", "files"}
    form = browser.opens(address(ticket, "result")).form(address(ticket, "result"))
    assert "已完工" in browser.sends(form, **RESULT).text


def test_a_strange_act_does_not_exist(browser_of, ticket_in, zhou):
    ticket, browser = ticket_in(Status.IN_PROGRESS), browser_of(zhou)

    assert browser.opens(address(ticket, "explode")).status in (404, 405)
    sent = browser.client.post(address(ticket, "explode"), data=key(browser))
    assert sent.status_code == 404


def test_what_a_person_wrote_is_shown_and_never_run(browser_of, by, make_ticket, wang, zhou):
    """H-43."""
    evil = "<script>alert(1)</script>"
    ticket = make_ticket(
        Status.IN_PROGRESS, requester=wang, engineer=zhou, symptom=evil, place='"><img src=x>'
    )
    by(zhou).progress(ticket.id, evil)

    page = browser_of(zhou).opens(address(ticket))

    assert "<script>alert" not in page.html and "<img src=x" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html
