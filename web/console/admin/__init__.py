"""The admin's pages: people, teams, skills, texts, hours, tokens, lists, devices, record (Y1).

Each change is checked, shown before and after, confirmed, and recorded (services/audit.py). A form
goes to its preview; the preview's form, which carries a mark of what was seen, goes to the change.
"""

from web.console.admin import (
    agreement,
    audit,
    codes,
    compensations,
    devices,
    hours,
    hours_calendar,
    hours_changes,
    imports,
    people,
    skills,
    start,
    teams,
    texts,
    tokens,
)

ROUTES = (
    start.routes,
    people.routes,
    codes.routes,
    teams.routes,
    skills.routes,
    hours.routes,
    agreement.routes,
    compensations.routes,
    hours_calendar.routes,
    hours_changes.routes,
    texts.routes,
    tokens.routes,
    imports.routes,
    devices.routes,
    audit.routes,
)
