"""Tickets for tests of the console."""

from domain.category import Category
from domain.priority import Urgency
from services.desk import Desk
from services.views import Report


def reported(database, rules, now, requester, description, *, place="A座305", category="printer"):
    """A ticket that this person reported just now."""
    report = Report(
        symptom=description[:60],
        description=description,
        place=place,
        category=Category(category),
        urgency=Urgency.NORMAL,
    )
    with database.transaction() as session:
        return Desk(session, now, rules, requester).report(report).ticket
