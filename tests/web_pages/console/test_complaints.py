"""The console's list of complaints: parts, counts, search, files, and the way to it (C1, P8)."""

import io
from dataclasses import replace

import openpyxl
import pytest

from domain.complaints import Verdict
from domain.permissions import Role
from services.complaints.reading import PAGE
from tests.services.complaint_kit import cast_of, decided, fed_back, reported, submitted

LIST = "/console/complaints"


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


def count_of(page, name: str) -> str:
    """The number beside the name of a part."""
    return page.text.partition(f" {name} ")[2].split(" ")[0]


def test_each_part_has_its_count_and_its_rows(at_desk, cast, database, desk_of):
    """C1: what waits for the clerk, what is under way, and what the head has."""
    mine = submitted(database, desk_of, cast, words="态度很差")
    theirs = reported(database, desk_of, cast, words="修了三天没修好")
    clerk = at_desk(cast.clerk)

    page = clerk.opens(LIST)

    assert mine.short in page.text and "修了三天没修好" not in page.text
    assert (count_of(page, "待我办"), count_of(page, "进行中"), count_of(page, "全部")) == (
        *("1", "2", "2"),
    )
    assert f"{LIST}/{theirs.number}" in clerk.opens(f"{LIST}?which=open").links


def test_what_waits_for_the_head_waits_for_no_clerk(at_desk, cast, database, desk_of):
    complaint = reported(database, desk_of, cast)

    assert f"{LIST}/{complaint.number}" in at_desk(cast.head).opens(LIST).links
    assert "没有等您办的投诉" in at_desk(cast.clerk).opens(LIST).text


def test_a_late_one_is_in_its_part_and_says_how_late(at_desk, cast, database, desk_of, clock):
    submitted(database, desk_of, cast)
    clock.passes(days=3)

    page = at_desk(cast.clerk).opens(f"{LIST}?which=late")

    assert count_of(page, "超时") == "1" and "due--late" in page.html


def test_it_is_found_by_number_name_and_words(at_desk, cast, database, desk_of):
    complaint = submitted(database, desk_of, cast, words="态度很差")
    clerk = at_desk(cast.clerk)

    for asked in (complaint.short, "王芳", "态度"):
        assert complaint.number in clerk.opens(f"{LIST}?which=all&q={asked}").html
    assert "没有找到" in clerk.opens(f"{LIST}?which=all&q=鼠标").text


def test_pages_follow_one_another_without_gap_or_repeat(at_desk, cast, database, desk_of):
    """By due time as by number: a page goes on behind the last row of the one before."""
    numbers = [submitted(database, desk_of, cast).number for _ in range(PAGE + 2)]
    clerk = at_desk(cast.clerk)

    for which in ("mine_to_do", "all"):
        first = clerk.opens(f"{LIST}?which={which}")
        after = next(link for link in first.links if "before=" in link)
        second = clerk.opens(after)
        seen = [link.rpartition("/")[2] for link in (*first.links, *second.links)]
        assert sorted(each for each in seen if each in numbers) == numbers


# --- who has it ----------------------------------------------------------------------------------


def test_p8_whom_it_concerns_has_no_list_and_no_way_to_it(at_desk, cast, database, desk_of):
    engineer = at_desk(cast.engineer)
    before = engineer.opens("/console/queue").html.count("投诉")
    complaint = reported(database, desk_of, cast)

    for path in (
        "",
        "/live",
        "/rail",
        "/mine",
        f"/{complaint.number}",
        f"/{complaint.number}/live",
    ):
        assert "投诉" not in engineer.opens(LIST + path).text
    assert engineer.opens(LIST).status == 404
    assert engineer.opens("/console/queue").html.count("投诉") == before == 0


def test_p8_a_concerned_clerk_sees_the_list_without_it(
    at_desk, cast, make_person, database, desk_of
):
    """Not in a count, not by search, not in a file; and the part that moves stays the same."""
    lina = make_person("李娜", Role.DESK)
    browser = at_desk(lina)
    empty = browser.opens(f"{LIST}?which=all")
    mark = browser.client.get(f"{LIST}/live?which=all").headers["HX-PTag"]
    complaint = submitted(database, desk_of, cast, people=(lina.id,))

    page = browser.opens(f"{LIST}?which=all")

    assert page.text == empty.text
    assert browser.client.get(f"{LIST}/live?which=all").headers["HX-PTag"] == mark
    assert browser.opens(f"{LIST}?which=all&q={complaint.short}").text.count(complaint.number) == 0
    assert complaint.number not in browser.client.get(f"{LIST}/export.csv?which=all").text
    assert browser.opens(f"{LIST}/{complaint.number}").status == 404


def test_a_complainant_who_works_here_does_not_see_to_it(at_desk, cast, database, desk_of):
    """Their own page is that of everybody who complains."""
    mine = submitted(database, desk_of, replace(cast, requester=cast.head))
    browser = at_desk(cast.head)

    assert mine.number not in browser.opens(f"{LIST}?which=all").html
    response = browser.client.get(f"{LIST}/{mine.number}")
    assert response.location == f"/portal/complaints/{mine.number}"


def test_the_deputy_has_a_list_once_every_head_is_concerned(
    at_desk, cast, make_person, database, desk_of, site, rules
):
    """C3: and until then there is no such place for them."""
    deputy = make_person("罗敏", Role.ADMIN, staff_number="A001")
    site.rules.put(rules_with_deputy(rules, "A001"))
    browser = at_desk(deputy)
    assert browser.opens(LIST).status == 404

    complaint = submitted(database, desk_of, cast, people=(cast.head.id,))
    page = browser.opens(LIST)

    assert page.status == 200 and count_of(page, "全部") == "1"
    assert browser.opens(f"{LIST}/{complaint.number}").status == 200


def rules_with_deputy(rules, staff_number):
    return replace(rules, complaints=replace(rules.complaints, deputy=staff_number))


# --- the rail, and the start ----------------------------------------------------------------------


def test_the_rail_counts_what_waits_for_the_reader(at_desk, cast, database, desk_of):
    submitted(database, desk_of, cast)

    assert "1 件等您办" in at_desk(cast.clerk).opens("/console/board").text
    assert "1 件等您办" in at_desk(cast.clerk).opens(f"{LIST}/rail").text
    assert "件等您办" not in at_desk(cast.head).opens("/console/board").text


def test_complaints_stand_above_the_tickets_by_due_time(at_desk, cast, database, desk_of):
    complaint = submitted(database, desk_of, cast)

    page = at_desk(cast.clerk).opens("/console/")

    assert "等您办的投诉" in page.text and f"{LIST}/{complaint.number}" in page.links
    assert "等您办的投诉" not in at_desk(cast.head).opens("/console/").text


# --- files ----------------------------------------------------------------------------------------


def test_the_list_is_a_file_with_all_words(at_desk, cast, database, desk_of):
    complaint = decided(database, desk_of, cast, Verdict.PARTLY, words="=1+1 态度差")
    browser = at_desk(cast.head)

    book = openpyxl.load_workbook(
        io.BytesIO(browser.client.get(f"{LIST}/export.xlsx?which=all").data)
    )
    heading, line = list(book.worksheets[0].values)
    row = dict(zip(heading, line, strict=True))

    assert row["投诉号"] == complaint.number and row["结论"] == "部分成立"
    assert row["核实认定的人"] == "周工" and str(row["投诉内容"]).startswith("'=")


def test_the_file_is_narrowed_as_the_list_is(at_desk, cast, database, desk_of):
    ended = fed_back(database, desk_of, cast)
    waiting = submitted(database, desk_of, cast)

    text = at_desk(cast.clerk).client.get(f"{LIST}/export.csv?which=mine_to_do").text

    assert waiting.number in text and ended.number not in text


def test_an_engineer_takes_no_file_along(at_desk, cast):
    assert at_desk(cast.engineer).client.get(f"{LIST}/export.csv").status_code == 403
