"""A desk in the middle of an ordinary Tuesday: people, devices, and tickets in every state.

Everything is done by the services at the time at which it would have been done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from domain.category import Category
from domain.cover import day_of, midnight
from domain.permissions import Role
from domain.priority import Impact, Urgency
from domain.roster import Asked
from domain.rounds import Round
from domain.speaker import Speaker
from models import Conversation, Database, Engineer, Holder, Leave, Notice, NoticeState, Ticket
from services import (
    conversations,
    devices,
    notices,
    people,
    roster_filling,
    roster_patterns,
    roster_shifts,
    roster_usual,
)
from services.desk import Desk, Rules
from services.devices import NewDevice
from services.people import NewPerson
from services.views import Report, Scores, TicketView, WorkResult

REQUESTERS = (
    ("王芳", "财务部", "A座三楼财务室", "13800001234"),
    ("李雷", "人事部", "B座二楼", "13800002345"),
    ("赵敏", "市场部", "A座五楼", "13800003456"),
    ("孙丽", "行政部", "A座一楼前台", "13800004567"),
    ("钱多多", "采购部", "B座三楼", "13800005678"),
    ("韩梅梅", "法务部", "A座六楼", "13800006789"),
)
ENGINEERS = (
    ("周工", ("printer", "computer"), ("A座",), 2),
    ("郑工", ("network", "account"), ("B座",), 2),
    ("吴工", ("computer", "software", "account"), (), 1),
    ("冯工", ("network", "printer"), ("A座",), 3),
)
DEVICES = (
    (
        "PRN-0031",
        "惠普 M404dn 打印机",
        "printer",
        "A座三楼财务室",
        "HP LaserJet，序列号 VNB3R12345",
    ),
    ("PC-0207", "联想台式机", "computer", "B座二楼", "ThinkCentre M720"),
    ("AP-0012", "无线接入点", "network", "A座五楼", "H3C WA6320"),
)


@dataclass
class Scene:
    """Who and what there is; `clerk`, `head` and `admin` sign in at a computer."""

    database: Database
    rules: Rules
    now: datetime
    people: dict[str, Speaker] = field(default_factory=dict)
    tickets: list[TicketView] = field(default_factory=list)
    _openids: Iterator[int] = field(default_factory=count)

    def who(self, name: str) -> Speaker:
        return self.people[name]

    def add(self, name: str, *roles: Role, has_wechat: bool = True, **facts: Any) -> Speaker:
        openid = f"oDeskScene{next(self._openids):018d}" if has_wechat else None
        new = NewPerson(name, frozenset({*roles, Role.REQUESTER}), openid=openid, **facts)
        with self.database.transaction() as session:
            person = people.add(session, new, self.now - timedelta(days=40))
            speaker = Speaker(
                person.id,
                openid or "",
                person.roles,
                name,
                person.department,
                person.office,
                person.phone,
                person.extension,
            )
        self.people[name] = speaker
        return speaker

    def at(self, name: str, ago: timedelta, act, *facts, **named):
        """`act` of the desk, done by this person so long ago."""
        with self.database.transaction() as session:
            desk = Desk(session, self.now - ago, self.rules, self.who(name))
            return getattr(desk, act)(*facts, **named)

    def report(self, name: str, ago: timedelta, words: str, place: str, category: str, **facts):
        urgency = Urgency.HIGH if facts.pop("urgent", False) else Urgency.NORMAL
        report = Report(
            symptom=words[:40],
            description=words,
            place=place,
            category=Category(category),
            urgency=urgency,
            impact=Impact.PERSON,
            **facts,
        )
        ticket = self.at(name, ago, "report", report).ticket
        self.tickets.append(ticket)
        return ticket

    def accept(self, ticket: TicketView, ago: timedelta) -> None:
        self.at(_engineer(ticket), ago, "accept", ticket.id)

    def solve(self, ticket: TicketView, ago: timedelta, done: str) -> None:
        result = WorkResult("setting", done, 25, True)
        self.at(_engineer(ticket), ago, "resolve", ticket.id, result)


def _engineer(ticket: TicketView) -> str:
    assert ticket.assignee is not None
    return ticket.assignee.name


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def desk_scene(database: Database, rules: Rules, now: datetime) -> Scene:
    """The whole scene; a second or two."""
    scene = Scene(database, rules, now)
    _people(scene)
    _devices(scene)
    _yesterday(scene)
    _this_morning(scene)
    _troubles(scene)
    _roster(scene)
    return scene


def _people(scene: Scene) -> None:
    for name, department, office, phone in REQUESTERS:
        scene.add(name, department=department, office=office, phone=phone)
    for name, skills, areas, level in ENGINEERS:
        engineer = scene.add(
            name,
            Role.ENGINEER,
            department="IT 运维部",
            office="A座一楼机房",
            phone=f"1390000{scene.people.__len__():04d}",
            skills=frozenset(map(Category, skills)),
            areas=areas,
            level=level,
        )
        with scene.database.transaction() as session:
            session.get_one(Engineer, engineer.id).is_on_duty = name != "冯工"
    staff = (("陈静", Role.DESK), ("李娜", Role.DESK), ("何总", Role.HEAD), ("罗敏", Role.ADMIN))
    for name, role in staff:
        scene.add(name, role, department="IT 运维部", office="A座一楼服务台", phone="13700009999")


def _roster(scene: Scene) -> None:
    """Four weeks from patterns; weekends by day are still open, and somebody is away."""
    names = {"desk": "白班", "field": "外勤", "night": "夜间待命", "day_off": "假日待命"}
    engineers = tuple(scene.who(name).id for name, *_ in ENGINEERS)
    today = day_of(scene.now)
    monday = today - timedelta(days=today.weekday())
    with scene.database.transaction() as session:
        desk = Desk(session, scene.now, scene.rules, scene.who("陈静"))
        roster_usual.begin_with(desk, names)
        shifts = {each.name: each.id for each in roster_shifts.listed(session)}
        nights = (shifts["夜间待命"],) * 7 + (None,) * 21
        rounds = {
            "夜间轮值": Round(nights, engineers, 7, monday),
            "外勤": Round((shifts["外勤"],), engineers, 0, monday),
            "坐班": Round((shifts["白班"],), (scene.who("陈静").id,), 0, monday),
        }
        patterns = [roster_patterns.save(desk, name, each) for name, each in rounds.items()]
        session.add(_leave(scene, engineers[1]))
        session.flush()
        roster_filling.fill(desk, patterns, today, monday + timedelta(days=20))


def _leave(scene: Scene, person_id: int) -> Leave:
    return Leave(
        person_id=person_id,
        begins_at=midnight(day_of(scene.now) + timedelta(days=2)),
        ends_at=midnight(day_of(scene.now) + timedelta(days=4)),
        reason="家里有事",
        state=Asked.GRANTED,
        asked_at=scene.now,
    )


def _devices(scene: Scene) -> None:
    with scene.database.transaction() as session:
        for code, name, category, place, described in DEVICES:
            new = NewDevice(code, name, Category(category), place, described)
            devices.add(session, new, scene.now - timedelta(days=30))


def _yesterday(scene: Scene) -> None:
    """What was done: closed with good and bad scores, and one that nobody rated."""
    day = timedelta(days=1)
    told = (
        ("王芳", "打印机脱机，打不出报销单", "A座三楼财务室", "printer", Scores(5, 5, 5, "很快")),
        ("李雷", "入职新人的邮箱开不了", "B座二楼", "account", Scores(4, 5, 4)),
        ("赵敏", "五楼无线网时断时续", "A座五楼", "network", Scores(2, 3, 2, "来了两次才好")),
        ("孙丽", "前台电脑很慢", "A座一楼前台", "computer", None),
    )
    for name, words, place, category, scores in told:
        ticket = scene.report(name, day + minutes(90), words, place, category)
        scene.accept(ticket, day + minutes(84))
        scene.solve(ticket, day + minutes(40), "重新设置后恢复正常")
        scene.at(name, day + minutes(20), "confirm", ticket.id)
        if scores:
            scene.at(name, day + minutes(10), "rate", ticket.id, scores)


def _this_morning(scene: Scene) -> None:
    """What is under way, in every state."""
    late = scene.report("钱多多", minutes(150), "合同系统登录一直转圈", "B座三楼", "software")
    scene.accept(late, minutes(146))
    jam = scene.report(
        "王芳",
        minutes(70),
        "惠普打印机一直卡纸，月底报销要用",
        "A座三楼财务室",
        "printer",
        urgent=True,
    )
    scene.accept(jam, minutes(66))
    scene.at(jam.assignee.name, minutes(50), "arrive", jam.id)
    scene.at(jam.assignee.name, minutes(30), "progress", jam.id, "搓纸轮磨损，正在换")
    held = scene.report("韩梅梅", minutes(120), "笔记本屏幕有竖线", "A座六楼", "computer")
    scene.accept(held, minutes(115))
    until = scene.now + timedelta(hours=20)
    scene.at(held.assignee.name, minutes(60), "hold", held.id, "等屏幕到货", until)
    solved = scene.report("李雷", minutes(100), "密码过期，登录不了", "B座二楼", "account")
    scene.accept(solved, minutes(98))
    scene.solve(solved, minutes(25), "重置密码并教用户改好")
    scene.report("赵敏", minutes(13), "会议室投影连不上", "A座五楼会议室", "computer")
    scene.report("孙丽", minutes(4), "前台扫码枪没反应", "A座一楼前台", "computer")
    for name in ("周工", "郑工", "吴工"):
        with scene.database.transaction() as session:
            session.get_one(Engineer, scene.who(name).id).is_on_duty = False
    scene.report("钱多多", minutes(9), "三楼打印机缺碳粉", "B座三楼", "printer")
    scene.report("韩梅梅", minutes(2), "外网打不开，内网正常", "A座六楼", "network", urgent=True)
    for name in ("周工", "郑工", "吴工"):
        with scene.database.transaction() as session:
            session.get_one(Engineer, scene.who(name).id).is_on_duty = True


def _troubles(scene: Scene) -> None:
    """Somebody waits for a person, and something did not get through."""
    waiting = scene.who("赵敏")
    with scene.database.transaction() as session:
        conversations.load(session, waiting.openid, scene.now - minutes(6))
    scene.at("赵敏", minutes(5), "ask_for_person", "投影的事急，能不能找个人说")
    with scene.database.transaction() as session:
        talk = session.get_one(Conversation, waiting.id)
        assert talk.holder is Holder.WAITING
        ticket = session.get_one(Ticket, scene.tickets[4].id)
        notices.tell(
            session,
            scene.who("钱多多").id,
            "notice.resumed",
            scene.now - minutes(130),
            ticket=ticket,
            due=scene.now,
        )
        session.flush()
        lost = session.query(Notice).order_by(Notice.id.desc()).first()
        assert lost is not None
        lost.state, lost.settled_at = NoticeState.FAILED, scene.now - minutes(120)
