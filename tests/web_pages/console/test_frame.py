"""The console's frame: who gets in, and what stands in it for whom (Y1)."""

from domain.permissions import Role


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_and_back(browser_of):
    answer = browser_of().client.get("/console/?view=mine")

    assert answer.status_code == 303
    assert answer.location == "/account/sign-in?to=/console/%3Fview%3Dmine"


def test_a_requester_has_no_business_in_the_console(at_desk, make_person):
    page = at_desk(make_person()).opens("/console/")

    assert page.status == 403


def test_a_clerk_is_led_to_the_queue(at_desk, make_person):
    answer = at_desk(make_person("陈静", Role.DESK)).client.get("/console/")

    assert (answer.status_code, answer.location) == (303, "/console/queue")


def test_a_session_of_wechat_opens_no_console(app, browser_of, make_person):
    clerk = make_person("陈静", Role.DESK)
    browser = browser_of(clerk)
    token = browser.client.get_cookie("h5").value
    browser.client.set_cookie("desk", token, domain="localhost")

    assert browser.client.get("/console/").status_code == 303
