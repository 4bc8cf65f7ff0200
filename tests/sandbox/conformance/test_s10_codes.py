"""§10: QR codes that can be scanned, and short keys."""

import io

import pytest
import segno
from PIL import Image

from tests.sandbox.stage import WANG

CREATE = "/cgi-bin/qrcode/create"
SHORT = "/cgi-bin/shorten"


def create(account, scene="bind:7f3a", **changes):
    info = {"scene": {"scene_str": scene} if isinstance(scene, str) else {"scene_id": scene}}
    action = "QR_STR_SCENE" if isinstance(scene, str) else "QR_SCENE"
    return account.call(CREATE, {"action_name": action, "action_info": info, **changes})


def scan(account, **what):
    return account.ask("POST", f"/phone/{WANG}/scan", json=what)


def modules(picture):
    """The squares of a drawn code, row by row, without its quiet zone."""
    image = picture.convert("L").point(lambda tone: 255 * (tone < 128))
    left, top, right, bottom = image.getbbox()
    code = picture.crop((left, top, right, bottom)).convert("L")
    for version in range(1, 41):
        side = 17 + 4 * version
        if code.width % side == 0:
            step = code.width // side
            at = [step * place + step // 2 for place in range(side)]
            yield [[int(code.getpixel((x, y)) < 128) for x in at] for y in at]


def test_a_code_lives_as_long_as_it_says_and_at_least_sixty_seconds(account):
    told = create(account, expire_seconds=604800)

    assert told.keys() == {"ticket", "url", "expire_seconds"}
    assert told["url"].startswith("http://weixin.qq.com/q/")
    assert create(account)["expire_seconds"] == 60


def test_a_code_without_an_end_says_so(account):
    told = create(account, "lobby", action_name="QR_LIMIT_STR_SCENE")

    assert told.keys() == {"ticket", "url"}
    account.advance(31 * 86400)
    assert scan(account, scene="lobby").status_code == 200


@pytest.mark.parametrize(
    ("scene", "changes"),
    [
        ("", {}),
        ("s" * 65, {}),
        ("a", {"expire_seconds": 2_592_001}),
        ("a", {"action_name": "QR"}),
        (0, {}),
        (2**32, {}),
        (100_001, {"action_name": "QR_LIMIT_SCENE"}),
    ],
)
def test_40053_when_a_code_breaks_a_limit(account, scene, changes):
    assert create(account, scene, **changes)["errcode"] == 40053


def test_45029_when_there_are_too_many_without_an_end(account):
    assert account.live.get("/control/rules")["permanent_codes"] == 100_000
    account.live.rules(permanent_codes=1)
    create(account, "lobby", action_name="QR_LIMIT_STR_SCENE")

    told = create(account, "door", action_name="QR_LIMIT_STR_SCENE")

    assert told["errcode"] == 45029


def test_the_picture_is_a_real_code_of_the_url_with_a_quiet_zone(account):
    told = create(account)

    shown = account.ask("GET", "/cgi-bin/showqrcode", params={"ticket": told["ticket"]})

    assert shown.headers["Content-Type"] == "image/jpg"
    picture = Image.open(io.BytesIO(shown.content))
    assert picture.size == (430, 430)
    wanted = [list(row) for row in segno.make(told["url"], error="m", micro=False).matrix]
    assert wanted in list(modules(picture))
    edge = picture.convert("L").crop((0, 0, 430, 4 * 430 // 45))
    assert min(edge.tobytes()) > 200


def test_404_when_the_ticket_of_a_picture_is_unknown(account):
    assert account.ask("GET", "/cgi-bin/showqrcode?ticket=none").status_code == 404


def test_what_a_code_holds_is_scanned_by_a_follower(account, product):
    told = create(account)

    account.live.do(WANG, "scan", url=told["url"])

    assert (product.last["Event"], product.last["EventKey"]) == ("SCAN", "bind:7f3a")
    assert product.last["Ticket"] == told["ticket"]


def test_who_scans_and_does_not_follow_yet_follows_with_the_scene(account, product):
    told = create(account)
    account.live.do(WANG, "unfollow")

    account.live.do(WANG, "scan", url=told["url"])

    assert (product.last["Event"], product.last["EventKey"]) == ("subscribe", "qrscene_bind:7f3a")
    info = account.call("/cgi-bin/user/info", openid=WANG)
    assert (info["subscribe_scene"], info["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", "bind:7f3a")


def test_a_scene_may_be_a_number(account, product):
    create(account, 2026)
    account.live.do(WANG, "unfollow")

    account.live.do(WANG, "scan", scene="2026")

    assert product.last["EventKey"] == "qrscene_2026"
    assert account.call("/cgi-bin/user/info", openid=WANG)["qr_scene"] == 2026


@pytest.mark.parametrize("by", ["scene", "url"])
def test_a_code_that_expired_says_so_and_sends_nothing(account, product, by):
    told = {**create(account, expire_seconds=60), "scene": "bind:7f3a"}
    account.advance(60)

    answer = scan(account, **{by: told[by]})

    assert (answer.status_code, answer.json()) == (409, {"error": "二维码已过期"})
    assert product.heard == []
    assert account.live.seen(WANG) == ["二维码已过期"]


@pytest.mark.parametrize(
    "url", ["http://weixin.qq.com/q/none", "https://weixin.qq.com/r/none", "WIFI:S:lobby;;"]
)
def test_a_code_that_is_nobodys_opens_nothing(account, url):
    assert scan(account, url=url).status_code == 409


@pytest.mark.parametrize("url", ["https://desk.example.com/asset/7", "http://p1.localhost:9/h5"])
def test_any_other_address_is_opened_as_a_page(account, product, url):
    assert scan(account, url=url).json() == {"open": url}
    assert product.heard == []


def test_the_codes_that_live_can_be_listed(account):
    create(account, "short", expire_seconds=60)
    told = create(account, "long", expire_seconds=600)
    account.advance(60)

    (code,) = account.live.get("/control/qrcodes")["qrcodes"]

    assert (code["ticket"], code["url"], code["scene"]) == (told["ticket"], told["url"], "long")
    assert code["expires_at"] > account.live.get("/control/clock")["now"]


# --- short keys -------------------------------------------------------------------------------


def test_a_short_key_stands_for_long_data(account):
    made = account.call(f"{SHORT}/gen", {"long_data": "工单=7", "expire_seconds": 86400})
    assert len(made["short_key"]) == 15

    told = account.call(f"{SHORT}/fetch", {"short_key": made["short_key"]})

    assert (told["long_data"], told["expire_seconds"]) == ("工单=7", 86400)


@pytest.mark.parametrize(
    "body",
    [
        {"long_data": ""},
        {"long_data": "a" * 4097},
        {"long_data": "a", "expire_seconds": 2_592_001},
    ],
)
def test_40097_when_data_are_too_long_or_for_too_long(account, body):
    assert account.code(f"{SHORT}/gen", body) == 40097


def test_40097_when_a_short_key_is_unknown_or_expired(account):
    made = account.call(f"{SHORT}/gen", {"long_data": "a", "expire_seconds": 60})
    account.advance(60)

    assert account.code(f"{SHORT}/fetch", made) == 40097
    assert account.code(f"{SHORT}/fetch", {"short_key": "none"}) == 40097
