"""`run.py doctor`: an operator reads line by line what of the set-up is right (Y3)."""

import re

LINE = re.compile(r"^([✓!✗]) +(\S+) +(\S.*)$", re.MULTILINE)
LOOKED_AT = {
    *("设置", "密钥", "数据库", "令牌", "时钟", "推送来源", "服务器地址", "平台拨测", "最近来信"),
    *("公网地址", "菜单", "标签", "模板消息", "客服", "额度", "人员", "通知"),
}
EXPLAINED = {
    "最近来信",
    "客服",
    "人员",
    "通知",
}  # a demonstration may have nobody online, and so on


def test_the_doctor_finds_the_demonstration_well_line_by_line(demo):
    """Issue 3, its last story; `run` has looked that it ends with 0."""
    told = demo.run("doctor")
    found = {name: (mark, words) for mark, name, words in LINE.findall(told)}

    assert found.keys() >= LOOKED_AT, told
    assert {name for name, (mark, _) in found.items() if mark == "✗"} == set()
    assert {name for name, (mark, _) in found.items() if mark == "!"} <= EXPLAINED, told
    assert told.rstrip().endswith("要改 0。")
