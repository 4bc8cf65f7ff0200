"""My reports at a computer: found, read, followed, settled, rated (F11, F13, F16)."""

import io
import re

import pytest
from PIL import Image

from domain.lifecycle import Status
from domain.permissions import Role
from models import Activity, Attachment, AttachmentState, Rating, Ticket


@pytest.fixture
def wang(make_person):
    return make_person()


@pytest.fixture
def zhou(make_engineer):
    return make_engineer(skills=["printer"])


@pytest.fixture
def page_of(at_desk, wang, zhou, make_ticket):
    """The page of a ticket of Wang's, in this state."""

    def opened(status=Status.IN_PROGRESS, **facts):
        ticket = make_ticket(status, requester=wang, engineer=zhou, **facts)
        browser = at_desk(wang)
        browser.opens(f"/portal/tickets/{ticket.number}")
        return browser

    return opened


def sends(browser, act, **typed):
    path = browser.page.path
    return browser.sends(browser.page.form(f"{path}/{act}"), **typed)


def test_the_start_page_has_what_waits_for_an_answer_above_what_is_open(
    make_ticket, wang, zhou, at_desk
):
    facts = {"requester": wang, "engineer": zhou}
    working = make_ticket(Status.IN_PROGRESS, **facts, symptom="还在修")
    solved = make_ticket(Status.RESOLVED, **facts, symptom="修好没有")
    closed = make_ticket(Status.CLOSED, **facts, symptom="要打分的")

    page = at_desk(wang).opens("/portal/")

    order = [page.text.index(each) for each in ("修好没有", "要打分的", "还在修")]
    assert order == sorted(order)
    assert "应于 12:30 前有结果" in page.text
    assert f"/portal/tickets/{closed.number}/rate" in page.links
    assert page.form(f"/portal/tickets/{solved.number}/confirm")
    assert f"/portal/tickets/{working.number}" in page.links


def test_an_engineer_is_shown_the_way_to_their_work_and_a_requester_is_not(wang, zhou, at_desk):
    assert "/console/queue?view=mine" in at_desk(zhou).opens("/portal/").links
    assert not [each for each in at_desk(wang).opens("/portal/").links if "console" in each]


def test_the_list_is_parted_and_searched(make_ticket, wang, zhou, at_desk):
    facts = {"requester": wang, "engineer": zhou}
    make_ticket(Status.IN_PROGRESS, **facts, symptom="卡纸")
    make_ticket(Status.CLOSED, **facts, symptom="邮箱登不上")
    browser = at_desk(wang)

    assert "卡纸" in browser.opens("/portal/tickets").text
    assert "卡纸" not in browser.opens("/portal/tickets?part=ended").text
    assert "邮箱登不上" in browser.opens("/portal/tickets?part=all&q=邮箱").text
    nothing = browser.opens("/portal/tickets?part=open&q=<b>投影</b>")
    assert "没有找到含" in nothing.text
    assert "<b>投影</b>" not in nothing.html, "what was typed is never markup"


def test_an_address_that_means_nothing_is_the_open_list(wang, at_desk):
    browser = at_desk(wang)
    queries = ("part=whatever", "before=x", "before=IT20261124-9999", "q=%00", "q=%ED%A0%80")

    statuses = [browser.opens(f"/portal/tickets?{query}").status for query in queries]

    assert statuses == [200] * len(queries)


def test_a_page_says_where_it_stands_by_when_and_what_happened(page_of, zhou):
    page = page_of().page

    assert "应于 12:30 前有结果" in page.text
    assert "tel:13800002222" in page.links
    assert "周工接单" in page.text and "报修已受理" in page.text


def test_somebody_elses_ticket_is_not_there(make_person, page_of, at_desk):
    path = page_of().page.path
    stranger = at_desk(make_person("李雷"))

    pages = [stranger.opens(f"{path}{below}") for below in ("", "/now", "/rate")]

    assert [(page.status, "没有找到" in page.text) for page in pages] == [(404, True)] * 3


def test_nobody_acts_on_somebody_elses_ticket(make_person, page_of, at_desk, rows):
    browser = page_of(Status.RESOLVED)
    path, before = browser.page.path, len(rows(Activity))
    stranger = at_desk(make_person("李雷"))
    form = stranger.opens("/portal/").form("/portal/report/begin")
    typed = {
        "words": {"words": "x"},
        "urge": {},
        "cancel": {},
        "confirm": {},
        "reopen": {"reason": "x"},
        "rate": {"speed": "1", "attitude": "1", "result": "1"},
    }
    token = {name: form.fields[name] for name in ("csrf_token", "request_key")}

    answers = {
        act: stranger.client.post(f"{path}/{act}", data={**token, **facts}).status_code
        for act, facts in typed.items()
    }

    assert answers == dict.fromkeys(typed, 404)
    assert len(rows(Activity)) == before


def test_those_who_work_here_are_led_to_their_own_page(make_person, page_of, at_desk):
    path = page_of().page.path

    answer = at_desk(make_person("陈静", Role.DESK)).client.get(path)

    assert answer.location == path.replace("/portal/", "/console/")


def test_words_and_photos_are_added_and_seen(page_of, rows, a_photo):
    page = sends(page_of(), "words", words="下午三点后有人在", photos=[a_photo()])

    assert "已经补上" in page.text and "补充：下午三点后有人在" in page.text
    assert len(rows(Attachment)) == 1 and "/portal/media/" in page.html


def test_nothing_at_all_is_not_sent(page_of):
    page = sends(page_of(), "words", words="  ")

    assert page.status == 400 and "写一句话，或选一张照片" in page.text


def test_a_photo_of_ones_own_is_read_and_nobody_elses(page_of, a_photo, at_desk, make_person):
    browser = page_of()
    page = sends(browser, "words", words="看", photos=[a_photo()])
    address = next(each for each in page.links if each.startswith("/portal/media/"))

    with browser.client.get(address) as answer:
        assert answer.mimetype == "image/jpeg"
    assert at_desk(make_person("李雷")).client.get(address).status_code == 404


@pytest.fixture
def sent(database, site, now):
    """Something of hers that came from her phone: the bytes are kept, or not yet, or never."""

    def sent(ticket, kind, state=AttachmentState.SAVED, **facts):
        with database.transaction() as session:
            session.add(
                Attachment(
                    person_id=ticket.requester_id,
                    ticket_id=ticket.id,
                    kind=kind,
                    state=state,
                    created_at=now,
                    **facts,
                )
            )

    return sent


def test_a_voice_is_heard_with_its_words_beside_it_c12(page_of, rows, sent, site):
    page, (ticket,) = page_of(), rows(Ticket)
    kept = site.store.save_made(b"ID3" + bytes(400), "audio/mpeg").name
    raw = site.store.save_made(b"#!AMR\n" + bytes(400), "audio/amr").name
    said = {"words": "三楼打印机卡纸了"}
    sent(ticket, "voice", file=raw, content_type="audio/amr", playable=kept, **said)
    sent(ticket, "voice", file=raw, content_type="audio/amr")

    html = page.opens(page.page.path)

    assert "听到：三楼打印机卡纸了" in html.text and "下载语音" in html.text
    (source,) = re.findall('<audio[^>]* src="([^"]+)"', html.html)
    with page.client.get(source, headers={"Range": "bytes=0-9"}) as answer:
        assert answer.status_code == 206 and answer.mimetype == "audio/mpeg"


def test_a_photo_is_small_on_the_page_and_large_when_looked_at_c12(page_of, a_photo):
    browser = page_of()
    html = sends(browser, "words", words="看", photos=[a_photo()]).html

    (whole, small), *_ = re.findall('href="([^"]+)" data-look.*?<img src="([^"]+)"', html)
    sizes = []
    for address in (whole, small):
        with browser.client.get(address) as answer:
            sizes.append(Image.open(io.BytesIO(answer.data)).size)
    assert max(sizes[1]) <= 320 and sizes[1] <= sizes[0]
    assert "data-look-image" in html


def test_what_is_not_there_yet_and_what_was_lost_are_said_c12(page_of, rows, sent):
    page, (ticket,) = page_of(), rows(Ticket)
    sent(ticket, "image", AttachmentState.WAITING)
    sent(ticket, "voice", AttachmentState.FAILED, words="说过的话还在")

    text = page.opens(page.page.path).text

    assert "听到：说过的话还在" in text
    assert "/portal/media/" not in page.page.html


def test_the_live_part_costs_nothing_until_something_happens(page_of, by, zhou, rows):
    browser = page_of()
    (ticket,) = rows(Ticket)
    path = f"{browser.page.path}/now"
    first = browser.client.get(path)
    mark = {"HX-PTag": first.headers["HX-PTag"]}

    again = browser.client.get(path, headers=mark)
    by(zhou).progress(ticket.id, "配件明天到")
    moved = browser.client.get(path, headers=mark)

    assert (first.status_code, again.status_code, moved.status_code) == (200, 304, 200)
    assert "配件明天到" in moved.get_data(as_text=True)
    assert "<html" not in moved.get_data(as_text=True)
    assert f'data-mark="{mark["HX-PTag"]}"' in browser.page.html


def test_it_is_urged_and_a_second_time_is_only_answered(page_of):
    browser = page_of()
    path = browser.page.path

    assert "已替您催" in sends(browser, "urge").text
    browser.opens(path)
    assert "刚催过" in sends(browser, "urge").text


def test_it_is_cancelled(page_of, rows):
    page = sends(page_of(), "cancel")

    assert "撤掉了" in page.text
    assert rows(Ticket)[0].status is Status.CANCELLED


def test_what_is_confirmed_is_asked_for_its_stars_and_rated(page_of, rows):
    browser = page_of(Status.RESOLVED)
    number = browser.page.path.rpartition("/")[2]

    page = sends(browser, "confirm")
    assert page.path == f"/portal/tickets/{number}/rate" and "已办结" in page.text
    form = page.form(page.path)
    page = browser.sends(form, speed="3", attitude="5", result="4", comment="来得慢")

    (rating,) = rows(Rating)
    assert (rating.speed, rating.attitude, rating.result) == (3, 5, 4)
    assert "记下了" in page.text
    assert "您已经评过了：速度 3，态度 5，结果 4。来得慢" in browser.opens(form.action).text


def test_a_rating_with_a_row_left_out_keeps_the_others(page_of, rows):
    browser = page_of(Status.CLOSED)
    form = browser.opens(f"{browser.page.path}/rate").forms[-1]

    page = browser.sends(form, speed="3", attitude="5", comment="来得慢")

    assert page.status == 400 and rows(Rating) == []
    assert page.forms[-1].fields["speed"] == "3"
    assert page.forms[-1].fields["comment"] == "来得慢"


def test_it_is_opened_again_with_a_reason(page_of, rows):
    browser = page_of(Status.RESOLVED)
    form = browser.page.form(f"{browser.page.path}/reopen")

    assert "请写一句哪里还不对" in browser.sends(form).text
    page = browser.sends(form, reason="又卡纸了")

    assert "已重新打开" in page.text and "重新打开：又卡纸了" in page.text
    assert rows(Ticket)[0].cycle == 2


def test_after_its_days_nobody_is_offered_to_open_it_again(page_of, clock, at_desk, wang):
    page = page_of(Status.CLOSED).page
    actions = [each.action for each in page.forms]
    assert f"{page.path}/reopen" in actions

    clock.passes(days=30)
    later = at_desk(wang).opens(page.path)

    assert later.status == 200
    assert f"{page.path}/reopen" not in [each.action for each in later.forms]
