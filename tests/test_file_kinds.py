"""Which files are taken: by content, never by name; nothing that runs or hides (peers §C12)."""

import io
import zipfile

import pytest

from domain.file_names import clean_name
from file_kinds import FileRefused, kind_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def office(*parts: str, types: str = "<Types/>") -> bytes:
    """An Office file of these parts; the smallest that says so itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", types)
        for part in parts:
            made.writestr(part, "<x/>")
    return out.getvalue()


def old_office(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + names


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (office("word/document.xml"), DOCX),
        (old_office("Root Entry", "WordDocument"), "application/msword"),
        (old_office("Root Entry", "Workbook"), "application/vnd.ms-excel"),
        ("时间,设备\n9:00,打印机\n".encode(), "text/plain"),
        ("时间,设备\r\n".encode("gb18030"), "text/plain"),
        ("时间\t设备\r\n".encode("utf-16"), "text/plain"),
    ],
)
def test_what_is_taken_is_known_by_its_content(data, content_type):
    assert kind_of(data) == content_type


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00\x03\x00", "wrong_type"),
        (b"\x7fELF\x02\x01\x01\x00", "wrong_type"),
        (b"Rar!\x1a\x07\x01\x00", "wrong_type"),
        (office("readme.txt"), "wrong_type"),
        (office("word/document.xml")[:-30], "broken"),
        (office("word/document.xml", "word/vbaProject.bin"), "has_macros"),
        (office("xl/workbook.xml", "xl/activeX/activeX1.xml"), "has_macros"),
        (
            office("word/document.xml", types="application/vnd.ms-word.document.macroEnabled"),
            "has_macros",
        ),
        (old_office("Workbook", "_VBA_PROJECT_CUR", "_VBA_PROJECT"), "has_macros"),
        (old_office("EncryptionInfo", "EncryptedPackage"), "encrypted"),
        (old_office("Root Entry"), "wrong_type"),
        (b"a\0b", "wrong_type"),
    ],
)
def test_what_could_run_or_hide_something_is_not_taken(data, reason):
    with pytest.raises(FileRefused) as refused:
        kind_of(data)

    assert refused.value.reason == reason


def test_a_list_of_types_that_unpacks_without_end_is_refused_before_it_fills_the_memory():
    data = office("word/document.xml", types=" " * (8 * 1024 * 1024))

    with pytest.raises(FileRefused):
        kind_of(data)


@pytest.mark.parametrize(
    ("sent", "ending", "kept"),
    [
        ("故障截图 第1版.docx", "docx", "故障截图 第1版.docx"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\wang\\报告.PDF", "pdf", "报告.pdf"),
        ("run.bat", "txt", "run.bat.txt"),
        ("invoice\u202excod.exe", "pdf", "invoicexcod.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "pdf", "aSet-Cookie_ x.pdf"),
        ("con.pdf", "pdf", "_con.pdf"),
        ("..pdf", "pdf", "file.pdf"),
        ("", "pdf", "file.pdf"),
        ("2024.log", "txt", "2024.log"),
    ],
)
def test_a_name_is_no_path_and_no_trick_and_ends_with_the_truth(sent, ending, kept):
    assert clean_name(sent, ending, frozenset({"csv", "log"})) == kept


def test_a_name_of_any_length_fits_and_keeps_whole_characters():
    name = clean_name("报" * 300 + ".pdf", "pdf")

    assert name == "报" * 60 + ".pdf"
    assert len(name.encode()) < 200
