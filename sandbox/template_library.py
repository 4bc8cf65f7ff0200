"""The template messages that the account was granted."""

import base64
import hashlib

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


def fixture(app_id: str) -> list[Template]:
    return [_template(app_id, title, fields) for title, fields in _GRANTED]


def _template(app_id: str, title: str, fields: tuple[tuple[str, str], ...]) -> Template:
    content = "\n".join(f"{label}:{{{{{name}.DATA}}}}" for name, label in fields)
    return Template(id=_id_of(app_id, title), title=title, content=content)


def _id_of(app_id: str, title: str) -> str:
    """The same 43 characters in each run, so that a config may name them."""
    digest = hashlib.sha256(f"{app_id} {title}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
