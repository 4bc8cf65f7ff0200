"""Monitoring at the desk of desk_scene.py: sources, and alarms that each stand differently."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from domain.alerts import AlertKind, Severity
from domain.category import Category
from domain.priority import Priority
from models import Alert, Ticket
from services.alerts import deliveries, handling, intake, reading, sources
from services.alerts.deliveries import Arrival
from services.alerts.intake import Sender
from services.alerts.sources import Settings
from services.desk import Desk
from tests.web.desk_scene import Scene, minutes

KEY = b"of the tests alone, and long enough"
SERVERS, NETWORK, BACKUPS = "prometheus", "zabbix", "backup"
SOURCES = {
    SERVERS: (AlertKind.ALERTMANAGER, "机房监控", Category.SERVER, Severity.CRITICAL, ("name",)),
    NETWORK: (AlertKind.ZABBIX, "网络监控", Category.NETWORK, Severity.CRITICAL, ("host",)),
    BACKUPS: (AlertKind.GENERIC, "备份任务", Category.DATA, None, ("name", "host")),
}
EXPIRING = ("证书快到期", "portal01", "warning", "portal 的证书 14 天后到期")
DISK = ("磁盘快满了", "db01", "critical", "/data 已用 95%，约 6 小时后写满")
SECOND_DISK = ("磁盘快满了", "db02", "critical", "/data 已用 91%")
PORT = ("交换机端口断开", "core-sw-1", "high", "Gi0/12 状态 down")
SLOW_LINK = ("链路延迟过高", "b-sw-3", "average", "到核心交换机 210 毫秒，平时 3 毫秒")
BACKUP = ("夜间备份失败", "nas01", "warning", "退出码 2：目标盘空间不足")
BUSY = ("CPU 持续偏高", "web02", "warning", "5 分钟平均 92%")
SLOW_BACKUP = ("邮件备份变慢", "nas02", "info", "比平时多用 40 分钟")
ON, OVER = True, False
HEARD = (  # minutes ago
    (1500, SERVERS, EXPIRING, ON),
    (95, SERVERS, DISK, ON),
    (80, NETWORK, PORT, ON),
    (65, SERVERS, DISK, ON),
    (52, NETWORK, PORT, OVER),
    (45, NETWORK, SLOW_LINK, ON),
    (40, BACKUPS, BACKUP, ON),
    (38, NETWORK, SLOW_LINK, OVER),
    (35, SERVERS, DISK, ON),
    (31, NETWORK, SLOW_LINK, ON),
    (28, SERVERS, BUSY, ON),
    (24, NETWORK, SLOW_LINK, OVER),
    (20, SERVERS, SECOND_DISK, ON),
    (16, NETWORK, SLOW_LINK, ON),
    (12, BACKUPS, SLOW_BACKUP, ON),
    (6, BACKUPS, SLOW_BACKUP, OVER),
    (5, SERVERS, DISK, ON),
)


def alarms(scene: Scene) -> dict[str, Any]:
    """To be confirmed, on a ticket, recovered, silenced, ignored; the ids that pages are at."""
    made = {slug: _source(scene, slug) for slug in SOURCES}
    for number, (ago, slug, said, is_on) in enumerate(HEARD, start=4711):
        sent = _SENT[slug](*said, is_on, number)
        _hear(scene, made[slug], slug, sent, scene.now - minutes(ago))
        if (said, is_on) == (PORT, ON):
            _work_on(scene, minutes(ago - 6))
    _seen_to(scene)
    return {"alert": _id(scene, SLOW_LINK), "source": made[SERVERS]}


def _source(scene: Scene, slug: str) -> int:
    kind, name, category, opens_from, groups = SOURCES[slug]
    said = Settings(
        name=name,
        category=category,
        place="A座一楼机房",
        priority=Priority.URGENT,
        responsible_id=scene.who("郑工").id,
        recovery_words="监控显示已恢复",
        group_fields=groups,
        opens_from=opens_from,
    )
    with scene.database.transaction() as session:
        admin = Desk(session, scene.now - minutes(3000), scene.rules, scene.who("罗敏"))
        return sources.make(admin, slug, kind, said, KEY)[0]


def _hear(scene: Scene, source_id: int, slug: str, sent: Any, at: datetime) -> None:
    sender = Sender(source_id, SOURCES[slug][0])
    arrival = Arrival("10.8.0.21", deliveries.masked(sent))
    heard = reading.read(sender.kind, sent)
    with scene.database.transaction() as session:
        intake.receive(session, sender, heard, arrival, scene.rules, at)


def _work_on(scene: Scene, ago: timedelta) -> None:
    """The last ticket that monitoring opened is accepted by whom it was given to."""
    with scene.database.reading() as session:
        opened = session.scalars(select(Ticket.id).order_by(Ticket.id.desc())).first()
    scene.at("郑工", ago, "accept", opened)


def _seen_to(scene: Scene) -> None:
    with scene.database.transaction() as session:
        clerk = Desk(session, scene.now - minutes(25), scene.rules, scene.who("陈静"))
        handling.silence(clerk, _id(scene, BUSY), 8, "今天做压力测试，已知")
        handling.ignore(clerk, _id(scene, EXPIRING), "新证书已申请，周五更换")


def _id(scene: Scene, said: tuple[str, ...]) -> int:
    with scene.database.reading() as session:
        return session.scalars(select(Alert.id).where(Alert.name == said[0])).one()


# --- as each kind of source writes it -------------------------------------------------------------


def _of_servers(name: str, host: str, severity: str, said: str, is_on: bool, number: int) -> Any:
    labels = {"alertname": name, "instance": f"{host}:9100", "job": "node", "severity": severity}
    status = "firing" if is_on else "resolved"
    alert = {"status": status, "labels": labels, "annotations": {"summary": said}}
    return {"version": "4", "groupKey": f"{{}}:{number}", "status": status, "alerts": [alert]}


def _of_network(name: str, host: str, severity: str, said: str, is_on: bool, number: int) -> Any:
    status = "PROBLEM" if is_on else "OK"
    facts = {"event_id": str(number), "trigger_id": "13926", "status": status, "host": host}
    return {**facts, "ip": "10.8.3.3", "name": name, "severity": severity, "message": said}


def _of_backups(name: str, host: str, severity: str, said: str, is_on: bool, _: int) -> Any:
    facts = {"name": name, "status": "firing" if is_on else "resolved", "severity": severity}
    return {**facts, "summary": said, "labels": {"host": host, "job": "nightly"}}


_SENT = {SERVERS: _of_servers, NETWORK: _of_network, BACKUPS: _of_backups}
