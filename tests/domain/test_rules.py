"""Priority, rating, commands, and what is known of who speaks (F1, F6, F13, W2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import Command, read_tap, tap
from domain.heard import Heard, Medium
from domain.permissions import Permission, Role
from domain.priority import PRIORITIES, Impact, Priority, Urgency, priority_of
from domain.rating import Rating
from domain.speaker import Speaker

# --- priority (F6) -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (Impact.PERSON, Urgency.NORMAL, Priority.NORMAL),
        (Impact.PERSON, Urgency.HIGH, Priority.HIGH),
        (Impact.TEAM, Urgency.NORMAL, Priority.HIGH),
        (Impact.TEAM, Urgency.HIGH, Priority.URGENT),
        (Impact.BUSINESS, Urgency.NORMAL, Priority.HIGH),
        (Impact.BUSINESS, Urgency.HIGH, Priority.URGENT),
    ],
)
def test_impact_and_urgency_decide_the_priority(impact, urgency, priority):
    """F6, 细则二."""
    assert priority_of(impact, urgency) is priority


def test_every_case_has_its_priority_and_urgent_is_served_first():
    assert set(PRIORITIES) == {(impact, urgency) for impact in Impact for urgency in Urgency}
    assert sorted(Priority) == [Priority.URGENT, Priority.HIGH, Priority.NORMAL]


# --- rating (F13) --------------------------------------------------------------------------------


@given(st.tuples(*[st.integers(-1, 7)] * 3))
def test_a_score_is_one_to_five(scores):
    if all(1 <= score <= 5 for score in scores):
        assert Rating(*scores).parts == scores
    else:
        with pytest.raises(ValueError, match="1 to 5"):
            Rating(*scores)


@given(st.tuples(*[st.integers(1, 5)] * 3))
def test_one_low_part_is_enough_for_a_second_look(scores):
    """F13: an average would hide it."""
    assert Rating(*scores).needs_follow_up is (min(scores) <= 2)


# --- commands (W2) -------------------------------------------------------------------------------

NUMBERS = st.from_regex(r"IT[0-9]{8}-[0-9]{4,5}", fullmatch=True)


@given(st.sampled_from(Command), st.none() | NUMBERS)
def test_what_a_line_sends_is_read_as_what_it_was(command, number):
    assert read_tap(tap(command, number)) == (command, number)
    assert read_tap(tap(command, number).replace(command.value, command.value.upper())) == (
        command,
        number,
    )
    assert len(tap(command, number)) <= 128


@pytest.mark.parametrize("act", ["", ":", "nothing", "nothing:IT20261124-0001", "3=yes", "accept "])
def test_what_is_no_command_is_none(act):
    assert read_tap(act) is None


def test_a_command_with_an_empty_number_names_none():
    assert read_tap("accept:") == (Command.ACCEPT, None)


# --- who speaks (F1) -----------------------------------------------------------------------------


def test_only_what_is_missing_is_asked_for():
    """F1, R1: in the order of the form; an extension is a number too."""
    nobody = Speaker(1, "o1", frozenset({Role.REQUESTER}))
    known = Speaker(1, "o1", frozenset(), "王芳", "财务部", extension="8012")

    assert nobody.missing == ("department", "name", "phone")
    assert Speaker(1, "o1", frozenset(), "王芳").missing == ("department", "phone")
    assert known.missing == () and known.reached_by == "8012"
    assert Speaker(1, "o1", frozenset(), phone="138", extension="8012").reached_by == "138"


def test_what_somebody_could_do_is_asked_of_their_roles():
    engineer = Speaker(1, "o1", frozenset({Role.REQUESTER, Role.ENGINEER}))

    assert engineer.could(Permission.TICKET_ACCEPT)
    assert not engineer.could(Permission.TICKET_DISPATCH)


@pytest.mark.parametrize("medium", Medium)
def test_all_but_events_are_messages(medium):
    assert Heard(medium).is_message is (medium is not Medium.EVENT)
