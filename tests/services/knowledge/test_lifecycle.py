"""From a draft to what people read, and out of use again: who may do what, what is kept (K2)."""

from datetime import date

import pytest
from sqlalchemy import select

from domain.knowledge import ArticleActNotAllowed, Audience, VersionState
from domain.refusals import NotFound, NotPermitted
from models import Article, ArticleDocument, ArticleVersion, AuditEntry, Notice
from services.knowledge import reading, records, reviewing, searching, writing
from services.knowledge.reviewing import NoReason, NotRead, NoWriter, OwnArticle, ReadAgain
from services.knowledge.writing import AlreadyOpen, ChangedMeanwhile, Incomplete
from tests.services.knowledge.conftest import a_wording
from tests.services.making import all_of, only, said, told


@pytest.fixture
def draft(do, li):
    def make(**facts):
        return do(li, lambda desk: writing.create(desk, a_wording(**facts)).number)

    return make


def versions(database):
    return [(each.version, each.state.value) for each in all_of(database, ArticleVersion)]


def test_a_draft_is_read_by_nobody_but_those_who_write(do, draft, li, make_person):
    number = draft()

    assert number.startswith("ZS0")
    for person in (make_person(), li):
        with pytest.raises(NotFound):
            do(person, reading.article, number)
        assert do(person, searching.search, "怎么连接打印机") == ()


def test_two_people_publish_an_article_and_everybody_reads_it(
    do, draft, database, li, chen, make_person
):
    number = draft()
    do(li, writing.submit, number)

    do(chen, reviewing.publish, number)

    page = do(make_person(), reading.article, number.lower())
    assert (page.title, page.version, page.owner) == ("怎么连接打印机", 1, "李工")
    assert page.review_on == date(2027, 5, 23)
    assert only(database, ArticleVersion).reviewed_by_id == chen.id
    assert told(database, chen) == ["knowledge.told.submitted"]
    assert told(database, li) == ["knowledge.told.published"]


def test_nobody_at_the_desk_publishes_what_they_wrote_but_a_head_may(do, database, chen, he):
    number = do(chen, lambda desk: writing.create(desk, a_wording()).number)
    do(chen, writing.submit, number)

    with pytest.raises(OwnArticle):
        do(chen, reviewing.publish, number)
    with pytest.raises(OwnArticle):
        do(chen, reviewing.return_, number, "不行")
    own = do(he, lambda desk: writing.create(desk, a_wording()).number)
    do(he, writing.submit, own)
    do(he, reviewing.publish, own)

    assert [each.state for each in all_of(database, ArticleVersion)] == [
        VersionState.IN_REVIEW,
        VersionState.PUBLISHED,
    ]


def test_whoever_changed_the_words_last_is_the_writer(do, draft, database, li, chen):
    number = draft()
    do(chen, writing.save, number, a_wording(title="怎么装打印机"), 0)
    do(chen, writing.submit, number)

    with pytest.raises(OwnArticle):
        do(chen, reviewing.publish, number)


def test_an_engineer_reviews_nothing(do, draft, li, make_engineer):
    number = draft()
    do(li, writing.submit, number)

    for person in (li, make_engineer("吴工")):
        with pytest.raises(NotPermitted):
            do(person, reviewing.publish, number)


def test_a_requester_writes_nothing(do, draft, make_person):
    number, wang = draft(), make_person()

    with pytest.raises(NotPermitted):
        do(wang, writing.create, a_wording())
    for act in (writing.submit, writing.drop, writing.revise, reviewing.publish, reviewing.keep):
        with pytest.raises(NotPermitted):
            do(wang, act, number)


def test_somebody_elses_draft_is_changed_by_the_desk_alone(do, draft, chen, make_engineer):
    number = draft()

    with pytest.raises(NotPermitted):
        do(make_engineer("吴工"), writing.save, number, a_wording(), 0)
    assert do(chen, writing.save, number, a_wording(title="另一个"), 0).title == "另一个"


def test_what_comes_back_says_why_and_may_be_sent_again(do, draft, database, li, chen):
    number = draft()
    do(li, writing.submit, number)

    with pytest.raises(NoReason):
        do(chen, reviewing.return_, number, "  ")
    do(chen, reviewing.return_, number, "步骤二少了截图说明")

    version = only(database, ArticleVersion)
    assert (version.state, version.remark) == (VersionState.RETURNED, "步骤二少了截图说明")
    assert told(database, li) == ["knowledge.told.returned"]
    do(li, writing.submit, number)
    assert only(database, ArticleVersion).remark is None


def test_two_who_save_at_once_do_not_overwrite_each_other(do, draft, database, li, chen):
    """The second is shown what the first wrote, and loses nothing of their own."""
    number = draft()
    do(chen, writing.save, number, a_wording(title="甲的标题"), 0)

    with pytest.raises(ChangedMeanwhile) as no:
        do(li, writing.save, number, a_wording(title="乙的标题"), 0)

    assert (no.value.theirs.title, no.value.revision, no.value.facts["who"]) == (
        "甲的标题",
        1,
        "陈静",
    )
    do(li, writing.save, number, a_wording(title="乙的标题"), no.value.revision)
    assert only(database, ArticleVersion).title == "乙的标题"


def test_a_reviewer_publishes_what_they_read_and_nothing_newer(do, draft, li, chen):
    number = draft()
    do(li, writing.submit, number)
    do(li, writing.take_back, number)
    do(li, writing.save, number, a_wording(answer="换了说法"), 2)
    do(li, writing.submit, number)

    with pytest.raises(ReadAgain):
        do(chen, reviewing.publish, number, 1)
    do(chen, reviewing.publish, number, 4)


def test_what_is_in_review_is_taken_back_before_it_is_changed(do, draft, li):
    number = draft()
    do(li, writing.submit, number)

    with pytest.raises(ArticleActNotAllowed):
        do(li, writing.save, number, a_wording(), 1)


@pytest.mark.parametrize("missing", ["title", "answer"])
def test_nothing_half_written_goes_to_review(do, draft, li, missing):
    with pytest.raises(Incomplete):
        do(li, writing.submit, draft(**{missing: " "}))


def test_people_read_the_old_version_until_the_new_one_is_published(
    do, published, database, li, chen
):
    number = published()
    do(li, writing.revise, number)
    do(li, writing.save, number, a_wording(title="怎么连接新打印机"), 0)
    with pytest.raises(AlreadyOpen):
        do(chen, writing.revise, number)

    assert do(chen, reading.article, number).title == "怎么连接打印机"
    do(li, writing.submit, number)
    do(chen, reviewing.publish, number)

    assert do(chen, reading.article, number).title == "怎么连接新打印机"
    assert versions(database) == [(1, "superseded"), (2, "published")]


def test_a_dropped_version_leaves_what_people_read(do, published, database, li):
    number = published()
    do(li, writing.revise, number)
    do(li, writing.drop, number)

    assert versions(database) == [(1, "published"), (2, "dropped")]
    assert do(li, reading.article, number).version == 1


def test_a_retired_article_is_not_found_and_comes_back_as_it_was(do, published, database, chen, li):
    number = published()
    with pytest.raises(NotPermitted):
        do(li, reviewing.retire, number, "过时了")
    with pytest.raises(NoReason):
        do(chen, reviewing.retire, number, "")
    do(chen, reviewing.retire, number, "打印机都换掉了")

    assert do(chen, searching.search, "怎么连接打印机") == ()
    assert all_of(database, ArticleDocument) == []
    for act in (reviewing.keep, lambda desk, number: reviewing.retire(desk, number, "再来")):
        with pytest.raises(NotRead):
            do(chen, act, number)

    do(chen, reviewing.restore, number)
    assert do(li, reading.article, number).version == 2
    assert [each.number for each in do(chen, searching.search, "怎么连接打印机")] == [number]
    with pytest.raises(NotFound):
        do(chen, reviewing.restore, number)


def test_the_review_date_is_renewed_by_whoever_sees_to_it(
    do, published, database, li, make_engineer
):
    number = published()

    with pytest.raises(NotPermitted):
        do(make_engineer("吴工"), reviewing.keep, number)
    do(li, reviewing.keep, number, days=170)

    assert only(database, Article).review_on == date(2027, 11, 9)


def test_an_article_is_handed_to_somebody_who_writes(
    do, published, database, li, make_engineer, make_person
):
    number, wu = published(), make_engineer("吴工")

    with pytest.raises(NoWriter):
        do(li, reviewing.give_to, number, make_person().id)
    do(li, reviewing.give_to, number, wu.id)

    assert only(database, Article).owner_id == wu.id
    assert told(database, wu) == ["knowledge.told.yours"]
    with pytest.raises(NotPermitted):
        do(li, reviewing.give_to, number, li.id)


def test_what_is_for_staff_is_found_by_staff_alone(do, published, li, make_person):
    number, wang = published(audience=Audience.STAFF), make_person()

    assert do(wang, searching.search, "怎么连接打印机") == ()
    with pytest.raises(NotFound):
        do(wang, reading.article, number)
    assert do(li, reading.article, number).audience is Audience.STAFF
    assert len(do(li, searching.search, "怎么连接打印机")) == 1


def test_every_act_stands_in_the_record(do, published, database, chen):
    number = published()
    do(chen, reviewing.retire, number, "过时")

    with database.reading() as session:
        kept = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [each for each in kept if each.startswith("article.")] == [
        "article.create",
        "article.submit",
        "article.publish",
        "article.retire",
    ]


def test_long_words_are_cut_to_their_columns(do, database, li):
    long = a_wording(
        title="长" * 200, answer="答" * 900, asks=tuple("问" * n for n in range(90, 130))
    )
    do(li, writing.create, long)

    version = only(database, ArticleVersion)
    assert (len(version.title), len(version.answer)) == (80, 500)
    assert version.asks == ["问" * records.ASK_LIMIT]


def test_where_no_clerk_but_the_writer_is_there_the_head_is_asked(do, database, chen, he):
    number = do(chen, lambda desk: writing.create(desk, a_wording()).number)
    do(chen, writing.submit, number)

    notice = only(database, Notice)
    assert notice.recipient_id == he.id
    assert said(notice).facts["writer"] == "陈静"
