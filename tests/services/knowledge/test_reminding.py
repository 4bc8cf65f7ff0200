"""The owner of an article hears once that it is to be looked at (K2)."""

from datetime import timedelta

from services.knowledge import reminding, reviewing
from tests.services.making import told

REVIEW_DUE = "knowledge.told.review_due"


def test_the_owner_hears_once_a_week_before_the_date(database, published, do, li, now):
    number = published()

    def remind(days):
        at = now + timedelta(days=days)
        with database.transaction() as session:
            return reminding.is_due(session, at), reminding.remind(session, at)

    assert remind(170) == (False, 0)
    assert remind(173) == (True, 1)
    assert remind(174) == (False, 0)
    assert told(database, li).count(REVIEW_DUE) == 1
    do(li, reviewing.keep, number, days=174)
    assert remind(205) == (False, 0)
