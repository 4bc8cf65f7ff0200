"""The knowledge base at the console: written, reviewed, found, put into an answer (K1, K2)."""

import csv
import io

import pytest

from domain.knowledge import UseOutcome, UsePlace
from domain.lifecycle import Status
from domain.permissions import Role
from models import Article, ArticleUse, ArticleVersion
from services.knowledge import reviewing, searching, using, writing
from services.knowledge.records import Wording
from tests.services.making import a_report, all_of, only

HOME = "/console/knowledge"
WORDS = {
    "title": "怎么连接打印机",
    "answer": "设置里点添加设备，选机身标签上的那台。",
    "body": "1. 按 [[Win]]+[[I]]\n2. 点「添加设备」\n<script>alert(1)</script>",
    "asks": "打印机怎么添加\n电脑上找不到打印机",
    "category": "printer",
    "audience": "everybody",
}


@pytest.fixture
def li(make_engineer):
    return make_engineer("李工")


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def published(database, desk_of, li, chen):
    def publish(**facts):
        wording = Wording(**{"title": "怎么连接打印机", "answer": "点添加设备。", **facts})
        with database.transaction() as session:
            number = writing.create(desk_of(session, li), wording).number
            writing.submit(desk_of(session, li), number)
            reviewing.publish(desk_of(session, chen), number)
        return number

    return publish


def _form(page, ending):
    return next(form for form in page.forms if form.action.endswith(ending))


def test_an_engineer_writes_and_a_clerk_publishes(at_desk, database, li, chen):
    engineer, clerk = at_desk(li), at_desk(chen)
    page = engineer.sends(engineer.opens(f"{HOME}/new").form(f"{HOME}/new"), **WORDS, act="submit")
    number = only(database, Article).number
    assert "已提交" in page.text and "撤回来改" in page.text

    waiting = clerk.opens(f"{HOME}?which=to_review")
    assert f"{HOME}/{number}" in waiting.links
    page = clerk.opens(f"{HOME}/{number}")
    assert "<script>alert" not in page.html and "&lt;script&gt;" in page.html
    page = clerk.sends(_form(page, "/publish"))

    assert "已发布，大家现在就能看到" in page.text
    assert "怎么连接打印机" in clerk.opens(f"{HOME}?q=怎么连接打因机").text


def test_a_preview_keeps_nothing_and_shows_what_says_the_same(at_desk, database, li, published):
    published()
    engineer = at_desk(li)

    form = engineer.opens(f"{HOME}/new").form(f"{HOME}/new")
    page = engineer.sends(form, **{**WORDS, "title": "打印机怎么连接"}, act="preview")

    assert "看的人看到的是这样" in page.text and "<kbd>Win</kbd>" in page.html
    assert "已经有相近的知识" in page.text
    assert len(all_of(database, Article)) == 1


def test_who_saves_second_sees_what_the_first_wrote(at_desk, database, li, chen, published):
    number = published()
    engineer, clerk = at_desk(li), at_desk(chen)
    engineer.sends(
        _form(engineer.opens(f"{HOME}/{number}/edit"), "/edit"), title="甲的标题", act="keep"
    )
    mine = _form(clerk.opens(f"{HOME}/{number}/edit"), "/edit")
    engineer.sends(
        _form(engineer.opens(f"{HOME}/{number}/edit"), "/edit"), title="乙的标题", act="keep"
    )

    page = clerk.sends(mine, title="我的标题", act="keep")

    assert page.status == 409 and "李工刚刚改过" in page.text
    assert "<del>乙的标题</del>" in page.html and "<ins>我的标题</ins>" in page.html
    clerk.sends(_form(page, "/edit"), act="keep")
    assert all_of(database, ArticleVersion)[-1].title == "我的标题"


def test_a_return_needs_a_word_and_one_s_own_is_for_others(at_desk, database, chen, make_person):
    clerk, other = at_desk(chen), at_desk(make_person("吴芳", Role.DESK))
    clerk.sends(clerk.opens(f"{HOME}/new").form(f"{HOME}/new"), **WORDS, act="submit")
    number = only(database, Article).number

    page = clerk.opens(f"{HOME}/{number}")
    assert "要等别人审核" in page.text
    assert not any(form.action.endswith("/publish") for form in page.forms)
    theirs = _form(other.opens(f"{HOME}/{number}"), "/return")
    assert "请写一句原因" in other.sends(theirs, remark="").text
    page = other.sends(_form(other.opens(f"{HOME}/{number}"), "/return"), remark="少一步")
    assert "已退回" in page.text
    assert "少一步" in clerk.opens(f"{HOME}/{number}").text


def test_an_article_is_kept_handed_over_retired_and_restored(
    at_desk, chen, make_engineer, published
):
    number, wu = published(), make_engineer("吴工")
    clerk = at_desk(chen)

    def act(name, **facts):
        return clerk.sends(_form(clerk.opens(f"{HOME}/{number}"), f"/{name}"), **facts).text

    assert "半年后再提醒" in act("keep")
    assert "由吴工负责" in act("give", owner=str(wu.id))
    assert "不会再被找到" in act("retire", reason="换掉了")
    assert "已恢复发布" in act("restore")
    assert "第 2 版" in clerk.opens(f"{HOME}/{number}/versions/2").text


def test_a_solved_ticket_becomes_an_article_without_anybodys_name(
    at_desk, li, make_person, make_ticket, database
):
    ticket = make_ticket(Status.RESOLVED, engineer=li, requester=make_person("王芳"))
    engineer = at_desk(li)

    page = engineer.opens(f"/console/tickets/{ticket.number}")
    way = f"{HOME}/new?ticket={ticket.number}"
    assert way in page.links
    form = engineer.opens(way).form(f"{HOME}/new")
    assert "换了搓纸轮" in form.fields["body"] and "卡纸" in form.fields["title"]
    for secret in ("王芳", "三楼财务室", "13800001234"):
        assert not any(secret in value for value in form.fields.values())

    engineer.sends(form, act="keep")
    assert only(database, Article).source_ticket_id == ticket.id


def test_beside_a_ticket_stands_what_is_known_and_its_use_is_counted(
    at_desk, chen, make_person, by, published, database
):
    number = published(title="打印机卡纸怎么取出来", answer="关机，打开前盖，把纸拉出来。")
    ticket = by(make_person()).report(a_report()).ticket
    clerk = at_desk(chen)

    page = clerk.opens(f"/console/tickets/{ticket.number}")
    assert "打印机卡纸怎么取出来" in page.text
    assert 'data-insert="关机，打开前盖，把纸拉出来。"' in page.html
    clerk.sends(_form(page, "/knowledge/used"), article=number)

    use = only(database, ArticleUse)
    assert (use.place, use.person_id) == (UsePlace.CONSOLE, chen.id)
    assert only(database, Article).shown == 1


def test_the_search_of_the_console_finds_articles(at_desk, chen, published):
    number = published()

    page = at_desk(chen).opens("/console/search?q=连接打印机")

    assert page.path == f"{HOME}/{number}" or f"{HOME}/{number}" in page.links


def test_the_months_figures_are_a_page_a_workbook_and_csv(
    at_desk, chen, make_person, published, database, desk_of
):
    number, wang = published(), make_person()
    with database.transaction() as session:
        desk = desk_of(session, wang)
        (found,) = searching.search(desk, "怎么连接打印机")
        use = using.show(desk, found, UsePlace.CHAT, "怎么连接打印机")
        using.say(desk, use, UseOutcome.USEFUL)
    clerk = at_desk(chen)

    assert number in clerk.opens(f"{HOME}/figures?month=2026-11").text
    answer = clerk.client.get(f"{HOME}/figures/export.csv?month=2026-11")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[1][:5] == [number, "怎么连接打印机", "其他设备", "1", "1"]
    answer = clerk.client.get(f"{HOME}/figures/export.xlsx?month=2026-11")
    assert answer.status_code == 200 and answer.data[:2] == b"PK"


def test_what_nobody_could_answer_is_listed_with_a_way_to_write_it(
    at_desk, chen, make_person, published, database, desk_of
):
    published()
    wang = make_person()
    with database.transaction() as session:
        desk = desk_of(session, wang)
        (found,) = searching.search(desk, "怎么连接打印机")
        use = using.show(desk, found, UsePlace.CHAT, "蓝牙打印机怎么连")
        using.say(desk, use, UseOutcome.USELESS, remark="不是这个 13800001234")

    page = at_desk(chen).opens(f"{HOME}/unanswered")

    assert "蓝牙打印机怎么连" in page.text and "有文章，但说没用" in page.text
    assert "13800001234" not in at_desk(chen).opens(f"{HOME}/ZS0001").html


@pytest.mark.parametrize("path", ["", "/new", "/figures", "/unanswered", "/ZS0001"])
def test_requesters_come_no_further_than_the_door_y1(at_desk, make_person, published, path):
    published()

    assert at_desk(make_person()).opens(f"{HOME}{path}").status in (403, 404)


@pytest.mark.parametrize("path", ["/ZS9999", "/ZS0001/versions/9", "/nothing", "?which=x&page=x"])
def test_what_is_not_there_is_said_kindly(at_desk, chen, published, path):
    published()

    assert at_desk(chen).opens(f"{HOME}{path}").status in (200, 404)
