"""The whole story on the phones, from a fault to its rating (F1 F5 F6 F8 F9 F10 F13 F16 W2 R1)."""

import re

from playwright.sync_api import expect

from domain.category import Category
from domain.lifecycle import Action, Status
from domain.priority import Priority
from tests.eventually import eventually
from tests.web import pictures
from tests.web.handset import LI, WANG, WU, ZHOU
from tests.web.running import BEGINS_AT
from tests.web.telling import finish, report

HISTORY = (
    "《IT现场维修工单》",
    "已办结",
    "财务部",
    "8899",
    "惠普打印机",
    "三楼财务室那台惠普打印机一直卡纸,急用",
    "部件老化",
    "30 分钟",
    "速度 5，态度 5，结果 5",
    "待受理 → 待接单 · 给周工",
    "待接单 → 处理中",
    "处理中 → 待确认",
    "待确认 → 已办结",
    "照片 · 已保存",
    "→ 周工 已送达",
    "→ 王芳 已送达",
)


# --- the story ---------------------------------------------------------------------------------


def test_a_fault_is_reported_dispatched_accepted_solved_and_rated(page, hold, demo, records):
    """F1 F5 F6 F8 F9 F10 F13 F16 W2 R1."""
    wang, zhou = hold(WANG), hold(ZHOU)
    tickets_before = records.count_tickets()

    wang.says("三楼财务室那台惠普打印机一直卡纸,急用")
    asked = wang.reads("打印机的问题", "惠普打印机一直卡纸", "三楼财务室", "加急")
    expect(asked).to_contain_text("「部门」「姓名」「电话」")
    pictures.take(page, "story-understood")
    wang.says("财务部王芳 8899")
    wang.reads("请核对", "惠普打印机一直卡纸（打印机）", "三楼财务室", "财务部 王芳 8899", "加急")
    number = wang.confirms()
    short = number[-4:]
    wang.reads(number, "周工（13800002222）", "最迟 10:4")
    assert int(short) == tickets_before + 1

    zhou.hears(f"新工单 {number}（加急）", "惠普打印机一直卡纸（打印机）", "三楼财务室，王芳 8899")
    wang.sends_a_photo().reads(f"照片加到 {short}")
    zhou.hears(f"王芳给工单 {number} 补了照片")
    zhou.taps("接单", f"新工单 {number}")
    zhou.reads("接单成功", short, "应于 12:3")
    wang.hears("周工来处理您的「惠普打印机一直卡纸」", "13800002222", number)
    pictures.take(page, "story-accepted")

    zhou.taps("完工", "接单成功", short).reads(short, "什么原因")
    zhou.taps("部件老化", short, "什么原因").reads(short, "怎么处理的")
    zhou.says("搓纸轮换了新的，测试正常").reads(short, "多少分钟")
    zhou.taps("30 分钟", short, "多少分钟")
    zhou.reads(short, "请核对", "部件老化", "搓纸轮换了新的", "30 分钟", "现场")
    pictures.take(page, "engineer-result")
    zhou.taps("提交", short, "请核对").reads(short, "已完工，等王芳确认")

    wang.hears(number, "周工已处理", "搓纸轮换了新的", "解决了吗")
    wang.taps("解决了", number, "解决了吗").reads(short, "打个分")
    wang.taps("都是 5 分", short, "打个分").reads("速度 5，态度 5，结果 5")
    zhou.hears(number, "王芳说解决了，已关闭")
    pictures.take(page, "story-rated")
    assert wang.said() == [
        "三楼财务室那台惠普打印机一直卡纸,急用",
        "财务部王芳 8899",
        "确认报修",
        "解决了",
        "都是 5 分",
    ]

    kept = records.ticket(number)
    assert (kept.status, kept.category, kept.priority) == (
        Status.CLOSED,
        Category.PRINTER,
        Priority.HIGH,
    )
    assert records.scores(number) == [(5, 5, 5)]
    eventually(lambda: records.saved_media(number) == ["image"])
    printed = demo.run("ticket", "show", number)
    assert [words for words in HISTORY if words not in printed] == []
    assert re.search(r"周工 \d+ 分", printed)  # so many by what else he has in hand
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(wang.heard("谢谢您")).to_be_visible()
    pictures.take(page, "phone-390")


def test_the_same_story_by_menu_buttons_and_typed_words(hold, records):
    """F1 F5 F8 F10 F13 F16 W2; nothing in a message is tapped."""
    li, wu = hold(LI), hold(WU)

    li.presses("报修", "聊天报修").reads("哪里的什么设备")
    li.says("B座201 电脑连不上网").reads("网络的问题", "B座201")
    li.says("市场部 李明 13900001111").reads("请核对")
    number = li.says("确认报修").number()
    short = number[-4:]

    wu.hears(f"新工单 {number}")
    wu.presses("待接单").reads(short, "电脑连不上网")
    wu.says(f"接单 {short}").reads("接单成功", short)
    wu.presses("我的工单", "手上的工单").reads(short, "处理中")
    li.hears("吴工来处理", "13800003333")
    li.presses("我的报修", "看进度").reads(number, "吴工（13800003333）处理中")
    li.says("我的报修").reads(number, "处理中")
    finish(wu, short, "网线松了，重新插好，用了 10 分钟，现场")
    li.hears(number, "吴工已处理")
    li.says("解决了").reads(short, "打个分")
    li.says("速度5 态度4 其他都好").reads("速度 5，态度 4，结果 5")

    assert records.ticket(number).status is Status.CLOSED
    assert records.scores(number) == [(5, 4, 5)]


# --- it goes another way -----------------------------------------------------------------------


def test_who_is_known_reports_in_two_messages_and_may_urge(newcomer, zheng, records):
    """F1 F5 F11."""
    zhao = newcomer("oWebZhao000000000000000000001", "赵倩", "采购部")
    report(zhao, "A座305 电脑蓝屏", "采购部 赵倩 13900002222")

    zhao.says("A座305 电脑开不了机").reads("赵倩您好", "电脑开不了机", "A座305", "13900002222")
    number = zhao.confirms()
    assert zhao.said()[-2:] == ["A座305 电脑开不了机", "确认报修"]

    zhao.says(f"催单 {number[-4:]}").reads("已替您催", number[-4:])
    zheng.hears("赵倩（13900002222）在催工单", number)
    assert records.ticket(number).place == "A座305"


def test_a_report_is_corrected_before_it_is_sent_and_cancelled_before_or_after(
    newcomer, zheng, records
):
    """F1 F6."""
    lin = newcomer("oWebLin0000000000000000000001", "林晓", "行政部")
    lin.says("A座305 电脑蓝屏").reads("第一次报修")
    lin.says("行政部 林晓 13900003333").reads("请核对", "A座305")
    lin.says("地点改成 A座306").reads("地点改为 A座306")
    number = lin.confirms()
    assert records.ticket(number).place == "A座306"

    lin.says("不用来了，好了").reads("撤掉", number[-4:])
    lin.taps("撤掉", number[-4:], "撤了师傅就不来了").reads(number[-4:], "撤掉了")
    zheng.hears(f"林晓撤掉了工单 {number}")
    assert records.ticket(number).status is Status.CANCELLED

    lin.says("A座305 电脑死机").reads("林晓您好", "电脑死机")
    lin.taps("取消", "林晓您好").reads("没有报上去")
    lin.says("我的报修").reads("您现在没有在办的单")


def test_what_is_not_solved_comes_back_to_the_same_engineer(newcomer, zheng, records):
    """F16."""
    sun = newcomer("oWebSun0000000000000000000001", "孙悦", "人事部")
    number = report(sun, "A座408 电脑死机", "人事部 孙悦 7755")
    short = number[-4:]
    zheng.taps("接单", f"新工单 {number}").reads("接单成功")
    finish(zheng, short, "系统更新出错，重装了系统，用了 40 分钟，现场")

    sun.taps("没解决", number, "解决了吗").reads(f"{short} 已重新打开", "郑工")
    zheng.hears(f"新工单 {number}", "用户说没修好")
    sun.says("还是死机，一开机就这样").reads("已告诉郑工")

    zheng.hears(number, "还是死机，一开机就这样")
    assert records.ticket(number).status is Status.ASSIGNED
    assert records.engineer_of(number) == "郑工"


def test_what_one_engineer_cannot_take_goes_to_another_with_the_reason(newcomer, zheng, records):
    """F8 F9 W2."""
    xu = newcomer("oWebXu00000000000000000000001", "许洁", "法务部")
    number = report(xu, "A座510 OA 打不开", "法务部 许洁 4433")
    zheng.hears(f"新工单 {number}")
    openid = "oWebQian000000000000000000001"
    records.employ(openid, "钱工", "13800007777", Category.BUSINESS, BEGINS_AT)
    qian = newcomer(openid, "钱工", "业务系统", "engineer").signs_in()

    zheng.taps("转派", f"新工单 {number}").reads(number[-4:], "为什么")
    zheng.taps("手上忙", number[-4:], "为什么").reads(number[-4:], "已转给钱工（13800007777）")

    qian.taps("接单", f"新工单 {number}").reads("接单成功", number[-4:])
    xu.hears("钱工来处理", "13800007777")
    assert records.engineer_of(number) == "钱工"
    assert "手上忙" in records.reasons(number, Action.DECLINE)


def test_a_new_colleague_joins_by_code_and_gets_the_menu_of_engineers(page, newcomer, demo):
    """W2."""
    feng = newcomer("oWebFeng000000000000000000001", "冯工", "新来的同事")
    expect(feng.menu()).to_have_text(["报修", "我的报修", "更多"])
    printed = demo.run(
        "person",
        "add",
        "冯工",
        "--role",
        "engineer",
        "--skills",
        "security",
        "--phone",
        "13800008888",
    )
    code = re.search(r"绑定 (\d{6})", printed)
    assert code

    feng.says("绑定 000000").reads("这个码不对")
    tagged = page.get_by_test_id("call").filter(has_text="batchtagging")
    tagged_before = tagged.count()
    feng.says(f"绑定 {code.group(1)}").reads("绑定成功，冯工")

    # Tags are put right a few times a minute; the phone asks for its menu when it is told to.
    expect(tagged).to_have_count(tagged_before + 1, timeout=40_000)
    feng.refreshes_the_menu()
    expect(feng.menu()).to_have_text(["待接单", "我的工单", "更多"])
    feng.presses("更多", "签到").reads("已签到")
    feng.says(f"绑定 {code.group(1)}").reads("这个码不对")


# --- the page ----------------------------------------------------------------------------------


def test_the_panel_lists_what_the_desk_and_the_platform_said_to_each_other(page, hold):
    """F1."""
    hold(LI).says("帮助").reads("报修")
    calls = page.get_by_test_id("call")

    expect(calls.filter(has_text="帮助").first).to_contain_text("已回复")
    expect(calls.filter(has_text="/menu/create").last).to_contain_text("成功")
    expect(calls.filter(has_text="/menu/get").last).to_contain_text("还没有菜单")


def test_a_narrow_page_shows_one_phone_and_the_switcher_changes_it(page, hold):
    """F1."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(hold(WANG).node).to_be_visible()
    expect(hold(LI).node).to_be_hidden()

    page.get_by_test_id(f"switch-{LI}").click()

    expect(hold(LI).node).to_be_visible()
    expect(hold(WANG).node).to_be_hidden()
    hold(LI).says("你好").reads("我在")
