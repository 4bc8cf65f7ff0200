"""What an English-speaking colleague corrects by saying so, and what is no correction (F1)."""

from datetime import datetime

import pytest
from hypothesis import given

from domain.calendar import CHINA
from nlp.amendment import Amendment, read_amendment
from nlp.contact import Contact, read_contact
from nlp.denial import denied
from nlp.english import is_english, says_calm
from nlp.incident import read_correction, read_incident, read_place
from nlp.on_behalf import Behalf, is_ones_own, read_behalf, read_number_of, without_behalf
from nlp.when import read_when
from nlp.wish import Wish, read_wish, without_wish
from nlp.wording import folded
from tests.nlp.slot_texts import any_texts

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=CHINA)  # a Tuesday


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("not the printer, the computer", "computer"),
        ("It's not the printer, it's the computer", "computer"),
        ("it’s not the printer but the computer has no network", "computer has no network"),
        ("The computer, not the printer.", "computer"),
        ("wrong phone, it's 13800138000", "13800138000"),
        ("Sorry, wrong number: 13800138000", "13800138000"),
        ("the room is wrong, it should be B201", "B201"),
        ("room B201 not A305", "room B201"),
        ("B201, not A305", "B201"),
        ("not A305, B201", "B201"),
        ("no, it's the computer", "computer"),
        ("sorry, I meant B201", "B201"),
        ("change the place to B201 please", "B201"),
        ("could you change my phone number to 13800138000?", "13800138000"),
        ("the room should be B201", "B201"),
        ("not working, the printer is dead", None),
        ("not the first time, the printer jams", None),
        ("the printer is not working", None),
        ("the screen is dark, not flickering", None),
        ("please change my password to something longer", None),
        ("move my desk phone to B201", None),
        ("no, it's still broken", None),
        ("error 305 in excel", None),
    ],
)
def test_what_is_meant_instead(text, meant):
    assert read_correction(text) == meant


@pytest.mark.parametrize(
    ("text", "words", "begins", "ends"),
    [
        ("tomorrow after 10 am", "tomorrow after 10 am", at(25, 10), None),
        ("Please come tomorrow morning, thanks", "tomorrow morning", at(25, 9), None),
        ("printer jam in A305, Friday afternoon please", "Friday afternoon", at(27, 14), None),
        ("change the time to between 3 and 5 pm", "between 3 and 5 pm", at(24, 15), at(24, 17)),
        ("I'm only free before 3", "before 3", None, at(24, 15)),
        ("send someone in two hours", "in two hours", at(24, 12, 30), None),
        ("next Monday at 9 works for me", "next Monday at 9", at(30, 9), None),
        ("how about 9:30", "9:30", at(25, 9, 30), None),
    ],
)
def test_a_time_to_come_is_a_wish(text, words, begins, ends):
    assert read_wish(text, NOW) == Wish(words, begins, ends)
    assert read_when(text, NOW) == (begins or ends)


@pytest.mark.parametrize(
    "text",
    [
        "the printer stopped at 9 am",
        "my computer is very slow since yesterday afternoon",
        "I have a meeting at 3 pm",
        "the report is due tomorrow",
        "come and look at it, please",
        "come yesterday at 3 pm",
    ],
)
def test_any_other_time_is_none(text):
    assert read_wish(text, NOW) is None
    assert without_wish(text) == text


@pytest.mark.parametrize(
    ("text", "amendment"),
    [
        ("room B201 not A305", Amendment(place="room B201")),
        ("B201, not A305", Amendment(place="B201")),
        ("change the place to the canteen", Amendment(place="canteen")),
        ("wrong phone, it's 13800138000", Amendment(number="13800138000")),
        ("my extension is now 8899", Amendment(number="8899")),
        ("wrong device number, it's PR-0012", Amendment(device_code="PR-0012")),
        ("not the HP printer, the Canon printer", Amendment(device="Canon printer")),
        ("no longer urgent", Amendment()),
        ("no rush, thanks", Amendment()),
        ("tomorrow after 10 am", Amendment(wish=Wish("tomorrow after 10 am", at(25, 10)))),
        ("not the printer, the computer", None),
        ("the computer, not the printer", None),
        ("not urgent, the printer is jammed", None),
        ("printer is jammed", None),
    ],
)
def test_what_only_amends_an_open_ticket(text, amendment):
    assert read_amendment(text, NOW) == amendment


def test_what_is_no_longer_urgent_is_not_urgent():
    assert not read_incident("no longer urgent").is_urgent
    assert not read_incident("it isn't that urgent").is_urgent
    assert read_incident("the printer is jammed, urgent").is_urgent
    assert not says_calm("urgent")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("it's in room B201", "room B201"),
        ("the wifi in room 402 is very slow", "room 402"),
        ("paper jam on the second floor of building C", "second floor of building C"),
        (
            "projector is dark in the big meeting room on the 3rd floor",
            "big meeting room on the 3rd floor",
        ),
    ],
)
def test_a_place_is_read(text, place):
    assert read_incident(text).place == place
    assert read_place(text) == place


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Tom Baker, finance, 13800138000", Contact("finance", "Tom Baker", "13800138000")),
        ("my name is tom, ext 8899", Contact(None, "tom", None, "8899")),
        ("I'm Tom from the sales department, 8899", Contact("sales", "Tom", None, "8899")),
        ("the computer", Contact()),
        ("this is urgent", Contact()),
        ("it's still broken", Contact()),
    ],
)
def test_who_was_asked_is_heard_and_nothing_else_is_a_name(text, contact):
    assert read_contact(text, expect_all=True) == contact


def test_what_is_denied_is_not_what_it_is_about():
    text = "not the printer, the computer has no network"

    assert [text[start:end] for start, end in denied(text)] == ["printer"]
    assert read_incident(text).device == "computer"
    assert denied("提示 not the owner, 打不开") == []


@given(any_texts)
def test_a_chinese_message_is_never_read_as_english(text):
    has_chinese = any("\u4e00" <= character <= "\u9fff" for character in folded(text))
    assert not (has_chinese and is_english(folded(text)))


def test_for_whom_a_fault_is_told():
    text = "I'm reporting for my colleague Li Na from sales, her computer is broken"

    assert read_behalf(text) == Behalf("Li Na", "sales")
    assert without_behalf(text) == "from sales, her computer is broken"
    assert read_behalf("my colleague Tom's printer is jammed") == Behalf("Tom")
    assert read_behalf("my colleague has no network") is None
    assert read_number_of("yes, Tom's number is 13911112222", "Tom") == ("13911112222", "yes")
    assert is_ones_own("my phone is 13800138000") and not is_ones_own("13800138000")
