"""A list too long to wait for: made beside, fetched by whoever asked for it (C §18)."""

import csv
import io

import pytest
from openpyxl import load_workbook

from domain.permissions import Role
from models import Person
from services import export_files
from tests.services.making import a_report
from web.console import export_making
from web.console.export_making import ExportMaker
from web.site import site


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def long(monkeypatch, by, make_person, now):
    """Three tickets are too many to wait for."""
    monkeypatch.setattr(export_files, "AT_ONCE", 2)
    wang = make_person()
    for words in ("甲", "=1+1", "乙"):
        by(wang, now).report(a_report(symptom=words))


def _asked(browser, form):
    page = browser.opens(
        f"/console/queue/export.{form}?view=open&mode=table&col=symptom&col=status"
    )
    assert "会在后台做好" in page.text
    return browser.sends(page.form("/console/exports"), format=form)


def test_a_long_list_is_made_in_the_background_and_then_fetched(at_desk, clerk, app, long):
    browser, maker = at_desk(clerk), ExportMaker(app)
    assert "正在做" in _asked(browser, "csv").text

    assert maker.step() and not maker.step()

    page = browser.opens("/console/exports")
    assert "3 行" in page.text
    answer = browser.client.get(next(link for link in page.links if "/exports/" in link))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["单号", "现象", "状态"]
    answer.close()
    assert sorted(row[1] for row in rows[1:]) == ["'=1+1", "乙", "甲"]


def test_a_workbook_is_bounded_and_says_so(at_desk, clerk, app, long, monkeypatch):
    monkeypatch.setattr(export_making, "MOST", 2)
    browser = at_desk(clerk)
    _asked(browser, "xlsx")

    ExportMaker(app).step()

    page = browser.opens("/console/exports")
    assert "只有前 2 行" in page.text
    answer = browser.client.get(next(link for link in page.links if "/exports/" in link))
    sheet = load_workbook(io.BytesIO(answer.data), read_only=True).active
    answer.close()
    assert sheet is not None
    last = [row[0] for row in sheet.iter_rows(values_only=True)][-1]
    assert str(last).startswith("只导出了前 2 张")


def test_somebody_else_gets_no_file_and_no_hint_of_one_y1(at_desk, clerk, app, long, make_person):
    browser = at_desk(clerk)
    _asked(browser, "csv")
    ExportMaker(app).step()
    link = next(each for each in browser.opens("/console/exports").links if "/exports/" in each)
    other = at_desk(make_person("何总", Role.HEAD))

    assert other.client.get(link).status_code == 404
    assert "还没有导出文件" in other.opens("/console/exports").text


def test_who_may_not_export_any_more_gets_nothing_made_y1(at_desk, clerk, app, long, database):
    _asked(at_desk(clerk), "csv")
    with database.transaction() as session:
        session.get_one(Person, clerk.id).roles = frozenset({Role.REQUESTER})

    assert ExportMaker(app).step()

    with app.app_context():
        assert list(export_making.folder(site()).iterdir()) == []


def test_a_short_list_is_there_at_once(at_desk, clerk, make_ticket):
    make_ticket()

    answer = at_desk(clerk).client.get("/console/queue/export.csv?view=open")

    assert answer.status_code == 200 and answer.mimetype == "text/csv"
