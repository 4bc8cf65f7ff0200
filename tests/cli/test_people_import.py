"""`run.py person import`: a list of people, shown first, then all of it or nothing."""

import openpyxl
import pytest
from sqlalchemy import select

from models import Engineer, Person
from tests.cli.conftest import write

BOTH = pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])

PEOPLE = """\
姓名,部门,办公地点,电话,分机,角色,技能,区域,级别
张工,信息部,A座101,13812345678,8001,工程师,打印机;网络,A座、B座,二级
王芳,财务部,A座305,13900001111,,报修人,,,
李敏,信息部,,13700002222,,服务台/管理员,,,
"""
WRONG = PEOPLE + "赵六,销售部,,123,,小丑,,,\n,销售部,C座,,,,,,\n"


@pytest.fixture
def listed(tmp_path):
    return write(tmp_path, "people.csv", PEOPLE)


@pytest.fixture
def everybody(database):
    """What the desk knows of everybody, by name."""

    def read() -> dict[str, tuple]:
        with database.reading() as session:
            rows = session.execute(
                select(Person, Engineer).join(
                    Engineer, Engineer.person_id == Person.id, isouter=True
                )
            ).all()
        return {
            person.name: (person.phone, set(person.roles), card and (set(card.skills), card.level))
            for person, card in rows
        }

    return read


def test_first_it_is_only_shown(run, listed, everybody):
    done = run("person", "import", listed)

    assert done.exit_code == 0
    assert "第 2 行 新增 张工（工程师） 138****5678" in done.output
    assert "新增 3，修改 0，不变 0，有误 0" in done.output
    assert "--apply" in done.output
    assert everybody() == {}


@BOTH
def test_then_it_is_written(run, listed, everybody):
    """F8: skills and level as dispatch weighs them."""
    done = run("person", "import", listed, "--apply")

    assert done.exit_code == 0
    assert everybody() == {
        "张工": ("13812345678", {"engineer"}, ({"printer", "network"}, 2)),
        "王芳": ("13900001111", {"requester"}, None),
        "李敏": ("13700002222", {"desk", "admin"}, None),
    }


def test_new_staff_get_their_codes_and_requesters_need_none(run, listed):
    """Y1: staff join by a code."""
    codes = [
        line
        for line in run("person", "import", listed, "--apply").output.splitlines()
        if "绑定" in line
    ]

    assert [line[:3] for line in codes] == ["请张工", "请李敏"]


@BOTH
def test_the_same_file_twice_changes_nothing(run, listed, everybody):
    run("person", "import", listed, "--apply")
    before = everybody()

    again = run("person", "import", listed, "--apply")

    assert "新增 0，修改 0，不变 3，有误 0" in again.output
    assert "绑定" not in again.output and everybody() == before


@BOTH
def test_what_changed_is_shown_as_it_was_and_as_it_will_be(run, listed, tmp_path, everybody):
    run("person", "import", listed, "--apply")
    newer = PEOPLE.replace("财务部", "审计部").replace("打印机;网络", "电脑")

    done = run("person", "import", write(tmp_path, "newer.csv", newer), "--apply")

    assert "第 2 行 修改 1 号 张工： 技能 打印机, 网络 → 电脑" in done.output
    assert "第 3 行 修改 2 号 王芳： 部门 财务部 → 审计部" in done.output
    assert everybody()["张工"][2] == ({"computer"}, 2)


def test_an_empty_cell_leaves_what_is_known(run, listed, tmp_path, everybody):
    run("person", "import", listed, "--apply")
    before = everybody()

    done = run(
        "person",
        "import",
        write(tmp_path, "x.csv", "姓名,电话,技能\n张工,13812345678,\n"),
        "--apply",
    )

    assert "不变 1" in done.output and everybody() == before


def test_one_wrong_row_and_nothing_is_written(run, tmp_path, everybody):
    done = run("person", "import", write(tmp_path, "wrong.csv", WRONG), "--apply")

    assert done.exit_code == 1
    assert "第 5 行 电话 有误：「123」" in done.output
    assert "第 5 行 角色 有误：没有「小丑」这个角色，可以用：requester" in done.output
    assert "第 6 行 姓名 有误：没有姓名" in done.output
    assert "新增 3，修改 0，不变 0，有误 2" in done.output
    assert everybody() == {}


def test_wrong_rows_can_be_left_out(run, tmp_path, everybody):
    done = run("person", "import", write(tmp_path, "wrong.csv", WRONG), "--apply", "--skip-wrong")

    assert done.exit_code == 0 and set(everybody()) == {"张工", "王芳", "李敏"}


def test_a_dry_run_with_wrong_rows_ends_with_an_error(run, tmp_path):
    assert run("person", "import", write(tmp_path, "wrong.csv", WRONG)).exit_code == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_either_encoding(run, tmp_path, encoding):
    file = write(tmp_path, "people.csv", PEOPLE.encode(encoding))

    assert "新增 3" in run("person", "import", file).output


def test_english_headings_do_as_well(run, tmp_path):
    file = write(
        tmp_path, "people.csv", "Name\tPhone\tRole\tSkills\n张工\t13812345678\tengineer\tprinter\n"
    )

    assert "第 2 行 新增 张工（工程师）" in run("person", "import", file).output


def test_a_workbook_is_read_with_its_numbers_titles_and_blank_rows(run, tmp_path, everybody):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["2026 年人员名单"])
    sheet.merge_cells("A1:D1")
    sheet.append(["姓名*", "电话（手机）", "角色", "级别", "技能"])
    sheet.append(["信息部"])
    sheet.merge_cells("A3:E3")
    sheet.append(["张工", 13812345678.0, "工程师", 3, "printer"])
    sheet.append([])
    sheet.append(["王芳", 13900001111, None, None])
    book.save(tmp_path / "people.xlsx")

    done = run("person", "import", tmp_path / "people.xlsx", "--apply")

    assert "跳过的标题或说明行：3" in done.output
    assert "第 6 行 新增 王芳" in done.output
    assert everybody() == {
        "张工": ("13812345678", {"engineer"}, ({"printer"}, 3)),
        "王芳": ("13900001111", {"requester"}, None),
    }


def test_a_formula_is_not_worked_out(run, tmp_path, everybody):
    """H-25."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["姓名", "部门"])
    book.worksheets[0].append(["张工", "=HYPERLINK(1)"])
    book.save(tmp_path / "people.xlsx")
    csv = write(tmp_path, "people.csv", "姓名,部门\n张工,=1+1\n王芳,@SUM(1)\n")

    for file, row in ((tmp_path / "people.xlsx", 2), (csv, 3)):
        done = run("person", "import", file, "--apply")

        assert done.exit_code == 1
        assert f"第 {row} 行 部门 有误：这里是公式" in done.output
    assert everybody() == {}


def test_a_second_row_about_the_same_person_is_wrong(run, tmp_path):
    file = write(tmp_path, "x.csv", "姓名,电话\n张工,13812345678\n张工,+86 138-1234-5678\n")

    assert "第 3 行 有误：和第 2 行是同一个人" in run("person", "import", file).output


@pytest.mark.parametrize(
    "rows",
    [
        "张工,13812345678,x\n张工,13900001111,y\n",
        "张工,13900001111,y\n张工,13812345678,x\n",
    ],
)
def test_namesakes_are_told_apart_by_their_phones(run, tmp_path, rows, everybody):
    run("person", "add", "张工", "--role", "requester")
    file = write(tmp_path, "x.csv", "姓名,电话,部门\n" + rows)

    first = run("person", "import", file, "--apply")
    again = run("person", "import", file, "--apply")

    assert "新增 1，修改 1，不变 0，有误 0" in first.output
    assert "新增 0，修改 0，不变 2，有误 0" in again.output


def test_a_namesake_without_a_phone_is_asked_for_it(run, tmp_path):
    file = write(tmp_path, "x.csv", "姓名,电话,部门\n张工,13812345678,x\n张工,,y\n")

    assert "第 3 行 有误：名单里有几行是这个名字" in run("person", "import", file).output


def test_the_number_of_a_person_names_them_whatever_else_changes(run, tmp_path, everybody):
    run("person", "add", "王芳", "--role", "requester", "--phone", "13900001111")
    file = write(tmp_path, "x.csv", "编号,姓名,电话\n1,王芳芳,13900002222\n99,某人,13900003333\n")

    done = run("person", "import", file, "--apply", "--skip-wrong")

    assert "第 3 行 有误：没有 99 号这个人" in done.output
    assert everybody() == {"王芳芳": ("13900002222", {"requester"}, None)}


def test_who_is_no_engineer_any_more_is_not_dispatched_to(run, tmp_path, everybody):
    """F8."""
    run("person", "add", "张工", "--role", "engineer", "--phone", "13812345678")
    file = write(tmp_path, "x.csv", "姓名,电话,角色\n张工,13812345678,服务台\n")

    run("person", "import", file, "--apply")

    assert everybody() == {"张工": ("13812345678", {"desk"}, None)}


def test_who_has_work_in_hand_stays_an_engineer(run, tmp_path, database):
    run("person", "add", "张工", "--role", "engineer", "--phone", "13812345678")
    with database.transaction() as session:
        session.scalars(select(Engineer)).one().open_tickets = 2
    file = write(tmp_path, "x.csv", "姓名,电话,角色\n张工,13812345678,服务台\n")

    done = run("person", "import", file, "--apply")

    assert (done.exit_code, "手上还有 2 张工单" in done.output) == (1, True)


def test_skills_are_for_those_who_work_on_tickets(run, tmp_path):
    file = write(tmp_path, "x.csv", "姓名,电话,技能\n王芳,13900001111,打印机\n")

    assert "第 2 行 有误：只有工程师和厂家" in run("person", "import", file).output


# --- staff numbers -------------------------------------------------------------------------------

NUMBERED = """\
姓名,工号,部门,电话
张工,e001,信息部,13812345678
王芳,e002,财务部,13900001111
"""


@pytest.fixture
def numbers(database):
    def read() -> dict[str, str | None]:
        with database.reading() as session:
            return {person.name: person.staff_number for person in session.scalars(select(Person))}

    return read


def test_f3_staff_numbers_come_with_the_list_in_capitals(run, tmp_path, numbers):
    run("person", "import", write(tmp_path, "people.csv", NUMBERED), "--apply")

    assert numbers() == {"张工": "E001", "王芳": "E002"}


def test_whoever_has_the_number_is_meant_whatever_their_name_is_now(run, tmp_path, numbers):
    run("person", "import", write(tmp_path, "people.csv", NUMBERED), "--apply")
    renamed = NUMBERED.replace("王芳", "王芳芳")

    done = run("person", "import", write(tmp_path, "renamed.csv", renamed), "--apply")

    assert "新增 0，修改 1，不变 1，有误 0" in done.output
    assert numbers() == {"张工": "E001", "王芳芳": "E002"}


def test_one_number_is_never_two_peoples(run, tmp_path, numbers):
    twice = NUMBERED.replace("e002", "E001")

    done = run("person", "import", write(tmp_path, "twice.csv", twice))

    assert "有误 1" in done.output
    assert numbers() == {}


def test_a_number_that_cannot_be_typed_is_refused(run, tmp_path):
    odd = NUMBERED.replace("e002", "王 二")

    done = run("person", "import", write(tmp_path, "odd.csv", odd))

    assert "不像工号" in done.output
