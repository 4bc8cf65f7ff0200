"""Whose fault somebody reports for is found in the directory, if only one can be meant (F1)."""

import pytest

from models import Ticket
from services.views import BehalfOf
from tests.services.making import a_report, only

NA = {"department": "采购部", "phone": "13911112222"}


@pytest.mark.parametrize("said", [None, "采购部", "采购"])
def test_f1_the_number_of_a_colleague_comes_from_the_directory(database, by, make_person, said):
    wang = make_person()
    make_person("李娜", **NA)

    by(wang).report(a_report(behalf_of=BehalfOf("李娜", said)))

    row = only(database, Ticket)
    assert (row.contact_name, row.contact_phone) == ("李娜", "13911112222")
    assert row.contact_department == (said or "采购部")


def test_the_number_that_was_told_counts_more(database, by, make_person):
    wang = make_person()
    make_person("李娜", **NA)

    by(wang).report(a_report(behalf_of=BehalfOf("李娜", phone="8899")))

    assert only(database, Ticket).contact_phone == "8899"


def test_where_several_are_called_so_nobody_is_taken_for_another(database, by, make_person):
    wang = make_person()
    make_person("李娜", **NA)
    make_person("李娜", department="市场部", phone="13933334444")

    assert by(wang).number_known_of("李娜") is None
    assert by(wang).number_known_of("李娜", "市场部") == "139****4444"
    assert by(wang).number_known_of("李娜", "后勤部") is None
    by(wang).report(a_report(behalf_of=BehalfOf("李娜")))
    assert only(database, Ticket).contact_phone == "13800001234"


def test_y1_whoever_reports_reads_no_more_of_a_number_than_its_end(by, make_person):
    wang = make_person()
    make_person("李娜", **NA)

    assert by(wang).number_known_of("李娜") == "139****2222"
    assert by(wang).number_known_of("张三") is None
