"""Who calls, in the ways in which people say it."""

import pytest
from hypothesis import given

from nlp.contact import Contact, read_contact
from tests.nlp.slot_texts import HOSTILE, any_texts


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("财务部王芳 8899", Contact("财务部", "王芳", None, "8899", None)),
        ("财务部 王芳 13800001234", Contact("财务部", "王芳", "13800001234")),
        (
            "财务部 王芳 13800001234 三楼财务室",
            Contact("财务部", "王芳", "13800001234", None, "三楼财务室"),
        ),
        ("我是人事的李娜,分机 6021", Contact("人事", "李娜", None, "6021")),
        ("电话010-66667777转305", Contact(None, None, "010-66667777", "305")),
        (
            "部门:财务部\n联系人:王芳\n电话:138 0000 1234\n办公室:A座305",
            Contact("财务部", "王芳", "13800001234", None, "A座305"),
        ),
        (
            "部门：财务部 姓名：王芳 电话：8899",
            Contact("财务部", "王芳", None, "8899"),
        ),
        ("陈工", Contact(name="陈工")),
        ("我是财务部的小王,打印机坏了", Contact("财务部", "小王")),
        ("欧阳娜娜 财务部 13800001234", Contact("财务部", "欧阳娜娜", "13800001234")),
        ("财务部王芳的电话是8899", Contact("财务部", "王芳", None, "8899")),
        ("市场二部刘洋 ８８９９", Contact("市场二部", "刘洋", None, "8899")),
        (
            "人力资源部 赵六 0571-88886666-8012",
            Contact("人力资源部", "赵六", "0571-88886666", "8012"),
        ),
        ("急诊科 李护士 内线 2217", Contact("急诊科", "李护士", None, "2217")),
        ("我叫张伟,在信息中心,手机139-1234-5678", Contact("信息中心", "张伟", "13912345678")),
        ("师傅我是传达室老周，就我那个显示器有味道", Contact("传达室", "老周")),
        ("\u202e财务部\u202c 王芳\u200b 8899", Contact("财务部", "王芳", None, "8899")),
        ("财务部 王芳 +86 138 0000 1234", Contact("财务部", "王芳", "13800001234")),
        ("财务部 王芳 400-810-1234", Contact("财务部", "王芳", "400-810-1234")),
        ("我叫阿依古丽", Contact(None, "阿依古丽")),
        ("我的名字叫买买提江，电话13800001234", Contact(None, "买买提江", "13800001234")),
    ],
)
def test_a_contact_is_read_unasked(text, contact):
    assert read_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("王芳", Contact(name="王芳")),
        ("王芳8899", Contact(None, "王芳", None, "8899")),
        ("8899", Contact(extension="8899")),
        ("13800001234", Contact(phone="13800001234")),
        ("财务部", Contact(department="财务部")),
        ("王芳,财务部,8899,A座305", Contact("财务部", "王芳", None, "8899", "A座305")),
        ("财务部 王芳 8899 305", Contact("财务部", "王芳", None, "8899", "305")),
        ("三楼财务部王芳 8899", Contact("财务部", "王芳", None, "8899", "三楼财务部")),
        ("好的 财务部王芳 8899", Contact("财务部", "王芳", None, "8899")),
        ("设计二所 欧阳明 13800001234", Contact("设计二所", "欧阳明", "13800001234")),
        ("阿依古丽 护理部 6021", Contact("护理部", "阿依古丽", None, "6021")),
        ("买买提·艾力 后勤 5566", Contact("后勤", "买买提·艾力", None, "5566")),
        ("Tom 市场部 8123", Contact("市场部", "Tom", None, "8123")),
        ("財務部 王芳 8899", Contact("財務部", "王芳", None, "8899")),
    ],
)
def test_who_was_asked_is_believed_more(text, contact):
    assert read_contact(text, expect_all=True) == contact


@pytest.mark.parametrize(
    "text",
    [
        "三楼财务室那台惠普打印机一直卡纸,急用",
        "A座305 电脑蓝屏 0x0000007E 重启三次了",
        "打印机卡纸 8899",
        "分机8023打不进来",
        "帮总经办把分机6001移到新办公室",
        "刘工这次帮大忙了",
        "高清线坏了",
        "王芳",
        "谢啦",
        "我叫人来修",
        "我叫了半天没人理",
        "0007",
        "IT20261124-0007",
    ],
)
def test_a_fault_is_no_contact(text):
    assert read_contact(text) == Contact()


@pytest.mark.parametrize(
    "text",
    [
        *["取消", "好的", "不知道", "跟上次一样", "电话不变", "人工", "？？"],
        *["烦死了", "干嘛", "怎么这么慢", "哈哈哈哈", "呵呵", "随便吧"],
    ],
)
def test_an_answer_that_says_nothing_of_the_person_fills_nothing(text):
    assert read_contact(text, expect_all=True) == Contact()


@given(any_texts)
def test_no_text_stops_the_reader(text):
    for is_asked in (False, True):
        found = read_contact(text, expect_all=is_asked)
        assert found.phone is None or 7 <= sum(map(str.isdigit, found.phone)) <= 12
        assert found.extension is None or 3 <= len(found.extension) <= 6


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_not_stop_it_either(text):
    assert isinstance(read_contact(text, expect_all=True), Contact)
