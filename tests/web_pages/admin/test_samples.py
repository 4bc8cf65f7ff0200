"""The admin loads samples from the check list and removes them in one act (peers §C25)."""

import pytest

from domain.permissions import Role
from models import Device, SampleMark, Ticket
from tests.services.making import all_of

HOME = "/console/admin/samples"


@pytest.fixture
def browser(at_desk, make_person):
    return at_desk(make_person("何敏", Role.ADMIN))


def test_they_are_offered_loaded_previewed_and_removed(browser, database):
    assert "载入示例数据" in browser.opens("/console/admin/").text

    page = browser.sends(browser.opens(HOME).form(f"{HOME}/load"))
    assert "会删除" in page.text and "随附的记录" in page.text
    assert len(all_of(database, Ticket)) == 5

    again = browser.opens(HOME).form(f"{HOME}/remove")
    again.fields.pop("sure")  # the box that nobody ticked
    refused = browser.client.post(again.action, data=again.fields)
    assert refused.status_code == 400 and all_of(database, Device)

    page = browser.sends(browser.opens(HOME).form(f"{HOME}/remove"), sure="1")
    assert "示例数据已全部删除" in page.text
    assert all_of(database, SampleMark) == [] and all_of(database, Ticket) == []


def test_samples_tick_nothing_off_the_check_list(browser):
    before = browser.opens("/console/admin/").html.count("is-done")

    browser.sends(browser.opens(HOME).form(f"{HOME}/load"))

    assert browser.opens("/console/admin/").html.count("is-done") == before
