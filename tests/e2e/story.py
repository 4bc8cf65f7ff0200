"""The story of issue 2, by phone: each reply is read for what it has to tell."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from models import Notice, NoticeState, Session
from tests.e2e.world import World
from tests.faults.people import CHEN, LIN, WU, ZHAO, ZHOU

FAULT = "三楼财务室那台惠普打印机一直卡纸,急用"
CONTACT = f"财务部 {LIN.name} {LIN.phone}"
WORK = "搓纸轮老化,换了新的,测试正常,用了30分钟,现场"
NUMBER = re.compile(r"IT\d{8}-\d{4}")


@dataclass(frozen=True)
class Told:
    """What came of it."""

    number: str

    @property
    def short(self) -> str:
        return self.number[-4:]


def nothing() -> None:
    """Nothing happens between two messages."""


def tell(world: World, between: Callable[[], None] = nothing) -> Told:
    """Report, accept, resolve, confirm, rate; `between` comes between every two messages."""
    told = report(world, between)
    between()
    work(world, told, between)
    between()
    settle(world, told, between)
    return told


def report(world: World, between: Callable[[], None] = nothing) -> Told:
    """F1, F5, F6: three messages, and the third tells number, kind, engineer and time."""
    understood = world.says(LIN, FAULT)
    assert all(word in understood for word in ("打印机", "卡纸", "三楼财务室", "加急", "电话"))
    between()
    return after_fault(world, between)


def after_fault(world: World, between: Callable[[], None] = nothing) -> Told:
    """The second and the third message."""
    summary = world.says(LIN, CONTACT)
    assert all(word in summary for word in ("请核对", "三楼财务室", LIN.name, LIN.phone))
    between()
    accepted = world.taps(LIN, "确认报修")
    found = NUMBER.search(accepted)
    assert found and ZHOU.name in accepted and ZHOU.phone in accepted, accepted
    assert re.search(r"最迟 .*\d{1,2}:\d\d", accepted), accepted
    return Told(found.group())


def work(world: World, told: Told, between: Callable[[], None] = nothing) -> None:
    """F8, F9, W2, F10: typed, so that it goes on even while no notice comes through."""
    mine = world.says(ZHOU, f"接单 {told.short}")
    assert all(word in mine for word in ("接单成功", told.short, LIN.name, LIN.phone)), mine
    between()
    result = world.says(ZHOU, f"完工 {told.short} {WORK}")
    assert all(word in result for word in (told.short, "30 分钟", "现场", "搓纸轮")), result
    between()
    done = world.says(ZHOU, "提交")
    assert told.short in done and "完工" in done, done


def settle(world: World, told: Told, between: Callable[[], None] = nothing) -> None:
    """F16, F13: solved, and three scores."""
    thanks = world.says(LIN, f"解决了 {told.short}")
    assert told.short in thanks and "打个分" in thanks, thanks
    between()
    rated = world.says(LIN, "速度5 态度4 结果5")
    assert all(word in rated for word in ("速度 5", "态度 4", "结果 5")), rated


def check_notices(world: World, told: Told) -> None:
    """What each of them was told besides: who comes, what is to be done, that it is done."""
    spared = world.rows(_replaced)
    if "notice.assigned" not in spared:
        assigned = world.is_told(ZHOU, "新工单", told.number, LIN.name, LIN.phone)
        assert "三楼财务室" in assigned and "卡纸" in assigned
    if "notice.engineer_coming" not in spared:
        world.is_told(LIN, "来处理您的", "卡纸", told.number, ZHOU.name, ZHOU.phone)
    if "notice.resolved" not in spared:
        world.is_told(LIN, told.number, "换了", "解决了吗")
    world.is_told(ZHOU, told.number, LIN.name, "已关闭")


def _replaced(session: Session) -> set[str]:
    """What was no longer so before it could be said, for these people answer at once (R-091)."""
    statement = select(Notice.text_key).where(Notice.state == NoticeState.REPLACED)
    return set(session.scalars(statement))


def check_printed(world: World, told: Told) -> None:
    """R1: the form on paper holds all of it."""
    form = world.server.run("ticket", "show", told.number)
    for word in (told.number, LIN.name, "财务部", LIN.phone, ZHOU.name, "卡纸", "三楼财务室"):
        assert word in form, f"{word} is not on the form:\n{form}"
    for word in ("换了", "30", "已关闭", "速度 5"):
        assert word in form, f"{word} is not on the form:\n{form}"


def check_once(world: World, told: Told, what: str) -> None:
    """One ticket, whatever happened, and nobody else's business anywhere."""
    world.check(1, what)
    for stranger in (ZHAO, WU, CHEN):
        assert told.number not in "".join(world.texts(stranger)), stranger
