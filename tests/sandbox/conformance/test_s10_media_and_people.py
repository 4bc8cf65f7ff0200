"""§10: media, and what the account is told of its followers."""

import io

import av
import pytest
from numpy import asarray

from tests.sandbox.conformance.account import JPEG, SEND
from tests.sandbox.stage import STRANGER, WANG, ZHOU

UPLOAD = "/cgi-bin/media/upload"
GET = "/cgi-bin/media/get"
MB = 1024 * 1024


def upload(account, kind="image", content=JPEG, filename="a.jpg"):
    return account.upload(UPLOAD, content, filename, type=kind)


def errcode(answer):
    return answer.json()["errcode"]


# --- media ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "filename", "name"),
    [
        ("image", "a.png", "media_id"),
        ("voice", "a.mp3", "media_id"),
        ("video", "a.mp4", "media_id"),
        ("thumb", "a.jpg", "thumb_media_id"),
    ],
)
def test_each_kind_is_taken(account, kind, filename, name):
    told = upload(account, kind, filename=filename)

    assert told.keys() == {"type", name, "created_at"}


def test_40004_when_the_kind_is_unknown(account):
    assert upload(account, "hologram")["errcode"] == 40004


def test_40005_when_a_file_is_of_another_type(account):
    assert upload(account, filename="a.exe")["errcode"] == 40005
    assert upload(account, "voice", filename="a.jpg")["errcode"] == 40005


def test_41005_when_there_is_no_file(account):
    query = {"access_token": account.token(), "type": "image"}
    answer = account.ask("POST", UPLOAD, params=query, files={"file": ("a.jpg", JPEG)})

    assert errcode(answer) == 41005


def test_44001_when_the_file_is_empty(account):
    assert upload(account, content=b"")["errcode"] == 44001


@pytest.mark.parametrize(
    ("kind", "filename", "most"),
    [
        ("image", "a.jpg", 10 * MB),
        ("voice", "a.mp3", 2 * MB),
        ("video", "a.mp4", 10 * MB),
        ("thumb", "a.jpg", 64 * 1024),
    ],
)
def test_45001_when_a_file_is_too_large(account, kind, filename, most):
    assert upload(account, kind, bytes(most + 1), filename)["errcode"] == 45001
    assert "errcode" not in upload(account, kind, bytes(most), filename)


def test_how_large_a_picture_may_be_is_a_rule(account):
    account.live.rules(image_limit=2 * MB)

    assert upload(account, content=bytes(2 * MB + 1))["errcode"] == 45001


def test_45007_when_a_voice_is_longer_than_a_minute(account):
    frame = b"\x04" + bytes(12)

    assert upload(account, "voice", b"#!AMR\n" + frame * 3100, "a.amr")["errcode"] == 45007
    assert "media_id" in upload(account, "voice", b"#!AMR\n" + frame * 3000, "a.amr")


def test_41006_when_no_media_is_named(account):
    assert errcode(account.download(GET)) == 41006
    assert errcode(account.download(f"{GET}/jssdk")) == 41006


def test_40007_when_media_are_unknown_or_older_than_three_days(account):
    media = upload(account)["media_id"]
    assert errcode(account.download(GET, media_id="none")) == 40007
    account.advance(3 * 86400 - 5)
    assert account.download(GET, media_id=media).content == JPEG

    account.advance(5)

    assert errcode(account.download(GET, media_id=media)) == 40007


@pytest.mark.parametrize(("filename", "shown"), [("a.jpg", "a.jpg"), ("卡纸.jpg", None)])
def test_a_file_is_told_with_its_name(account, filename, shown):
    media = upload(account, filename=filename)["media_id"]

    header = account.download(GET, media_id=media).headers["Content-disposition"]

    assert header == f'attachment; filename="{shown or media + ".jpg"}"'


def test_a_film_is_got_in_two_steps(account):
    media = upload(account, "video", b"film", "a.mp4")["media_id"]

    address = account.download(GET, media_id=media).json()["video_url"]

    assert account.ask("GET", address.removeprefix(account.live.url)).content == b"film"


def test_only_voices_are_got_at_16_k(account, product):
    account.live.do(WANG, "voice", seconds=2)
    picture = upload(account)["media_id"]

    sharp = account.download(f"{GET}/jssdk", media_id=product.last["MediaId16K"])

    assert sharp.content.startswith(b"#!AMR\n")
    assert errcode(account.download(f"{GET}/jssdk", media_id=picture)) == 40007


@pytest.mark.parametrize("seconds", [1, 4, 60])
def test_a_voice_is_amr_that_plays_as_long_as_it_was_spoken(account, product, seconds):
    account.live.do(WANG, "voice", seconds=seconds)
    content = account.download(GET, media_id=product.last["MediaId"]).content

    with av.open(io.BytesIO(content), "r") as voice:
        stream = voice.streams.audio[0]
        played = [asarray(frame.to_ndarray()) for frame in voice.decode(stream)]
        assert (stream.codec.name, stream.rate, stream.channels) == ("amrnb", 8000, 1)

    assert sum(each.shape[-1] for each in played) == seconds * 8000
    assert max(float(abs(each).max()) for each in played) > 0.05
    assert account.live.get(f"/phone/{WANG}/chat")["bubbles"][-1]["seconds"] == seconds


def test_what_is_added_for_good_has_no_end_and_pictures_an_address(account):
    account.live.do(WANG, "say", text="在吗")
    told = account.upload("/cgi-bin/material/add_material", JPEG, "a.jpg", type="image")
    account.advance(40 * 86400)
    account.live.do(WANG, "say", text="在吗")

    body = {"touser": WANG, "msgtype": "image", "image": {"media_id": told["media_id"]}}

    assert account.code(SEND, body) == 0
    assert account.ask("GET", told["url"].removeprefix(account.live.url)).content == JPEG


def test_40009_when_a_picture_for_articles_is_larger_than_a_megabyte(account):
    path = "/cgi-bin/media/uploadimg"

    assert account.upload(path, bytes(MB + 1), "a.jpg")["errcode"] == 40009
    assert account.upload(path, JPEG, "a.jpg")["url"].startswith(account.live.url)


def test_a_film_of_a_phone_plays(account, product):
    account.live.do(WANG, "video")
    told = account.download(GET, media_id=product.last["MediaId"]).json()
    content = account.ask("GET", told["video_url"].removeprefix(account.live.url)).content

    with av.open(io.BytesIO(content), "r") as film:
        pictures = [frame.to_image() for frame in film.decode(video=0)]

    assert (len(pictures), pictures[0].size) == (6, (640, 480))


# --- people -----------------------------------------------------------------------------------


def test_a_follower_is_told_without_a_name(account):
    info = account.call("/cgi-bin/user/info", openid=WANG, lang="zh_CN")

    assert (info["subscribe"], info["nickname"], info["headimgurl"]) == (1, "", "")
    assert info.keys() >= {"subscribe_time", "remark", "tagid_list", "subscribe_scene", "unionid"}


def test_who_does_not_follow_is_told_by_one_field(account):
    account.live.do(WANG, "unfollow")

    assert account.call("/cgi-bin/user/info", openid=WANG) == {"subscribe": 0, "openid": WANG}


def test_40003_when_a_follower_is_unknown(account):
    assert account.code("/cgi-bin/user/info", openid=STRANGER) == 40003
    body = {"openid": STRANGER, "remark": "王"}
    assert account.code("/cgi-bin/user/info/updateremark", body) == 40003
    assert account.code(f"{LIST}/batchblacklist", {"openid_list": [STRANGER]}) == 40003


LIST = "/cgi-bin/tags/members"


def test_40032_when_nobody_or_more_than_a_hundred_are_asked_for(account):
    path = "/cgi-bin/user/info/batchget"
    one = {"openid": WANG, "lang": "zh_CN"}

    assert account.code(path, {"user_list": []}) == 40032
    assert account.code(path, {"user_list": [one] * 101}) == 40032
    assert len(account.call(path, {"user_list": [one] * 100})["user_info_list"]) == 100


def test_followers_are_listed_page_by_page_the_last_without_data(account):
    first = account.call("/cgi-bin/user/get")
    assert (first["total"], first["count"], first["data"]["openid"]) == (2, 2, [WANG, ZHOU])

    last = account.call("/cgi-bin/user/get", next_openid=first["next_openid"])

    assert (last["count"], "data" in last) == (0, False)


def test_a_remark_has_up_to_thirty_characters(account):
    path = "/cgi-bin/user/info/updateremark"

    assert account.code(path, {"openid": WANG, "remark": "财" * 30}) == 0
    assert account.code(path, {"openid": WANG, "remark": "财" * 31}) == 45001
    assert account.call("/cgi-bin/user/info", openid=WANG)["remark"] == "财" * 30


def test_who_is_blacklisted_is_listed_unheard_and_may_come_back(account, product):
    assert account.code(f"{LIST}/batchblacklist", {"openid_list": [WANG]}) == 0
    listed = account.call(f"{LIST}/getblacklist", {"begin_openid": ""})
    assert (listed["total"], listed["data"]["openid"]) == (1, [WANG])
    assert account.live.do(WANG, "say", text="喂")["outcome"] == "dropped"

    assert account.code(f"{LIST}/batchunblacklist", {"openid_list": [WANG]}) == 0

    assert account.live.do(WANG, "say", text="喂")["outcome"] == "silent"


def test_40032_when_more_than_twenty_are_blacklisted(account):
    assert account.code(f"{LIST}/batchblacklist", {"openid_list": [WANG] * 21}) == 40032
