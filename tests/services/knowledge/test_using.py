"""What people say of an article is counted once, by the last word; what it spared (K1)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.category import Category
from domain.knowledge import Audience, UseOutcome, UsePlace
from domain.months import Month
from domain.refusals import NotFound
from models import Article, ArticleUse, Notice
from services.knowledge import figures, managing, searching, telling, using, writing
from services.knowledge.managing import Wanted, Which
from services.knowledge.usefulness import usefulness
from tests.services.knowledge.conftest import a_wording
from tests.services.making import a_report, all_of, only, said, told

NOVEMBER = Month(2026, 11)
OF_NO_USE = "knowledge.told.of_no_use"


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def shown(do):
    """Found and shown to somebody; answers with the use."""

    def show(person, place=UsePlace.CHAT, query="怎么连接打印机", days=0):
        def act(desk):
            (found,) = searching.search(desk, "怎么连接打印机")
            return using.show(desk, found, place, query)

        return do(person, act, days=days)

    return show


@pytest.fixture
def printer(published):
    return published(category=Category.PRINTER)


def counted(database):
    article = only(database, Article)
    return article.shown, article.useful, article.useless


def test_the_last_word_counts_and_is_counted_once(do, database, printer, shown, wang):
    use = shown(wang)
    for outcome in (UseOutcome.USEFUL, UseOutcome.USEFUL, UseOutcome.USELESS):
        do(wang, using.say, use, outcome)
    assert counted(database) == (1, 0, 1)

    do(wang, using.say, use, UseOutcome.REPORTED)
    assert counted(database) == (1, 0, 1)
    do(wang, using.say, use, UseOutcome.USEFUL)
    assert counted(database) == (1, 1, 0)


def test_only_whom_it_was_shown_to_says_something_of_it(do, database, printer, shown, wang, li):
    use = shown(wang)

    for person, use_id in ((li, use), (wang, use + 1)):
        with pytest.raises(NotFound):
            do(person, using.say, use_id, UseOutcome.USEFUL)
    assert counted(database) == (1, 0, 0)


def test_what_was_asked_is_kept_without_numbers_and_the_owner_hears_why_it_was_no_use(
    do, database, printer, shown, wang, li
):
    use = shown(wang, query="怎么连打印机 打 13800001234 找我 wang@example.com")
    do(wang, using.say, use, UseOutcome.USELESS, remark="找不到 138 0000 1234")

    row = only(database, ArticleUse)
    assert "1380000" not in f"{row.query}{row.remark}" and "wang@" not in row.query
    assert told(database, li)[-1] == OF_NO_USE


def heard(database, owner):
    """What the owner was told of it: the reasons, in order."""
    notices = all_of(database, Notice, recipient_id=owner.id, text_key=OF_NO_USE)
    return [said(each).facts["remark"] for each in notices]


def is_time(database, now, **later):
    """What the clock does of it by then."""
    at = now + timedelta(**later)
    with database.transaction() as session:
        return telling.tell_without_reason(session, at) if telling.is_due(session, at) else 0


def test_the_owners_notice_waits_for_the_reason_and_is_one(
    do, database, printer, shown, wang, li, now
):
    use = shown(wang)
    do(wang, using.say, use, UseOutcome.USELESS)
    assert heard(database, li) == [] and is_time(database, now, minutes=9) == 0

    do(wang, using.say, use, UseOutcome.USELESS, remark="步骤和新系统不一样")
    do(wang, using.say, use, UseOutcome.USELESS, remark="步骤和新系统不一样，没有添加按钮")

    assert heard(database, li) == ["步骤和新系统不一样"]
    assert is_time(database, now, hours=1) == 0


def test_without_a_reason_the_owner_hears_after_ten_minutes_and_never_twice(
    do, database, printer, shown, wang, li, now
):
    use = shown(wang)
    do(wang, using.say, use, UseOutcome.USELESS)
    do(wang, using.say, use, UseOutcome.REPORTED)

    assert is_time(database, now, minutes=10) == 1
    assert is_time(database, now, hours=1) == 0
    do(wang, using.say, use, UseOutcome.USELESS, remark="太晚才想起来")
    assert heard(database, li) == [None]


def test_who_finds_it_useful_after_all_troubles_nobody_nor_does_the_owner_themselves(
    do, database, printer, shown, wang, li, now
):
    use, own = shown(wang), shown(li)
    do(wang, using.say, use, UseOutcome.USELESS)
    do(wang, using.say, use, UseOutcome.USEFUL)
    do(li, using.say, own, UseOutcome.USELESS, remark="我自己看看")

    assert is_time(database, now, hours=1) == 0 and heard(database, li) == []


def month(do, person, days=3):
    return do(person, figures.figures, NOVEMBER, days=days)


def test_a_ticket_is_spared_where_the_reader_said_so_or_reported_nothing(
    do, database, printer, shown, chen, make_person
):
    said, silent, no = (make_person(name) for name in ("甲", "乙", "丙"))
    do(said, using.say, shown(said), UseOutcome.USEFUL)
    shown(silent)
    do(no, using.say, shown(no), UseOutcome.USELESS)

    found = month(do, chen)
    assert (found.total.shown, found.total.silent, found.spared) == (3, 1, 2)
    assert month(do, chen, days=0).spared == 1  # of the silent one the day is not over


def test_silent_and_reported_within_a_day_is_nothing_spared(
    do, database, printer, shown, chen, wang, by
):
    shown(wang)
    by(wang).report(a_report(category=Category.PRINTER))

    assert month(do, chen).spared == 0


def test_another_kind_of_fault_says_nothing_of_the_answer(do, printer, shown, chen, wang, by):
    shown(wang)
    by(wang).report(a_report(category=Category.NETWORK))

    assert month(do, chen).spared == 1


def test_three_looks_on_one_day_spare_one_ticket_and_clerks_none(do, printer, shown, chen, wang):
    for _ in range(3):
        shown(wang)
    shown(chen, UsePlace.CONSOLE)

    found = month(do, chen)
    assert (found.total.spared, found.spared, found.total.by_clerks) == (3, 1, 1)
    assert found.lines[0].counted.shown == 4


def test_few_voices_move_an_article_little():
    assert usefulness(0, 0) == 0
    assert 0 < usefulness(1, 0) < usefulness(20, 0) < 1
    assert usefulness(0, 5) < 0 < usefulness(9, 3)


def test_what_helped_stands_before_what_did_not(do, database, published, chen):
    first, second = published(), published()
    with database.transaction() as session:
        article = session.scalars(select(Article).where(Article.number == first)).one()
        article.useful, article.useless = 30, 1

    assert [each.number for each in do(chen, searching.search, "怎么连接打印机")] == [first, second]


def test_the_lists_show_what_is_stale_and_what_helps_nobody(do, database, published, chen, li):
    number = published()

    def listed(which, days=0):
        rows = do(chen, managing.listed, Wanted(which), days=days).rows
        return [row.number for row in rows]

    assert listed(Which.PUBLISHED) == [number]
    assert listed(Which.STALE) == listed(Which.NO_USE) == []
    assert listed(Which.STALE, days=181) == listed(Which.NO_USE, days=100) == [number]
    with database.transaction() as session:
        article = session.scalars(select(Article)).one()
        article.shown, article.useful, article.useless = 12, 1, 9
    assert listed(Which.NO_USE) == [number]


def test_somebody_elses_draft_is_in_no_list_of_an_engineers(do, published, li, make_engineer, chen):
    published(audience=Audience.STAFF)
    wu = make_engineer("吴工")
    do(li, writing.create, a_wording(title="草稿"))

    assert do(wu, managing.listed, Wanted(Which.DRAFTS)).rows == ()
    assert len(do(chen, managing.listed, Wanted(Which.DRAFTS)).rows) == 1
