"""The life of a ticket: which acts each status allows, and where they lead (F5–F16)."""

from itertools import product

import pytest

from domain.lifecycle import (
    ENDED_STATUSES,
    LIFECYCLE,
    OPEN_STATUSES,
    Action,
    ActionNotAllowed,
    Status,
    actions_from,
    diagram,
    next_status,
)
from domain.sentence import Word

# What moves a ticket, written down a second time.
MOVES = """
new          assign      assigned
new          resolve     resolved
new          merge       merged
new          cancel      cancelled
assigned     accept      in_progress
assigned     decline     new
assigned     queue       new
assigned     cancel      cancelled
assigned     merge       merged
in_progress  resolve     resolved
in_progress  hold        on_hold
in_progress  transfer    new
in_progress  reassign    assigned
in_progress  cancel      cancelled
in_progress  merge       merged
on_hold      resume      in_progress
on_hold      transfer    new
on_hold      cancel      cancelled
on_hold      merge       merged
on_hold      reassign    assigned
merged       unmerge     new
resolved     confirm     closed
resolved     close       closed
resolved     reopen      new
closed       reopen      new
"""


def test_the_ways_of_a_ticket_are_these_and_no_others():
    """F5–F16: DESIGN, the life of a fault."""
    written = {(start, act, end) for start, act, end in map(str.split, MOVES.split("\n")[1:-1])}

    assert written == {
        (start.value, action.value, end.value)
        for (start, action), end in LIFECYCLE.items()
        if start is not end
    }


@pytest.mark.parametrize(
    ("action", "statuses"),
    [
        (Action.PROGRESS, "in_progress on_hold"),
        (Action.ASK_SUPPORT, "in_progress"),
        (Action.REASSIGN, "assigned"),
        (Action.AMEND, "new assigned in_progress on_hold"),
        (Action.ATTACH, "new assigned in_progress on_hold resolved"),
        (Action.URGE, "new assigned in_progress on_hold"),
        (Action.REMIND, "assigned resolved closed"),
        (Action.RATE, "closed"),
        (Action.NOTE, " ".join(Status)),
        (Action.LINK, " ".join(Status)),
        (Action.SPLIT, "new assigned in_progress on_hold"),
        (Action.CORRECT, "new assigned in_progress on_hold resolved"),
        (Action.TALK, "new assigned in_progress on_hold resolved closed"),
    ],
)
def test_what_is_added_without_moving_is_added_in_these(action, statuses):
    staying = {start for (start, act), end in LIFECYCLE.items() if act is action and start is end}

    assert staying == {Status(name) for name in statuses.split()}


def test_everything_else_is_refused_with_the_status_that_forbids_it():
    for status, action in set(product(Status, Action)) - set(LIFECYCLE):
        with pytest.raises(ActionNotAllowed) as no:
            next_status(status, action)
        assert (no.value.status, no.value.action) == (status, action)
        assert no.value.facts["status"] == Word(f"status.{status.value}")


def test_what_is_called_off_or_merged_has_no_way_out():
    beside = {Action.NOTE, Action.LINK}
    assert set(actions_from(Status.CANCELLED)) == beside
    assert set(actions_from(Status.MERGED)) == {Action.UNMERGE, *beside}
    assert set(actions_from(Status.CLOSED)) == {
        Action.REOPEN,
        Action.REMIND,
        Action.RATE,
        Action.TALK,
        *beside,
    }


def test_every_status_can_be_reached_and_every_open_one_can_end():
    reached = {Status.NEW}
    for _ in Status:
        reached |= {end for (start, _), end in LIFECYCLE.items() if start in reached}
    assert reached == set(Status)

    ends = set(ENDED_STATUSES)
    for _ in Status:
        ends |= {start for (start, _), end in LIFECYCLE.items() if end in ends}
    assert ends == set(Status)


def test_a_status_is_open_or_resolved_or_ended():
    assert {*OPEN_STATUSES, Status.RESOLVED, *ENDED_STATUSES} == set(Status)


def test_only_opening_needs_no_status_before():
    assert {act for _, act in LIFECYCLE} == set(Action) - {Action.OPEN}


def test_the_picture_shows_each_move_once():
    lines = diagram().splitlines()

    assert lines[:2] == ["stateDiagram-v2", "    [*] --> new: open"]
    assert "    assigned --> in_progress: accept" in lines
    assert len(lines) == 2 + len(MOVES.strip().splitlines())
    assert len(set(lines)) == len(lines)
