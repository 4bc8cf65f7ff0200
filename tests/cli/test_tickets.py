"""`run.py ticket list|show`: what there is, and one ticket as form HXXXJL06S with its history."""

import json
from datetime import timedelta

import pytest

from domain.category import Category
from domain.delivery import Channel
from domain.lifecycle import Action
from models import Attachment, AttachmentState, Delivery, Notice, NoticeState, Outcome, Purpose
from tests.cli.conftest import NOW
from tests.cli.desk_day import Day

BOTH = pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])


@pytest.fixture
def day(database):
    return Day(database)


@pytest.fixture
def fields(run):
    """The labelled fields that `ticket show` prints; of labels that come twice the first."""

    def shown(number: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in run("ticket", "show", number).output.splitlines():
            label, _, value = line.strip().partition("  ")
            if value:
                found.setdefault(label, value.strip())
        return found

    return shown


@BOTH
def test_the_form_holds_what_form_hxxxjl06s_asks_for(day, fields):
    """R1."""
    told = fields(day.reports().number)

    assert told["部门"] == "财务部"
    assert told["联系人"] == "王芳"
    assert told["微信号"] == "oReq***"
    assert told["办公地点"] == "A座305"
    assert told["电话"] == "13900001111"
    assert told["报修时间"] == "2026-11-24 10:01"
    assert told["设备名称"] == "惠普打印机"
    assert told["故障现象"] == "三楼财务室那台惠普打印机一直卡纸,急用"
    assert told["故障地点"] == "三楼财务室"


def test_it_says_why_this_type_and_why_this_engineer(day, run, fields):
    """F6, F8: every decision explains itself."""
    number = day.reports().number

    told = fields(number)

    assert told["故障类型"] == "打印机（把握 96%）"
    assert told["依据的词"] == "打印机, 卡纸"
    assert (told["紧急度"], told["优先级"]) == ("紧急", "加急")
    assert (told["工程师"], told["应接单"]) == ("张工", "2026-11-24 10:11")
    assert told["应有结果"] == "2026-11-24 12:01"
    assert "张工 65 分：技能 40，地点 25" in run("ticket", "show", number).output


def test_a_type_that_a_person_chose_claims_no_confidence(day, fields):
    number = day.reports(category=Category.NETWORK).number

    assert fields(number)["故障类型"] == "网络"


def test_the_result_and_the_rating_stand_in_it(day, run, fields):
    """F10, F13, F16."""
    ticket = day.reports()
    day.solves(ticket)

    told, whole = fields(ticket.number), run("ticket", "show", ticket.number).output

    assert (told["状态"], told["办结时间"]) == ("已办结", "2026-11-24 10:05")
    assert (told["原因"], told["处理"]) == ("部件老化", "换了搓纸轮，测试正常")
    assert (told["用时"], told["方式"], told["备件"]) == ("30 分钟", "现场", "搓纸轮")
    assert "速度 5，态度 4，结果 5" in whole and "很快" in whole


@BOTH
def test_the_timeline_says_when_who_did_what(day, run):
    """F5, F11: who did what is recorded."""
    ticket = day.reports()
    day.solves(ticket)

    output = run("ticket", "show", ticket.number).output
    lines = [line.strip() for line in output[output.index("经过") :].splitlines()[1:8]]

    assert lines == [
        "2026-11-24 10:01  王芳 报修 · 待受理",
        "2026-11-24 10:01  系统 派单 · 待受理 → 待接单 · 给张工",
        "2026-11-24 10:02  张工 接单 · 待接单 → 处理中",
        "2026-11-24 10:03  张工 进展 · 配件已下单",
        "2026-11-24 10:04  张工 完工 · 处理中 → 待确认 · 换了搓纸轮，测试正常",
        "2026-11-24 10:05  王芳 用户确认 · 待确认 → 已办结",
        "2026-11-24 10:06  王芳 评价",
    ]


def test_a_hold_says_why_and_until_when(day, run):
    ticket = day.reports()
    day.acts(day.engineer, "accept", ticket.id)
    day.acts(day.engineer, "hold", ticket.id, "等配件", NOW + timedelta(days=1))

    assert (
        "挂起 · 处理中 → 已挂起 · 等配件 · 到 2026-11-25 10:00"
        in run("ticket", "show", ticket.number).output
    )


def test_result_photos_signature_and_heard_words_are_in_the_form(day, run, database):
    """R1: the sign-off is part of the form."""
    ticket = day.reports()
    known = {"ticket_id": ticket.id, "state": AttachmentState.SAVED, "created_at": NOW}
    sent = (
        ("image", Purpose.RESULT, None),
        ("image", Purpose.SIGNATURE, None),
        ("voice", Purpose.REPORT, "一直卡纸"),
    )
    with database.transaction() as session:
        for kind, purpose, words in sent:
            facts = {**known, "kind": kind, "purpose": purpose, "words": words, "file": "f.jpg"}
            session.add(Attachment(person_id=day.engineer.id, **facts))

    output = run("ticket", "show", ticket.number).output
    told = json.loads(run("ticket", "show", ticket.number, "--json").output)

    assert "照片 · 完工 · 已保存" in output and "照片 · 用户签字 · 已保存" in output
    assert "语音 · 已保存 · f.jpg · 听到：一直卡纸" in output
    purposes = [each["purpose"] for each in told["attachments"]]
    assert purposes == ["result", "signature", "report"]
    assert told["attachments"][2]["words"] == "一直卡纸"


def test_attachments_and_notices_are_shown_with_their_fate(day, run, database):
    """P6: each notice has a visible fate."""
    ticket = day.reports()
    with database.transaction() as session:
        notice = session.query(Notice).filter_by(recipient_id=day.engineer.id).one()
        notice.state = NoticeState.FAILED
        for errcode in (None, 45015):
            session.add(
                Delivery(
                    notice_id=notice.id,
                    channel=Channel.CUSTOM,
                    outcome=Outcome.REFUSED,
                    errcode=errcode,
                    started_at=NOW,
                )
            )
        session.add(
            Attachment(
                person_id=day.requester.id,
                ticket_id=ticket.id,
                kind="image",
                state=AttachmentState.SAVED,
                file="ab12.jpg",
                size=2048,
                created_at=NOW,
            )
        )

    output = run("ticket", "show", ticket.number).output

    assert "照片 · 已保存 · ab12.jpg · 2048 B" in output
    assert "→ 张工 没有送达 · 试了 2 次 · 客服消息 errcode 45015" in output


def test_every_action_has_a_word(run_on):
    """None of them ends `ticket show` with a traceback."""
    from wiring import texts_of

    texts = texts_of()

    assert all(texts.words(f"form.actions.{action.value}", {}, NOW) for action in Action)


@BOTH
def test_json_holds_the_same_for_machines(day, run):
    ticket = day.reports()
    day.solves(ticket)

    told = json.loads(run("ticket", "show", ticket.number, "--json").stdout)

    assert (told["number"], told["status"], told["priority"]) == (ticket.number, "closed", "high")
    assert told["opened_at"] == "2026-11-24T10:01:00+08:00"
    assert told["requester"] == {"name": "王芳", "openid": "oReq***"}
    assert told["results"][0]["minutes"] == 30 and told["ratings"][0]["attitude"] == 4
    assert [each["action"] for each in told["timeline"]] == [
        "open",
        "assign",
        "accept",
        "progress",
        "resolve",
        "confirm",
        "rate",
    ]
    assert told["receipt"]["scores"][0]["name"] == "张工"
    assert {each["state"] for each in told["notices"]} == {"pending", "replaced"}


def test_words_of_a_person_cannot_steer_the_terminal(day, run):
    number = day.reports(
        description="\x1b]0;x\x07卡纸\n  IT99999999-0001", symptom="\x1b[2J"
    ).number

    shown = run("ticket", "show", number).output + run("ticket", "list").output

    assert "\x1b" not in shown and "\x07" not in shown


# --- which ticket ------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("reference", ["IT20261124-0001", "it20261124-0001", "0001", "1", "#0001"])
def test_a_ticket_is_found_by_its_number_or_its_end(day, fields, reference):
    day.reports()

    assert fields(reference)["工单号"] == "IT20261124-0001"


def test_of_several_that_end_so_todays_is_meant(database, fields):
    day = Day(database, NOW - timedelta(days=2))
    day.reports()
    day.at = NOW
    day.reports()

    assert fields("0001")["工单号"] == "IT20261124-0001"


def test_several_old_ones_are_named(database, run):
    day = Day(database, NOW - timedelta(days=2))
    day.reports()
    day.at = NOW - timedelta(days=1)
    day.reports()

    done = run("ticket", "show", "0001")

    assert done.exit_code == 1
    assert "IT20261123-0001, IT20261122-0001" in done.output


@pytest.mark.parametrize("reference", ["IT20261124-0002", "0002", "nonsense", "%", "____", ""])
def test_a_number_that_does_not_exist_is_said_so(day, run, reference):
    day.reports()

    done = run("ticket", "show", reference)

    assert (done.exit_code, "没有找到工单" in done.output) == (1, True)


# --- the list ----------------------------------------------------------------------------------


@BOTH
def test_the_list_is_newest_first_and_limited(day, run):
    for _ in range(3):
        day.reports()

    lines = run("ticket", "list", "--limit", 2).output.splitlines()

    assert [line.split()[0] for line in lines] == ["工单号", "IT20261124-0003", "IT20261124-0002"]
    assert "待接单" in lines[1] and "张工" in lines[1] and "2026-11-24 10:03" in lines[1]


@BOTH
def test_the_list_can_be_of_some_statuses_or_of_one_engineer(day, run):
    first = day.reports()
    day.reports()
    day.acts(day.engineer, "accept", first.id)

    by_status = run("ticket", "list", "--status", "in_progress", "--status", "已挂起").output
    by_engineer = run("ticket", "list", "--engineer", "李工").output

    assert "-0001" in by_status and "-0002" not in by_status
    assert by_engineer == "没有符合的工单。\n"


def test_an_unknown_status_is_named_with_what_there_is(run):
    done = run("ticket", "list", "--status", "lost")

    assert done.exit_code == 1 and "「lost」" in done.output and "in_progress" in done.output
