"""Which ticket is meant, and which numbers are none."""

import pytest
from hypothesis import given

from nlp.ticket_ref import read_ticket_ref
from tests.nlp.slot_texts import any_texts


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("IT20261124-0007", "IT20261124-0007"),
        ("it 20261124-0007", "IT20261124-0007"),
        ("ＩＴ２０２６１１２４－０００７", "IT20261124-0007"),
        ("IT20261124—0007", "IT20261124-0007"),
        ("it202611240007", "IT20261124-0007"),
        ("20261124-0007", "IT20261124-0007"),
        ("IT20261124-10007", "IT20261124-10007"),
        ("接单 IT20261124-0001", "IT20261124-0001"),
        ("TS20261124-0002", "TS20261124-0002"),
        ("核实 TS20261124-0002", "TS20261124-0002"),
        ("0007", "0007"),
        ("#0007", "0007"),
        ("８８９９", "8899"),
        ("接单 0007", "0007"),
        ("接单0007", "0007"),
        ("催0007", "0007"),
        ("完工 0007", "0007"),
        ("看 0009", "0009"),
        ("取消 8899", "8899"),
        ("工单 0007 到哪了", "0007"),
        ("0007怎么样了", "0007"),
        ("怎么还没来人 0007", "0007"),
        ("工单尾号0457处理得怎么样啦", "0457"),
        ("单号末四位8856，今天能轮上不", "8856"),
    ],
)
def test_a_reference_is_read(text, reference):
    assert read_ticket_ref(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "查进度 13800138000",
        "010-66667777转3050",
        "财务部王芳 8899",
        "分机 8899",
        "电话尾号3391",
        "手机尾号 3391",
        "号码3391",
        "电话 0007",
        "0x0000007E",
        "A座305 电脑蓝屏 0x0000007E 重启三次了",
        "305",
        "A座305",
        "A座0305",
        "绑定 482913",
        "绑定 000000",
        "报0007错误",
        "惠普 1020 打印机",
        "备份0003也不行",
        "IT20261324-0007",
        "2026年",
        "查 2026年的",
        "192.168.0007",
        "接单",
        "",
    ],
)
def test_other_numbers_are_no_ticket(text):
    assert read_ticket_ref(text) is None


@given(any_texts)
def test_no_text_stops_the_reader(text):
    found = read_ticket_ref(text)
    assert found is None or found[-4:].isdecimal()
