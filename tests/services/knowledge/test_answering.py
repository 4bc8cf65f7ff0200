"""What chat needs of the knowledge base: for whom it is, what is remembered, what came of it."""

import pytest

from domain.category import Category
from domain.knowledge import Audience, UseOutcome, UsePlace
from domain.refusals import NotFound
from models import Article, ArticleUse
from services.answering import came_of
from services.desk import Desk
from tests.services.making import a_report, only

QUESTION = "怎么连打印机"


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


def shown(do, reader, published, question=QUESTION, **facts):
    """An answer in chat; the id of its use."""
    published(**facts)
    (found,) = do(reader, Desk.answers, question)
    return do(reader, Desk.show_answer, found, question)


def test_what_is_for_staff_is_said_to_staff_only_y1(do, published, wang, li):
    published(audience=Audience.STAFF)

    assert do(wang, Desk.answers, QUESTION) == ()
    assert [each.title for each in do(li, Desk.answers, QUESTION)] == ["怎么连接打印机"]


def test_beside_a_report_nobody_is_told_what_is_for_staff_k1(do, published, li):
    published(audience=Audience.STAFF)

    assert do(li, Desk.remedies, QUESTION, Category.PRINTER) == ()


def test_the_last_answer_is_known_until_something_was_said_of_it_k1(do, published, wang, li):
    use = shown(do, wang, published)

    last = do(wang, Desk.last_answer, days=2)
    assert (last.id, last.query, last.number) == (use, QUESTION, "ZS0001")
    assert do(li, Desk.last_answer) is None, "it was shown to somebody else"
    do(wang, Desk.say_of_answer, use, UseOutcome.USEFUL)
    assert do(wang, Desk.last_answer) is None


def test_after_days_nobody_means_it_any_more_k1(do, published, wang):
    shown(do, wang, published)

    assert do(wang, Desk.last_answer, days=4) is None


def test_somebody_elses_answer_is_not_found_y1(do, published, wang, li):
    use = shown(do, wang, published)

    with pytest.raises(NotFound):
        do(li, Desk.answer_shown, use)


def test_a_ticket_that_came_of_it_is_kept_with_it_k1(do, published, wang, database):
    use = shown(do, wang, published)

    ticket = do(wang, Desk.report, a_report()).ticket
    do(wang, Desk.ticket_came_of, use, ticket.id)

    kept = only(database, ArticleUse)
    assert (kept.outcome, kept.ticket_id) == (UseOutcome.REPORTED, ticket.id)
    assert (kept.place, only(database, Article).useless) == (UsePlace.CHAT, 1)


def test_a_report_is_never_stopped_by_an_answer_that_is_not_its_own_k1(do, published, wang, li):
    use = shown(do, wang, published)

    do(li, came_of, use, 1)

    assert do(wang, Desk.answer_shown, use).outcome is UseOutcome.SHOWN


def test_common_questions_are_those_that_helped_k1(do, published, wang):
    published(title="打印机卡纸怎么办", asks=())
    use = shown(do, wang, published, "怎么改邮箱密码", title="怎么改邮箱密码", asks=("改密码",))
    do(wang, Desk.say_of_answer, use, UseOutcome.USEFUL)

    assert do(wang, Desk.common_questions)[0].title == "怎么改邮箱密码"
