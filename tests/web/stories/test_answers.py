"""Asked, answered, read, not helped: reported with the question's own words; or helped (K1)."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.category import Category
from domain.knowledge import Audience, UseOutcome, VersionState
from models import Article, ArticleUse, ArticleVersion, Person
from services.knowledge import index
from tests.eventually import eventually
from tests.web import pictures
from tests.web.running import BEGINS_AT

pytestmark = pytest.mark.timeout(300)

TITLE = "连接三楼的打印机"
ASKS = ["怎么连三楼的打印机", "怎么连打印机"]
ANSWER = "开始 → 设置 → 打印机 → 添加，输入 \\\\print\\3F，点「下一步」就行。"
BODY = """\
1. 按 [[Win]]+[[I]] 打开设置
2. 打印机 → 添加
3. 输入 `\\\\print\\3F`
> 提示找不到时，先确认连的是办公网。"""
QUESTION = "怎么连三楼的打印机"


@pytest.fixture
def article(records) -> None:
    """Published by somebody of the desk; once, for both stories."""
    with records.database.transaction() as session:
        if session.scalar(select(Article.id).where(Article.number == "ZS9001")):
            return
        owner = session.scalars(select(Person.id).where(Person.name == "小陈")).one()
        row = Article(number="ZS9001", owner_id=owner, made_at=BEGINS_AT, changed_at=BEGINS_AT)
        session.add(row)
        session.flush()
        version = ArticleVersion(
            article_id=row.id,
            version=1,
            state=VersionState.PUBLISHED,
            title=TITLE,
            asks=ASKS,
            category=Category.PRINTER,
            audience=Audience.EVERYBODY,
            answer=ANSWER,
            body=BODY,
            written_by_id=owner,
            changed_at=BEGINS_AT,
            reviewed_at=BEGINS_AT,
        )
        session.add(version)
        session.flush()
        row.live_version_id = version.id

        index.put(session, row.id, index.tokens_of(version))


def outcomes_of(records, openid):
    with records.database.reading() as session:
        of = select(ArticleUse).join(Person, Person.id == ArticleUse.person_id)
        return [use.outcome for use in session.scalars(of.where(Person.openid == openid))]


def test_what_helped_not_is_reported_with_the_words_of_the_question(article, known, records):
    he = known("oAsks000000000000000000000001", "何敏", "财务部", "13900007011")

    he.says(QUESTION).reads(TITLE, "解决了吗")
    frames = pictures.frame(he.node)
    page = he.opens("看完整步骤", TITLE)
    expect(page.locator("kbd").first).to_have_text("Win")
    expect(page.get_by_role("button", name="有用", exact=True)).to_be_visible()
    pictures.take_page(page, "h5-article")
    pictures.take_page(page, "h5-article-dark", is_dark=True)
    he.taps("还是要报修", TITLE).reads("您说的都带上了", QUESTION)
    frames += pictures.frame(he.node)
    number = he.confirms()

    ticket = records.ticket(number)
    assert (ticket.description, ticket.category) == (QUESTION, Category.PRINTER)
    assert outcomes_of(records, he.openid) == [UseOutcome.REPORTED]
    pictures.keep_together(frames, "answers")


def test_what_helped_is_thanked_for_and_nothing_is_reported(article, known, records):
    lu = known("oAsks000000000000000000000002", "陆一", "行政部", "13900007012")
    before = records.count_tickets()

    lu.says(QUESTION).reads(TITLE)
    lu.taps("有用", TITLE).reads("谢谢您告诉我")

    assert outcomes_of(records, lu.openid) == [UseOutcome.USEFUL]
    assert records.count_tickets() == before


def test_while_a_form_is_written_the_answer_opens_beside_it(article, known, records):
    qi = known("oAsks000000000000000000000003", "齐白", "工会", "13900007013")
    qi.says("你好").reads("我在")
    form = qi.opens_by_the_menu("报修", "填表报修")

    form.get_by_label("什么坏了").fill("三楼的打印机连不上")
    offered = form.locator("details[data-answer]")
    expect(offered.first).to_contain_text(TITLE)
    assert outcomes_of(records, qi.openid) == []
    offered.first.locator("summary").click()
    expect(offered.first).to_contain_text("点「下一步」就行")
    pictures.take_page(form, "h5-report-answers")
    offered.first.get_by_role("button", name="管用了").click()
    expect(offered.first).to_contain_text("谢谢您告诉我们")

    eventually(lambda: outcomes_of(records, qi.openid) == [UseOutcome.USEFUL])
    page = qi.opens_by_the_menu("报修", "常见问题")
    pictures.take_page(page, "h5-knowledge")
    page.get_by_role("searchbox").fill("打印机")
    expect(page.locator("[data-suggested]")).to_contain_text("找到")
