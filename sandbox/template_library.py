"""The template messages that the account was granted, and the libraries with more of them."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from sandbox.state import Template

# Title, and its fields as the platform names them: type, number, and what a person reads.
_GRANTED: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "工单派单通知",
        (
            ("character_string1", "工单编号"),
            ("thing2", "故障描述"),
            ("thing3", "报修地点"),
            ("phrase4", "紧急程度"),
            ("time5", "响应时限"),
        ),
    ),
    (
        "工单处理进度通知",
        (
            ("character_string1", "工单编号"),
            ("thing2", "工单内容"),
            ("phrase3", "当前状态"),
            ("thing4", "处理人"),
            ("time5", "更新时间"),
        ),
    ),
    (
        "工单超时提醒",
        (
            ("character_string1", "工单编号"),
            ("thing2", "工单内容"),
            ("time3", "应完成时间"),
            ("thing4", "处理人"),
        ),
    ),
    (
        "服务评价提醒",
        (("character_string1", "工单编号"), ("thing2", "服务内容"), ("time3", "完成时间")),
    ),
    (
        "投诉处理通知",
        (
            ("character_string1", "投诉编号"),
            ("thing2", "投诉内容"),
            ("phrase3", "处理状态"),
            ("thing4", "备注"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A template of the platform's library: a title, and keywords with their types."""

    number: str  # template_id_short, or tid
    title: str
    keywords: dict[str, str]  # what a person reads: type

    def made(self, chosen: list[str]) -> Template:
        """A template of one's own, of these keywords in this order."""
        fields = ((f"{self.keywords[name]}{place + 1}", name) for place, name in enumerate(chosen))
        content = _content(tuple(fields))
        return Template(id=secrets.token_urlsafe(32)[:43], title=self.title, content=content)


_ORDER = {"工单编号": "character_string", "工单内容": "thing", "处理人": "thing"}

# What api_add_template may add (类目模板), by template_id_short.
LIBRARY = {
    each.number: each
    for each in (
        Shelved("43201", "报修受理通知", {**_ORDER, "报修人": "name", "受理时间": "time"}),
        Shelved("43202", "维修完成通知", {**_ORDER, "完成时间": "time", "状态": "phrase"}),
        Shelved(
            "43203", "上门时间变更提醒", {**_ORDER, "上门时间": "time", "联系电话": "phone_number"}
        ),
        Shelved(
            "43204", "系统故障公告", {"影响范围": "thing", "开始时间": "time", "备注": "thing"}
        ),
        Shelved("43205", "值班提醒", {"值班人": "name", "开始时间": "time", "值班地点": "thing"}),
    )
}

# What /wxaapi/newtmpl/addtemplate may add (订阅通知), by tid; a kid is a keyword's place.
CATEGORY = (620, "IT 服务")
NOTICE_LIBRARY = {
    each.number: each
    for each in (
        Shelved("30101", "工单状态通知", {**_ORDER, "状态": "phrase", "更新时间": "time"}),
        Shelved("30102", "预约提醒", {"预约内容": "thing", "预约时间": "time", "地点": "thing"}),
        Shelved("30103", "服务完成提醒", {**_ORDER, "完成时间": "time"}),
    )
}


def one_time_template(app_id: str) -> Template:
    """The one fixed template of 一次性订阅消息."""
    title = "一次性订阅消息"
    return Template(id=_id_of(app_id, title), title=title, content="{{content.DATA}}")


def fixture(app_id: str) -> list[Template]:
    return [_template(app_id, title, fields) for title, fields in _GRANTED]


def _template(app_id: str, title: str, fields: tuple[tuple[str, str], ...]) -> Template:
    return Template(id=_id_of(app_id, title), title=title, content=_content(fields))


def _content(fields: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{label}:{{{{{name}.DATA}}}}" for name, label in fields)


def _id_of(app_id: str, title: str) -> str:
    """The same 43 characters in each run, so that a config may name them."""
    digest = hashlib.sha256(f"{app_id} {title}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
