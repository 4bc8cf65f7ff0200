"""Codes that are printed are scanned on a phone: a device's opens the report, a staff code joins.

F1 A1 H-28 F8: from `run.py` through the platform's QR codes to the answer on the phone.
"""

import pytest
from sqlalchemy import select

from models import Device, Person, Ticket
from tests.faults.people import LIN, ZHAO, ZHOU

ADD = ("device", "add", "PR-0012", "惠普 M404 打印机", "--place", "三楼财务室")


@pytest.fixture
def world(sqlite_world):
    sqlite_world.sandbox.rules(stamp_clock="sandbox")
    return sqlite_world


def a_moment_later(world) -> None:
    """The same event within one second is one event (R-062)."""
    world.sandbox.post("/control/clock", advance=2)


@pytest.fixture
def printed(world) -> str:
    """What the QR code on the printer's label holds."""
    world.server.run(*ADD, "--category", "printer", "--description", "HP M404dn")
    world.server.run("device", "labels", "--out", str(world.folder / "labels.html"))
    url = world.rows(lambda session: session.scalars(select(Device.qr_url)).one())
    assert url
    return str(url)


def scans(world, who, **code: str) -> str:
    return world._done(who, "scan", **code)


def test_a_scanned_device_is_reported_in_two_messages_f1(world, printed):
    assert "「惠普 M404 打印机」（PR-0012），在三楼财务室" in scans(world, LIN, url=printed)
    world.says(LIN, "一直卡纸")
    world.says(LIN, f"财务部 {LIN.name} {LIN.phone}")
    assert "已受理" in world.taps(LIN, "确认报修")

    ticket, device = world.rows(
        lambda session: [session.scalars(select(model)).one() for model in (Ticket, Device)]
    )
    assert (ticket.device_id, ticket.place) == (device.id, "三楼财务室")
    assert ticket.device_description == "PR-0012 HP M404dn"
    a_moment_later(world)
    assert ticket.number[-4:] in scans(world, LIN, url=printed)


def test_who_follows_by_scanning_is_greeted_and_asked_at_once_f1(world, printed):
    world.sandbox.post(f"/phone/{ZHAO.openid}/unfollow")

    said = scans(world, ZHAO, url=printed)

    assert said.startswith("您好，这里是 IT 服务台。您扫的是「惠普 M404 打印机」")


@pytest.mark.parametrize("follows", [True, False])
def test_a_colleague_joins_by_one_scan_and_the_code_works_once_h28(world, follows):
    world.server.run("person", "add", "郑工", "--role", "engineer", "--phone", "13811110000")
    world.server.run("person", "code", "郑工", "--qr", str(world.folder / "zheng.svg"))
    (scene,) = [
        code["scene"]
        for code in world.sandbox.get("/control/qrcodes")["qrcodes"]
        if code["scene"].startswith("bind:")
    ]
    if not follows:
        world.sandbox.post(f"/phone/{ZHAO.openid}/unfollow")

    assert "绑定成功，郑工" in scans(world, ZHAO, scene=scene)

    openid = world.rows(lambda s: s.scalar(select(Person.openid).where(Person.name == "郑工")))
    assert openid == ZHAO.openid
    assert "不对或已过期" in scans(world, LIN, scene=scene)


def test_a_press_asks_for_the_word_and_the_word_signs_in_f8(world):
    assert "请打「签到」两个字" in world.presses(ZHOU, "SIGN_IN")
    assert "已签到" in world.says(ZHOU, "签到")
    a_moment_later(world)
    assert "已签到" in world.presses(ZHOU, "SIGN_IN")  # the window was opened a moment ago
