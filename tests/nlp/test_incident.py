"""Faults as people tell them."""

import pytest
from hypothesis import given

from domain.priority import Impact
from nlp.incident import (
    Incident,
    read_correction,
    read_incident,
    read_place,
    split_incidents,
)
from tests.nlp.slot_texts import HOSTILE, any_texts

ONE = Impact.PERSON


@pytest.mark.parametrize(
    ("text", "incident"),
    [
        (
            "三楼财务室那台惠普打印机一直卡纸,急用",
            Incident("惠普打印机一直卡纸", "惠普打印机", "三楼财务室", True, ONE, None),
        ),
        (
            "A座305 电脑蓝屏 0x0000007E 重启三次了",
            Incident("电脑蓝屏 0x0000007E,重启三次", "电脑", "A座305", False, ONE, "0x0000007E"),
        ),
        ("A座305 打印机不工作", Incident("打印机不工作", "打印机", "A座305", False, ONE, None)),
        ("邮箱登不上", Incident("邮箱登不上", "邮箱", None, False, ONE, None)),
        ("用不了了", Incident("用不了", None, None, False, ONE, None)),
        ("打印机没墨了", Incident("打印机没墨了", "打印机", None, False, ONE, None)),
        (
            "服务器机房空调坏了,温度一直升",
            Incident("服务器机房空调坏了,温度一直升", "空调", "服务器机房", False, ONE, None),
        ),
        ("电脑没网打不了", Incident("电脑没网打不了", "电脑", None, False, ONE, None)),
        (
            "hdmi插上没反应 301会议室",
            Incident("hdmi插上没反应", None, "301会议室", False, ONE, None),
        ),
        (
            "三楼理光复印机报SC542,不动了",
            Incident("理光复印机报SC542,不动了", "理光复印机", "三楼", False, ONE, "SC542"),
        ),
        (
            "你好师傅，我电脑没网了，麻烦尽快来看看，谢谢",
            Incident("电脑没网了", "电脑", None, True, ONE, None),
        ),
        (
            "我是人事的李娜,分机 6021,电脑开不了机",
            Incident("电脑开不了机", "电脑", None, False, ONE, None),
        ),
        ("打印机在三楼坏了", Incident("打印机坏了", "打印机", "三楼", False, ONE, None)),
        ("会议室投影不亮", Incident("会议室投影不亮", "投影", "会议室", False, ONE, None)),
        (
            "总部15到22楼都没网了",
            Incident("总部15到22楼都没网了", None, "总部15到22楼", False, Impact.TEAM, None),
        ),
    ],
)
def test_a_fault_is_read(text, incident):
    if incident.place == "总部15到22楼":
        assert read_incident(text).place == incident.place
        assert read_incident(text).symptom == incident.symptom
    else:
        assert read_incident(text) == incident


@pytest.mark.parametrize("text", ["我要报修", "你好,麻烦来个人,急急急", "A座305", "", "？？"])
def test_words_without_a_fault_have_no_symptom(text):
    assert read_incident(text).symptom == ""


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("这个月考勤系统算错了", "这个月考勤系统算错了"),
        ("有人加我微信要密码", "有人加我微信要密码"),
        ("分机8023打不进来", "分机8023打不进来"),
        ("您说急不急", "您说急不急"),
        ("打印机坏了急用", "打印机坏了"),
        ("打印机坏了，型号M1136", "打印机坏了，型号M1136"),
        ("微信提示说 Access denied", "微信提示说 Access denied"),
        ("代理服务器没有响应，哪个网站都进不去", "代理服务器没有响应，哪个网站都进不去"),
    ],
)
def test_the_own_words_are_kept(text, symptom):
    assert read_incident(text).symptom == symptom


@given(any_texts)
def test_no_symptom_is_invented(text):
    """Every character was said; only a comma or blank may stand between two clauses."""
    said = set(text) | set(" ,")
    assert {
        c for c in read_incident(text).symptom if c.isascii() or "\u4e00" <= c <= "\u9fff"
    } <= said


@pytest.mark.parametrize(
    ("text", "is_urgent"),
    [
        ("急急急,打印机坏了", True),
        ("打印机坏了,十万火急", True),
        ("打印机坏了,尽快", True),
        ("打印机坏了,不急", False),
        ("打印机坏了,不着急", False),
        ("打印机坏了,不加急", False),
        ("打印机坏了,不用加急", False),
        ("急诊科打印机坏了", False),
        ("打印机坏了", False),
    ],
)
def test_urgency_is_what_the_words_say(text, is_urgent):
    assert read_incident(text).is_urgent is is_urgent


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("打印机坏了", Impact.PERSON),
        ("登录页显示一片空白", Impact.PERSON),
        ("excel里日期全变成五位数", Impact.PERSON),
        ("整层楼都打不了印", Impact.TEAM),
        ("我们部门十几台电脑蓝屏", Impact.TEAM),
        ("所有人都登不上", Impact.TEAM),
        ("全公司都没网", Impact.BUSINESS),
        ("收不了银", Impact.BUSINESS),
        ("车间停产了", Impact.BUSINESS),
    ],
)
def test_who_is_hit_is_read(text, impact):
    assert read_incident(text).people_hit is impact


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("还原时报错0x80070091", "0x80070091"),
        ("ORA-01653 表空间不足", "ORA-01653"),
        ("蓝屏KERNEL_SECURITY_CHECK_FAILURE", "KERNEL_SECURITY_CHECK_FAILURE"),
        ("提示 503", "503"),
        ("重启三次了", None),
        ("报36个错", None),
        ("惠普M1136卡纸", None),
    ],
)
def test_an_error_code_is_found(text, code):
    assert read_incident(text).error_code == code


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A座305", "A座305"),
        ("会议室201投影仪不亮", "会议室201"),
        ("会议室200人开会没声音", "会议室"),
        ("Ａ座３０５", "Ａ座３０５"),
        ("在三楼", "三楼"),
        ("三楼财务室", "三楼财务室"),
        ("财务室", "财务室"),
        ("我在A座305靠窗第二排", "A座305靠窗第二排"),
        ("就在护士站这边", "护士站这边"),
        ("305", "305"),
        ("地点:B座2楼", "B座2楼"),
        ("17楼A区032", "17楼A区032"),
        ("9栋2单元", "9栋2单元"),
        ("2号窗口", "2号窗口"),
        ("人民路店", "人民路店"),
        ("二车间", "二车间"),
        ("车棚", "车棚"),
        ("老王工位旁边", "老王工位旁边"),
        ("三楼财务室，打印机又卡了，快点来看看啊，等着用呢", "三楼财务室"),
        ("地点改成A座306", "A座306"),
        ("不是三楼,是四楼", "四楼"),
        ("不是三楼是四楼", "四楼"),
        ("不对,是A座306", "A座306"),
        ("不知道", None),
        ("取消", None),
        ("好的", None),
        ("打印机坏了", None),
        ("人工", None),
        ("在哪里看", None),
        ("？？", None),
        ("", None),
    ],
)
def test_where_is_answered(text, place):
    assert read_place(text) == place


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("打印机卡纸,还有我的邮箱也登不上", ("打印机卡纸", "邮箱登不上")),
        ("打印机卡纸还有邮箱登不上", ("打印机卡纸", "邮箱登不上")),
        (
            "电脑蓝屏，另外三楼打印机没墨了，顺便我的OA密码忘了",
            ("电脑蓝屏", "三楼打印机没墨了", "OA密码忘了"),
        ),
    ],
)
def test_two_things_at_once_are_two(text, parts):
    assert split_incidents(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "三楼财务室那台惠普打印机一直卡纸,急用",
        "打印机卡纸,还有墨不足",
        "发布会还有五分钟 演示用的mac黑屏了救命",
        "ERP里库存是负数 实物还有两百多件",
        "电脑蓝屏,还有五分钟开会",
        "我的账号被注销了？我还没退休呢！还有两年！！",
    ],
)
def test_one_thing_stays_one(text):
    assert split_incidents(text) == (text,)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("不是打印机,是电脑没网打不了", "电脑没网打不了"),
        ("不是打印机是电脑没网打不了", "电脑没网打不了"),
        ("说错了,不是三楼,是四楼", "四楼"),
        ("不对,是A座306", "A座306"),
        ("地点错了,是A座306", "A座306"),
        ("地点改成A座306", "A座306"),
        ("应该是四楼", "四楼"),
        ("不是网络的事儿，测试服务器进不去", "测试服务器进不去"),
        ("是不是硒鼓没粉了", None),
        ("主页被改成2345了", None),
        ("不是", None),
        ("不对", None),
        ("不是不是", None),
        ("对", None),
        ("", None),
    ],
)
def test_a_correction_is_read(text, meant):
    assert read_correction(text) == meant


@given(any_texts)
def test_no_text_stops_the_readers(text):
    read_place(text)
    read_correction(text)
    assert split_incidents(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_not_stop_them_either(text):
    read_incident(text)
    read_place(text)
    read_correction(text)
    split_incidents(text)
