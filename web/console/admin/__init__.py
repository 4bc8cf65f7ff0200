"""The admin's pages: people, teams, skills, texts, hours, tokens, lists, devices, record (Y1).

Each change is checked, shown before and after, confirmed, and recorded (services/audit.py). A form
goes to its preview; the preview's form, which carries a mark of what was seen, goes to the change.
"""

from web.console.admin import (
    about,
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
    reading,
    reading_list,
    reading_models,
    reading_words,
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
    reading.routes,
    reading_list.routes,
    reading_words.routes,
    reading_models.routes,
    audit.routes,
    about.routes,
)
