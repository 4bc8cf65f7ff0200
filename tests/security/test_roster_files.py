"""Lists of people that mean harm: bombs, entities, things that are no list (H-36, S-126, S-083)."""

import io
import zipfile

import openpyxl
import pytest

from services import roster_file
from services.roster_file import FileRefused, read_lines

BILLION_LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
"""


def _workbook(rows=(("姓名", "电话"), ("张工", 13812345678))) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _changed(workbook: bytes, part: str, content: bytes, **how) -> bytes:
    """The workbook with one part of it replaced, or added."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
        target.writestr(part, content, **how)
    return kept.getvalue()


def _refused(tmp_path, name: str, content: bytes) -> str:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read_lines(file)
    return refused.value.say.key


def test_a_workbook_without_tricks_is_read(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(_workbook())

    lines = read_lines(tmp_path / "x.xlsx")

    assert [[cell.text for cell in line.cells][:2] for line in lines] == [
        ["姓名", "电话"],
        ["张工", "13812345678"],
    ]


@pytest.mark.parametrize("prologue", [BILLION_LAUGHS, OUTSIDE, "<!DOCTYPE x>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/other.xml", "_rels/.rels"])
def test_a_part_with_a_document_type_is_refused(tmp_path, prologue, encoding, part):
    """S-126, S-083."""
    content = f"{prologue}<worksheet>text</worksheet>".encode(encoding)

    assert _refused(tmp_path, "x.xlsx", _changed(_workbook(), part, content)) == "import.dangerous"


def test_a_part_that_is_no_xml_is_refused(tmp_path):
    broken = _changed(_workbook(), "xl/workbook.xml", b"<workbook><")

    assert _refused(tmp_path, "x.xlsx", broken) == "import.no_workbook"


def test_a_workbook_that_unpacks_too_large_is_refused_before_it_is_unpacked(tmp_path):
    """H-36: 1000:1."""
    bomb = _changed(_workbook(), "xl/media/image1.png", b"\0" * (51 * 1024 * 1024))

    assert len(bomb) < 100_000
    assert _refused(tmp_path, "x.xlsx", bomb) == "import.unpacks_too_large"


def test_a_workbook_that_lies_about_what_it_unpacks_to_is_refused(tmp_path):
    content = b"<x>" + b" " * 1_000_000 + b"</x>"
    honest = _changed(_workbook(), "xl/lies.xml", content)
    lying = honest.replace((1_000_007).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert lying != honest
    assert _refused(tmp_path, "x.xlsx", lying) == "import.no_workbook"


def test_a_way_of_packing_that_cannot_be_bounded_is_refused(tmp_path):
    packed = _changed(_workbook(), "xl/a.xml", b"<x/>", compress_type=zipfile.ZIP_BZIP2)

    assert _refused(tmp_path, "x.xlsx", packed) == "import.no_workbook"


def test_a_workbook_of_very_many_parts_is_refused(tmp_path):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as target:
        for number in range(1001):
            target.writestr(f"{number}.xml", "<x/>")

    assert _refused(tmp_path, "x.xlsx", kept.getvalue()) == "import.unpacks_too_large"


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv"])
def test_a_file_over_five_megabytes_is_refused(tmp_path, name):
    assert _refused(tmp_path, name, b"x" * (5 * 1024 * 1024 + 1)) == "import.too_large"


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_too_many_rows_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(roster_file, "MOST_ROWS", 3)
    rows = [("姓名", "电话"), *[("张工", n) for n in range(3)]]
    text = "\n".join(f"{a},{b}" for a, b in rows).encode()

    content = text if name == "x.csv" else _workbook(rows)

    assert _refused(tmp_path, name, content) == "import.too_many_rows"


def test_a_sheet_that_tells_wrong_dimensions_is_read_as_it_is(tmp_path):
    with zipfile.ZipFile(io.BytesIO(_workbook())) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    (tmp_path / "x.xlsx").write_bytes(_changed(_workbook(), "xl/worksheets/sheet1.xml", lying))

    assert lying != sheet
    assert len(read_lines(tmp_path / "x.xlsx")) == 2


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("x.xls", b"", "import.other_kind"),
        ("x.pdf", b"%PDF", "import.other_kind"),
        ("people", b"", "import.other_kind"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "import.old_excel"),
        ("x.xlsx", b"name,phone", "import.no_workbook"),
        ("x.xlsx", b"", "import.no_workbook"),
        ("x.xlsx", b"PK\x03\x04broken", "import.no_workbook"),
        ("x.csv", b"PK\x03\x04", "import.no_csv"),
        ("x.csv", "姓名".encode("utf-16"), "import.no_csv"),
        ("x.csv", b"\x00\x01", "import.no_csv"),
        ("x.csv", b"\xff\xff\xff", "import.no_csv"),
        ("x.csv", b'name,phone\n"a,b\n', "import.broken_csv"),
        ("x.csv", b'name\n"a"b\n', "import.broken_csv"),
    ],
)
def test_what_is_no_list_is_refused_kindly(tmp_path, name, content, key):
    assert _refused(tmp_path, name, content) == key


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path):
    (tmp_path / "folder.csv").mkdir()

    for name in ("nothing.csv", "folder.csv"):
        with pytest.raises(FileRefused) as refused:
            read_lines(tmp_path / name)
        assert refused.value.say.key == "import.unreadable"
