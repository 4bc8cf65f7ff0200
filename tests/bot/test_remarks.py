"""Remarks beside people are kept: against scripted answers, and once against the sandbox (W1)."""

from datetime import timedelta

import pytest

from bot import remarks as keeping
from bot.client import MemoryTokenStore, WeChatClient
from bot.remarks import AFTER_FAILURE, AFTER_REFUSAL, IN_PEACE, SLOW_EVERY, RemarkKeeper
from domain.category import Category
from domain.permissions import Role
from domain.priority import Urgency
from models import Conversation, Database, Holder, Person
from services import conversations, people
from services.desk import Desk
from services.people import NewPerson
from services.views import Report
from settings import ROOT, read_settings
from tests.bot.api_server import OK, answers, api_server, refuses, reset
from tests.bot.pushes import APP_ID
from tests.eventually import eventually
from tests.sandbox.live import running_sandbox
from tests.sandbox.stage import SECRET, WANG
from tests.services.conftest import NOW
from wiring import rules_of, texts_of

PATH = "/cgi-bin/user/info/updateremark"
SECRETS = {
    "ITDESK_WECHAT__APP_SECRET": SECRET,
    "ITDESK_WECHAT__TOKEN": "token",
    "ITDESK_WECHAT__ENCODING_AES_KEY": "a" * 43,
}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def server():
    with api_server() as server:
        server.on("/cgi-bin/stable_token", answers(access_token="T", expires_in=7200))
        server.on(PATH, OK)
        yield server


class Clocks:
    """The wall's clock and the machine's, both turned by hand."""

    def __init__(self):
        self.now, self.seconds = NOW, 0.0

    def turn(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def keeper(database, server, clocks):
    return keeper_of(database, server.url, clocks)


def keeper_of(database, url, clocks):
    client = WeChatClient(
        APP_ID, SECRET, url, MemoryTokenStore(), stable_token=True, clock=lambda: clocks.now
    )
    return RemarkKeeper(database, client, texts_of(), lambda: clocks.now, lambda: clocks.seconds)


@pytest.fixture
def known(database):
    def make(name, openid=None, department="财务部"):
        openid = openid or f"oDesk{ord(name[0]):023d}"
        new = NewPerson(
            name,
            frozenset({Role.REQUESTER}),
            openid=openid,
            department=department,
            phone="13800001234",
            office="三楼财务室",
        )
        with database.transaction() as session:
            return people.add(session, new, NOW).id

    return make


@pytest.fixture
def reports(database):
    rules = rules_of(read_settings(ROOT / "config.yaml", SECRETS))

    def report(person_id, symptom="打印机卡纸"):
        told = Report(symptom, symptom, "A座305", Category.PRINTER, urgency=Urgency.NORMAL)
        with database.transaction() as session:
            actor = speaker(session, session.get_one(Person, person_id).openid)
            return Desk(session, NOW, rules, actor).report(told).ticket

    return report


def speaker(session, openid):
    return conversations.load(session, openid, NOW).speaker


def put_on(server):
    return [(call.json["openid"][-5:], call.json["remark"]) for call in server.to(PATH)]


def remark(database, person_id):
    with database.reading() as session:
        return session.get_one(Person, person_id).remark


def hold(database, person_id, holder=Holder.WAITING):
    with database.transaction() as session:
        talk = session.get_one(Conversation, person_id)
        talk.holder, talk.held_since = holder, NOW


def test_w1_a_clerk_reads_who_it_is_and_which_ticket_is_open(
    keeper, server, database, known, reports
):
    wang = known("王芳")
    first = reports(wang, "打印机卡纸")

    assert keeper.look() == 1
    assert remark(database, wang) == f"财务部王芳·{first.number[-4:]}打印机卡纸"
    assert keeper.look() == 0, "what is right is not put on again"

    second = reports(wang, "电脑蓝屏")
    keeper.look()
    assert remark(database, wang) == f"财务部王芳·{second.number[-4:]}电脑蓝屏等2单"
    assert len(put_on(server)) == 2


def test_at_the_start_those_with_open_tickets_are_looked_at(keeper, server, known, reports):
    known("李明")
    reports(known("王芳"))

    keeper.look()

    assert [words[:5] for _, words in put_on(server)] == ["财务部王芳"]


def test_who_waits_for_the_desk_comes_first(keeper, server, database, known, reports):
    keeper.look()
    waiting = known("李明", department="市场部")
    reports(known("王芳"))
    hold(database, waiting)

    keeper.look()

    assert [words[:5] for _, words in put_on(server)] == ["市场部李明", "财务部王芳"]


def test_somebody_of_whom_nothing_is_known_gets_no_remark(keeper, server, database):
    with database.transaction() as session:
        stranger = speaker(session, WANG).id
    hold(database, stranger)

    assert keeper.look() == 0
    assert put_on(server) == []


def test_a_remark_that_no_longer_holds_is_taken_off(keeper, server, database, known):
    wang = known("王芳")
    with database.transaction() as session:
        person = session.get_one(Person, wang)
        person.name = person.department = None
        person.remark = "财务部王芳"
    hold(database, wang)

    keeper.look()

    assert put_on(server)[0][1] == ""
    assert remark(database, wang) is None


@pytest.mark.parametrize("errcode", [40003, 49003, 45001, 46004])
def test_one_who_is_refused_stops_nobody_and_is_left_in_peace_for_a_while(
    keeper, server, database, known, reports, clocks, errcode
):
    li = known("李明")
    wang = known("王芳")
    reports(li), reports(wang)
    server.on(PATH, refuses(errcode), OK)  # wang's, the newest, is the first

    assert keeper.look() == 1
    assert (remark(database, wang), bool(remark(database, li))) == (None, True)
    hold(database, wang)
    assert keeper.look() == 0

    clocks.turn(IN_PEACE + 1)
    assert keeper.look() == 1
    assert remark(database, wang)


@pytest.mark.parametrize(
    ("reply", "rests"),
    [(refuses(-1), AFTER_FAILURE), (reset, AFTER_FAILURE), (refuses(48001), AFTER_REFUSAL)],
)
def test_what_fails_for_all_is_tried_again_after_a_rest(
    keeper, server, database, known, reports, clocks, reply, rests
):
    people_ids = [known("李明"), known("王芳")]
    for person in people_ids:
        reports(person)
    server.on(PATH, reply, OK)

    assert keeper.look() == 0
    assert len(server.to(PATH)) == 1, "the second one is not tried"
    clocks.turn(rests - 1)
    assert keeper.look() == 0
    clocks.turn(2)

    assert keeper.look() == 2
    assert all(remark(database, person) for person in people_ids)


def test_when_the_days_quota_is_used_up_it_waits_for_the_next_day_in_china(
    keeper, server, database, known, reports, clocks
):
    wang = known("王芳")
    reports(wang)
    server.on(PATH, refuses(45009), OK)

    keeper.look()
    clocks.turn(13 * 3600)  # 23:30
    assert keeper.look() == 0
    clocks.turn(3600)

    assert keeper.look() == 1
    assert remark(database, wang)


def test_the_last_calls_of_a_day_are_kept_for_those_with_clerks(
    keeper, server, database, known, reports, monkeypatch
):
    monkeypatch.setattr(keeping, "A_DAY", 1)
    wang, li = known("王芳"), known("李明")
    reports(wang)
    keeper.look()
    reports(wang)
    hold(database, li)

    keeper.look()
    keeper.look()

    assert [words[:5] for _, words in put_on(server)] == ["财务部王芳", "财务部李明"]


def test_slowly_everybody_is_looked_at_a_few_at_a_time(keeper, server, database, known, clocks):
    """What an import or the command line changed leaves no other trace."""
    keeper.look()
    ids = [known(name) for name in ("王芳", "李明", "赵六", "钱七", "孙八")]

    done = []
    for _ in range(4):
        clocks.turn(SLOW_EVERY + 1)
        done.append(keeper.look())

    assert done == [2, 2, 1, 0]
    with database.transaction() as session:
        session.get_one(Person, ids[0]).department = "市场部"
    clocks.turn(SLOW_EVERY + 1)
    keeper.look()
    assert remark(database, ids[0]) == "市场部王芳"


def test_a_nudge_puts_it_on_at_once_and_the_sandbox_shows_it(
    tmp_path, database, known, reports, clocks
):
    with running_sandbox(tmp_path, "http://127.0.0.1:9/wechat") as sandbox:
        keeper = keeper_of(database, sandbox.url, clocks)
        keeper.start()
        try:
            number = reports(known("王芳", WANG)).number
            keeper.nudge()
            eventually(lambda: keeper._client.user_info(WANG)["remark"])
        finally:
            keeper.stop()
        told = keeper._client.user_info(WANG)["remark"]

    assert told == f"财务部王芳·{number[-4:]}打印机卡纸"
