"""§9: web authorization: the address, the code, the tokens, and the snapshot page."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.bot.pushes import APP_ID
from tests.sandbox.stage import SECRET, WANG, ZHOU

BACK = "https://desk.example.com/h5?from=menu"
EXCHANGE = "/sns/oauth2/access_token"


def authorize(account, cookies=None, **changes):
    query = {
        "appid": APP_ID,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "s7",
        **changes,
    }
    query = {name: value for name, value in query.items() if value is not None}
    return account.ask("GET", "/connect/oauth2/authorize", params=query, cookies=cookies)


def code_of(answer):
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def code(account, openid=WANG, **changes):
    return code_of(authorize(account, **{"as": openid, **changes}))


def exchange(account, code, **changes):
    query = {"appid": APP_ID, "secret": SECRET, "grant_type": "authorization_code", **changes}
    return account.bare(EXCHANGE, code=code, **query)


def refresh(account, token, **changes):
    query = {"appid": APP_ID, "grant_type": "refresh_token", "refresh_token": token, **changes}
    return account.bare("/sns/oauth2/refresh_token", **query)


def ask_about(account, granted, **changes):
    query = {"access_token": granted["access_token"], "openid": granted["openid"], **changes}
    return account.bare("/sns/userinfo", lang="zh_CN", **query)


def is_good(account, granted, **changes):
    query = {"access_token": granted["access_token"], "openid": granted["openid"], **changes}
    return account.bare("/sns/auth", **query)["errcode"]


# --- the address ------------------------------------------------------------------------------


def test_the_reader_comes_back_with_code_and_state(account):
    answer = authorize(account, **{"as": WANG})

    where = urlsplit(answer.headers["Location"])
    query = parse_qs(where.query)
    assert (answer.status_code, where.netloc, where.path) == (302, "desk.example.com", "/h5")
    assert (query["from"], query["state"], len(query["code"])) == (["menu"], ["s7"], 1)


def test_the_phone_may_be_known_by_its_cookie(account):
    answer = authorize(account, cookies={"sandbox_phone": ZHOU})

    assert exchange(account, code_of(answer))["openid"] == ZHOU


def test_an_unknown_reader_picks_a_phone(account):
    page = authorize(account)

    assert page.status_code == 200
    assert "选一部手机" in page.text
    assert f'data-openid="{WANG}"' in page.text
    assert "/static/authorize.js" in page.text


def test_each_phone_has_its_own_name_of_this_machine(account):
    here = "http://localhost:9002/h5"

    named = authorize(account, redirect_uri=here, **{"as": ZHOU})
    by_cookie = authorize(account, redirect_uri=here, cookies={"sandbox_phone": ZHOU})

    assert urlsplit(named.headers["Location"]).netloc == "p2.localhost:9002"
    assert urlsplit(by_cookie.headers["Location"]).netloc == "localhost:9002"
    hosts = {each["openid"]: each["host"] for each in account.live.get("/phone/people")["people"]}
    assert hosts == {WANG: "p1", ZHOU: "p2"}


@pytest.mark.parametrize("domain", ["other.example.com", "example.com", "desk.example.com:443"])
def test_10003_when_the_host_is_not_exactly_the_registered_one(account, domain):
    account.live.rules(oauth_domain=domain)

    page = authorize(account, **{"as": WANG})

    assert (page.status_code, "10003" in page.text) == (200, True)


def test_a_registered_host_has_any_port(account):
    account.live.rules(oauth_domain="desk.example.com")

    answer = authorize(account, redirect_uri="https://desk.example.com:8443/h5", **{"as": WANG})

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"redirect_uri": "javascript:alert(1)"}, "10003"),
        ({"redirect_uri": None}, "10011"),
        ({"appid": None}, "10012"),
        ({"appid": "wxffffffffffffffff"}, "40013"),
        ({"scope": None}, "10010"),
        ({"scope": "snsapi_login"}, "10005"),
        ({"response_type": "token"}, "40097"),
        ({"state": "a-b"}, "10013"),
        ({"state": "a" * 129}, "10013"),
    ],
)
def test_what_is_wrong_with_an_address_is_a_page_with_its_number(account, changes, shown):
    page = authorize(account, **{"as": WANG, **changes})

    assert (page.status_code, f">{shown}<" in page.text) == (200, True)


def test_an_address_cannot_put_markup_on_the_page(account):
    page = authorize(account, redirect_uri="ftp://<script>alert(1)</script>")

    assert "<script>alert" not in page.text


def test_snsapi_base_knows_who_does_not_follow(account):
    account.live.do(WANG, "unfollow")

    assert exchange(account, code(account))["openid"] == WANG


# --- the code ---------------------------------------------------------------------------------


def test_a_code_is_exchanged_for_a_token_and_an_openid(account):
    granted = exchange(account, code(account))

    assert granted.keys() == {"access_token", "expires_in", "refresh_token", "openid", "scope"}
    assert (granted["openid"], granted["scope"], granted["expires_in"]) == (
        WANG,
        "snsapi_base",
        7200,
    )


def test_40163_when_a_code_comes_twice(account):
    once = code(account)

    assert "openid" in exchange(account, once)
    assert exchange(account, once)["errcode"] == 40163


def test_42003_when_a_code_is_older_than_five_minutes(account):
    late, good = code(account), None
    account.advance(299)
    good = code(account)
    account.advance(1)

    assert exchange(account, late)["errcode"] == 42003
    assert "openid" in exchange(account, good)


def test_40029_when_a_code_is_unknown(account):
    assert exchange(account, "nonsense")["errcode"] == 40029


def test_41008_when_there_is_no_code(account):
    assert exchange(account, "")["errcode"] == 41008


def test_40013_when_a_code_is_exchanged_for_another_account(account):
    assert exchange(account, code(account), appid="wxffffffffffffffff")["errcode"] == 40013


def test_40125_when_a_code_comes_with_a_wrong_secret(account):
    assert exchange(account, code(account), secret="wrong")["errcode"] == 40125


def test_40002_when_the_grant_type_does_not_fit(account):
    assert exchange(account, code(account), grant_type="refresh_token")["errcode"] == 40002
    assert refresh(account, "x", grant_type="authorization_code")["errcode"] == 40002


# --- tokens of pages --------------------------------------------------------------------------


def test_a_token_of_a_page_is_prolonged_for_thirty_days(account):
    granted = exchange(account, code(account))
    account.advance(7200)
    assert is_good(account, granted) == 42001

    again = refresh(account, granted["refresh_token"])

    assert again["openid"] == WANG
    assert is_good(account, again) == 0


def test_a_token_of_a_page_that_lives_stays_the_same_when_it_is_prolonged(account):
    granted = exchange(account, code(account))

    assert refresh(account, granted["refresh_token"])["access_token"] == granted["access_token"]


def test_42002_when_the_thirty_days_are_over(account):
    granted = exchange(account, code(account))

    account.advance(30 * 86400)

    assert refresh(account, granted["refresh_token"])["errcode"] == 42002


def test_40030_when_a_refresh_token_is_unknown(account):
    assert refresh(account, "nonsense")["errcode"] == 40030


def test_41003_when_a_refresh_token_is_missing(account):
    assert refresh(account, "")["errcode"] == 41003


def test_40001_when_a_token_of_a_page_is_unknown_or_the_accounts_own(account):
    granted = exchange(account, code(account))

    assert is_good(account, granted, access_token=account.token()) == 40001


def test_40003_when_a_token_of_a_page_is_another_persons(account):
    granted = exchange(account, code(account))

    assert is_good(account, granted, openid=ZHOU) == 40003


def test_48001_when_the_silent_scope_asks_for_more_than_the_openid(account):
    granted = exchange(account, code(account))

    assert ask_about(account, granted)["errcode"] == 48001


def test_a_name_and_a_unionid_only_with_snsapi_userinfo(account):
    granted = exchange(account, code(account, scope="snsapi_userinfo"))
    about = ask_about(account, granted)

    assert (about["nickname"], about["province"], about["sex"]) == ("王芳", "", 0)
    assert granted["unionid"] == about["unionid"]
    assert "unionid" not in exchange(account, code(account))


def test_without_an_open_platform_account_there_is_no_unionid(account):
    account.live.rules(has_unionid=False)

    assert "unionid" not in exchange(account, code(account, scope="snsapi_userinfo"))


def test_a_snapshot_page_knows_a_virtual_person_only(account):
    account.live.post(f"/phone/{WANG}/snapshot", is_snapshotuser=True)

    granted = exchange(account, code(account, scope="snsapi_userinfo"))

    assert granted["is_snapshotuser"] == 1
    assert granted["openid"] != WANG
    assert ask_about(account, granted)["nickname"] != "王芳"
    assert account.code("/cgi-bin/user/info", openid=granted["openid"]) == 40003
    assert "is_snapshotuser" not in exchange(account, code(account, ZHOU))


def test_what_was_allowed_may_be_taken_back_which_is_told(account, product):
    granted = exchange(account, code(account))

    account.live.do(WANG, "revoke")

    assert is_good(account, granted) == 40001
    assert (product.last["Event"], product.last["OpenID"]) == ("user_authorization_revoke", WANG)
    assert (product.last["AppID"], product.last["RevokeInfo"]) == (APP_ID, "1")
