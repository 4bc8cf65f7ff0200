"""What people read: their own tickets, their work, one by its number, and nothing foreign."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.priority import Urgency
from domain.refusals import NotFound
from tests.services.making import RESULT, a_report

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def li(make_person):
    return make_person("李雷")


def numbers(views):
    return [each.short for each in views]


# --- by number -----------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["IT20261124-0001", "0001"])
def test_ones_own_ticket_is_found_by_number_and_by_its_end(by, wang, reference):
    ticket = by(wang).report(a_report()).ticket

    assert by(wang).find(reference) == ticket


def test_an_end_means_ones_own_ticket_of_that_end(by, wang, li, now):
    """Every day has its 0001: the newest of one's own, not the newest there is."""
    yesterday = by(wang, now - DAY).report(a_report()).ticket
    by(li).report(a_report())

    assert by(wang).find("0001").number == yesterday.number == "IT20261123-0001"
    today = by(wang, now + MINUTE).report(a_report()).ticket
    assert by(wang).find("0002").number == today.number
    tomorrow = by(wang, now + DAY).report(a_report()).ticket
    assert by(wang).find("0001").number == tomorrow.number


def test_an_end_means_first_what_is_being_talked_of(by, wang, now):
    old = by(wang, now - DAY).report(a_report()).ticket
    by(wang).report(a_report())

    assert by(wang).find("0001", among=[old]).number == old.number


@pytest.mark.parametrize("reference", ["IT20261124-0001", "0001"])
def test_a_foreign_number_sounds_exactly_like_an_unknown_one(by, wang, li, reference):
    """H-20: same refusal, same facts."""
    by(li).report(a_report())
    refusals = []
    for each in (reference, reference.replace("0001", "0999")):
        with pytest.raises(NotFound) as no:
            by(wang).find(each)
        refusals.append((type(no.value), no.value.text_key, no.value.facts))

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("reference", ["%", "____", "000_", "%-0001", "", "-", "' OR 1=1 --"])
def test_signs_that_mean_something_to_a_database_find_nothing(by, wang, reference):
    by(wang).report(a_report())

    with pytest.raises(NotFound):
        by(wang).find(reference)


def test_the_desk_finds_everybodys(by, wang, make_person):
    ticket = by(wang).report(a_report()).ticket

    for role in (Role.DESK, Role.HEAD):
        assert by(make_person("陈台", role)).find("0001").id == ticket.id


def test_an_engineer_finds_what_they_had_to_do_with(by, wang, make_engineer):
    """And by the whole number what is open in their area."""
    make_engineer("甲", skills=["printer"])
    local = make_engineer("乙", skills=["network"], areas=("三楼",))
    nameless = make_engineer("丙", skills=["network"], areas=("",))
    ticket = by(wang).report(a_report()).ticket

    assert by(local).find(ticket.number).id == ticket.id
    with pytest.raises(NotFound):
        by(local).find("0001")
    with pytest.raises(NotFound):
        by(nameless).find(ticket.number)
    by(wang).cancel(ticket.id)
    with pytest.raises(NotFound):
        by(local).find(ticket.number)


# --- lists ---------------------------------------------------------------------------------------


def test_my_tickets_are_mine_not_ended_and_oldest_first(by, wang, li, make_engineer, now):
    zhou = make_engineer()
    tickets = [by(wang, now + n * MINUTE).report(a_report()).ticket for n in range(3)]
    by(li).report(a_report())
    by(zhou).accept(tickets[1].id)
    by(zhou).resolve(tickets[1].id, RESULT)
    by(wang).cancel(tickets[2].id)

    mine = by(wang).my_tickets()

    assert numbers(mine) == ["0001", "0002"]
    assert [each.status for each in mine] == [Status.ASSIGNED, Status.RESOLVED]
    assert mine[0] == by(wang).ticket(tickets[0].id)


def test_the_last_that_ended_is_the_one_that_may_be_reopened(by, wang, make_ticket, now):
    """F16: for seven days, and only what was closed."""
    assert by(wang).my_last_ended() is None
    make_ticket(Status.CANCELLED, requester=wang)
    assert by(wang).my_last_ended() is None
    closed = make_ticket(Status.CLOSED, requester=wang)

    assert by(wang, now + 7 * DAY).my_last_ended().id == closed.id
    assert by(wang, now + 8 * DAY).my_last_ended() is None


def test_work_is_listed_most_urgent_first_then_oldest(by, wang, make_engineer, now):
    """F8, W2: what waits, and what is in hand, are two lists."""
    zhou = make_engineer()
    for n, urgency in enumerate([Urgency.NORMAL, Urgency.HIGH, Urgency.NORMAL]):
        by(wang, now + n * MINUTE).report(a_report(urgency=urgency))

    assert numbers(by(zhou).waiting_for_me()) == ["0002", "0001", "0003"]
    for ticket in by(zhou).waiting_for_me():
        by(zhou).accept(ticket.id)
    by(zhou).hold(by(zhou).my_work()[1].id, "等配件", now + DAY)
    assert by(zhou).waiting_for_me() == ()
    assert numbers(by(zhou).my_work()) == ["0002", "0001", "0003"]


# --- one ticket ----------------------------------------------------------------------------------


def test_the_solution_is_the_engineers_words_of_the_last_cycle(by, wang, make_ticket):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang)
    assert by(wang).solution_of(ticket.id) == ""

    closed = make_ticket(Status.CLOSED, requester=wang)
    assert by(wang).solution_of(closed.id) == "换了搓纸轮"


def test_the_last_word_is_the_newest_that_a_requester_may_read(by, wang, make_engineer, now):
    """F11: dispatch yes, reminders and urging no."""
    ticket = by(wang).report(a_report()).ticket
    assert by(wang).last_word(ticket.id) is None
    zhou = make_engineer(is_on_duty=False)
    by(zhou).sign_in()
    assert by(wang).last_word(ticket.id).key == "timeline.assign"
    by(zhou, now + MINUTE).accept(ticket.id)
    by(wang, now + 2 * MINUTE).urge(ticket.id)

    word = by(wang).last_word(ticket.id)

    assert (word.key, word.facts["who"], word.facts["at"]) == (
        "timeline.accept",
        "周工",
        now + MINUTE,
    )


@pytest.mark.parametrize(
    "read", ["ticket", "solution_of", "last_word", "show_media", "receipt", "colleagues"]
)
def test_nothing_of_a_foreign_ticket_can_be_read(by, wang, li, make_engineer, read):
    """Y1, H-20: as if there were none."""
    make_engineer()
    ticket = by(wang).report(a_report()).ticket

    for ticket_id in (ticket.id, 9999):
        with pytest.raises(NotFound):
            getattr(by(li), read)(ticket_id)
