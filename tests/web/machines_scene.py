"""Maintenance, other systems and samples at the desk of desk_scene.py, in each of their states."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from domain.category import Category
from domain.webhooks import CHOICES, Event, Trouble
from models import MaintenanceWindow, WebhookDelivery
from services import maintenance_planning
from services.desk import Desk
from services.maintenance_planning import Plan
from services.samples import loading
from services.samples.contents import read_contents
from services.webhooks import following, managing, sending
from services.webhooks.managing import Wish
from services.webhooks.sending import Claimed, Tried
from settings import ROOT
from tests.web.alarm_scene import KEY, alarms
from tests.web.desk_scene import Scene, minutes

HOUR = timedelta(hours=1)
OA, GROUP, OLD = "OA 待办", "值班群机器人", "旧工单系统"
HOOKS = (
    Wish(OA, "https://oa.example.com/hooks/itdesk", [each.value for each in CHOICES[:10]]),
    Wish(
        GROUP,
        "https://bot.example.com/send?key=4f1c",
        [Event.TICKET_OPENED.value, Event.TICKET_ESCALATED.value],
        [Category.SERVER.value, Category.NETWORK.value],
        has_words=True,
    ),
    Wish(OLD, "https://old.example.com/import", [Event.TICKET_OPENED.value]),
)
UPGRADE, CUTOVER, SERVER = "合同系统升级", "B座网络割接", "打印服务器换机"
POWER, MAIL = "机房停电检修", "邮件系统搬迁"
WINDOWS = (  # planned so many hours ago; from and until so many hours from now; for what and where
    (48, -16, -14.5, SERVER, Category.PRINTER, ("A座",), "换机期间打印会中断，任务请稍后再打。"),
    (30, -0.7, 1.3, UPGRADE, Category.SOFTWARE, (), "升级期间登录不了，请提前保存。"),
    (26, 9.5, 11.5, CUTOVER, Category.NETWORK, ("B座",), "换核心交换机，期间上不了网。"),
    (20, 96, 104, POWER, Category.SERVER, ("A座",), "机房电路检修，系统全部停机。"),
    (4, 122, 126, MAIL, Category.EMAIL, (), "搬迁期间收发会晚到，不会丢失。"),
)


def machines(scene: Scene) -> dict[str, Any]:
    """The ids that pages are at."""
    hooks = _hooks(scene)
    windows = _windows(scene)
    scene.report("赵敏", 15.2 * HOUR, "五楼打印机连不上", "A座五楼", "printer")
    scene.report("孙丽", minutes(21), "合同系统打不开", "A座一楼前台", "software")
    facts = alarms(scene)
    _told(scene, hooks[GROUP])
    return {
        **facts,
        "window": windows[SERVER],
        "hook": hooks[OA],
        "failing": hooks[GROUP],
        "delivery": _again(scene, hooks[OA]),
    }


def samples(scene: Scene) -> dict[str, Any]:
    with scene.database.transaction() as session:
        admin = Desk(session, scene.now, scene.rules, scene.who("罗敏"))
        loading.load(admin, read_contents(ROOT / "demo"))
    return {}


# --- maintenance ----------------------------------------------------------------------------------


def _windows(scene: Scene) -> dict[str, int]:
    with scene.database.transaction() as session:
        for ago, begins, ends, title, category, areas, words in WINDOWS:
            desk = Desk(session, scene.now - ago * HOUR, scene.rules, scene.who("陈静"))
            times = scene.now + begins * HOUR, scene.now + ends * HOUR
            plan = Plan(title, words, *times, frozenset({category}), areas, ahead_hours=24)
            made = maintenance_planning.plan(desk, plan, _bulletin)
            if title == POWER:
                maintenance_planning.cancel(desk, made.id, _bulletin)
        return dict(session.execute(select(MaintenanceWindow.title, MaintenanceWindow.id)).all())


def _bulletin(window: Any) -> tuple[str, str]:
    return f"计划维护：{window.title}", window.words


# --- other systems --------------------------------------------------------------------------------


def _hooks(scene: Scene) -> dict[str, int]:
    with scene.database.transaction() as session:
        admin = Desk(session, scene.now - 25.5 * HOUR, scene.rules, scene.who("罗敏"))
        return {wish.name: managing.add(admin, wish, KEY)[0].id for wish in HOOKS}


def _told(scene: Scene, failing: int) -> None:
    """What happened is told a moment later, and again where it was not taken."""
    following.step(scene.database, {}, scene.now, 0.0)
    with scene.database.transaction() as session:
        then = WebhookDelivery.happened_at
        session.execute(update(WebhookDelivery).values(created_at=then, next_try_at=then))
        admin = Desk(session, scene.now - minutes(9), scene.rules, scene.who("罗敏"))
        managing.test(admin, failing)
    for ago in (*range(920, 100, -60), *range(100, -1, -1)):
        _sent(scene, ago)


def _sent(scene: Scene, ago: int) -> None:
    at = scene.now - minutes(ago)
    with scene.database.transaction() as session:
        while (mine := sending.claim(session, at)) is not None:
            sending.settle(session, mine, _answer(mine, ago), scene.rules.webhooks, at)


def _answer(mine: Claimed, ago: int) -> Tried:
    took = 60 + mine.id * 37 % 180
    if "old." in mine.url:
        return Tried(410, Trouble.ANSWER, took, "Gone")
    if "bot." in mine.url and ago < 85:
        return Tried(None, Trouble.TIMEOUT, 10_000)
    if mine.event is Event.TICKET_DISPATCHED and mine.tries < 3:
        return Tried(503, Trouble.ANSWER, took, "busy, try again")
    return Tried(200, None, took, '{"ok": true}')


def _again(scene: Scene, hook: int) -> int:
    """One that arrived at the third try."""
    with scene.database.reading() as session:
        of_it = (WebhookDelivery.webhook_id == hook, WebhookDelivery.tries == 3)
        return session.scalars(select(WebhookDelivery.id).where(*of_it).limit(1)).one()
