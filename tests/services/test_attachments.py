"""Photos, voices and places find the ticket that they belong to (F1)."""

from datetime import timedelta

import pytest

from domain.heard import Heard, Medium
from domain.lifecycle import Action, ActionNotAllowed, Status
from domain.refusals import NotFound
from domain.sentence import Word
from models import Activity, Attachment, AttachmentState, Notice
from tests.services.making import a_report, all_of, everything, happened, only, said

HOUR = timedelta(hours=1)
PHOTO = Heard(Medium.IMAGE, media_id="m1")


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


def test_without_a_report_it_waits(database, by, wang, now):
    kept = by(wang).attach(PHOTO)
    again = by(wang, now + HOUR).attach(PHOTO)

    assert (kept.ticket, kept.count, again.count) == (None, 1, 2)
    row = all_of(database, Attachment)[0]
    assert (row.state, row.next_try_at, row.ticket_id) == (AttachmentState.WAITING, now, None)


def test_a_place_needs_no_fetching(database, by, wang):
    label = "科技路 1 号" * 40
    by(wang).attach(Heard(Medium.LOCATION, latitude=30.5, longitude=114.25, label=label))

    row = only(database, Attachment)
    assert (row.state, row.next_try_at) == (AttachmentState.SAVED, None)
    assert (row.latitude, row.longitude, row.label) == (30.5, 114.25, label[:200])


def test_after_a_report_it_goes_to_the_ticket_and_its_engineer_hears(
    database, by, wang, make_engineer
):
    zhou = make_engineer()
    ticket = by(wang).report(a_report()).ticket

    kept = by(wang).attach(PHOTO)

    assert (kept.ticket.id, kept.count) == (ticket.id, 1)
    assert happened(database, ticket.id)[-1] is Action.ATTACH
    say = said(all_of(database, Notice, recipient_id=zhou.id)[-1])
    assert (say.key, say.facts["what"]) == ("notice.attached", Word("medium.image"))


def test_an_old_ticket_at_work_does_not_catch_the_photo_of_a_new_fault(by, wang, make_ticket, now):
    """Four hours later it is more likely about something else, unless nobody has come yet."""
    at_work = make_ticket(Status.IN_PROGRESS, requester=wang)
    assert by(wang, now + 3 * HOUR).attach(PHOTO).ticket.id == at_work.id
    assert by(wang, now + 5 * HOUR).attach(PHOTO).ticket is None


def test_an_engineer_adds_photos_to_the_named_ticket(database, by, wang, make_engineer):
    zhou = make_engineer()
    ticket = by(wang).report(a_report()).ticket

    kept = by(zhou).attach(PHOTO, ticket.id)

    assert kept.ticket.id == ticket.id
    assert all_of(database, Notice, text_key="notice.attached") == []


def test_a_refused_photo_leaves_nothing_behind(database, by, wang, make_ticket, make_person):
    """A refusal is committed: closed tickets take no photos, foreign ones do not exist."""
    closed = make_ticket(Status.CLOSED, requester=wang)
    stranger = make_person("李雷")
    before = everything(database)

    with pytest.raises(ActionNotAllowed):
        by(wang).attach(PHOTO, closed.id)
    with pytest.raises(NotFound):
        by(stranger).attach(PHOTO, closed.id)
    assert everything(database) == before


def test_a_tickets_photos_are_listed_newest_first_while_the_platform_has_them(
    by, wang, make_engineer, now
):
    zhou = make_engineer()
    ticket = by(wang).report(a_report()).ticket
    for n, medium in enumerate([Medium.IMAGE, Medium.VOICE, Medium.IMAGE]):
        by(wang, now + n * HOUR).attach(Heard(medium, media_id=f"m{n}"), ticket.id)

    assert by(zhou, now + 3 * HOUR).attachments_of(ticket.id) == ("m2", "m0")
    assert by(zhou, now + timedelta(days=3, hours=1)).attachments_of(ticket.id) == ("m2",)


def test_each_photo_is_a_line_of_the_timeline(database, by, wang, make_ticket):
    ticket = make_ticket(Status.RESOLVED, requester=wang)

    by(wang).attach(PHOTO, ticket.id)

    assert all_of(database, Activity)[-1].detail == {"kind": "image"}
