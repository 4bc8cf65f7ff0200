"""The product's own client against the sandbox: each call that it makes, and each way to fail."""

import pytest

from bot.client import MemoryTokenStore, WeChatClient
from bot.errors import ApiError, ApiUnclear, Reaction
from bot.menus import publish
from sandbox.template_library import fixture
from tests.bot.pushes import APP_ID
from tests.sandbox.live import running_sandbox
from tests.sandbox.stage import CLERK, SECRET, WANG, ZHOU, running_product

SEND = "/cgi-bin/message/custom/send"
TEXT = {"msgtype": "text", "text": {"content": "您好"}}


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with (
        running_product() as product,
        running_sandbox(tmp_path_factory.mktemp("sandbox"), product.url) as live,
    ):
        yield live


@pytest.fixture
def live(program):
    program.post("/control/reset")
    return program


@pytest.fixture(params=[True, False], ids=["stable_token", "token"])
def client(live, request):
    store = MemoryTokenStore()
    return WeChatClient(APP_ID, SECRET, live.url, store, stable_token=request.param)


def test_messages_arrive(live, client):
    live.do(WANG, "say", text="在吗")

    client.typing(WANG)
    client.send_custom(WANG, TEXT)

    assert live.seen(WANG) == ["在吗", "您好"]


def test_a_shut_window_is_known_for_what_it_is(client):
    with pytest.raises(ApiError) as refused:
        client.send_custom(WANG, TEXT)

    assert (refused.value.errcode, refused.value.reaction) == (45015, Reaction.UNREACHABLE)


def test_templates_arrive(live, client):
    template = next(each for each in fixture(APP_ID) if each.title == "服务评价提醒")
    data = {"character_string1": "IT20261124-0007", "thing2": "打印机", "time3": "10:42"}

    msgid = client.send_template(WANG, template.id, "http://127.0.0.1/h5", data, "rate-7")

    assert msgid is not None
    assert msgid > 2**53
    assert client.send_template(WANG, template.id, None, data, "rate-7") == msgid
    (card,) = live.get(f"/phone/{WANG}/chat")["bubbles"]
    assert card["url"] == "http://127.0.0.1/h5"


def test_menus_are_published_once(live, client):
    published = publish(client)
    assert published.is_changed
    assert not publish(client).is_changed

    client.tag_people(published.tags["工程师"], [ZHOU])

    assert client.tags_of(ZHOU) == [published.tags["工程师"]]
    assert client.try_match(ZHOU)[0]["name"] == "待接单"
    assert live.get(f"/phone/{ZHOU}/menu")["button"][0]["key"] == "QUEUE"
    client.untag_people(published.tags["工程师"], [ZHOU])
    assert client.try_match(ZHOU)[0]["name"] == "报修"


def test_media_come_and_go(live, client):
    live.do(WANG, "say", text="在吗")
    media_id = client.upload_media("image", b"\xff\xd8\xff" + bytes(50), "a.jpg")
    client.send_custom(WANG, {"msgtype": "image", "image": {"media_id": media_id}})

    got = client.download_media(media_id)

    assert (got.content_type, got.filename) == ("image/jpeg", "a.jpg")


@pytest.mark.parametrize(
    ("what", "content_type"),
    [("photo", "image/jpeg"), ("voice", "audio/amr"), ("video", "video/mp4")],
)
def test_what_people_send_can_be_downloaded(live, client, what, content_type):
    live.do(WANG, what)
    (bubble,) = live.get(f"/phone/{WANG}/chat")["bubbles"]

    assert client.download_media(bubble["media_id"]).content_type == content_type


def test_people_are_known_by_their_openid_alone(live, client):
    code = client.create_qr("bind:7f3a", 600)
    live.do(WANG, "scan", scene=code.ticket)
    client.update_remark(WANG, "财务部 王芳")

    info = client.user_info(WANG)

    assert (info["subscribe"], info["remark"], info["nickname"]) == (1, "财务部 王芳", "")
    assert client.callback_ips() == ["127.0.0.1"]


def test_a_session_is_made_seen_and_ended(live, client):
    live.post(f"/control/kf/{CLERK}/online")
    assert [clerk.account for clerk in client.kf_online()] == [CLERK]
    assert client.kf_session_of(WANG) is None

    client.kf_create_session(WANG, CLERK)

    assert client.kf_session_of(WANG) == CLERK
    client.kf_close_session(WANG, CLERK)
    assert client.kf_session_of(WANG) is None


def test_a_token_that_died_is_renewed_by_itself(live, client):
    live.do(WANG, "say", text="在吗")
    client.send_custom(WANG, TEXT)

    live.post("/control/clock", advance=7200)
    client.send_custom(WANG, TEXT)

    assert live.seen(WANG) == ["在吗", "您好", "您好"]


def test_a_lost_answer_means_that_it_was_done(live, client):
    live.do(WANG, "say", text="在吗")
    live.rules(api_faults=[{"path": SEND, "kind": "lost", "times": 1}])

    with pytest.raises(ApiUnclear):
        client.send_custom(WANG, TEXT)

    assert live.seen(WANG) == ["在吗", "您好"]


@pytest.mark.parametrize("kind", ["close", "html502", "empty"])
def test_a_broken_answer_means_that_it_was_not_done(live, client, kind):
    live.do(WANG, "say", text="在吗")
    live.rules(api_faults=[{"path": SEND, "kind": kind, "times": 1}])

    with pytest.raises(ApiUnclear):
        client.send_custom(WANG, TEXT)

    assert live.seen(WANG) == ["在吗"]
    client.send_custom(WANG, TEXT)
