"""What was read is kept with what came of it, and what people say later corrects it (F6)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Role
from domain.priority import Urgency
from domain.refusals import NotPermitted
from domain.understanding import Handling, Truth
from handlers.fault import told_in
from models import IntakeChannel, StoredReading, Ticket
from nlp.classifier import read
from nlp.intents import Intent
from services import desk_acts
from services.desk import Desk
from services.readings import storing, truth
from services.readings.storing import KEPT_FOR
from tests.services.making import RESULT, a_report, all_of

SAID = "三楼财务室那台惠普打印机一直卡纸，电话13800001234"


@pytest.fixture
def inbox_id():
    return 41


@pytest.fixture
def note(database, rules, now, inbox_id):
    def note(who, text=SAID, handling=Handling.ACTED, at=now, inbox=inbox_id):
        with database.transaction() as session:
            desk = Desk(session, at, rules, who, inbox)
            storing.note(desk, read(text), text=text, handling=handling)

    return note


@pytest.fixture
def kept(database):
    """The only reading."""
    return lambda: all_of(database, StoredReading)[0]


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


def statements_of(database, act):
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    act()
    return [each for each in seen if "readings" in each]


def test_a_reading_is_one_insert_with_all_that_decided(database, note, make_person, kept):
    wang = make_person()

    seen = statements_of(database, lambda: note(wang))

    found = kept()
    assert len(seen) == 1
    assert seen[0].startswith("INSERT INTO readings")
    assert (found.intent, found.category) == ("report", Category.PRINTER)
    assert found.model == read(SAID).model
    assert len(found.model) == 12
    assert found.evidence["printer"]
    assert found.truth is None
    assert "13800001234" not in found.text
    assert found.text.startswith("三楼财务室那台惠普打印机")


def test_a_long_message_is_kept_as_far_as_it_is_read(note, make_person, kept):
    note(make_person(), "打印机卡纸" * 4000)

    assert len(kept().text) == 500


@pytest.mark.parametrize(
    ("handling", "truth_of_it"),
    [(Handling.ACTED, Truth.CONFIRMED), (Handling.ASKED, Truth.CHOSEN)],
)
def test_the_ticket_that_comes_of_it_says_what_it_was(
    note, make_person, make_engineer, by, kept, inbox_id, handling, truth_of_it
):
    wang = make_person()
    make_engineer()
    note(wang, handling=handling)

    opened = by(wang).report(a_report(read_in=inbox_id, category=Category.COMPUTER))

    found = kept()
    assert found.ticket_id == opened.ticket.id
    assert (found.truth, found.true_category) == (truth_of_it, Category.COMPUTER)
    assert (found.true_intent, found.true_urgency) == ("report", None)


@pytest.fixture
def of_ticket(note, make_person, make_engineer, by, inbox_id):
    """A ticket whose message was read, up to a status."""

    def of_ticket(status=Status.ASSIGNED):
        wang, zhou = make_person(), make_engineer()
        note(wang)
        ticket = by(wang).report(a_report(read_in=inbox_id)).ticket
        if status is not Status.ASSIGNED:
            by(zhou).accept(ticket.id)
            by(zhou).resolve(ticket.id, RESULT)
        return ticket

    return of_ticket


def test_a_clerk_who_corrects_the_ticket_corrects_the_reading(
    database, of_ticket, desk_of, clerk, kept
):
    ticket = of_ticket()

    with database.transaction() as session:
        desk = desk_of(session, clerk)
        desk_acts.correct(desk, ticket.id, category="network", urgency="high")

    found = kept()
    assert (found.truth, found.truth_by_id) == (Truth.CORRECTED, clerk.id)
    assert (found.true_category, found.true_urgency) == (Category.NETWORK, Urgency.HIGH)


def test_solved_as_it_stands_counts_more_than_a_summary_that_stood(of_ticket, kept):
    of_ticket(Status.RESOLVED)

    assert (kept().truth, kept().true_category) == (Truth.WORKED, Category.PRINTER)


def test_a_weaker_word_never_replaces_a_stronger_one(database, of_ticket, now, clerk, kept, rules):
    ticket = of_ticket()
    with database.transaction() as session:
        desk = Desk(session, now, rules, clerk)
        truth.label(desk, kept_id(session), intent=Intent.REPORT, category=Category.DATA)
    for weaker in (Truth.CONFIRMED, Truth.CHOSEN, Truth.WORKED, Truth.CORRECTED):
        with database.transaction() as session:
            truth.learn(session, ticket.id, weaker, category=Category.EMAIL, by_id=1, now=now)

    assert (kept().truth, kept().true_category) == (Truth.LABELLED, Category.DATA)


def kept_id(session):
    return session.query(StoredReading).one().id


def test_what_stands_on_a_form_becomes_a_reading_with_its_ticket(
    database, desk_of, make_person, make_engineer, kept
):
    wang = make_person()
    make_engineer()
    words = {"intent": "report", "intent_confidence": 0.9, "category": "printer"}
    words |= {"category_confidence": 0.8, "urgency": "normal", "urgency_confidence": 0.9}
    words |= {"evidence": [["卡纸", "printer"]], "weights": [2.5], "model": "abcdefabcdef"}

    with database.transaction() as session:
        report = a_report(reading=words, category=Category.COMPUTER)
        desk_of(session, wang).report(report, IntakeChannel.WEB)

    found = kept()
    assert (found.channel, found.truth) == (IntakeChannel.WEB, Truth.CHOSEN)
    assert (found.category, found.true_category) == (Category.PRINTER, Category.COMPUTER)
    assert found.evidence == {"printer": [["卡纸", 2.5]]}
    assert found.ticket_id == all_of(database, Ticket)[0].id


def test_only_who_may_label_labels(database, note, make_person, make_engineer, rules, now):
    note(make_person())
    head = make_person("刘洋", Role.HEAD)

    for who in (make_engineer(), head):
        with database.transaction() as session, pytest.raises(NotPermitted):
            truth.label(Desk(session, now, rules, who), 1, intent=Intent.OTHER)


def test_after_a_year_goes_what_nobody_said_anything_of(
    database, of_ticket, note, make_person, now
):
    of_ticket()
    note(make_person("李娜"), inbox=42)

    with database.transaction() as session:
        assert storing.has_old(session, now + KEPT_FOR + timedelta(days=1))
        assert storing.sweep(session, now + KEPT_FOR + timedelta(days=1)) == 1
        assert not storing.has_old(session, now + KEPT_FOR + timedelta(days=1))

    assert [each.truth for each in all_of(database, StoredReading)] == [Truth.CONFIRMED]


def test_of_two_faults_in_one_message_each_teaches_its_own_words(
    database, note, make_person, make_engineer, by, clerk, desk_of, inbox_id
):
    """F6: what a clerk corrects of one says nothing of the other, nor of both together."""
    wang = make_person()
    make_engineer()
    both = "打印机卡纸,还有我的邮箱也登不上"
    note(wang, both, Handling.ASKED)
    parts = {"打印机卡纸": Category.PRINTER, "邮箱登不上": Category.EMAIL}

    tickets = [by(wang).report(a_part(words, kind, inbox_id)) for words, kind in parts.items()]
    with database.transaction() as session:
        desk_acts.correct(desk_of(session, clerk), tickets[1].ticket.id, category="account")

    whole, printer, email = all_of(database, StoredReading)
    assert (whole.text, whole.truth, whole.ticket_id) == (both, None, None)
    assert (printer.text, printer.truth) == ("打印机卡纸", Truth.CONFIRMED)
    assert (printer.ticket_id, printer.true_category) == (tickets[0].ticket.id, Category.PRINTER)
    assert (email.text, email.truth) == ("邮箱登不上", Truth.CORRECTED)
    assert email.true_category is Category.ACCOUNT


def a_part(words, kind, inbox_id):
    """One of several faults, as a talk hands it to the desk."""
    fault = replace(told_in(words), place="A座", category=kind.value)
    return replace(fault.report(), read_in=inbox_id, is_part=True)
