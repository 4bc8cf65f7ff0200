"""The desk gives work away, takes it back in time, and knows better than the report (F6, F8)."""

from datetime import timedelta

import pytest

from domain.deadlines import DeadlineKind
from domain.delivery import Verdict
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency
from domain.refusals import NotFound, NotPermitted, Refusal
from models import Activity, Engineer, Notice, NoticeState, Resolution, Ticket
from services import desk_acts, replying, undoing
from services.desk_acts import NobodyFree, ReasonMissing, SameEngineer
from services.replying import NothingToTakeBack, NoWay
from services.undoing import TooLateToUndo
from tests.services.making import (
    RESULT,
    all_of,
    at_once,
    check_invariants,
    clocks_of,
    happened,
    only,
    told,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def do(database, desk_of, now):
    """One act of somebody's, in a transaction of its own."""

    def do(actor, act, *args, at=now, **facts):
        with database.transaction() as session:
            return act(desk_of(session, actor, at), *args, **facts)

    return do


def stands(database, ticket):
    """All that an assignment changes."""
    row = only(database, Ticket, id=ticket.id)
    cards = {
        each.person_id: (each.open_tickets, each.workload, each.last_assigned_at)
        for each in all_of(database, Engineer)
    }
    times = row.response_due_at, row.responded_at, row.resolution_due_at, row.hold_until
    return row.status, row.assignee_id, times, cards, clocks_of(database, ticket.id)


# --- giving work ---------------------------------------------------------------------------------


def test_the_desk_gives_a_waiting_ticket_to_whom_it_wants(
    database, do, chen, make_ticket, make_engineer
):
    ticket = make_ticket()
    zhou = make_engineer("周工")

    given = do(chen, desk_acts.assign_to, ticket.id, zhou.id)

    assert (given.status, given.assignee.name) == (Status.ASSIGNED, "周工")
    assert told(database, zhou) == ["notice.assigned"]
    check_invariants(database)


def test_somebody_else_than_the_first_choice_needs_a_reason(
    database, do, chen, make_ticket, make_engineer
):
    """F8."""
    ticket = make_ticket()
    wu = make_engineer("吴工", skills=["network"])
    make_engineer("周工", skills=["printer"])

    with pytest.raises(ReasonMissing):
        do(chen, desk_acts.assign_to, ticket.id, wu.id, " ")
    do(chen, desk_acts.assign_to, ticket.id, wu.id, "人就在三楼")

    line = all_of(database, Activity, ticket_id=ticket.id)[-1]
    assert line.detail["reason"] == "人就在三楼"
    assert [score["name"] for score in line.detail["receipt"]["scores"]] == ["周工"]


def test_taken_from_who_had_accepted_it_all_three_are_told(
    database, do, chen, make_person, make_ticket, make_engineer
):
    wang, zhou = make_person(), make_engineer("周工")
    ticket = make_ticket(Status.ON_HOLD, requester=wang, engineer=zhou)
    wu = make_engineer("吴工")

    given = do(chen, desk_acts.assign_to, ticket.id, wu.id)

    assert (given.status, given.assignee.name) == (Status.ASSIGNED, "吴工")
    assert told(database, zhou)[-1] == "desk_told.given_to_other"
    assert told(database, wang)[-1] == "notice.engineer_changes"
    assert told(database, wu) == ["notice.assigned"]
    check_invariants(database)


def test_who_has_it_is_not_given_it_again(do, chen, make_ticket, make_engineer):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)

    with pytest.raises(SameEngineer):
        do(chen, desk_acts.assign_to, ticket.id, zhou.id)


def test_work_goes_to_those_who_work_only(do, chen, make_person, make_ticket):
    ticket = make_ticket()

    with pytest.raises(NotFound):
        do(chen, desk_acts.assign_to, ticket.id, chen.id)
    with pytest.raises(NotFound):
        do(chen, desk_acts.assign_to, ticket.id, make_person("李娜").id)


def test_nobody_else_gives_work_away(do, make_engineer, make_ticket):
    zhou, wu = make_engineer("周工"), make_engineer("吴工", skills=["network"])
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)

    with pytest.raises(NotPermitted):
        do(zhou, desk_acts.assign_to, ticket.id, wu.id, "忙")


def test_the_best_is_found_once_there_is_one(database, do, chen, make_ticket, make_engineer):
    ticket = make_ticket()

    with pytest.raises(NobodyFree):
        do(chen, desk_acts.dispatch_best, ticket.id)
    make_engineer("周工", skills=["printer"])

    assert do(chen, desk_acts.dispatch_best, ticket.id).assignee.name == "周工"
    check_invariants(database)


def test_the_desk_solves_by_phone_in_its_own_name(database, by, chen, make_ticket):
    """F7."""
    ticket = make_ticket()

    solved = by(chen).resolve(ticket.id, RESULT)

    assert solved.status is Status.RESOLVED
    assert only(database, Resolution).engineer_id == chen.id
    check_invariants(database)


# --- undoing (C §7) ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD]
)
def test_what_was_not_sent_yet_is_undone_without_a_trace_in_the_counts(
    database, do, chen, make_person, make_ticket, make_engineer, now, status
):
    wang = make_person()
    ticket = make_ticket(status, requester=wang)
    wu = make_engineer("吴工")
    before = stands(database, ticket)
    heard = [(each.id, each.state) for each in all_of(database, Notice, ticket_id=ticket.id)]

    do(chen, desk_acts.assign_to, ticket.id, wu.id)
    do(chen, undoing.undo, ticket.id, at=now + 3 * SECOND)

    assert stands(database, ticket) == before
    notices = all_of(database, Notice, ticket_id=ticket.id)
    assert [(each.id, each.state) for each in notices[: len(heard)]] == heard
    assert {each.state for each in notices[len(heard) :]} == {NoticeState.REPLACED}
    assert happened(database, ticket.id)[-2:] == [Action.NOTE, Action.NOTE]
    check_invariants(database)


def test_whom_it_was_nearly_given_to_has_nothing_to_do_with_it(
    do, chen, make_ticket, make_engineer
):
    """Y1: no right remains."""
    ticket = make_ticket()
    wu = make_engineer("吴工")
    do(chen, desk_acts.assign_to, ticket.id, wu.id)
    do(chen, undoing.undo, ticket.id)

    with pytest.raises(NotFound):
        do(wu, desk_acts.add_note, ticket.id, "看得到吗")


def test_nothing_leaves_before_its_seconds_are_over(
    do, chen, make_ticket, make_engineer, claim, now
):
    ticket = make_ticket()
    claim(now)  # what the desk itself was told
    do(chen, desk_acts.assign_to, ticket.id, make_engineer("吴工").id)

    assert claim(now + 7 * SECOND) == []
    assert [each.say.key for each in claim(now + 8 * SECOND)] == ["notice.assigned"]


def test_what_is_being_sent_cannot_be_undone(
    database, do, chen, make_ticket, make_engineer, claim, now
):
    ticket = make_ticket()
    do(chen, desk_acts.assign_to, ticket.id, make_engineer("吴工").id)
    claim(now + 8 * SECOND)

    with pytest.raises(TooLateToUndo):
        do(chen, undoing.undo, ticket.id, at=now + 8 * SECOND)

    assert only(database, Ticket, id=ticket.id).status is Status.ASSIGNED
    check_invariants(database)


def test_of_sending_and_undoing_at_once_one_happens(
    database, do, chen, make_ticket, make_engineer, claim, now
):
    ticket = make_ticket()
    wu = make_engineer("吴工")
    later = now + 8 * SECOND

    for _ in range(6):
        do(chen, desk_acts.assign_to, ticket.id, wu.id)
        undone, sent = at_once(
            lambda: do(chen, undoing.undo, ticket.id, at=later), lambda: claim(later)
        )
        was_undone = not isinstance(undone, Refusal)
        sent = [each for each in sent if each.say.key == "notice.assigned"]

        assert was_undone is not bool(sent)
        check_invariants(database)
        if not was_undone:
            assert isinstance(undone, TooLateToUndo)
            return


def test_what_somebody_has_answered_already_is_not_undone(do, by, chen, make_ticket, make_engineer):
    ticket = make_ticket()
    wu = make_engineer("吴工")
    do(chen, desk_acts.assign_to, ticket.id, wu.id)
    by(wu).accept(ticket.id)

    with pytest.raises(TooLateToUndo):
        do(chen, undoing.undo, ticket.id)


def test_what_dispatch_or_a_colleague_did_is_not_undone(do, chen, make_person, make_ticket):
    ticket = make_ticket(Status.ASSIGNED)
    li = make_person("李娜", Role.DESK)

    for clerk in (chen, li):
        with pytest.raises(TooLateToUndo):
            do(clerk, undoing.undo, ticket.id)


def test_words_added_meanwhile_stay_where_they_are(
    database, do, by, chen, make_person, make_ticket, make_engineer
):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    do(chen, desk_acts.assign_to, ticket.id, make_engineer("吴工").id)
    by(wang).amend(ticket.id, "急")

    do(chen, undoing.undo, ticket.id)

    assert Action.AMEND in happened(database, ticket.id)
    check_invariants(database)


# --- a reply (C §7) ------------------------------------------------------------------------------


def test_a_reply_reaches_the_requester_and_can_be_taken_back_before(
    database, do, chen, make_person, make_ticket, claim, send, now
):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    claim(now)  # what the desk itself was told

    do(chen, replying.reply, ticket.id, "周工十分钟到")
    assert do(chen, replying.take_back, ticket.id) == "周工十分钟到"
    assert Action.TALK not in happened(database, ticket.id)

    do(chen, replying.reply, ticket.id, "吴工十分钟到")
    (claimed,) = claim(now + 8 * SECOND)
    send(claimed, Verdict.ACCEPTED, at=now + 8 * SECOND)
    with pytest.raises(NothingToTakeBack):
        do(chen, replying.take_back, ticket.id)
    assert claimed.say.facts["words"] == "吴工十分钟到"


def test_who_is_known_by_phone_alone_is_not_written_to(do, chen, make_person, make_ticket):
    """F2."""
    ticket = make_ticket(requester=make_person("赵明", openid=None))

    with pytest.raises(NoWay):
        do(chen, replying.reply, ticket.id, "周工十分钟到")


# --- correcting (F6) -----------------------------------------------------------------------------


def test_a_corrected_category_finds_its_engineer(database, do, chen, make_ticket, make_engineer):
    """B2: the correction runs dispatch again."""
    make_engineer("网络工", skills=["network"])
    ticket = make_ticket()

    corrected = do(chen, desk_acts.correct, ticket.id, category="network")

    assert corrected.assignee.name == "网络工"
    line = next(each for each in all_of(database, Activity) if each.action is Action.CORRECT)
    assert line.detail == {"before": {"category": "printer"}, "after": {"category": "network"}}
    check_invariants(database)


@pytest.mark.parametrize(
    ("facts", "priority"),
    [
        ({"impact": "business", "urgency": "high"}, Priority.URGENT),
        ({"urgency": Urgency.HIGH}, Priority.HIGH),
        ({"priority": 1}, Priority.URGENT),
        ({"priority": Priority.NORMAL}, Priority.NORMAL),
    ],
)
def test_priority_follows_impact_and_urgency_and_the_load_follows_priority(
    database, do, chen, make_ticket, facts, priority
):
    ticket = make_ticket(Status.IN_PROGRESS, impact=Impact.PERSON)

    assert do(chen, desk_acts.correct, ticket.id, **facts).priority is priority
    check_invariants(database)


def test_nothing_new_is_nothing_said(database, do, chen, make_ticket):
    ticket = make_ticket()

    do(chen, desk_acts.correct, ticket.id, category="printer", place="三楼财务室")

    assert happened(database, ticket.id) == [Action.OPEN]


def test_a_device_is_named_by_its_code(do, chen, make_ticket):
    with pytest.raises(Refusal) as refused:
        do(chen, desk_acts.correct, make_ticket().id, device_code="NO-SUCH")

    assert refused.value.text_key == "desk_act.unknown_device"


def test_clocks_go_on_over_a_reassignment(database, do, chen, make_ticket, make_engineer, now):
    ticket = make_ticket(Status.ASSIGNED)

    do(chen, desk_acts.assign_to, ticket.id, make_engineer("吴工").id, at=now + 60 * SECOND)

    due = clocks_of(database, ticket.id)[DeadlineKind.ANSWER_DUE]
    assert due == now + timedelta(minutes=11)
