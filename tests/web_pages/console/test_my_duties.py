"""My duties, leave, swaps, hand-overs and calendar addresses at the computer (D1, H-48, S-066)."""

import re

import pytest

from domain.calendar import Stretch
from domain.lifecycle import Status
from domain.permissions import Role
from domain.roster import Asked
from models import CalendarFeed, HandOver, Leave, Person, Swap
from services import roster_plan, web_sessions
from services.web_sessions import Via
from tests.services.making import only
from tests.services.roster_kit import Roster, at
from tests.web_pages.browsing import Browser, Form, Page
from web.ics import Event, calendar

MINE, HAND_OVERS = "/console/roster/mine", "/console/roster/handovers"


class Desk(Browser):
    """A browser that sends the forms of the page that it is on."""

    def get(self, path: str) -> Page:
        return self.opens(path)

    def send(self, action: str, **typed: str) -> Page:
        assert self.page is not None
        return self.sends(self.page.form(action), **typed)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周明")


@pytest.fixture
def wu(make_engineer):
    return make_engineer("吴强")


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def plan(database, head, now):
    return Roster(database, head, now)


@pytest.fixture
def at_desk(app, database, clock):
    def at_desk(person) -> Desk:
        with database.transaction() as session:
            token = web_sessions.start_at_desk(session, person.id, Via.PASSWORD, clock())
        client = app.test_client()
        client.set_cookie("desk", token, domain="localhost")
        return Desk(client)

    return at_desk


def test_a_swap_goes_its_way_from_page_to_page(at_desk, database, zhou, wu, head, plan):
    mine, theirs = plan.put(zhou, 27), plan.put(wu, 28)
    browser = at_desk(zhou)

    browser.get(f"{MINE}/swap/{mine}?to={wu.id}")
    browser.send(f"{MINE}/swap/{mine}", **{"for": str(theirs), "reason": "开家长会"})
    swap = only(database, Swap)
    colleague = at_desk(wu)
    assert "开家长会" in colleague.get(MINE).text
    colleague.send(f"{MINE}/swaps/{swap.id}/agree")
    chief = at_desk(head)
    chief.get(MINE)
    chief.send(f"{MINE}/swaps/{swap.id}/grant")

    assert (plan.one(mine).person_id, plan.one(theirs).person_id) == (wu.id, zhou.id)


def test_leave_is_asked_for_by_days_and_granted(at_desk, database, zhou, head):
    browser = at_desk(zhou)
    browser.get(MINE)
    browser.send(f"{MINE}/leave", first="2026-11-26", last="2026-11-27", reason="看病")
    leave = only(database, Leave)
    chief = at_desk(head)
    chief.get(MINE)
    chief.send(f"{MINE}/leaves/{leave.id}/grant")

    leave = only(database, Leave)
    assert (leave.begins_at, leave.ends_at) == (at(26, 0), at(28, 0))
    assert leave.state is Asked.GRANTED


@pytest.mark.parametrize(
    "typed",
    [
        {"first": "2026-11-20", "reason": "看病"},
        {"first": "2026-11-27", "last": "2026-11-26", "reason": "看病"},
        {"first": "tomorrow", "reason": "看病"},
        {"first": "2026-11-26", "reason": ""},
    ],
)
def test_leave_that_cannot_be_is_shown_again_with_what_was_typed(at_desk, database, zhou, typed):
    browser = at_desk(zhou)
    browser.get(MINE)

    page = browser.send(f"{MINE}/leave", **typed)

    assert page.status == 400
    assert f'value="{typed["first"]}"' in page.html
    with database.reading() as session:
        assert session.query(Leave).count() == 0


def test_a_hand_over_is_written_and_signed_by_both(at_desk, database, make_person):
    clerk, other = make_person("陈静", Role.DESK), make_person("李娜", Role.DESK)
    browser = at_desk(clerk)
    browser.get(f"{HAND_OVERS}/new")
    page = browser.send(f"{HAND_OVERS}/new", to=str(other.id), notes="钥匙在前台")
    assert "钥匙在前台" in page.text
    kept = only(database, HandOver)

    taker = at_desk(other)
    assert f"{HAND_OVERS}/{kept.id}" in taker.get(HAND_OVERS).links
    taker.get(f"{HAND_OVERS}/{kept.id}")
    taker.send(f"{HAND_OVERS}/{kept.id}/take")

    kept = only(database, HandOver)
    assert kept.given_at is not None and kept.taken_at is not None


def test_the_tickets_that_go_along_are_ticked(at_desk, database, make_engineer, make_ticket, zhou):
    new = make_ticket(Status.ASSIGNED, engineer=zhou)
    begun = make_ticket(Status.IN_PROGRESS, engineer=zhou)
    wu = make_engineer("吴强")
    browser = at_desk(zhou)
    page = browser.get(f"{HAND_OVERS}/new")
    ticks = re.findall(r'name="move-([^"]+)" value="1" form="hand-over"( checked)?', page.html)
    assert ticks == [(new.number, " checked"), (begun.number, "")]

    page = browser.send(f"{HAND_OVERS}/new", to=str(wu.id), **{f"move-{begun.number}": "1"})

    matters = only(database, HandOver).matters
    assert {each["number"]: each["moves"] for each in matters} == {
        new.number: False,
        begun.number: True,
    }
    assert page.text.count("转给接班的") == 1


# --- calendars -----------------------------------------------------------------------------------


def _made(browser, of="own") -> str:
    browser.get(MINE)
    form = next(
        f for f in browser.page.forms if f.action.endswith("/feeds") and f.fields.get("of") == of
    )
    page = browser.sends(form)
    return re.findall(r"/calendar/[\w-]+\.ics", page.html)[0]


def _events(text: str) -> list[dict[str, str]]:
    """What a calendar program would read, by RFC 5545."""
    lines = text.replace("\r\n ", "").split("\r\n")
    events: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            name, _, value = line.partition(":")
            events[-1].setdefault(name, value)
    return events


def test_a_calendar_program_reads_the_duties_of_its_owner_alone(
    at_desk, app, database, zhou, wu, plan
):
    plan.put(zhou, 27)
    plan.put(wu, 28)
    address = _made(at_desk(zhou))
    stranger = app.test_client()

    answer = stranger.get(address)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (event,) = _events(answer.get_data(as_text=True))
    assert (event["DTSTART"], event["DTEND"]) == ("20261127T000000Z", "20261127T100000Z")
    assert event["SUMMARY"] == "白班"
    assert (
        stranger.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )
    assert only(database, CalendarFeed).read_at is not None


def test_a_duty_that_is_swapped_or_moved_is_the_newer_one_to_calendars(
    at_desk, app, by, desk_of, database, zhou, wu, head, plan
):
    """RFC 5545: programs keep what they have unless SEQUENCE and DTSTAMP say otherwise."""
    duty, address = plan.put(zhou, 27), _made(at_desk(wu), "all")

    def seen():
        (event,) = _events(app.test_client().get(address).get_data(as_text=True))
        return event["UID"].split("@")[0], event["SEQUENCE"], event["DTSTAMP"]

    planned = seen()
    asked = by(zhou, at(25, 9)).ask_swap(duty, wu.id)
    by(wu, at(25, 10)).answer_swap(asked.id, agrees=True)
    assert seen() == planned
    by(head, at(25, 11)).decide_swap(asked.id, grants=True)
    swapped = seen()
    with database.transaction() as session:
        span = Stretch(at(27, 10), at(27, 20))
        wanted = roster_plan.Change(wu.id, span, 1, None)
        roster_plan.change(desk_of(session, head, at(25, 12)), duty, wanted)

    assert planned[1] == "0"
    assert swapped == (planned[0], "1", "20261125T030000Z")
    assert seen() == (planned[0], "2", "20261125T040000Z")


def test_the_whole_roster_names_people_and_no_number_of_theirs(at_desk, app, zhou, wu, plan):
    plan.put(zhou, 27)
    plan.put(wu, 27, "值班")

    text = app.test_client().get(_made(at_desk(zhou), "all")).get_data(as_text=True)

    assert {each["SUMMARY"] for each in _events(text)} == {"周明 · 白班", "吴强 · 值班"}
    assert "138" not in text


def test_an_address_is_kept_as_its_hash_and_answers_nobody_once_revoked(
    at_desk, app, database, zhou
):
    """H-48, S-066."""
    browser = at_desk(zhou)
    address = _made(browser)
    feed = only(database, CalendarFeed)
    assert (
        feed.token_hash not in address and address.split("/")[-1][:-4] not in browser.get(MINE).html
    )

    browser.send(f"{MINE}/feeds/{feed.id}/revoke")

    assert app.test_client().get(address).status_code == 404
    assert app.test_client().get("/calendar/" + "x" * 43 + ".ics").status_code == 404


def test_the_address_of_somebody_who_left_answers_nobody(at_desk, app, database, zhou):
    address = _made(at_desk(zhou))
    with database.transaction() as session:
        session.get_one(Person, zhou.id).is_active = False

    assert app.test_client().get(address).status_code == 404


def test_anothers_address_is_not_revoked(at_desk, database, zhou, wu):
    """S-042."""
    _made(at_desk(zhou))
    feed = only(database, CalendarFeed)
    browser = at_desk(wu)
    _made(browser)
    browser.get(MINE)
    form = next(f for f in browser.page.forms if f.action.endswith("/revoke"))

    page = browser.sends(Form(f"{MINE}/feeds/{feed.id}/revoke", form.fields))

    assert page.status == 404
    with database.reading() as session:
        assert session.get_one(CalendarFeed, feed.id).revoked_at is None


def test_lines_of_a_calendar_are_no_longer_than_programs_take(now):
    event = Event("1@x", now, now, "值班；很长的名字,带\\和换行\n" * 9, now)

    text = calendar("班", [event])

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert _events(text)[0]["SUMMARY"] == "值班；很长的名字\\,带\\\\和换行\\n" * 9
