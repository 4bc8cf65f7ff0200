"""Nobody answers: reminded at five minutes, relieved at ten, and everybody knows of it (F9)."""

import pytest

from domain.category import Category
from domain.lifecycle import Status
from tests.web.handset import CHEN, WANG, ZHOU, Handset
from tests.web.running import BEGINS_AT, running_demo

FENG = "oWebFeng000000000000000000001"
NEARLY_FIVE = {"minutes": 4, "seconds": 58}  # the rest passes by itself


@pytest.mark.timeout(300)
def test_who_does_not_answer_in_ten_minutes_is_relieved_by_the_next(chromium, tmp_path):
    with running_demo(tmp_path) as demo:
        demo.records.employ(FENG, "冯工", "13800009009", Category.PRINTER, BEGINS_AT, area="Z座")
        demo.add_phone(FENG, "冯工", "打印机", "engineer")
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.goto(demo.url)
        wang, zhou, feng, chen = (Handset(page, each) for each in (WANG, ZHOU, FENG, CHEN))
        chen.says("今日情况").reads("今天报修")
        zhou.signs_in()
        feng.signs_in()
        wang.says("A座305 打印机卡纸").reads("部门")
        wang.says("财务部 王芳 8899").reads("请核对")
        number = wang.confirms()
        zhou.hears("新工单", number)

        demo.goes_on(**NEARLY_FIVE)
        zhou.hears("还在等您接单", number)

        demo.goes_on(**NEARLY_FIVE)
        zhou.hears("您不用去了", number)
        chen.hears("没有按时接单，已转给冯工", number)
        wang.hears("要换一位工程师", "冯工", number)
        feng.hears("新工单", number)

        feng.taps("接单", number).reads("接单成功")
        wang.hears("冯工来处理", number)
        assert demo.records.ticket(number).status is Status.IN_PROGRESS
        assert demo.records.engineer_of(number) == "冯工"
        page.close()
