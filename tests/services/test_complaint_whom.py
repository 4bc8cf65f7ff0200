"""Whom a complainant means, and how far their complaint has come (C1)."""

from datetime import timedelta

import pytest

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Role
from services.complaints import answering, progress, reading, whom
from services.complaints.progress import Mark
from tests.services import complaint_kit as kit
from tests.services.complaint_kit import cast_of


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.fixture
def asks(database, desk_of):
    def ask(person, do, *facts):
        with database.reading() as session:
            return do(desk_of(session, person), *facts)

    return ask


def test_who_came_is_offered_the_latest_first_and_nobody_twice(
    cast, make_engineer, make_ticket, asks, now
):
    zheng = make_engineer("郑工", skills=["network"])
    of_network = {"engineer": zheng, "category": Category.NETWORK}
    for minutes, facts in enumerate(({"engineer": cast.engineer},) * 2 + (of_network,)):
        at = now + timedelta(minutes=minutes)
        make_ticket(Status.IN_PROGRESS, requester=cast.requester, at=at, **facts)

    assert [each.name for each in asks(cast.requester, whom.helpers)] == ["郑工", "周工"]
    assert asks(cast.clerk, whom.helpers) == ()


def test_a_whole_name_means_everybody_of_staff_who_bears_it(cast, make_person, make_engineer, asks):
    first = make_engineer("张伟")
    second = make_person("张伟", Role.DESK)
    make_person("张伟")

    assert asks(cast.requester, whom.meant_by, " 张伟 ") == (first.id, second.id)
    assert asks(first, whom.meant_by, "张伟") == (second.id,), "never oneself"


@pytest.mark.parametrize("called", ["周师傅", "老周", "周工程师", "周明"])
def test_a_surname_means_who_came_and_nobody_else(cast, make_engineer, make_ticket, asks, called):
    make_engineer("周涛")
    assert asks(cast.requester, whom.meant_by, called) == ()
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)

    assert asks(cast.requester, whom.meant_by, called) == (cast.engineer.id,)


@pytest.mark.parametrize("called", ["", "  ", "李师傅", "师傅", "穿灰衣服的"])
def test_what_could_be_anybody_means_nobody(cast, make_ticket, asks, called):
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)

    assert asks(cast.requester, whom.meant_by, called) == ()


def test_what_was_not_done_is_left_out_once_it_has_ended(cast, database, desk_of, asks):
    number = kit.reported(database, desk_of, cast).number
    with database.transaction() as session:
        desk = desk_of(session, cast.requester)
        answering.withdraw(desk, reading.find(desk, number).id)

    def steps(desk):
        return progress.steps(desk, reading.find(desk, number))

    marks = [each.mark for each in asks(cast.requester, steps)]

    assert marks == [Mark.DONE, Mark.DONE, Mark.LEFT_OUT, Mark.LEFT_OUT, Mark.LEFT_OUT]


def test_an_objection_goes_back_to_the_head_and_the_first_answer_is_not_the_last(
    cast, database, desk_of, asks
):
    number = kit.objected(database, desk_of, cast).number

    def steps(desk):
        return progress.steps(desk, reading.find(desk, number))

    found = asks(cast.requester, steps)

    assert [each.mark for each in found] == [
        Mark.DONE,
        Mark.DONE,
        Mark.NOW,
        Mark.TO_COME,
        Mark.TO_COME,
    ]
    assert [each.at is not None for each in found] == [True, True, False, False, False]
