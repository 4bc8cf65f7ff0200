"""The people of the measured desk fit the tables as the migrations make them."""

from sqlalchemy import func, select

from bench import people
from bench.account import openid
from models import Conversation, Database, Engineer, Person


def test_everybody_is_known_and_every_engineer_begins_with_an_empty_desk(database_url):
    people.settle_in(database_url, requesters=3)
    database = Database(database_url)
    with database.transaction() as session:
        session.query(Engineer).update({Engineer.open_tickets: 4, Engineer.workload: 9})
    people.free_engineers(database_url)

    with database.reading() as session:
        assert session.scalar(select(func.count(Conversation.person_id))) == 3 + people.ENGINEERS
        assert session.scalar(select(func.sum(Engineer.open_tickets + Engineer.workload))) == 0
        requester = session.scalars(select(Person).where(Person.openid == openid(2))).one()
        assert requester.office and requester.reached_by
    database.dispose()
