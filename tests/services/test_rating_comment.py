"""A word why may follow the scores, once, and the desk reads it (F13)."""

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import AlreadyRated, NotFound, NotRateable
from models import Notice, Rating
from services.views import Scores
from tests.services.making import all_of, at_once, everything, only, said, told

LOW = Scores(1, 5, 5)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def closed(make_ticket, wang):
    return make_ticket(Status.CLOSED, requester=wang)


def test_the_words_join_the_scores_and_the_desk_hears_them(database, by, wang, closed, make_person):
    clerk = make_person("陈台", Role.DESK)
    by(wang).rate(closed.id, LOW)

    by(wang).comment(closed.id, "等了两天")

    rating = only(database, Rating)
    assert (rating.speed, rating.comment) == (1, "等了两天")
    assert told(database, clerk)[-2:] == ["notice.low_rating", "notice.rating_comment"]
    say = said(all_of(database, Notice, recipient_id=clerk.id)[-1])
    assert (say.facts["number"], say.facts["comment"]) == (closed.number, "等了两天")


def test_who_says_nothing_more_has_rated_all_the_same(database, by, wang, closed):
    by(wang).rate(closed.id, LOW)

    assert only(database, Rating).comment is None


def test_a_long_word_is_kept_as_far_as_there_is_room(database, by, wang, closed):
    by(wang).rate(closed.id, LOW)

    by(wang).comment(closed.id, "慢" * 600)

    assert only(database, Rating).comment == "慢" * 500


def test_it_is_said_once(database, by, wang, closed):
    by(wang).rate(closed.id, LOW)
    by(wang).comment(closed.id, "等了两天")
    before = everything(database)

    with pytest.raises(AlreadyRated):
        by(wang).comment(closed.id, "还有别的")
    assert everything(database) == before


def test_said_twice_at_once_it_is_kept_once(database, by, wang, closed):
    by(wang).rate(closed.id, LOW)

    answers = at_once(
        lambda: by(wang).comment(closed.id, "等了两天"),
        lambda: by(wang).comment(closed.id, "等了两天"),
    )

    assert sum(isinstance(each, AlreadyRated) for each in answers) == 1


def test_without_scores_there_is_nothing_to_comment_on(by, wang, closed):
    with pytest.raises(NotRateable):
        by(wang).comment(closed.id, "等了两天")


def test_the_scores_of_an_earlier_cycle_are_left_as_they_were(database, by, wang, closed):
    by(wang).rate(closed.id, LOW)
    by(wang).reopen(closed.id, "")

    with pytest.raises(NotRateable):
        by(wang).comment(closed.id, "又坏了")
    assert only(database, Rating).comment is None


def test_nobody_comments_for_somebody_else(by, wang, closed, make_person):
    """Y1, H-20."""
    by(wang).rate(closed.id, LOW)

    with pytest.raises(NotFound):
        by(make_person("李雷")).comment(closed.id, "很好")
