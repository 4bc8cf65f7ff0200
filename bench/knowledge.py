"""python -m bench.knowledge: search among ten thousand articles, on SQLite and PostgreSQL (K1).

The floor is one bare question to the database. CPU time is this process's own; PostgreSQL's server
stands in the wall-clock figure alone.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.databases import KINDS, databases
from cli.schema import upgrade
from domain.category import Category
from domain.knowledge import Audience, VersionState
from domain.permissions import Role
from models import Article, ArticleVersion, Database, Session
from services import people
from services.knowledge import index
from services.knowledge.searching import answers
from services.people import NewPerson

ARTICLES = 10_000
ROUNDS = 5
_BUDGET_MS = 100
_THINGS = (
    "打印机 扫描仪 电脑 笔记本 显示器 键盘 鼠标 邮箱 账号 密码 共享盘 会议室 投影仪 摄像头 麦克风 "
    "无线网络 VPN OA ERP Excel Word Outlook 浏览器 杀毒软件 输入法 U盘 硬盘 服务器 数据库 电话 "
    "传真机 考勤机 门禁 财务系统 合同系统 采购系统 报销系统 工资系统 视频会议 打卡机"
).split()
_FAULTS = (
    "连不上 打不开 很慢 没反应 报错 怎么安装 怎么设置 怎么申请 怎么重置 怎么升级 闪退 "
    "死机 丢失 过期 没权限 怎么备份 怎么恢复 怎么共享"
).split()
_PLACES = (
    "总部 分公司 工厂 仓库 门店 财务部 人事部 研发部 市场部 法务部 采购部 董事会 车间 实验室 前台"
).split()
_QUESTIONS = (
    "打因机连不上怎么办",
    "仓库的ERP很慢",
    "outlok打不开",
    "研发部服务器没权限怎么申请",
    "密码过期了",
    "打印机",
    "电脑很慢，打开财务系统的时候没有反应，重启过两次还是不行，请问怎么办",
    "网",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.knowledge")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=KINDS)
    asked = parser.parse_args()
    for kind in asked.databases:
        with tempfile.TemporaryDirectory() as folder, databases(kind, Path(folder)) as create:
            database = Database(create("knowledge"))
            upgrade(database)
            _fill(database, asked.articles)
            _report(kind, database)
            database.dispose()


def _report(kind: str, database: Database) -> None:
    with database.reading() as session:
        floor = _median(lambda: session.execute(select(1)).scalar())
        print(f"{kind}: floor {floor[0]:.2f} ms, CPU {floor[1]:.2f} ms")
        for text in _QUESTIONS:
            wall, cpu = _median(_asking(session, text))
            told = "within" if wall < _BUDGET_MS else "OVER"
            print(
                f"  {wall:6.1f} ms ({wall / floor[0]:5.0f} x floor), CPU {cpu:6.1f} ms, "
                f"{told} {_BUDGET_MS} ms  {text}"
            )


def _asking(session: Session, text: str) -> Callable[[], object]:
    audiences = frozenset(Audience)
    return lambda: answers(session, text, audiences=audiences, limit=20)


def _median(act: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock and CPU milliseconds; the first time prepares what a worker keeps."""
    act()
    walls, cpus = [], []
    for _ in range(ROUNDS):
        began, spent = time.perf_counter(), time.process_time()
        act()
        walls.append((time.perf_counter() - began) * 1e3)
        cpus.append((time.process_time() - spent) * 1e3)
    return statistics.median(walls), statistics.median(cpus)


# --- ten thousand of them ------------------------------------------------------------------------


def _fill(database: Database, count: int) -> None:
    now = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    with database.transaction() as session:
        person = people.add(session, NewPerson("甲", frozenset({Role.DESK})), now)
        rows = list(enumerate(islice(_wordings(), count), 1))
        session.execute(insert(Article), [_article(at, person.id, now) for at, _ in rows])
        versions = [_version(at, said, person.id, now) for at, said in rows]
        session.execute(insert(ArticleVersion), versions)
        for at, facts in enumerate(versions, 1):
            index.put(session, at, index.tokens_of(ArticleVersion(**facts)))
    database.refresh_statistics()


def _wordings() -> Iterator[tuple[str, str, str]]:
    return product(_THINGS, _FAULTS, _PLACES)


def _article(at: int, owner: int, now: datetime) -> dict[str, Any]:
    return {
        "id": at,
        "number": f"ZS{at:04d}",
        "owner_id": owner,
        "live_version_id": at,
        "made_at": now,
        "changed_at": now,
        "shown": 0,
        "useful": at % 7,
        "useless": at % 3,
    }


def _version(at: int, said: Sequence[str], owner: int, now: datetime) -> dict[str, Any]:
    thing, fault, place = said
    kinds = tuple(Category)
    return {
        "id": at,
        "article_id": at,
        "version": 1,
        "state": VersionState.PUBLISHED,
        "revision": 0,
        "title": f"{place}的{thing}{fault}",
        "asks": [f"{thing}{fault}", f"{place}{thing}"],
        "category": kinds[at % len(kinds)],
        "audience": Audience.EVERYBODY,
        "answer": f"{place}的{thing}{fault}时，先重启，再看线有没有插好，不行就报修。",
        "body": f"1. 打开设置\n2. 找到{thing}\n3. 点重新连接\n4. 还是{fault}就重启电脑",
        "written_by_id": owner,
        "changed_at": now,
    }


if __name__ == "__main__":
    main()
