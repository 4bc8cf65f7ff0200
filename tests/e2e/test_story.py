"""A fault reported on WeChat is dispatched, accepted, solved and rated (issue 2), come what may."""

import pytest
from sqlalchemy import func, select

from domain.lifecycle import Status
from models import InboxMessage, Rating, Resolution, Ticket
from tests.e2e import story
from tests.faults.people import LIN, ZHAO, ZHOU


def test_f1_to_f16_the_story_is_told_and_printed(world):
    """F1 F5 F6 F8 F9 F10 F13 F16 W2 R1, on both databases."""
    told = story.tell(world)

    story.check_notices(world, told)
    story.check_printed(world, told)
    story.check_once(world, told, "the plain story")
    ticket, result, rating = world.rows(
        lambda session: [
            session.scalars(select(model)).one() for model in (Ticket, Resolution, Rating)
        ]
    )
    assert (ticket.number, ticket.status) == (told.number, Status.CLOSED)
    assert (ticket.contact_department, ticket.place) == ("财务部", "三楼财务室")
    assert (result.minutes, result.is_on_site) == (30, True)
    assert (rating.speed, rating.attitude, rating.result) == (5, 4, 5)


def test_w2_f16_the_same_by_taps_alone(sqlite_world):
    """Each button of a notice or a reply does what its words say."""
    world = sqlite_world
    told = story.report(world)

    world.is_told(ZHOU, told.number, LIN.phone)
    assert "接单成功" in world.taps(ZHOU, "接单")
    world.taps(ZHOU, "完工")
    assert "30 分钟" in world.says(ZHOU, story.WORK)
    assert "完工" in world.taps(ZHOU, "提交")
    world.is_told(LIN, told.number, "换了")
    assert "打个分" in world.taps(LIN, "解决了")
    assert "速度 5，态度 5，结果 5" in world.taps(LIN, "都是 5 分")

    story.check_once(world, told, "by taps")


def test_r062_three_parallel_deliveries_out_of_order_and_late_are_one_story(sqlite_world):
    """R-062, R-063, R-064: and each copy gets the same answer."""
    world = sqlite_world
    world.sandbox.rules(copies=3, reorder_window=0.2, delay=0.1)

    told = story.tell(world)

    story.check_notices(world, told)
    story.check_once(world, told, "three copies")
    callbacks = world.journal("callback")
    assert len(callbacks) >= 3 * 8
    assert not [line for line in callbacks if line["outcome"] == "replied differently"]


def test_r063_what_overtakes_each_other_is_put_together(sqlite_world):
    """R-063: the contact may arrive before the fault; nothing of it is asked for again."""
    world = sqlite_world
    world.sandbox.rules(reorder_window=0.5, order="parallel", copies=2)

    pushes = [world.begins_to_say(LIN, text) for text in (story.FAULT, story.CONTACT)]
    for push in pushes:
        world.fate(push)
    world.sandbox.rules(reorder_window=0, order="serial", copies=1)
    accepted = world.taps(LIN, "确认报修")

    assert story.NUMBER.search(accepted) and ZHOU.name in accepted
    world.check(1, "overtaken")
    assert world.rows(lambda session: session.scalar(select(func.count(InboxMessage.id)))) == 3


@pytest.mark.timeout(300)
def test_p1_p2_killed_between_every_two_messages_it_is_one_story(sqlite_world):
    """R-004, R-005, R-008: killed right after each answer, with its notices still on the way."""
    world = sqlite_world

    told = story.tell(world, between=world.restart)

    world.settle()
    story.check_printed(world, told)
    story.check_once(world, told, "killed between messages")


def test_r016_stopped_in_good_order_it_leaves_nothing_behind(sqlite_world):
    """R-016: SIGTERM ends it with 0, and the next one goes on."""
    world = sqlite_world
    told = story.report(world)

    assert world.server.stop() == 0
    world.server.start()
    story.work(world, told)
    story.settle(world, told)

    story.check_notices(world, told)
    story.check_once(world, told, "stopped")


def test_i14_two_people_at_once_read_only_their_own(sqlite_world):
    """I14, P8: two reports at the same time, and no word of the one reaches the other."""
    world = sqlite_world
    first = world.begins_to_say(ZHAO, "四楼会议室无线网连不上")
    told = story.report(world)
    world.fate(first)
    world.says(ZHAO, f"行政部 {ZHAO.name} {ZHAO.phone}")
    accepted = world.taps(ZHAO, "确认报修")

    assert told.number not in accepted
    world.check(2, "two people")
