"""`run.py device`: devices kept, taken in from a list, labelled with their codes (F1, A1)."""

import re

import openpyxl
import pytest
from sqlalchemy import select

from domain.category import Category
from domain.permissions import Role
from models import Device, Person
from services import people
from services.people import NewPerson
from tests.bot.api_server import answers, refuses
from tests.cli.conftest import NOW, QR_PATH, QR_URL, write

BOTH = pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
ADD = (
    "device",
    "add",
    "pr-0012",
    "惠普 M404 打印机",
    "--place",
    "三楼财务室",
    "--category",
    "打印机",
)
LIST = """设备台账,,,
编号,名称,类型,地点
PR-0012,惠普 M404 打印机,打印机,三楼财务室
pc-0305,财务室台式机,,三楼财务室
SW-1,交换机,网络,弱电间
"""


def devices_of(database) -> dict[str, Device]:
    with database.reading() as session:
        found = {each.code: each for each in session.scalars(select(Device))}
        session.expunge_all()
        return found


# --- keeping them --------------------------------------------------------------------------------


@BOTH
def test_a_device_is_added_and_listed(run, database):
    done = run(*ADD, "--description", "HP  M404dn")

    assert done.exit_code == 0, done.output
    kept = devices_of(database)["PR-0012"]
    assert (kept.category, kept.place, kept.description) == (
        Category.PRINTER,
        "三楼财务室",
        "HP M404dn",
    )
    assert "PR-0012" in run("device", "list").output


def test_a_second_device_with_the_code_is_refused_with_the_way_on(run):
    run(*ADD)

    again = run(*ADD)

    assert again.exit_code == 1
    assert "run.py device change PR-0012" in again.output


@pytest.mark.parametrize("code", ["打印机", "A B", "x" * 41])
def test_a_code_that_nobody_could_print_or_type_is_refused(run, database, code):
    done = run("device", "add", code, "x", "--place", "y", "--category", "printer")

    assert done.exit_code == 1 and "编号" in done.output
    assert devices_of(database) == {}


def test_what_is_too_long_for_its_column_is_refused(run):
    done = run("device", "add", "A1", "长" * 61, "--place", "y", "--category", "printer")

    assert done.exit_code == 1 and "60" in done.output


def test_facts_are_changed_one_by_one_and_the_owner_by_name(run, database):
    run(*ADD)
    with database.transaction() as session:
        owner = people.add(session, NewPerson("王芳", frozenset()), NOW).id

    run("device", "change", "PR-0012", "--place", "B座201", "--owner", "王芳")

    kept = devices_of(database)["PR-0012"]
    assert (kept.place, kept.name, kept.owner_id) == ("B座201", "惠普 M404 打印机", owner)
    assert "王芳" in run("device", "list").output


@pytest.mark.parametrize(
    "words",
    [
        ("change", "PR-0012"),
        ("change", "XX-1", "--place", "y"),
        ("change", "PR-0012", "--owner", "谁也不是"),
        ("retire", "XX-1"),
        ("show", "XX-1"),
        ("labels", "XX-1"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(run, words):
    run(*ADD)

    done = run("device", *words)

    assert done.exit_code == 1
    assert done.output.startswith("Error: ") and len(done.output.splitlines()) == 1


def test_a_retired_device_leaves_the_list_and_may_come_back(run, database):
    run(*ADD)

    assert "停用" in run("device", "retire", "pr-0012").output
    assert "PR-0012" not in run("device", "list").output
    assert "PR-0012" in run("device", "list", "--all").output
    run("device", "retire", "pr-0012", "--back")
    assert devices_of(database)["PR-0012"].is_active


def test_a_device_is_shown_with_its_tickets(run):
    run(*ADD)

    assert "还没有报修过" in run("device", "show", "PR-0012").output


# --- a list --------------------------------------------------------------------------------------


@BOTH
def test_a_list_is_shown_first_and_written_with_apply(run, database, tmp_path):
    file = write(tmp_path, "devices.csv", LIST)

    shown = run("device", "import", file)
    assert shown.exit_code == 0 and "新增 3" in shown.output and devices_of(database) == {}
    run("device", "import", file, "--apply")

    kept = devices_of(database)
    assert {code: each.category for code, each in kept.items()} == {
        "PR-0012": Category.PRINTER,
        "PC-0305": Category.COMPUTER,  # read from its name
        "SW-1": Category.NETWORK,
    }
    assert "不变 3" in run("device", "import", file).output


def test_a_second_list_changes_what_it_says_and_leaves_the_rest(run, database, tmp_path):
    run("device", "import", write(tmp_path, "1.csv", LIST), "--apply")

    done = run(
        "device", "import", write(tmp_path, "2.csv", "编号,地点\npr-0012,B座201\n"), "--apply"
    )

    assert "地点 三楼财务室 → B座201" in done.output
    kept = devices_of(database)["PR-0012"]
    assert (kept.place, kept.name) == ("B座201", "惠普 M404 打印机")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("打印机一,x,打印机,y", "不能作编号"),
        (",x,打印机,y", "没有编号"),
        ("A1,,打印机,y", "没有名称"),
        ("A1,x,打印机,", "没有地点"),
        ("A1,x,桌椅板凳,y", "对不上一个类型"),
        ("A1,=1+1,打印机,y", "公式"),
        (f"A1,{'长' * 61},打印机,y", "太长"),
        ("pr-0012,x,打印机,y", "和第 3 行是同一个编号"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(run, database, tmp_path, row, why):
    done = run("device", "import", write(tmp_path, "devices.csv", f"{LIST}{row}\n"), "--apply")

    assert done.exit_code == 1
    assert why in done.output and "第 6 行" in done.output
    assert devices_of(database) == {}


def test_an_excel_file_is_read_as_well(run, database, tmp_path):
    book = openpyxl.Workbook(write_only=True)
    table = book.create_sheet()
    for row in (("资产编号", "设备名称", "存放地点"), (20230415, "联想台式机", "A座305")):
        table.append(row)
    book.save(tmp_path / "devices.xlsx")

    run("device", "import", tmp_path / "devices.xlsx", "--apply")
    assert devices_of(database)["20230415"].place == "A座305"


@pytest.mark.parametrize("content", ["", "姓名,电话\n王芳,1\n", "a\0b"])
def test_what_is_no_list_of_devices_is_refused(run, tmp_path, content):
    done = run("device", "import", write(tmp_path, "devices.csv", content))

    assert done.exit_code == 1 and done.output.startswith("Error: devices.csv")


# --- labels --------------------------------------------------------------------------------------


def test_labels_are_printed_with_code_name_place_and_a_qr_code_of_the_platform(
    run, database, wechat, tmp_path
):
    run(*ADD)

    done = run("device", "labels", "--out", tmp_path / "a4.html", "--svg-dir", tmp_path / "svg")

    assert done.exit_code == 0, done.output
    (asked,) = wechat.to(QR_PATH)
    assert asked.json == {
        "action_name": "QR_LIMIT_STR_SCENE",
        "action_info": {"scene": {"scene_str": "dev:PR-0012"}},
    }
    sheet = (tmp_path / "a4.html").read_text(encoding="utf-8")
    for words in ("微信扫一扫报修", "PR-0012", "惠普 M404 打印机", "三楼财务室", "<svg"):
        assert words in sheet
    assert (tmp_path / "svg" / "PR-0012.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert devices_of(database)["PR-0012"].qr_url == QR_URL


def test_a_code_is_made_once_and_for_the_named_devices_only(run, wechat, tmp_path):
    """§10: an account has 100,000 that never end."""
    run(*ADD)
    run("device", "add", "A1", "x", "--place", "y", "--category", "other")

    for _ in range(2):
        run("device", "labels", "pr-0012", "--out", tmp_path / "a4.html")

    assert len(wechat.to(QR_PATH)) == 1


def test_what_was_made_before_a_refusal_is_kept(run, database, wechat, tmp_path):
    """§10: 45029 when the account's codes are used up."""
    run(*ADD)
    run("device", "add", "A1", "x", "--place", "三楼", "--category", "other")
    wechat.on(QR_PATH, answers(ticket="gQ==", url=QR_URL), refuses(45029))

    done = run("device", "labels", "--out", tmp_path / "a4.html")

    assert done.exit_code == 1 and "45029" in done.output
    assert [each.qr_url for each in devices_of(database).values()].count(QR_URL) == 1
    assert not (tmp_path / "a4.html").exists()


def test_words_on_a_label_are_words_only(run, wechat, tmp_path):
    run("device", "add", "A1", "<script>x</script>", "--place", "y & z", "--category", "other")

    run("device", "labels", "--out", tmp_path / "a4.html")

    sheet = (tmp_path / "a4.html").read_text(encoding="utf-8")
    assert "<script" not in sheet and "y &amp; z" in sheet


def test_a_sheet_needs_nothing_from_elsewhere(run, wechat, tmp_path):
    run(*ADD)

    run("device", "labels", "--out", tmp_path / "a4.html")

    sheet = (tmp_path / "a4.html").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\s\"<]+", sheet)) <= {"http://www.w3.org/2000/svg"}


# --- a staff code as QR (H-28) -------------------------------------------------------------------


@pytest.fixture
def zhang(database):
    with database.transaction() as session:
        return people.add(session, NewPerson("张工", frozenset({Role.ENGINEER})), NOW).id


def test_a_staff_code_is_shown_as_a_qr_code_that_ends_with_it_h28(run, zhang, wechat):
    done = run("person", "code", "张工", "--qr")

    (code,) = set(re.findall(r"绑定 (\d{6})", done.output))
    (asked,) = wechat.to(QR_PATH)
    assert asked.json == {
        "action_name": "QR_STR_SCENE",
        "expire_seconds": 3 * 24 * 3600,
        "action_info": {"scene": {"scene_str": f"bind:{code}"}},
    }
    assert done.output.count("█") > 100


def test_or_written_as_a_picture_h28(run, zhang, wechat, tmp_path):
    run("person", "code", "张工", "--qr", tmp_path / "zhang.svg")

    assert "<svg" in (tmp_path / "zhang.svg").read_text(encoding="utf-8")


def test_without_the_platform_the_code_in_words_still_holds_h28(run, database, zhang, wechat):
    wechat.on(QR_PATH, refuses(48001))

    done = run("person", "code", "张工", "--qr")

    assert done.exit_code == 1 and "绑定 " in done.output and "48001" in done.output
    with database.reading() as session:
        assert session.get_one(Person, zhang).name == "张工"


def test_nobody_is_asked_for_a_qr_code_unless_it_is_wanted(run, zhang, wechat):
    run("person", "code", "张工")

    assert wechat.calls == []
