"""People and their media: who follows, what they send, codes they scan, and what expires."""

import io

import pytest

from tests.sandbox.stage import STRANGER, WANG, ZHOU

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 200


def upload(stage, kind="image", content=JPEG, filename="a.jpg", field="media"):
    stage.token = stage.token or stage.fetch_token()
    return stage.http.post(
        "/cgi-bin/media/upload",
        query_string={"access_token": stage.token, "type": kind},
        data={field: (io.BytesIO(content), filename)},
    ).get_json()


def download(stage, media_id):
    query = {"access_token": stage.token or stage.fetch_token(), "media_id": media_id}
    return stage.http.get("/cgi-bin/media/get", query_string=query)


# --- what people send -------------------------------------------------------------------------


def test_a_photo_can_be_fetched_by_its_id(stage, product):
    stage.do("photo")

    heard = product.last
    assert heard["MsgType"] == "image"
    got = download(stage, heard["MediaId"])
    assert got.data.startswith(b"\xff\xd8\xff")
    assert got.headers["Content-disposition"] == 'attachment; filename="photo.jpg"'
    assert stage.chat()[-1]["media_id"] == heard["MediaId"]


def test_a_photo_of_ones_own_is_sent_as_it_is(stage, product):
    answer = stage.http.post(f"/phone/{WANG}/photo", data={"file": (io.BytesIO(JPEG), "me.jpg")})
    stage.fate(answer.get_json()["push_id"])

    assert download(stage, product.last["MediaId"]).data == JPEG


@pytest.mark.parametrize(
    ("recognition", "words"), [("off", None), ("empty", ""), ("text", "打印机坏了")]
)
def test_a_voice_comes_with_as_much_text_as_the_rules_say(stage, product, recognition, words):
    stage.rules(recognition=recognition)

    stage.do("voice", seconds=7, words="打印机坏了")

    assert (product.last["MsgType"], product.last["Format"]) == ("voice", "amr")
    assert product.last.root.findtext("Recognition") == words
    assert stage.chat()[-1]["seconds"] == 7
    assert download(stage, product.last["MediaId"]).data.startswith(b"#!AMR\n")


def test_a_film_is_fetched_in_two_steps(stage, product):
    stage.do("video")

    assert product.last["ThumbMediaId"]
    address = download(stage, product.last["MediaId"]).get_json()["video_url"]
    assert stage.http.get(address).data[4:8] == b"ftyp"


def test_a_place_has_its_latitude_in_x(stage, product):
    stage.do("location", latitude=31.2, longitude=121.4, label="A座 三楼")

    heard = product.last
    assert (float(heard["Location_X"]), float(heard["Location_Y"])) == (31.2, 121.4)
    assert heard["Label"] == "A座 三楼"


def test_a_tapped_line_carries_its_id_and_a_typed_one_does_not(stage, product):
    stage.do("tap", content="接单", id="ack:7")
    stage.do("say", text="接单")

    tapped, typed = product.heard
    assert (tapped["Content"], tapped["bizmsgmenuid"]) == ("接单", "ack:7")
    assert (typed["Content"], typed.root.find("bizmsgmenuid")) == ("接单", None)


def test_media_expire_after_three_days(stage, product):
    stage.do("photo")
    media_id = product.last["MediaId"]

    stage.advance(3 * 86400 - 1)
    stage.token = ""
    assert download(stage, media_id).data.startswith(b"\xff\xd8\xff")
    stage.advance(1)

    assert download(stage, media_id).get_json()["errcode"] == 40007
    assert stage.http.get(f"/media/{media_id}").status_code == 200


def test_an_uploaded_picture_can_be_sent(stage):
    stage.do("say", text="在吗")
    media_id = upload(stage)["media_id"]
    body = {"touser": WANG, "msgtype": "image", "image": {"media_id": media_id}}

    assert stage.api("/cgi-bin/message/custom/send", body)["errcode"] == 0

    assert stage.chat()[-1]["kind"] == "image"
    stage.advance(3 * 86400)
    stage.token = ""
    assert stage.api("/cgi-bin/message/custom/send", body)["errcode"] == 40007


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"kind": "hologram"}, 40004),
        ({"field": "file"}, 41005),
        ({"content": b""}, 44001),
        ({"filename": "a.exe"}, 40005),
        ({"kind": "voice", "filename": "a.jpg"}, 40005),
        ({"kind": "thumb", "content": JPEG + bytes(64 * 1024)}, 45001),
    ],
)
def test_an_upload_that_breaks_a_limit_is_refused(stage, change, errcode):
    assert upload(stage, **change)["errcode"] == errcode


def test_media_without_an_id_are_missed(stage):
    assert stage.api("/cgi-bin/media/get")["errcode"] == 41006


# --- following and scanning -------------------------------------------------------------------


def test_following_and_leaving_are_told(stage, product):
    stage.do("unfollow")
    stage.do("follow")

    assert [heard["Event"] for heard in product.heard] == ["unsubscribe", "subscribe"]
    assert product.last["EventKey"] == ""


def test_who_does_not_follow_can_say_nothing(stage):
    stage.do("unfollow")

    answer = stage.http.post(f"/phone/{WANG}/say", json={"text": "喂"})

    assert (answer.status_code, answer.get_json()) == (409, {"error": "还没有关注"})


def code(stage, scene="bind:7f3a", **more):
    body = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}, **more}
    return stage.api("/cgi-bin/qrcode/create", body)


def test_a_follower_who_scans_sends_the_scene(stage, product):
    ticket = code(stage, expire_seconds=600)["ticket"]

    stage.do("scan", scene="bind:7f3a")

    heard = product.last
    assert (heard["Event"], heard["EventKey"]) == ("SCAN", "bind:7f3a")
    assert heard["Ticket"] == ticket
    assert [stage.send_text() for _ in range(4)] == [0, 0, 0, 45047]


def test_a_newcomer_who_scans_follows_with_the_scene(stage, product):
    stage.do("unfollow")
    code(stage, expire_seconds=600)

    stage.do("scan", scene="bind:7f3a")

    assert (product.last["Event"], product.last["EventKey"]) == ("subscribe", "qrscene_bind:7f3a")
    info = stage.api("/cgi-bin/user/info", openid=WANG)
    assert (info["subscribe_scene"], info["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", "bind:7f3a")


def test_an_expired_code_sends_nothing(stage, product):
    code(stage, expire_seconds=600)
    stage.advance(600)

    answer = stage.http.post(f"/phone/{WANG}/scan", json={"scene": "bind:7f3a"})

    assert answer.status_code == 409
    assert product.heard == []
    assert stage.seen() == ["二维码已过期"]


def test_a_code_without_an_end_has_none_in_its_answer(stage):
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "lobby"}}}

    assert set(stage.api("/cgi-bin/qrcode/create", body)) == {"ticket", "url"}


@pytest.mark.parametrize(
    "change",
    [{"scene": ""}, {"scene": "s" * 65}, {"expire_seconds": 2592001}, {"action_name": "QR"}],
)
def test_a_code_that_breaks_a_limit_is_refused(stage, change):
    assert code(stage, **change)["errcode"] == 40053


def test_a_codes_picture_needs_its_ticket(stage):
    ticket = code(stage)["ticket"]

    shown = stage.http.get("/cgi-bin/showqrcode", query_string={"ticket": ticket})
    assert shown.data.startswith(b"\xff\xd8\xff")
    assert stage.http.get("/cgi-bin/showqrcode?ticket=none").status_code == 404


# --- what the account is told of them ---------------------------------------------------------


def test_neither_name_nor_picture_is_told(stage):
    info = stage.api("/cgi-bin/user/info", openid=WANG)

    assert (info["subscribe"], info["nickname"], info["headimgurl"]) == (1, "", "")
    assert stage.api("/cgi-bin/user/info", openid=STRANGER)["errcode"] == 40003


def test_who_left_is_told_by_one_field(stage):
    stage.do("unfollow")

    assert stage.api("/cgi-bin/user/info", openid=WANG) == {"subscribe": 0, "openid": WANG}
    assert stage.api("/cgi-bin/user/get")["data"] == {"openid": [ZHOU]}


def test_the_list_of_followers_ends_with_a_page_without_data(stage):
    first = stage.api("/cgi-bin/user/get")

    assert (first["total"], first["count"], first["data"]) == (2, 2, {"openid": [WANG, ZHOU]})
    last = stage.api("/cgi-bin/user/get", next_openid=first["next_openid"])
    assert (last["count"], "data" in last) == (0, False)


def test_a_remark_of_thirty_characters_is_kept(stage):
    path = "/cgi-bin/user/info/updateremark"

    assert stage.api(path, {"openid": WANG, "remark": "财" * 30})["errcode"] == 0
    assert stage.api(path, {"openid": WANG, "remark": "财" * 31})["errcode"] == 45001

    assert stage.api("/cgi-bin/user/info", openid=WANG)["remark"] == "财" * 30


def test_somebody_new_may_join(stage, product):
    person = {"openid": STRANGER, "name": "新人", "role": "requester"}

    assert stage.control("people", **person).status_code == 201

    stage.do("say", STRANGER, text="您好")
    assert product.last["FromUserName"] == STRANGER
    assert stage.control("people", openid="", name="x").status_code == 400


def test_nobodys_phone_does_not_exist(stage):
    assert stage.http.post(f"/phone/{STRANGER}/say", json={"text": "喂"}).status_code == 404
    assert stage.http.get(f"/phone/{STRANGER}/chat").status_code == 404
