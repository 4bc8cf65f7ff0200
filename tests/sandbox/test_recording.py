"""What people and clerks did can be kept, and played again with real pushes."""

import io
import time

import pytest

from tests.sandbox.live import running_sandbox
from tests.sandbox.stage import CLERK, WANG, ZHOU, eventually, says

JPEG = b"\xff\xd8\xff\xe0" + b"my own" * 50


@pytest.fixture
def recorded(stage):
    """A short talk with a clerk, as a file holds it."""
    stage.do("say", text="打印机卡纸")
    stage.do("press", key="REPORT")
    stage.control(f"kf/{CLERK}/online")
    stage.control(f"kf/{CLERK}/accept", openid=WANG)
    stage.control(f"kf/{CLERK}/say", openid=WANG, text="马上来")
    stage.control("clock", advance=60)
    stage.settle()
    return stage.http.get("/control/recording").get_json()


def replay(stage, recording, speed=1000):
    answer = stage.control("replay", recording=recording, speed=speed)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    assert eventually(lambda: not told(stage)["is_running"])
    stage.settle()
    return told(stage)


def told(stage):
    return stage.http.get("/control/replay").get_json()


def test_acts_are_kept_with_who_did_them_and_when(recorded):
    kinds = [(act["kind"], act["who"], act["arguments"]) for act in recorded["acts"]]

    assert kinds == [
        ("phone.say", WANG, {"text": "打印机卡纸"}),
        ("phone.press", WANG, {"key": "REPORT"}),
        ("clerk.online", CLERK, {"is_online": True, "takes_automatically": False}),
        ("clerk.accept", CLERK, {"openid": WANG}),
        ("clerk.say", CLERK, {"openid": WANG, "text": "马上来"}),
        ("clock.advance", "", {"seconds": 60}),
    ]
    assert recorded["acts"][0]["at"] == 0
    assert recorded["seconds"] == recorded["acts"][-1]["at"]


def test_what_could_not_be_done_is_not_kept(stage):
    stage.do("unfollow")
    stage.http.post(f"/phone/{WANG}/say", json={"text": "喂"})

    acts = stage.http.get("/control/recording").get_json()["acts"]

    assert [act["kind"] for act in acts] == ["phone.unfollow"]


def test_a_new_recording_is_empty(stage, recorded):
    assert stage.control("recording/start").get_json() == {"acts": [], "seconds": 0}

    assert stage.http.get("/control/recording").get_json()["acts"] == []


def test_a_replay_on_a_fresh_world_does_it_all_again(stage, product, recorded):
    stage.control("reset")
    product.heard.clear()
    product.answers.append(says("请问在哪里"))

    assert replay(stage, recorded) == {
        "is_running": False,
        "done": 6,
        "total": 6,
        "failed": [],
        "speed": 1000,
        "left": 0,
    }

    heard = {push["Content"] or push["EventKey"] or push["Event"] for push in product.heard}
    assert heard == {"打印机卡纸", "REPORT", "kf_create_session"}
    assert {"请问在哪里", "马上来"} <= set(stage.seen())
    assert stage.world.clock.skipped == 60


def test_what_is_replayed_is_not_recorded_again(stage, recorded):
    stage.control("reset")

    replay(stage, recorded)

    assert stage.http.get("/control/recording").get_json()["acts"] == []


def test_a_photo_of_ones_own_is_part_of_the_recording(stage, product):
    stage.http.post(f"/phone/{WANG}/photo", data={"file": (io.BytesIO(JPEG), "me.jpg")})
    recording = stage.http.get("/control/recording").get_json()
    stage.control("reset")

    replay(stage, recording)

    media = stage.chat()[-1]["media_id"]
    assert stage.http.get(f"/media/{media}").data == JPEG


def test_the_rhythm_is_kept_at_the_speed_that_was_asked_for(stage):
    acts = [
        {"at": 0, "kind": "phone.say", "who": WANG, "arguments": {"text": "一"}},
        {"at": 40, "kind": "phone.say", "who": ZHOU, "arguments": {"text": "二"}},
    ]
    began = time.monotonic()

    replay(stage, {"acts": acts}, speed=100)

    assert 0.4 <= time.monotonic() - began < 5


def test_what_fails_in_a_replay_is_told_and_the_rest_goes_on(stage):
    acts = [
        {"at": 0, "kind": "phone.follow", "who": WANG},
        {"at": 0, "kind": "phone.say", "who": "nobody", "arguments": {"text": "一"}},
        {"at": 0, "kind": "phone.sing", "who": WANG},
        {"at": 0, "kind": "phone.say", "who": WANG, "arguments": {"words": "一"}},
        {"at": 0, "kind": "clerk.accept", "who": "nobody", "arguments": {"openid": WANG}},
        {"at": 0, "kind": "phone.say", "who": WANG, "arguments": {"text": "还在"}},
    ]

    told = replay(stage, {"acts": acts})

    assert (told["done"], len(told["failed"])) == (6, 5)
    assert told["failed"][0] == {"kind": "phone.follow", "who": WANG, "error": "已经关注了"}
    assert stage.seen() == ["还在"]


def test_one_replay_at_a_time_and_it_can_be_stopped(stage):
    acts = [
        {"at": at, "kind": "phone.say", "who": WANG, "arguments": {"text": "一"}} for at in (0, 999)
    ]
    stage.control("replay", recording={"acts": acts}, speed=1)

    assert stage.control("replay", recording={"acts": acts}, speed=1).status_code == 409
    assert told(stage)["is_running"] is True
    stage.control("replay/stop")

    assert eventually(lambda: not told(stage)["is_running"])
    assert told(stage)["done"] == 1


def test_a_reset_ends_a_replay(stage):
    acts = [
        {"at": at, "kind": "phone.say", "who": WANG, "arguments": {"text": "一"}} for at in (0, 999)
    ]
    stage.control("replay", recording={"acts": acts}, speed=1)
    assert eventually(lambda: told(stage)["done"] == 1)

    stage.control("reset")

    assert eventually(lambda: not told(stage)["is_running"])
    assert told(stage)["done"] == 1
    assert stage.seen() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"recording": {"acts": []}},
        {"recording": {"acts": [{"at": 0, "kind": "os.system", "who": "x"}]}},
        {"recording": {"acts": [{"at": 0, "kind": "phone.say", "who": WANG}]}, "speed": 0},
        {"recording": {"acts": [{"at": "x", "kind": "phone.say", "who": WANG}]}},
    ],
)
def test_what_is_no_recording_is_refused(stage, body):
    assert stage.control("replay", **body).status_code == 400


def test_a_recording_outlives_a_restart(tmp_path, product):
    with running_sandbox(tmp_path, product.url) as live:
        live.do(WANG, "say", text="一")
        live.end()

    with running_sandbox(tmp_path, product.url) as live:
        assert [act["kind"] for act in live.get("/control/recording")["acts"]] == ["phone.say"]


def test_the_clock_may_run_faster(stage):
    stage.control("clock", speed=3600)
    before = stage.http.get("/control/clock").get_json()

    assert eventually(
        lambda: stage.http.get("/control/clock").get_json()["now"] > before["now"] + 60
    )

    stage.control("clock", speed=1)
    stands = stage.http.get("/control/clock").get_json()
    assert stands["skipped"] > 60
    assert stage.world.clock.speed == 1


@pytest.mark.parametrize("body", [{}, {"advance": -1}, {"speed": 0}, {"speed": 10_001}])
def test_a_clock_never_goes_back_nor_wild(stage, body):
    assert stage.control("clock", **body).status_code == 400
