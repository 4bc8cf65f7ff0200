"""What a desk has on its shelves: articles, bulletins, canned words, a team, a token, readings."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete

from cli.demo_drawing import rear_cover
from domain.category import Category
from domain.scopes import Scope
from domain.understanding import Handling, WordKind
from models import ExportFile, ExportState, Notice
from nlp.article_pictures import picture_mark
from nlp.classifier import read
from services import api_tokens, bulletin_writing, canned, handing_over, teams
from services.bulletin_writing import Wording as Told
from services.canned import NewCanned
from services.desk import Desk
from services.knowledge import illustrating, reviewing, writing
from services.knowledge.records import Wording
from services.readings import storing, words
from storage import MediaStore
from tests.web.desk_scene import Scene, minutes

ARTICLES = (
    Wording(
        "打印机卡纸怎么办",
        "先关电源，打开后盖，顺着出纸方向慢慢抽出纸张，再合上后盖开机。",
        "## 取纸\n1. 关掉电源，等一分钟。\n2. 打开后盖，双手慢慢抽。\n> 撕断的纸也要取干净。\n\n"
        "## 还是卡\n换一摞干燥的纸；再不行就报修。",
        ("打印机老卡纸", "纸卡在里面了"),
        Category.PRINTER,
    ),
    Wording(
        "忘记密码怎么重置",
        "在登录页点「忘记密码」，用手机收验证码，马上就能设新密码。",
        asks=("密码过期", "登录不了"),
        category=Category.ACCOUNT,
    ),
    Wording(
        "怎么连办公室无线网",
        "选「Office」，用工号和电脑密码登录；访客选「Guest」。",
        asks=("连不上无线", "wifi 密码"),
        category=Category.NETWORK,
    ),
)
UNREAD = Wording("会议室投影怎么投屏", "按遥控器上的「信号源」，选无线投屏，再照屏幕上的号码连接。")
BULLETINS = (
    Told("周六 8:00–12:00 邮件系统升级", "周六上午邮件系统升级，收发会中断。\n请提前保存草稿。"),
    Told("三楼打印机换新", "三楼财务室的打印机已换成新的，驱动会自动安装。"),
)
CANNED = (
    NewCanned("马上到", "{requester}您好，{number} 由{engineer}处理，马上到。", is_shared=True),
    NewCanned("请重启", "请先重启一次{place}的设备，好了告诉我们。", is_shared=True),
    NewCanned("等配件", "配件已下单，到了就来换，预计{due}前。", is_shared=True),
)
SAID = (
    ("三楼财务室那台惠普又卡纸了", Handling.ACTED),
    ("外网打不开，内网正常", Handling.ACTED),
    ("帮我看看这个", Handling.ASKED),
    ("打印出来是花的", Handling.ACTED),
)


def shelves(scene: Scene, store: MediaStore) -> None:
    """A few of each kind, by whom they would be made."""
    _articles(scene, store)
    _bulletins(scene)
    _words(scene)
    _of_the_desk(scene)
    _of_the_admin(scene)


def _by(scene: Scene, session, name: str, ago: timedelta = timedelta()) -> Desk:
    return Desk(session, scene.now - ago, scene.rules, scene.who(name))


def _articles(scene: Scene, store: MediaStore) -> None:
    with scene.database.transaction() as session:
        writer = _by(scene, session, "周工", timedelta(days=9))
        reviewer = _by(scene, session, "陈静", timedelta(days=8))
        for wording in (_illustrated(writer, store), *ARTICLES[1:], UNREAD):
            number = writing.create(writer, wording).number
            writing.submit(writer, number)
            if wording is not UNREAD:
                reviewing.publish(reviewer, number)
        session.execute(delete(Notice).where(Notice.text_key.like("knowledge.told.%")))


def _illustrated(writer: Desk, store: MediaStore) -> Wording:
    """The first of them, with a picture in its second step."""
    number = illustrating.add(writer, store.save(rear_cover(), "image"))
    shows = picture_mark("打印机背面：A 卡扣，B 后盖，C 搓纸轮，D 定影器，烫手", number)
    return replace(ARTICLES[0], body=ARTICLES[0].body.replace("\n>", f"\n{shows}\n>", 1))


def _bulletins(scene: Scene) -> None:
    with scene.database.transaction() as session:
        for days, wording in zip((1, 6), BULLETINS, strict=True):
            desk = _by(scene, session, "陈静", timedelta(days=days))
            bulletin_writing.publish(desk, bulletin_writing.draft(desk, wording).id)


def _words(scene: Scene) -> None:
    with scene.database.transaction() as session:
        for inbox, (text, handling) in enumerate(SAID, start=9001):
            actor = scene.who("王芳")
            desk = Desk(session, scene.now - minutes(inbox % 100), scene.rules, actor, inbox)
            storing.note(desk, read(text), text=text, handling=handling)
        admin = _by(scene, session, "罗敏")
        words.put(admin, words.wanted("老虎机", WordKind.SYNONYM, "打印机"))


def _of_the_desk(scene: Scene) -> None:
    with scene.database.transaction() as session:
        desk = _by(scene, session, "陈静")
        for each in CANNED:
            canned.add(desk, each)
        engineer = _by(scene, session, "周工", minutes(5))
        handing_over.give(engineer, scene.who("吴工").id, "三楼备用打印机在机房，钥匙在前台。")
        session.add(
            ExportFile(
                person_id=desk.actor.id,
                query={"view": "open"},
                format="xlsx",
                state=ExportState.READY,
                file="made.xlsx",
                row_count=2480,
                size=389_120,
                created_at=scene.now - minutes(12),
                ready_at=scene.now - minutes(11),
                expires_at=scene.now + timedelta(hours=23),
            )
        )


def _of_the_admin(scene: Scene) -> None:
    with scene.database.transaction() as session:
        admin = _by(scene, session, "罗敏", timedelta(days=3))
        for name, lead in (("终端组", "周工"), ("网络组", "郑工")):
            team = teams.add(admin, name)
            teams.take_in(admin, team, scene.who(lead).id)
            teams.change(admin, team, name, scene.who(lead).id)
        api_tokens.issue(
            session,
            name="机房监控",
            person_id=scene.who("陈静").id,
            scopes=(Scope.ALARMS_OPEN, Scope.TICKETS_READ),
            created_by_id=admin.actor.id,
            expires_at=scene.now + timedelta(days=87),
            now=admin.now,
        )
