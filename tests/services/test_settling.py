"""What requesters do: urge, add, call off, confirm, reopen, rate (F11, F13, F16)."""

from datetime import timedelta

import pytest

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, ActionNotAllowed, Status
from domain.permissions import Role
from domain.refusals import AlreadyRated, NotFound, NotRateable, TooLate
from models import (
    Activity,
    AppraisalFact,
    Engineer,
    FollowUp,
    IntakeChannel,
    Notice,
    Rating,
    Ticket,
)
from services.views import Scores
from tests.services.making import (
    RESULT,
    a_report,
    all_of,
    at_once,
    check_invariants,
    clocks_of,
    everything,
    happened,
    only,
    said,
    told,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
GOOD = Scores(5, 5, 5)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def ticket_in(make_ticket, wang, zhou):
    """One of 王芳's that 周工 has, as far as this status."""

    def ticket_in(status):
        return make_ticket(status, requester=wang, engineer=zhou)

    return ticket_in


# --- urging (F11) --------------------------------------------------------------------------------


def test_urging_is_heard_by_engineer_and_desk_with_the_next_step(
    database, by, wang, zhou, clerk, ticket_in
):
    """F11: who has not accepted is given the tap for it."""
    ticket = ticket_in(Status.ASSIGNED)

    urged = by(wang).urge(ticket.id)

    assert not urged.is_again
    say = said(all_of(database, Notice, recipient_id=zhou.id)[-1])
    assert (say.key, say.facts["contact"]) == ("notice.urged", "王芳")
    assert [button.act for button in say.buttons] == [f"accept:{ticket.number}"]
    assert told(database, clerk) == ["notice.urged_desk"]


def test_who_is_at_work_is_asked_for_news(database, by, wang, zhou, ticket_in):
    ticket = ticket_in(Status.IN_PROGRESS)

    by(wang).urge(ticket.id)

    say = said(all_of(database, Notice, recipient_id=zhou.id)[-1])
    assert [button.act for button in say.buttons] == [f"progress:{ticket.number}"]


def test_urging_twice_in_five_minutes_disturbs_once(database, by, wang, zhou, ticket_in, now):
    """F11: both stand in the timeline; who never stops is passed on again after five minutes."""
    ticket = ticket_in(Status.IN_PROGRESS)

    is_again = [by(wang, now + minute * MINUTE).urge(ticket.id).is_again for minute in range(8)]

    assert is_again == [False, True, True, True, True, False, True, True]
    assert told(database, zhou).count("notice.urged") == 2
    assert happened(database, ticket.id).count(Action.URGE) == 8


def test_a_ticket_with_nobody_on_it_is_urged_at_the_desk(database, by, wang, clerk):
    ticket = by(wang).report(a_report()).ticket

    by(wang).urge(ticket.id)

    assert told(database, clerk) == ["notice.nobody_free", "notice.urged_desk"]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.CANCELLED])
def test_what_is_done_cannot_be_urged(database, by, wang, ticket_in, status):
    ticket = ticket_in(status)
    before = everything(database)

    with pytest.raises(ActionNotAllowed):
        by(wang).urge(ticket.id)
    assert everything(database) == before


# --- adding and calling off ----------------------------------------------------------------------


def test_words_added_reach_the_engineer_whole(database, by, wang, zhou, ticket_in):
    """F1, F11."""
    ticket = ticket_in(Status.IN_PROGRESS)

    by(wang).amend(ticket.id, "现在连开机都不行了")

    say = said(all_of(database, Notice, recipient_id=zhou.id)[-1])
    assert (say.key, say.facts["words"]) == ("notice.amended", "现在连开机都不行了")
    assert all_of(database, Activity)[-1].detail == {"words": "现在连开机都不行了"}


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD])
def test_a_ticket_called_off_frees_its_engineer(database, by, wang, zhou, ticket_in, status):
    ticket = ticket_in(status)

    assert by(wang).cancel(ticket.id).status is Status.CANCELLED

    assert told(database, zhou)[-1] == "notice.cancelled"
    assert clocks_of(database, ticket.id) == {}
    assert only(database, Engineer).open_tickets == 0
    check_invariants(database)


def test_a_ticket_called_off_while_it_waited_disturbs_no_engineer(database, by, wang):
    ticket = by(wang).report(a_report()).ticket

    by(wang).cancel(ticket.id)

    assert all_of(database, Notice) == []
    check_invariants(database)


# --- confirming (F16) ----------------------------------------------------------------------------


def test_confirming_closes_and_starts_the_reminder_of_the_rating(
    database, by, wang, zhou, ticket_in, now
):
    """F13, F16."""
    ticket = ticket_in(Status.RESOLVED)

    closed = by(wang, now + HOUR).confirm(ticket.id)

    assert closed.status is Status.CLOSED
    assert only(database, Ticket).closed_at == now + HOUR
    assert clocks_of(database, ticket.id) == {DeadlineKind.RATING_REMINDER: now + 21 * HOUR}
    assert told(database, zhou)[-1] == "notice.confirmed"
    check_invariants(database)


def test_confirming_twice_closes_once(database, by, wang, ticket_in, now):
    """P2."""
    ticket = ticket_in(Status.RESOLVED)
    by(wang).confirm(ticket.id)
    before = everything(database)

    assert by(wang, now + HOUR).confirm(ticket.id).status is Status.CLOSED
    assert everything(database) == before


def test_what_is_not_done_cannot_be_confirmed(by, wang, ticket_in):
    with pytest.raises(ActionNotAllowed):
        by(wang).confirm(ticket_in(Status.IN_PROGRESS).id)


# --- reopening (F16) -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_not_solved_opens_it_again_with_its_history(
    database, by, wang, clerk, ticket_in, now, status
):
    """F16: the desk hears why; a new cycle with a new promise."""
    ticket = ticket_in(status)

    again = by(wang, now + HOUR).reopen(ticket.id, "又卡纸了")

    row = only(database, Ticket)
    assert (again.cycle, row.closed_at, row.resolved_at, row.responded_at) == (2, None, None, None)
    assert row.resolution_due_at == now + 3 * HOUR
    say = said(all_of(database, Notice, recipient_id=clerk.id)[-1])
    assert (say.key, say.facts["reason"]) == ("notice.reopened_desk", "又卡纸了")
    check_invariants(database)


def test_after_seven_days_it_is_too_late_to_reopen(database, by, wang, ticket_in, now):
    """F16: the last moment still counts."""
    ticket = ticket_in(Status.CLOSED)
    before = everything(database)

    with pytest.raises(TooLate):
        by(wang, now + timedelta(days=7, seconds=1)).reopen(ticket.id, "又卡纸了")
    assert everything(database) == before
    assert by(wang, now + timedelta(days=7)).reopen(ticket.id, "又卡纸了").cycle == 2


def test_what_was_called_off_is_not_reopened(by, wang, ticket_in):
    with pytest.raises(ActionNotAllowed):
        by(wang).reopen(ticket_in(Status.CANCELLED).id, "还是要修")


# --- rating (F13) --------------------------------------------------------------------------------


def test_a_rating_is_kept_with_whom_it_is_for(database, by, wang, zhou, clerk, ticket_in, now):
    """F13: and the reminder stops; nobody is alarmed by a good one."""
    ticket = ticket_in(Status.CLOSED)

    by(wang, now + HOUR).rate(ticket.id, Scores(5, 4, 3, "很快"))

    row = only(database, Rating)
    assert (row.ticket_id, row.cycle) == (ticket.id, 1)
    assert (row.engineer_id, row.requester_id) == (zhou.id, wang.id)
    assert (row.speed, row.attitude, row.result, row.comment) == (5, 4, 3, "很快")
    assert clocks_of(database, ticket.id) == {}
    assert told(database, clerk) == []
    check_invariants(database)


def test_a_ticket_is_rated_once(database, by, wang, ticket_in):
    """F13, I8."""
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, GOOD)
    before = everything(database)

    with pytest.raises(AlreadyRated):
        by(wang).rate(ticket.id, Scores(1, 1, 1))
    assert everything(database) == before


def test_of_two_ratings_at_once_one_counts(database, by, wang, ticket_in):
    """I8, P2."""
    ticket = ticket_in(Status.CLOSED)

    answers = at_once(*[lambda: by(wang).rate(ticket.id, GOOD)] * 4)

    assert sum(isinstance(answer, AlreadyRated) for answer in answers) == 3
    assert len(all_of(database, Rating)) == 1


@pytest.mark.parametrize("scores", [Scores(2, 5, 5), Scores(5, 1, 5), Scores(5, 5, 2, "还是坏的")])
def test_a_low_score_calls_the_desk(database, by, wang, clerk, ticket_in, scores):
    """F13: any of the three, with what it takes to call back."""
    by(wang).rate(ticket_in(Status.CLOSED).id, scores)

    say = said(only(database, Notice, recipient_id=clerk.id))
    assert say.key == "notice.low_rating"
    assert (say.facts["contact"], say.facts["phone"]) == ("王芳", "13800001234")
    assert (say.facts["engineer"], say.facts["comment"]) == ("周工", scores.comment)


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.RESOLVED, Status.CANCELLED])
def test_what_is_not_closed_is_not_rated(database, by, wang, ticket_in, status):
    ticket = ticket_in(status)
    before = everything(database)

    with pytest.raises(NotRateable):
        by(wang).rate(ticket.id, GOOD)
    assert everything(database) == before


def test_silence_is_not_a_rating(database, by, wang, ticket_in):
    """F13: no row; and the ticket is still offered for rating."""
    ticket = ticket_in(Status.CLOSED)

    assert all_of(database, Rating) == []
    assert by(wang).to_rate().id == ticket.id
    by(wang).rate(ticket.id, GOOD)
    assert by(wang).to_rate() is None


def test_nobody_rates_their_own_work(database, by, zhou, make_engineer):
    """F13: an engineer who reported and repaired it; nor are they asked to."""
    ticket = by(zhou).report(a_report()).ticket
    by(zhou).accept(ticket.id)
    by(zhou).resolve(ticket.id, RESULT)
    by(zhou).confirm(ticket.id)

    with pytest.raises(NotRateable):
        by(zhou).rate(ticket.id, GOOD)
    assert by(zhou).to_rate() is None
    assert clocks_of(database, ticket.id) == {}


def test_what_the_desk_solved_is_rated_by_the_requester_and_not_by_the_clerk(
    database, by, wang, clerk
):
    """F7, F13: a ticket without an engineer is somebody's work too."""
    for requester in (wang, clerk):
        ticket = by(requester).report(a_report()).ticket
        by(clerk).resolve(ticket.id, RESULT)
        by(requester).confirm(ticket.id)

    assert by(wang).to_rate() is not None and by(clerk).to_rate() is None
    with pytest.raises(NotRateable):
        by(clerk).rate(ticket.id, GOOD)


def test_a_reopened_ticket_is_rated_again_in_its_new_cycle(database, by, wang, zhou, ticket_in):
    """F13, I8: once in each cycle."""
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, Scores(1, 1, 1))
    by(wang).reopen(ticket.id, "又卡纸了")
    by(zhou).accept(ticket.id)
    by(zhou).resolve(ticket.id, RESULT)
    by(wang).confirm(ticket.id)

    by(wang).rate(ticket.id, GOOD)

    assert [(each.cycle, each.speed) for each in all_of(database, Rating)] == [(1, 1), (2, 5)]
    check_invariants(database)


# --- a rating is changed -------------------------------------------------------------------------


def test_a_changed_rating_keeps_what_was_said_first(database, by, wang, zhou, ticket_in, now):
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, Scores(5, 5, 5, "很快"))

    by(wang, now + HOUR).change_rating(ticket.id, Scores(3, 4, 5), IntakeChannel.WEB)

    rating = only(database, Rating)
    assert (rating.speed, rating.attitude, rating.result, rating.comment) == (3, 4, 5, "很快")
    assert (rating.rated_at, rating.channel) == (now, IntakeChannel.WEB)
    assert rating.first == {
        "speed": 5,
        "attitude": 5,
        "result": 5,
        "comment": "很快",
        "channel": "wechat",
        "changed_at": (now + HOUR).isoformat(),
    }


def test_a_rating_is_changed_once(database, by, wang, ticket_in):
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, GOOD)
    by(wang).change_rating(ticket.id, Scores(4, 4, 4))

    with pytest.raises(AlreadyRated):
        by(wang).change_rating(ticket.id, GOOD)
    assert by(wang).rating_to_change() is None
    assert only(database, Rating).speed == 4


@pytest.mark.parametrize(("after", "is_fresh"), [(timedelta(hours=24), True), (25 * HOUR, False)])
def test_a_rating_is_changed_within_a_day(by, wang, ticket_in, now, after, is_fresh):
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, GOOD)
    later = by(wang, now + after)

    assert (later.rating_to_change() is not None) is is_fresh
    assert (later.rating_to_change(ticket.id) is not None) is is_fresh
    if is_fresh:
        later.change_rating(ticket.id, Scores(4, 4, 4))
    else:
        with pytest.raises(AlreadyRated):
            later.change_rating(ticket.id, Scores(4, 4, 4))


def test_a_changed_rating_counts_as_it_is_now(database, by, wang, zhou, clerk, ticket_in):
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, GOOD)
    assert only(database, AppraisalFact).points == 1

    by(wang).change_rating(ticket.id, Scores(1, 5, 5))

    fact = only(database, AppraisalFact)
    assert (fact.person_id, fact.points, fact.points_first) == (zhou.id, -1, 1)
    assert only(database, FollowUp).ticket_id == ticket.id
    assert "notice.low_rating" in told(database, clerk)


def test_two_changes_at_once_are_one(database, by, wang, ticket_in):
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, GOOD)

    answers = at_once(
        lambda: by(wang).change_rating(ticket.id, Scores(4, 4, 4)),
        lambda: by(wang).change_rating(ticket.id, Scores(3, 3, 3)),
    )

    assert sum(isinstance(each, AlreadyRated) for each in answers) == 1
    assert only(database, Rating).first["speed"] == 5


def test_what_was_not_rated_is_not_changed(by, wang, ticket_in):
    with pytest.raises(NotRateable):
        by(wang).change_rating(ticket_in(Status.CLOSED).id, GOOD)


def test_nobody_changes_somebody_elses_rating(by, wang, ticket_in, make_person):
    ticket = ticket_in(Status.CLOSED)
    by(wang).rate(ticket.id, GOOD)

    with pytest.raises(NotFound):
        by(make_person("李雷")).change_rating(ticket.id, Scores(1, 1, 1))


def test_nobody_rates_somebody_elses_ticket(database, by, ticket_in, make_person):
    with pytest.raises(NotFound):
        by(make_person("李雷")).rate(ticket_in(Status.CLOSED).id, GOOD)
    assert all_of(database, Rating) == []
