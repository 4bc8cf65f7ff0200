"""A complaint from a phone to the desk's screen, to the head's phone, and back (C1–C4)."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.handset import CHEN

pytestmark = pytest.mark.timeout(240)

NUMBER = re.compile(r"TS20261124-\d{4}")
SHOTS = os.environ.get("ITDESK_SHOTS")  # a folder: pictures of the story are left there


def number_in(words: str) -> str:
    found = NUMBER.search(words)
    assert found
    return found.group()


def leave_a_picture(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def test_c1_to_c4_a_complaint_goes_to_the_head_and_back(console, known, zheng, hold):
    """The engineer concerned learns his points, and nothing else."""
    head = hold(CHEN)
    head.says("今日情况").reads("今天报修")  # the platform lets the account write to him
    wen = known("oWebTong0000000000000000000001", "童欣", "财务部", "13900007021")
    ticket = wen.reports("A座305 电脑开不了机")
    zheng.taps("接单", f"新工单 {ticket}").reads("接单成功")

    wen.says("你们那位师傅态度太差了，修到一半接电话就走了，到现在没回来").reads("关于哪一次")
    wen.taps(f"{ticket[-4:]} 电脑开不了机·郑工", "关于哪一次")
    said = wen.reads("已登记，投诉号", "核实").inner_text()
    number = number_in(said)
    assert "小陈" in said
    wen.sends_a_photo().reads(number[-4:], "照片")

    console.get_by_role("navigation", name="后台导航").get_by_role("link", name="投诉").click()
    console.get_by_role("link", name=re.compile("修到一半")).click()
    leave_a_picture(console, "complaint-verify")
    console.locator("#findings").fill("问过郑工：中途被叫去机房，没有交代")
    console.get_by_label("郑工").check()
    console.get_by_role("button", name="核实并上报").click()
    expect(console.get_by_text("已上报负责人")).to_be_visible()

    card = f"投诉 {number}"
    head.taps("成立", card).reads("怎么处理")
    head.says("当面道歉，今天内修好").reads("考核记几分")
    head.taps("按规定 -5 分", "考核记几分").reads("本人看的话")
    head.says("上门中途离开，没有向用户交代").reads("这样定")
    head.taps("确定", "这样定").reads("定了", "反馈给投诉人")
    leave_a_picture(head.node.page, "complaint-phones")

    console.reload()
    console.locator("#feedback").fill("您反映的情况属实。郑工会当面道歉，今天内修好。")
    console.get_by_role("button", name="发给童欣").click()
    wen.hears("您反映的情况属实", number)
    wen.taps("评价处理", "您反映的情况属实").reads("过程和结果打分")
    wen.says("过程5 结果4").reads("过程 5，结果 4")

    zheng.hears("您有一条考核记录", "-5 分")
    read = zheng.read_so_far()
    assert number not in read and "童欣" not in read.split("您有一条考核记录")[1]
    zheng.taps("申辩", "您有一条考核记录").reads("您怎么看")
    zheng.says("机房掉电，是服务台叫我先去的").reads("这样交给负责人")
    zheng.taps("提交", "这样交给负责人").reads("交给负责人了")
    head.hears("提出申辩", "机房掉电")
    console.reload()
    expect(console.locator(".case__head")).to_contain_text("已评价")


def test_the_engineer_concerned_finds_nothing_on_his_phone(known, zheng):
    """P8: not by its number, not by any order."""
    gao = known("oWebGaoo0000000000000000000001", "高宁", "财务部", "13900007022")
    ticket = gao.reports("A座305 笔记本开不了机")
    zheng.taps("接单", f"新工单 {ticket}").reads("接单成功")
    gao.says("我要投诉郑工，说话很冲，让我自己去百度").reads("请把经过说一下")
    number = number_in(gao.taps("就这些", "请把经过").reads("已登记，投诉号").inner_text())

    wrong = zheng.says("看投诉 TS20261124-9999").reads("没").inner_text()
    right = zheng.says(f"看投诉 {number}").reads("没").inner_text()
    assert right.replace(number, "") == wrong.replace("TS20261124-9999", "")
