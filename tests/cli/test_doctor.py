"""`run.py doctor` on a live sandbox: all is right, and each wrong set-up is named (Y3)."""

import json
import re
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from cli import doctor as command
from cli.checks import here
from cli.checks.finding import Check
from domain.permissions import Role
from models import Clerk, InboxMessage, Notice, NoticeState, Person
from services import people
from services.people import NewPerson
from tests.bot.api_server import answers, api_server, raw, refuses
from tests.cli.doctor_room import APP_ID, SECRET, TOKEN, Account, people_of_the_desk, tree_of
from tests.databases import migrate
from tests.sandbox import live
from tests.sandbox.stage import CLERK, WANG, ZHOU, running_product

NAMES = [check.name for check in command.CHECKS]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """One sandbox, one server and one desk that is set up, for all of these tests."""
    folder = tmp_path_factory.mktemp("doctor")
    with pytest.MonkeyPatch.context() as patch, running_product() as product:
        patch.setattr(live, "SECRET", SECRET)
        patch.setattr(live, "APP_ID", APP_ID)
        patch.setattr(live, "TOKEN", TOKEN)
        patch.setattr("tests.sandbox.stage.TOKEN", TOKEN)
        with live.running_sandbox(folder, product.url) as sandbox:
            sandbox.post(f"/control/kf/{CLERK}/online", is_online=True)
            stage = Stage(folder, sandbox, product.url.removesuffix("/wechat"))
            stage.set_up()
            yield stage


@dataclass
class Stage:
    folder: Path
    sandbox: live.Live
    public_url: str

    @property
    def template(self) -> Path:
        return self.folder / "ready.sqlite"

    def set_up(self) -> None:
        migrate(f"sqlite:///{self.template}")
        account = self.account(self.folder, self.template)
        people_of_the_desk(account)
        account.publish()

    def account(self, folder: Path, database: Path) -> Account:
        tree = tree_of(folder, self.sandbox.url, self.public_url, f"sqlite:///{database}")
        account = Account(folder, self.sandbox, tree)
        account.write()
        return account


@pytest.fixture
def account(stage, tmp_path, monkeypatch):
    for name in ("APP_SECRET", "TOKEN", "ENCODING_AES_KEY"):
        monkeypatch.delenv(f"ITDESK_WECHAT__{name}", raising=False)
    before = stage.sandbox.get("/control/rules")
    database = Path(shutil.copy(stage.template, tmp_path / "desk.sqlite"))
    account = stage.account(tmp_path, database)
    yield account
    stage.sandbox.rules(**before)
    if account.is_disturbed:
        stage.account(stage.folder, stage.template).run("menu", "retag")
        stage.account(stage.folder, stage.template).publish()


def of(findings, mark):
    return [row for row in findings if row["mark"] == mark]


def the_one(findings, mark="wrong"):
    """The only finding of this mark; what it says and advises, as one text."""
    (row,) = of(findings, mark)
    return f"{row['text']}\n{row['advice']}"


# --- an account that is right --------------------------------------------------------------------


def test_a_right_account_has_nothing_but_right_lines(account):
    findings = account.findings()

    assert [row for row in findings if row["mark"] != "right"] == []
    assert [row["check"] for row in findings] == NAMES


def test_the_lines_are_aligned_and_counted(account):
    result = account.run("doctor")

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[-1] == f"正常 {len(NAMES)}，留意 0，要改 0。"
    assert lines[0].startswith("✓ 设置        格式都对")
    assert all(line.startswith("✓ ") for line in lines[:-1])


def test_looking_asks_and_changes_nothing(account):
    """No menu, tag or remark is written, no quota cleared, nobody is sent anything."""
    last = account.sandbox.get("/control/journal")["entries"][-1]["id"]

    account.findings()

    entries = account.sandbox.get(f"/control/journal?after={last}")["entries"]
    assert {each["path"] for each in entries if each["direction"] == "api"} <= ASKED


ASKED = {
    "/cgi-bin/stable_token",
    "/cgi-bin/getcallbackip",
    "/cgi-bin/callback/check",
    "/cgi-bin/ticket/getticket",
    "/cgi-bin/menu/get",
    "/cgi-bin/menu/trymatch",
    "/cgi-bin/tags/get",
    "/cgi-bin/tags/getidlist",
    "/cgi-bin/template/get_all_private_template",
    "/cgi-bin/customservice/getkflist",
    "/cgi-bin/customservice/getonlinekflist",
    "/cgi-bin/openapi/quota/get",
}


def test_only_one_check_and_an_unknown_one(account):
    assert [row["check"] for row in account.findings("menu", "token")] == ["token", "menu"]
    assert account.run("doctor", "--only", "nonsense").exit_code == 2


def test_what_is_wrong_is_a_line_with_what_to_do_below_and_the_exit_code_is_one(account):
    account.sandbox.rules(kf_enabled=False)

    result = account.run("doctor", "--only", "kf")

    assert result.exit_code == 1
    first, second, last = result.output.splitlines()
    assert first == "✗ 客服  客服功能没有开，转人工没人接得到。"
    assert second.startswith("        → 新的功能 → 添加功能插件 → 客服功能")
    assert last == "正常 0，留意 0，要改 1。"


# --- each thing that may be wrong ----------------------------------------------------------------


def test_a_wrong_setting_is_named_and_nothing_else_is_looked_at(account):
    account.set("wechat", modus="safe")

    told = the_one(account.findings())

    assert "wechat.modus" in told


@pytest.mark.parametrize(
    ("values", "mark", "told"),
    [
        ({"encoding_aes_key": "a" * 42}, "wrong", "42 位，应是 43 位"),
        ({"token": "ab"}, "wrong", "令牌(Token)"),
        ({"app_id": "wxshort"}, "wrong", "wechat.app_id"),
        ({"app_secret": "x" * 31}, "wrong", "31 位，应是 32 位"),
        ({"mode": "compat"}, "look", "兼容模式"),
        ({"mode": "plain"}, "look", "只能在本机"),
        ({"mode": "plain", "api_base_url": "https://api.weixin.qq.com"}, "wrong", "明文"),
        ({"original_id": None}, "look", "原始ID"),
        ({"stable_token": False}, "look", "stable_token"),
    ],
)
def test_settings_have_the_shapes_of_the_backend(account, values, mark, told):
    account.set("wechat", **values)

    assert told in the_one(account.findings("settings"), mark)


def test_a_secret_that_others_can_read_is_told_with_its_file_and_never_shown(
    account, tmp_path, monkeypatch
):
    secret = tmp_path / "app_secret"
    secret.write_text(SECRET)
    secret.chmod(0o644)
    monkeypatch.setenv("ITDESK_WECHAT__APP_SECRET_FILE", str(secret))

    told = the_one(account.findings("secrets"))

    assert f"chmod 600 {secret}" in told and SECRET not in told
    secret.chmod(0o600)
    account.config.chmod(0o640)
    assert "token、encoding_aes_key 所在的" in the_one(account.findings("secrets"))


def test_secrets_of_the_environment_need_no_file(account, monkeypatch):
    account.config.chmod(0o644)
    for name, key in (
        ("APP_SECRET", "app_secret"),
        ("TOKEN", "token"),
        ("ENCODING_AES_KEY", "encoding_aes_key"),
    ):
        monkeypatch.setenv(f"ITDESK_WECHAT__{name}", account.tree["wechat"][key])

    assert of(account.findings("secrets"), "wrong") == []


def test_a_database_without_tables_or_that_is_away_keeps_nobody_from_looking_on(account, tmp_path):
    account.set("database", url=f"sqlite:///{tmp_path / 'empty.sqlite'}")
    findings = account.findings("database", "token", "staff", "menu")
    assert "run.py migrate" in the_one(findings)
    assert [row["check"] for row in of(findings, "look")] == ["menu", "staff"]
    assert [row["check"] for row in of(findings, "right")] == ["token"]

    account.set("database", url="postgresql+psycopg://nobody:s3cret@127.0.0.1:9/desk")
    told = the_one(account.findings("database", "token"))
    assert "没有应答" in told and "s3cret" not in told


def test_a_folder_that_cannot_be_written_and_a_full_disk_are_told(account, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    account.set("storage", media="/proc/nowhere", spool=str(tmp_path / "spool"))
    assert "/proc/nowhere 写不进去" in the_one(account.findings("folders"))

    account.set("storage", media=str(tmp_path / "media"))
    for free, mark in ((100, "wrong"), (900, "look")):
        monkeypatch.setattr(here, "_free", lambda _, free=free: free)
        assert f"剩 {free} MB" in the_one(account.findings("folders"), mark)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"allowed_ips": ["203.0.113.9"]}, "IP白名单，加上 127.0.0.1"),
        ({"is_secret_frozen": True}, "解冻"),
    ],
)
def test_a_token_that_is_refused_says_why_and_nothing_else_is_asked(account, rules, told):
    account.sandbox.rules(**rules)

    findings = account.findings("token", "menu", "quotas", "staff")

    assert told in the_one(findings)
    assert [row["check"] for row in of(findings, "look")] == ["menu", "quotas"]


def test_a_wrong_secret_or_account_is_told_without_the_secret(account):
    account.set("wechat", app_secret="0" * 32)
    assert "AppSecret 不对" in the_one(account.findings("token"))

    account.set("wechat", app_id="wxffffffffffffffff")
    assert "没有这个 AppID" in the_one(account.findings("token"))


def test_an_api_that_cannot_be_reached_is_told(account):
    account.set("wechat", api_base_url="http://127.0.0.1:9")

    assert "连不上微信接口" in the_one(account.findings("token"))


@pytest.fixture
def scripted(account):
    """The platform answering what the sandbox never does."""
    with api_server() as server:
        server.on("/cgi-bin/stable_token", answers(access_token="T", expires_in=7200))
        server.on("/cgi-bin/getcallbackip", answers(ip_list=["127.0.0.1"]))
        account.set("wechat", api_base_url=server.url)
        yield server


@pytest.mark.parametrize(
    ("off", "mark"), [(0, "right"), (30, "look"), (-30, "look"), (600, "wrong"), (-600, "wrong")]
)
def test_the_clocks_are_compared(account, scripted, monkeypatch, off, mark):
    monkeypatch.setattr(
        "bot.client.WeChatClient.clock_skew", property(lambda _: timedelta(seconds=off))
    )

    assert len(of(account.findings("clock"), mark)) == 1


def test_no_networks_of_the_platform_are_worth_a_look(account, scripted):
    scripted.on("/cgi-bin/getcallbackip", answers(ip_list=[]))

    assert "没有给出地址" in the_one(account.findings("callback_ips"), "look")


def test_a_server_that_holds_another_token_is_named(account):
    with api_server() as server:
        server.on("/wechat", raw(b"", status=403))
        account.set("server", public_url=server.url)

        assert "不认这边的令牌" in the_one(account.findings("server_url"))


def test_an_address_where_nobody_or_somebody_else_answers_is_named(account):
    account.set("server", public_url="http://127.0.0.1:9")
    assert "连不上" in the_one(account.findings("server_url"))

    with api_server() as server:
        account.set("server", public_url=server.url)
        assert "404" in the_one(account.findings("server_url"))

    account.set("server", public_url="https://desk.example.com:8443")
    assert "只认 80 和 443" in the_one(account.findings("server_url"))


def test_an_address_that_answers_whoever_asks_is_named(account):
    def echo(handler):
        raw(re.findall(r"echostr=(\d+)", handler.path)[0].encode())(handler)

    with api_server() as server:
        server.on("/desk/wechat", echo)
        account.set("server", public_url=f"{server.url}/desk")

        assert "签名不对也照答" in the_one(account.findings("server_url"))


def test_without_a_public_address_the_server_is_asked_on_this_machine(account, stage):
    port = int(stage.public_url.rpartition(":")[2])
    account.set("server", public_url="", host="0.0.0.0", port=port)

    findings = account.findings("server_url", "public_url", "jssdk")

    assert len(of(findings, "right")) == 1
    assert [row["check"] for row in of(findings, "look")] == ["server_url", "public_url", "jssdk"]


def test_a_callback_that_is_not_enabled_is_named(account):
    account.sandbox.rules(callback_is_set=False)

    assert "点启用" in the_one(account.findings("platform_check"))


@pytest.mark.parametrize(
    ("answer", "mark", "told"),
    [
        ({"dns": [], "ping": []}, "wrong", "域名解析"),
        (
            {"dns": [{"ip": "1.2.3.4"}], "ping": [{"ip": "1.2.3.4", "package_loss": "100%"}]},
            "wrong",
            "丢包 100%",
        ),
        (
            {"dns": [{"ip": "1.2.3.4"}], "ping": [{"ip": "1.2.3.4", "package_loss": "25%"}]},
            "look",
            "丢包 25%",
        ),
    ],
)
def test_what_the_platform_meets_on_its_way_is_told(account, scripted, answer, mark, told):
    scripted.on("/cgi-bin/callback/check", answers(errcode=0, errmsg="ok", **answer))

    assert told in the_one(account.findings("platform_check"), mark)


def test_a_desk_that_hears_nothing_any_more_is_worth_a_look(account):
    account.now += timedelta(days=4)
    assert "再没有收到过" in the_one(account.findings("last_callback"), "look")

    with account.writing() as session:
        session.execute(delete(InboxMessage))
    assert "还没有收到过" in the_one(account.findings("last_callback"), "look")


def test_pages_need_https_and_the_files_of_their_domain(account):
    account.set("server", public_url="http://desk.example.com")
    assert "不是 https" in the_one(
        [row for row in account.findings("public_url") if row["mark"] == "wrong"]
    )

    with api_server() as server:
        server.on("/MP_verify_a.txt", raw(b"abc\n"))
        account.set("server", public_url=server.url)
        account.set("wechat", domain_files={"MP_verify_a.txt": "abc"})
        assert of(account.findings("public_url"), "wrong") == []
        account.set("wechat", domain_files={"MP_verify_a.txt": "other"})
        assert "MP_verify_a.txt 的内容" in the_one(account.findings("public_url"))
    assert "打不开" in the_one(account.findings("public_url"))


def test_a_ticket_for_pages_that_is_refused_is_told(account, scripted):
    scripted.on("/cgi-bin/ticket/getticket", refuses(48001, "api unauthorized"))

    assert "/cgi-bin/ticket/getticket 的权限" in the_one(account.findings("jssdk"))


def test_menus_that_are_not_ours_are_named_and_mended(account):
    account.set("server", public_url="")
    assert "run.py menu publish" in the_one(account.findings("menu"))
    assert "run.py menu publish" in account.run("menu", "check").output

    account.publish()

    assert of(account.findings("menu"), "wrong") == []
    assert account.run("menu", "check").exit_code == 0


def test_somebody_who_gets_anothers_menu_is_named_and_mended(account):
    """In the backend somebody has taken the engineer's tag off."""
    body = {"tagid": account.tags()["工程师"], "openid_list": [ZHOU]}
    account.api("/cgi-bin/tags/members/batchuntagging", body)

    findings = account.findings("menu", "tags")
    checked = account.run("menu", "check")

    assert [row["check"] for row in of(findings, "wrong")] == ["menu", "tags"]
    assert all("run.py menu retag" in row["advice"] for row in of(findings, "wrong"))
    assert checked.exit_code == 1 and "✗ 工程师菜单：周工看到的是别的" in checked.output
    assert account.run("menu", "retag").exit_code == 0
    assert of(account.findings("menu", "tags"), "wrong") == []


def test_a_tag_that_was_deleted_is_named_and_put_on_anew(account):
    account.api("/cgi-bin/tags/delete", {"tag": {"id": account.tags()["工程师"]}})
    assert "没有这些标签：工程师" in the_one(account.findings("tags"))

    told = account.run("menu", "publish").output

    assert "给 1 人换好了标签" in told and "✓ 工程师菜单：周工看到的就是它" in told
    assert of(account.findings("menu", "tags"), "wrong") == []


def test_people_who_wait_for_their_tag_are_counted(account):
    with account.writing() as session:
        session.get_one(Person, 1).roles = frozenset({Role.REQUESTER, Role.DESK})

    assert "有 1 人的标签等着换" in the_one(account.findings("tags"), "look")


def test_templates_are_held_against_those_of_the_account(account):
    template = account.tree["wechat"]["templates"]["notice.assigned"]
    template["fields"] = {"character_string1": "number", "thing9": "symptom", "thing2": "symptom"}
    account.write()
    told = [row["text"] for row in of(account.findings("templates"), "wrong")]
    assert len(told) == 4
    assert "没有 thing9 这一栏" in told[0] and "工单派单通知" in told[0]
    assert [field for text in told[1:] for field in re.findall(r"还有 (\w+) 这", text)] == [
        *("phrase4", "thing3", "time5")
    ]

    template["id"] = "x" * 43
    account.write()
    assert "xxxxxx… 不在账号里" in the_one(account.findings("templates"))

    account.set("wechat", templates={"notice.nonsense": template})
    assert "notice.nonsense 不是通知的名字" in the_one(account.findings("templates"))

    account.set("wechat", templates={})
    assert "两天没说话的人收不到" in the_one(account.findings("templates"), "look")


def test_a_field_of_an_unheard_type_is_worth_a_look(account, scripted):
    account.set("wechat", templates={"notice.assigned": {"id": "t", "fields": {"gadget1": "due"}}})
    row = {"template_id": "t", "title": "通知", "content": "时间:{{gadget1.DATA}}"}
    scripted.on("/cgi-bin/template/get_all_private_template", answers(template_list=[row]))

    assert "gadget1 是没见过的类型" in the_one(account.findings("templates"), "look")


@pytest.mark.parametrize(
    ("listed", "mark", "told"),
    [
        ([], "wrong", "还没有客服账号"),
        ([{"kf_account": CLERK, "kf_nick": "台", "kf_id": "1"}], "wrong", "没有绑定微信：desk1"),
        ([{"kf_account": CLERK, "kf_nick": "台", "kf_id": "1", "kf_wx": "w"}], "look", "在线"),
    ],
)
def test_customer_service_that_nobody_answers_is_named(account, scripted, listed, mark, told):
    scripted.on("/cgi-bin/customservice/getkflist", answers(kf_list=listed))
    scripted.on("/cgi-bin/customservice/getonlinekflist", answers(kf_online_list=[]))

    assert told in the_one(account.findings("kf"), mark)


def test_a_clerk_whom_nobody_knows_is_worth_a_look(account):
    with account.writing() as session:
        session.get_one(Clerk, CLERK).person_id = None

    assert f"run.py clerk map {CLERK}" in the_one(account.findings("kf"), "look")


def test_customer_service_may_be_left_out(account):
    account.set("wechat", customer_service={"enabled": False})

    assert "没有用客服" in the_one(account.findings("kf"), "look")


@pytest.mark.parametrize(("limit", "mark"), [(1000, "look"), (10, "wrong")])
def test_a_quota_that_runs_out_is_told_before_it_has(account, scripted, limit, mark):
    def quota(handler):
        left = {1000: 150, 10: 0}[limit]
        answers(errcode=0, quota={"daily_limit": limit, "used": limit - left, "remain": left})(
            handler
        )

    scripted.on("/cgi-bin/openapi/quota/get", quota)

    assert len(of(account.findings("quotas"), mark)) == 10


def test_an_interface_that_the_account_lacks_is_named(account):
    account.sandbox.rules(unauthorized=["/cgi-bin/message/template/send"])

    assert "没有 /cgi-bin/message/template/send 的权限" in the_one(account.findings("quotas"))


def test_staff_out_of_reach_are_named(account):
    with account.writing() as session:
        new = NewPerson("吴工", frozenset({Role.REQUESTER, Role.ENGINEER}))
        people.add(session, new, account.now)
        people.followed(session, ZHOU, is_following=False)

    told = [row["text"] for row in of(account.findings("staff"), "look")]

    assert told == ["1 位还没有绑定微信：吴工", "1 位取消了关注：周工"]


def test_a_desk_without_staff_is_worth_a_look(account):
    with account.writing() as session:
        session.get_one(Person, 2).roles = frozenset({Role.REQUESTER})

    assert "还没有工作人员" in the_one(account.findings("staff"), "look")


def test_notices_that_nobody_sends_and_those_that_failed_are_told(account):
    with account.writing() as session:
        for state, minutes in ((NoticeState.PENDING, 11), (NoticeState.FAILED, 30)):
            at = account.now - timedelta(minutes=minutes)
            session.add(
                Notice(
                    recipient_id=1,
                    text_key="notice.assigned",
                    say={"key": "notice.assigned", "facts": {}},
                    state=state,
                    created_at=at,
                    valid_until=account.now + timedelta(hours=1),
                    next_try_at=at,
                    settled_at=None if state is NoticeState.PENDING else at,
                )
            )

    findings = account.findings("notices")

    assert "1 条通知过了十分钟还没发" in the_one(findings)
    assert "「未送达」" in the_one(findings, "look")


# --- the menu's own commands ---------------------------------------------------------------------


def test_publishing_again_says_so_and_proves_who_gets_which(account):
    assert account.run("menu", "publish").output.splitlines() == [
        "菜单本来就是这一版，没有动。",
        "✓ 报修人菜单：王芳看到的就是它。",
        "✓ 工程师菜单：周工看到的就是它。",
        "· 服务台菜单：还没有关注的人可以试。",
        "· 负责人菜单：还没有关注的人可以试。",
    ]


def test_a_refusal_is_one_line(account, scripted):
    scripted.on("/cgi-bin/tags/get", refuses(48001, "api unauthorized"))

    for command_name in ("publish", "check"):
        result = account.run("menu", command_name)
        assert result.exit_code == 1
        assert "微信没有答应" in result.output and "48001" in result.output


# --- checks that break ---------------------------------------------------------------------------


def test_a_check_that_breaks_stops_no_other_and_shows_no_secret(account, monkeypatch):
    def breaks(_):
        raise RuntimeError(SECRET)

    broken = [
        Check(each.name, breaks, each.needs) if each.name == "clock" else each
        for each in command.CHECKS
    ]
    monkeypatch.setattr(command, "CHECKS", tuple(broken))

    findings = account.findings()

    assert [row["check"] for row in of(findings, "wrong")] == ["clock"]
    assert len(of(findings, "right")) == len(NAMES) - 1
    assert SECRET not in json.dumps(findings)


@pytest.mark.parametrize("reply", [raw(b"<html>502</html>", status=502), raw(b""), refuses(-1)])
def test_an_answer_that_is_none_is_a_finding_of_its_check_alone(account, scripted, reply):
    scripted.on("/cgi-bin/template/get_all_private_template", reply)

    findings = account.findings("templates", "callback_ips")

    assert [row["check"] for row in of(findings, "wrong")] == ["templates"]
    assert [row["check"] for row in of(findings, "right")] == ["callback_ips"]
    assert WANG not in json.dumps(findings)
