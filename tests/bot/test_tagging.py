"""Tags are kept as the roles are: against the sandbox, and against answers that it never gives."""

import pytest

from bot import tagging
from bot.client import MemoryTokenStore, WeChatClient
from bot.errors import ApiError
from bot.menus import CONDITIONAL, DEFAULT, ENGINEER, publish, shows
from bot.tagging import IN_PEACE, Tagger
from domain.permissions import Role
from models import Database, Person
from services import people
from services.people import NewPerson
from tests.bot.api_server import OK, answers, api_server, refuses
from tests.bot.pushes import APP_ID
from tests.eventually import eventually
from tests.sandbox.live import running_sandbox
from tests.sandbox.stage import SECRET, WANG, ZHOU
from tests.services.conftest import NOW


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def known(database):
    def make(openid, *roles):
        with database.transaction() as session:
            new = NewPerson("某人", frozenset({Role.REQUESTER, *roles}), openid=openid)
            return people.add(session, new, NOW).id

    return make


def become(database, person_id, *roles):
    with database.transaction() as session:
        session.get_one(Person, person_id).roles = frozenset({Role.REQUESTER, *roles})


def tag_of(database, person_id):
    with database.reading() as session:
        return session.get_one(Person, person_id).tag


def client_for(url):
    return WeChatClient(APP_ID, SECRET, url, MemoryTokenStore(), stable_token=True)


@pytest.fixture
def sandbox(tmp_path):
    with running_sandbox(tmp_path, "http://127.0.0.1:9/wechat") as live:
        yield live


def test_each_person_gets_the_menu_of_their_role_and_the_next_one_when_it_changes(
    sandbox, database, known
):
    client = client_for(sandbox.url)
    tagger, engineer, requester = Tagger(database, client), known(ZHOU, Role.ENGINEER), known(WANG)
    publish(client)

    assert tagger.retag() == 1
    assert shows(client, ZHOU, ENGINEER) and shows(client, WANG, DEFAULT)

    for roles, menu in (
        ((Role.DESK,), CONDITIONAL[1]),
        ((Role.HEAD,), CONDITIONAL[2]),
        ((Role.VENDOR, Role.HEAD), ENGINEER),
        ((), DEFAULT),
    ):
        become(database, engineer, *roles)
        assert tagger.retag() == 1
        assert shows(client, ZHOU, menu)
        assert len(client.tags_of(ZHOU)) == (menu is not DEFAULT)
    assert tag_of(database, requester) is None


def test_a_tag_of_ours_that_was_left_on_somebody_goes(sandbox, database, known):
    """A crash before the row was written, a chat that became another person's."""
    client = client_for(sandbox.url)
    ids = publish(client).tags
    client.tag_people(ids["工程师"], [ZHOU])
    known(ZHOU, Role.HEAD)

    Tagger(database, client).retag()

    assert client.tags_of(ZHOU) == [ids["负责人"]]


def test_leaving_and_coming_back_ends_with_the_right_menu(sandbox, database, known):
    client = client_for(sandbox.url)
    publish(client)
    engineer = known(ZHOU, Role.ENGINEER)
    tagger = Tagger(database, client)
    tagger.retag()

    for what, is_following in (("unfollow", False), ("follow", True)):
        sandbox.do(ZHOU, what)
        with database.transaction() as session:
            people.followed(session, ZHOU, is_following=is_following)
    assert client.tags_of(ZHOU) == []
    tagger.retag()

    assert tag_of(database, engineer) == "工程师"
    assert shows(client, ZHOU, ENGINEER)


def test_who_left_unheard_keeps_nobody_else_from_their_tag(sandbox, database, known):
    """45171 for some, 49003 for all: the others are tagged, the gone are left alone for a while."""
    client, seconds = client_for(sandbox.url), [0.0]
    publish(client)
    gone = known("oDeskNobody00000000000000099", Role.ENGINEER)
    engineer, desk = known(ZHOU, Role.ENGINEER), known(WANG, Role.DESK)
    sandbox.do(WANG, "unfollow")
    tagger = Tagger(database, client, seconds=lambda: seconds[0])

    assert tagger.retag() == 1
    assert tag_of(database, engineer) == "工程师"
    assert tag_of(database, desk) is tag_of(database, gone) is None
    assert tagger.retag() == 0

    sandbox.do(WANG, "follow")
    seconds[0] = IN_PEACE + 1
    assert tagger.retag() == 1
    assert tag_of(database, desk) == "服务台"


@pytest.fixture
def server():
    with api_server() as server:
        server.on("/cgi-bin/stable_token", answers(access_token="T", expires_in=7200))
        tags = [{"id": 100 + n, "name": menu.tag} for n, menu in enumerate(CONDITIONAL)]
        server.on("/cgi-bin/tags/get", answers(tags=tags))
        server.on("/cgi-bin/tags/members/batchtagging", OK)
        server.on("/cgi-bin/tags/members/batchuntagging", OK)
        yield server


def test_sixty_people_are_tagged_fifty_at_a_time(server, database, known):
    for number in range(60):
        known(f"oDeskEngineer{number:015d}", Role.ENGINEER)
    tagger = Tagger(database, client_for(server.url))

    assert [tagger.retag() for _ in range(3)] == [50, 10, 0]

    put_on = [call.json for call in server.to("/cgi-bin/tags/members/batchtagging")]
    assert [len(each["openid_list"]) for each in put_on] == [50, 10]


def test_the_former_tag_goes_before_the_new_one_comes(server, database, known):
    known(ZHOU, Role.DESK)

    Tagger(database, client_for(server.url)).retag()

    acts = [(call.path.rpartition("/")[2], call.json["tagid"]) for call in server.calls[2:]]
    assert acts == [("batchuntagging", 100), ("batchuntagging", 102), ("batchtagging", 101)]


@pytest.mark.parametrize("errcode", [45169, 45159, -1, 48001])
def test_a_call_that_failed_for_all_is_made_again_later(server, database, known, errcode):
    """45169: somebody else tags the same person now; 45159: the tag has just been deleted."""
    engineer = known(ZHOU, Role.ENGINEER)
    server.on("/cgi-bin/tags/members/batchtagging", refuses(errcode), OK)
    tagger = Tagger(database, client_for(server.url))

    with pytest.raises(ApiError):
        tagger.retag()
    assert tag_of(database, engineer) is None

    assert tagger.retag() == 1
    assert tag_of(database, engineer) == "工程师"


def test_r086_the_thread_tags_later_what_the_platform_refused(server, database, known, monkeypatch):
    engineer = known(ZHOU, Role.ENGINEER)
    monkeypatch.setattr(tagging, "AFTER_FAILURE", 0.0)
    server.on("/cgi-bin/tags/members/batchtagging", refuses(48001), OK)
    tagger = Tagger(database, client_for(server.url))

    tagger.start()
    eventually(lambda: tag_of(database, engineer) == "工程师")
    tagger.stop()
