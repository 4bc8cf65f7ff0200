"""Lists that are uploaded: shown first, all right rows or none, the same again changes nothing."""

import io
import zipfile

import openpyxl
import pytest

from domain.office import ChangedMeanwhile
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import AuditEntry, Draft, Person
from services import list_import, roster_out
from services.roster_file import FileRefused, lines_of
from services.roster_import import Fate
from tests.services.making import all_of, only


def a_book(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ("姓名", "部门", "电话", "角色", "技能")
PEOPLE = a_book(
    HEAD,
    ("赵雪", "信息中心", "13800002222", "工程师", "打印机"),
    ("钱多", "财务部", "13800003333", "", ""),
    ("孙丽", "财务部", "不知道", "", ""),
)


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def act(database, desk_of):
    def act(actor, do, *args):
        with database.transaction() as session:
            return do(desk_of(session, actor), *args)

    return act


@pytest.fixture
def upload(act, admin):
    def upload(content=PEOPLE, kind="people", name="名单.xlsx"):
        act(admin, list_import.keep, kind, name, content)
        return act(admin, list_import.preview, kind)

    return upload


def test_nothing_is_written_before_it_is_confirmed(upload, database):
    shown = upload()

    assert [row.called for row in shown.of(Fate.NEW)] == ["赵雪", "钱多"]
    assert list(shown.why) == [4]
    assert [each.name for each in all_of(database, Person)] == ["何敏"]


def test_right_rows_are_taken_and_new_staff_get_a_code(upload, act, admin, database):
    done = act(admin, list_import.take_in, "people", upload().mark)

    assert (done.new, done.changed, done.wrong) == (2, 0, 1)
    assert [name for name, _ in done.codes] == ["赵雪"]
    assert only(database, Person, name="钱多").initials == "qd"
    assert only(database, AuditEntry).after["new"] == 2
    assert all_of(database, Draft) == []


def test_the_same_file_again_changes_nothing(upload, act, admin):
    act(admin, list_import.take_in, "people", upload().mark)

    again = upload()

    assert (again.of(Fate.NEW), again.of(Fate.CHANGED)) == ([], [])
    assert len(again.of(Fate.UNCHANGED)) == 2


def test_what_is_not_as_it_was_shown_is_shown_again(upload, act, admin, make_person):
    shown = upload()
    make_person("钱多", phone="13800003333", department="人事部")

    with pytest.raises(ChangedMeanwhile):
        act(admin, list_import.take_in, "people", shown.mark)


def test_a_list_takes_nobodys_role_of_admin_away(upload, act, admin):
    shown = upload(a_book(HEAD, ("何敏", "", admin.phone, "服务台", "")))

    with pytest.raises(FileRefused) as refused:
        act(admin, list_import.take_in, "people", shown.mark)
    assert refused.value.say.key == "admin.imports.takes_admin"


def test_devices_are_the_desks_to_bring_in_and_people_are_not(act, make_person):
    clerk = make_person("陈静", Role.DESK)
    devices = a_book(("编号", "名称", "地点"), ("PRN-1", "惠普打印机", "三楼"))

    act(clerk, list_import.keep, "devices", "设备.xlsx", devices)
    done = act(clerk, list_import.take_in, "devices", act(clerk, _mark, "devices"))

    assert done.new == 1
    with pytest.raises(NotPermitted):
        act(clerk, list_import.keep, "people", "名单.xlsx", PEOPLE)


def _mark(desk, kind):
    return list_import.preview(desk, kind).mark


def test_nobody_takes_in_what_somebody_else_uploaded(upload, act, make_person):
    mark = upload().mark

    with pytest.raises(NotFound):
        act(make_person("副手", Role.ADMIN), list_import.take_in, "people", mark)


# --- files --------------------------------------------------------------------------------------


def test_more_rows_than_are_taken_are_refused():
    rows = "姓名\n" + "王芳\n" * (list_import.MOST_ROWS + 1)

    with pytest.raises(FileRefused) as refused:
        lines_of("名单.csv", rows.encode(), list_import.MOST_ROWS + 1)
    assert refused.value.say.key == "import.too_many_rows"


def test_a_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 10 * 1024 * 1024)

    with pytest.raises(FileRefused) as refused:
        lines_of("名单.xlsx", out.getvalue())
    assert refused.value.say.key == "import.unpacks_too_large"


def test_wrong_rows_come_back_as_they_were_to_be_corrected_and_uploaded_again():
    lines = lines_of("名单.xlsx", PEOPLE)

    made = roster_out.wrong_rows("导入人员", lines, {4: "不像电话号码"}, "问题")

    back = [[cell.text for cell in line.cells[:6]] for line in lines_of("再来.xlsx", made)]
    assert back == [[*HEAD, "问题"], ["孙丽", "财务部", "不知道", "", "", "不像电话号码"]]


def test_a_cell_that_begins_like_a_formula_stays_words():
    lines = lines_of("名单.csv", "姓名,部门\n王芳,=1+1\n".encode())

    made = roster_out.wrong_rows("导入人员", lines, {2: "这里是公式"}, "问题")

    cell = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_template_has_the_columns_that_are_understood():
    made = roster_out.template("devices", "导入设备", ["填写说明", "编号必填"])

    book = openpyxl.load_workbook(io.BytesIO(made))
    assert [cell.value for cell in book.worksheets[0][1]] == roster_out.headings("devices")
    assert book.worksheets[1].title == "填写说明"
