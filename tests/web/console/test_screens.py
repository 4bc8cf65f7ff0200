"""Every main page, light and dark, at a desk and on a phone: whole, accessible, pictured.

ITDESK_SCREENSHOTS=docs/images/console pytest -n 0 --timeout 600 tests/web/console -k main_page
"""

import pytest

from tests.web import pictures
from tests.web.complaint_scene import complaints
from tests.web.console.accessible import violations

TICKET = "{ticket}"  # the number of a ticket that is being worked on
COMPLAINT = "{complaint}"  # of a complaint that the desk verifies
TO_DECIDE = "{to_decide}"  # of one that the head decides

CONSOLE = {
    "queue": ("陈静", "/console/queue"),
    "queue-table": ("陈静", "/console/queue?mode=table"),
    "queue-engineer": ("周工", "/console/queue"),
    "ticket": ("陈静", f"/console/tickets/{TICKET}"),
    "talks": ("陈静", "/console/talks"),
    "phone": ("陈静", "/console/phone"),
    "complaints": ("陈静", "/console/complaints"),
    "complaint": ("陈静", f"/console/complaints/{COMPLAINT}"),
    "complaint-decide": ("何总", f"/console/complaints/{TO_DECIDE}"),
    "complaint-new": ("陈静", "/console/complaints/new?person=1"),
    "exports": ("陈静", "/console/exports?view=open&format=xlsx"),
    "undelivered": ("陈静", "/console/undelivered"),
    "board": ("何总", "/console/board"),
    "search": ("陈静", "/console/search?q=打印"),
    "knowledge": ("陈静", "/console/knowledge"),
    "knowledge-new": ("陈静", "/console/knowledge/new"),
    "bulletins": ("陈静", "/console/bulletins"),
    "roster": ("陈静", "/console/roster"),
    "roster-planning": ("陈静", "/console/roster?brush=3"),
    "roster-month": ("陈静", "/console/roster?month=2026-12"),
    "roster-duty": ("陈静", "/console/roster/duties/1"),
    "roster-shifts": ("陈静", "/console/roster/shifts"),
    "roster-patterns": ("陈静", "/console/roster/patterns"),
    "roster-pattern": ("陈静", "/console/roster/patterns/1"),
    "roster-fill": ("陈静", "/console/roster/fill?since=2026-12-14&until=2026-12-31"),
    "roster-chain": ("陈静", "/console/roster/chain"),
    "roster-mine": ("周工", "/console/roster/mine"),
    "handovers": ("陈静", "/console/roster/handovers"),
    "handover-new": ("陈静", "/console/roster/handovers/new"),
    "canned": ("陈静", "/console/canned"),
    "admin": ("罗敏", "/console/admin/"),
    "admin-people": ("罗敏", "/console/admin/people"),
    "admin-hours": ("罗敏", "/console/admin/hours"),
    "admin-agreement": ("罗敏", "/console/admin/agreement"),
    "admin-agreement-form": ("罗敏", "/console/admin/agreement/new"),
    "admin-compensations": ("罗敏", "/console/admin/compensations"),
    "attainment": ("何总", "/console/attainment"),
    "attainment-misses": ("何总", "/console/attainment/misses"),
    "satisfaction": ("何总", "/console/satisfaction"),
    "follow-ups": ("陈静", "/console/follow-ups"),
    "appraisal": ("周工", "/console/appraisal"),
    "appraisal-all": ("何总", "/console/appraisal/all"),
    "admin-calendar": ("罗敏", "/console/admin/calendar"),
    "admin-calendar-week": ("罗敏", "/console/admin/calendar/week"),
    "admin-calendar-year": ("罗敏", "/console/admin/calendar/year"),
    "admin-teams": ("罗敏", "/console/admin/teams"),
    "admin-skills": ("罗敏", "/console/admin/skills"),
    "admin-import": ("罗敏", "/console/admin/import"),
    "admin-devices": ("罗敏", "/console/admin/devices"),
    "admin-texts": ("罗敏", "/console/admin/texts"),
    "admin-tokens": ("罗敏", "/console/admin/tokens"),
    "understanding": ("罗敏", "/console/admin/understanding"),
    "understanding-try": (
        "罗敏",
        "/console/admin/understanding/try?text=三楼财务室那台惠普又卡纸了",
    ),
    "understanding-list": ("陈静", "/console/admin/understanding/readings"),
    "understanding-words": ("罗敏", "/console/admin/understanding/words"),
    "understanding-models": ("罗敏", "/console/admin/understanding/models"),
    "admin-audit": ("罗敏", "/console/admin/audit"),
    "admin-about": ("罗敏", "/console/admin/about"),
    "account": ("陈静", "/account/"),
    "account-quiet": ("陈静", "/account/quiet"),
}
PORTAL = {
    "portal": ("王芳", "/portal/"),
    "portal-report": ("王芳", "/portal/report"),
    "portal-tickets": ("王芳", "/portal/tickets"),
    "portal-ticket": ("王芳", f"/portal/tickets/{TICKET}"),
    "portal-notices": ("王芳", "/portal/notices"),
    "portal-bulletins": ("王芳", "/portal/bulletins"),
}
SCREENS = {"wide": (1440, 900), "phone": (390, 844)}


LOOKS = [("wide", "light"), ("phone", "dark")]
if pictures.is_wanted():
    LOOKS += [("wide", "dark"), ("phone", "light")]
IN_TURN = not pictures.is_wanted()
"""Each page in one of two looks at the gate, the next page in the other; pictures are of all."""
STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"


def _seen_in(look):
    """Its part of the pages."""
    pages = list({**CONSOLE, **PORTAL}.items())
    return pages[LOOKS.index(look) :: len(LOOKS)] if IN_TURN else pages


@pytest.mark.parametrize(("screen", "look"), LOOKS)
def test_each_main_page_is_whole_and_accessible(scene, served, open_desk, screen, look):
    width, height = SCREENS[screen]
    number = next(each.number for each in scene.tickets if "卡纸" in each.symptom)
    made = complaints(scene)
    wrong, pages = {}, {}

    for name, (person, path) in _seen_in((screen, look)):
        address = path.replace(TICKET, number).replace(COMPLAINT, made["submitted"].number)
        address = address.replace(TO_DECIDE, made["reported"].number)
        if person not in pages:
            pages[person] = open_desk(
                scene.who(person), address, width=width, height=height, dark=look == "dark"
            )
        page = pages[person]
        page.goto(served.url + address)
        pictures.take_screen(page, f"{name}-{screen}-{look}")
        found = violations(page)
        if page.evaluate(STATUS) != 200:
            found.append(f"it answers {page.evaluate(STATUS)}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("it is wider than the screen")
        if found:
            wrong[name] = found

    assert wrong == {}
