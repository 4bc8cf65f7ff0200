"""Alarms at the desk: the list, one of them, what is done with it, and where it is told (F4, E)."""

import json
import re

import pytest

from domain.alerts import Severity
from domain.permissions import Role
from models import Alert, AlertSource, Ticket
from services.alerts import keys
from tests.services.alert_kit import firing, make_source, minutes, recovered, settings
from tests.services.making import all_of

HOME = "/console/alerts"
ADMIN = "/console/admin/alerts"


@pytest.fixture
def staff(make_person):
    return (
        make_person("陈静", Role.DESK),
        make_person("高管", Role.ADMIN),
        make_person("何维", Role.HEAD),
    )


@pytest.fixture
def clerk(at_desk, staff):
    return at_desk(staff[0])


@pytest.fixture
def admin(at_desk, staff):
    return at_desk(staff[1])


@pytest.fixture
def monitoring(database, rules, staff, clock):
    def make(**said):
        return make_source(database, rules, staff[1], settings(staff[2], **said), clock())

    return make


def _form(page, ending):
    return next(each for each in page.forms if each.action.endswith(ending))


def test_a_desk_without_monitoring_has_no_way_to_alarms(clerk):
    page = clerk.opens("/console/queue")

    assert HOME not in page.links
    assert "还没有接入监控" in clerk.opens(HOME).text


def test_alarms_stand_in_parts_and_are_narrowed(monitoring, clerk, clock):
    source = monitoring()
    source.send(clock(), firing(summary="磁盘 95%"), firing("LinkDown", severity=Severity.INFO))
    source.send(clock(), firing("CpuHigh", severity=Severity.WARNING))
    source.send(clock() + minutes(6), recovered("CpuHigh", severity=Severity.WARNING))

    page = clerk.opens(HOME)

    assert "DiskFull" in page.text and "磁盘 95%" in page.text
    assert "LinkDown" in page.text and "CpuHigh" not in page.text
    assert "CpuHigh" in clerk.opens(f"{HOME}?which=recovered").text
    assert "LinkDown" not in clerk.opens(f"{HOME}?severity=critical").text
    assert "没有正在告警的" in clerk.opens(f"{HOME}?source=99").text
    assert clerk.opens(f"{HOME}?source=x&before=%00&which=?").status == 200


def test_what_nobody_confirmed_stands_above_the_tickets_and_is_counted(
    monitoring, clerk, clock, database
):
    """Class 8 of the list 待办, with its verb one tap away."""
    monitoring(opens_from=None).send(clock(), firing())

    page = clerk.opens("/console/queue")
    alert = clerk.opens(f"{HOME}/{all_of(database, Alert)[0].id}")
    ticket = clerk.sends(_form(alert, "/open"))

    assert "告警待确认 1 条" in page.text
    assert ticket.path == f"/console/tickets/{all_of(database, Ticket)[0].number}"
    assert "1 条监控告警" in ticket.text and "DiskFull" in ticket.text


def test_an_alarm_shows_what_it_says_and_its_history(monitoring, clerk, clock, database):
    source = monitoring()
    source.send(clock(), firing(summary="<script>alert(1)</script>", labels={"机柜": "A07"}))
    alert = all_of(database, Alert)[0]

    page = clerk.opens(f"{HOME}/{alert.id}")

    assert "机柜" in page.text and "A07" in page.text and "开了工单" in page.text
    assert "<script>alert(1)" not in page.html
    assert f"/console/tickets/{all_of(database, Ticket)[0].number}" in page.links
    assert clerk.opens(f"{HOME}/999").status == 404


def test_an_alarm_is_silenced_heard_again_and_ignored(monitoring, clerk, clock, database):
    monitoring(opens_from=None).send(clock(), firing())
    path = f"{HOME}/{all_of(database, Alert)[0].id}"

    page = clerk.sends(_form(clerk.opens(path), "/silence"), hours="4", reason="周末换盘")
    assert "已静默" in page.text and "周末换盘" in page.text
    page = clerk.sends(_form(page, "/unsilence"))
    assert "已取消静默" in page.text
    page = clerk.sends(_form(page, "/ignore"), why="")
    assert page.status == 400
    page = clerk.sends(_form(page, "/ignore"), why="测试机")
    assert "已忽略" in page.text and "测试机" in page.text
    page = clerk.sends(_form(page, "/mute"), mute="4")
    assert "静音到" in page.text


def test_a_number_that_is_no_open_ticket_is_said_so_and_stays_typed(
    monitoring, clerk, clock, database, make_ticket
):
    monitoring(opens_from=None).send(clock(), firing())
    path = f"{HOME}/{all_of(database, Alert)[0].id}"

    page = clerk.sends(_form(clerk.opens(path), "/link"), number="IT20991231-0001")
    assert page.status == 409
    assert "没有这张未办结的工单" in page.text and "IT20991231-0001" in page.html
    ticket = make_ticket()
    page = clerk.sends(_form(page, "/link"), number=ticket.number)
    assert "已关联" in page.text and f"/console/tickets/{ticket.number}" in page.links


def test_an_unchanged_list_is_answered_with_nothing(monitoring, clerk, clock, database):
    monitoring().send(clock(), firing())
    alert = all_of(database, Alert)[0].id

    for path in (f"{HOME}/live", f"{HOME}/rail", f"{HOME}/waiting", f"{HOME}/{alert}/live"):
        first = clerk.client.get(path)
        again = clerk.client.get(path, headers={"HX-PTag": first.headers["HX-PTag"]})
        assert (first.status_code, again.status_code) == (200, 304), path


# --- the admin -----------------------------------------------------------------------------------


def _typed(staff, **typed):
    return {
        "kind": "alertmanager",
        "slug": "prom-dc1",
        "name": "机房 Prometheus",
        "place": "中心机房",
        "category": "server",
        "priority": "high",
        "responsible_id": str(staff[2].id),
        "told_id": "",
        "opens_from": "warning",
        "on_recovery": "resolve",
        "is_active": "1",
        **typed,
    }


def test_the_admin_makes_a_source_whose_secret_is_shown_once(admin, staff, database):
    page = admin.opens(f"{ADMIN}/new?kind=alertmanager")

    page = admin.sends(_form(page, "/new"), **_typed(staff))

    (source,) = all_of(database, AlertSource)
    secret = next(each["value"] for each in _inputs(page) if each.get("id") == "secret")
    assert keys.is_secret(source.secret_hash, secret)
    assert "http://desk.example.com/api/v1/alerts/prom-dc1" in page.html
    assert "send_resolved: true" in page.html
    for path in (ADMIN, f"{ADMIN}/{source.id}", "/console/admin/audit"):
        assert secret not in admin.opens(path).html
    assert "机房 Prometheus" in admin.opens("/console/admin/audit").text


def _inputs(page):
    return [
        dict(re.findall(r'(\w+)="([^"]*)"', each))
        for each in re.findall(r"<input [^>]*>", page.html)
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"slug": "Prom DC1"}, "只能用小写字母"),
        ({"name": ""}, "aria-invalid"),
        ({"window_minutes": "-1"}, "请填分钟数"),
        ({"reopen_minutes": "99999"}, "请填分钟数"),
        ({"addresses": "10.1.0.0/99"}, "请填 IP 或网段"),
        ({"group_fields": ",".join(f"f{n}" for n in range(11))}, "最多 10 个字段"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(admin, staff, database, typed, said):
    page = admin.opens(f"{ADMIN}/new")

    page = admin.sends(_form(page, "/new"), **_typed(staff, **typed))

    assert page.status == 400
    assert said in page.html and "中心机房" in page.html
    assert all_of(database, AlertSource) == []


def test_a_sample_is_tried_and_nothing_comes_of_it(admin, monitoring, database):
    source = monitoring(group_fields=("name", "host"))
    path = f"{ADMIN}/{source.source_id}"
    sample = {"name": "备份失败", "severity": "warning", "labels": {"host": "nas01"}}

    tried = admin.sends(_form(admin.opens(path), "/try"), sample=json.dumps(sample))
    broken = admin.sends(_form(tried, "/try"), sample='{"name": ')
    nameless = admin.sends(_form(tried, "/try"), sample='{"severity": "info"}')

    assert "备份失败 nas01" in tried.text and "自动开单或并入" in tried.text
    assert (broken.status, nameless.status) == (400, 400)
    assert "这不是能读的 JSON" in broken.text and "「name」" in nameless.text
    assert all_of(database, Alert) == all_of(database, Ticket) == []


def test_a_source_is_changed_renewed_and_its_deliveries_are_read(
    admin, staff, monitoring, database, clock
):
    source = monitoring()
    source.send(clock(), firing())
    path = f"{ADMIN}/{source.source_id}"
    page = admin.opens(path)
    assert "最近 50 次投递" in page.text and "127.0.0.1" in page.text

    held = all_of(database, AlertSource)[0]
    typed = _typed(staff, name="换了名字")
    of_known = {name: value for name, value in typed.items() if name not in ("kind", "slug")}
    page = admin.sends(_form(page, path), **of_known)
    renewed = admin.sends(_form(page, "/renew"))

    after = all_of(database, AlertSource)[0]
    assert (after.name, after.priority.name) == ("换了名字", "HIGH")
    assert after.secret_hash != held.secret_hash
    assert "X-Alert-Signature" in renewed.html


def test_who_is_no_admin_has_no_sources_to_manage(clerk, monitoring, at_desk, make_engineer):
    source = monitoring()

    assert clerk.opens(ADMIN).status == 403
    assert clerk.opens(f"{ADMIN}/{source.source_id}").status == 403
    assert at_desk(make_engineer()).opens(HOME).status == 200
