"""Photos, voices and places find the ticket that they belong to (F1)."""

from datetime import timedelta

import pytest

from domain.heard import Heard, Medium
from domain.lifecycle import Action, ActionNotAllowed, Status
from domain.refusals import NotFound, NotPermitted
from domain.sentence import Word
from models import Activity, Attachment, AttachmentState, Notice, Purpose
from services import attachments
from services.attachments import TooManyPhotos
from storage import Saved
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
    assert [button.act for button in say.buttons] == [f"photos:{ticket.number}"]


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


def test_a_photo_during_a_new_report_waits_for_it(by, wang, make_engineer):
    """It belongs to what is being told, and not to the ticket that is open already."""
    make_engineer()
    by(wang).report(a_report())

    kept = by(wang).attach(PHOTO, is_waiting=True)

    assert (kept.ticket, kept.count) == (None, 1)
    assert by(wang).report(a_report(symptom="电脑蓝屏")).attachments == 1


def test_what_was_attached_follows_one_by_one_the_newest_last(
    database, by, wang, make_engineer, now
):
    """F9: photos and voices themselves, a place in its words, a film where it can be seen."""
    zhou = make_engineer()
    ticket = by(wang).report(a_report()).ticket
    place = Heard(Medium.LOCATION, latitude=30.5, longitude=114.25, label="科技路 1 号")
    media = [Heard(each, media_id=f"{each}1") for each in (Medium.IMAGE, Medium.VOICE)]
    for heard in (*media, place, Heard(Medium.VIDEO, media_id="video1")):
        by(wang).attach(heard, ticket.id)
    before = len(all_of(database, Notice))

    counts = by(zhou).show_media(ticket.id)

    assert counts == {Medium.IMAGE: 1, Medium.VOICE: 1, Medium.LOCATION: 1, Medium.VIDEO: 1}
    says = [said(each) for each in all_of(database, Notice, recipient_id=zhou.id)]
    shown = [(say.key, say.facts.get("media_id"), say.facts.get("place")) for say in says[-4:]]
    assert shown == [
        ("notice.media", "image1", None),
        ("notice.media", "voice1", None),
        ("notice.media_place", None, "科技路 1 号"),
        ("notice.media_elsewhere", None, None),
    ]
    assert len(all_of(database, Notice)) == before + 4


def test_what_the_platform_has_no_more_is_shown_from_our_own_file_nine_at_most(
    database, by, wang, make_engineer, now
):
    """Wechat-platform §10: media live for three days; what was not fetched by then is gone."""
    zhou = make_engineer()
    ticket = by(wang).report(a_report()).ticket
    for n in range(11):
        by(wang, now + n * HOUR).attach(Heard(Medium.IMAGE, media_id=f"m{n}"), ticket.id)

    assert by(zhou, now + 11 * HOUR).show_media(ticket.id) == {Medium.IMAGE: 9}
    later = now + 72 * HOUR + 9 * HOUR
    assert by(zhou, later).show_media(ticket.id) == {Medium.IMAGE: 2}
    newest = all_of(database, Notice, text_key="notice.media")[-1]
    assert said(newest).facts["media_id"] == "m10"

    with database.transaction() as session:
        for row in session.query(Attachment).filter(Attachment.media_id.in_(["m0", "m1"])):
            row.state, row.file = AttachmentState.SAVED, "f" * 64 + ".jpg"
    assert by(zhou, later).show_media(ticket.id) == {Medium.IMAGE: 4}
    shown = [said(each).facts for each in all_of(database, Notice, text_key="notice.media")[-4:]]
    assert [facts.get("file") for facts in shown] == ["f" * 64 + ".jpg"] * 2 + [None] * 2


# --- by pages ------------------------------------------------------------------------------------


SAVED = Saved("a" * 64 + ".jpg", "a" * 64, 1000, "image/jpeg", "b" * 64 + ".jpg")


@pytest.fixture
def upload(database, desk_of):
    def upload(actor, ticket_id, *purposes):
        with database.transaction() as session:
            for purpose in purposes or (Purpose.REPORT,):
                desk = desk_of(session, actor)
                attachments.keep_upload(desk, ticket_id, "image", SAVED, purpose)

    return upload


def test_an_upload_is_there_at_once_and_told_like_a_photo_of_the_chat(
    database, by, wang, upload, make_engineer
):
    zhou = make_engineer()
    ticket = by(wang).report(a_report()).ticket

    upload(wang, ticket.id, Purpose.REPORT, Purpose.REPORT)

    row = all_of(database, Attachment)[0]
    assert (row.state, row.file, row.thumbnail) == (
        AttachmentState.SAVED,
        SAVED.name,
        SAVED.thumbnail,
    )
    assert happened(database, ticket.id)[-2:] == [Action.ATTACH, Action.ATTACH]
    told = [each for each in all_of(database, Notice, recipient_id=zhou.id)]
    assert [each.text_key for each in told].count("notice.attached") == 1  # of one form, once


def test_an_upload_before_the_report_belongs_to_it(database, by, wang, upload):
    upload(wang, None)

    assert by(wang).report(a_report()).attachments == 1
    assert only(database, Attachment).ticket_id is not None


def test_nine_photos_are_kept_and_no_more(database, wang, upload, make_ticket):
    """H-36: for each purpose, so that a result has room for its own."""
    ticket = make_ticket(requester=wang)
    upload(wang, ticket.id, *[Purpose.REPORT] * 9)

    with pytest.raises(TooManyPhotos):
        upload(wang, ticket.id)
    with pytest.raises(TooManyPhotos):
        upload(wang, None, *[Purpose.REPORT] * 10)
    upload(wang, ticket.id, Purpose.RESULT)
    assert len(all_of(database, Attachment)) == 10


def test_nobody_uploads_to_a_ticket_that_is_not_theirs(wang, upload, make_ticket, make_person):
    ticket = make_ticket(requester=wang)

    with pytest.raises(NotFound):
        upload(make_person("李雷"), ticket.id)


def test_what_the_engineer_adds_shows_their_work_and_no_signature_is_sent_by_chat(
    database, by, wang, upload, make_ticket, make_engineer
):
    zhou = make_engineer()
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(zhou).attach(PHOTO, ticket.id)
    by(wang).attach(PHOTO, ticket.id)
    upload(zhou, ticket.id, Purpose.SIGNATURE)

    purposes = [each.purpose for each in all_of(database, Attachment)]
    assert purposes == [Purpose.RESULT, Purpose.REPORT, Purpose.SIGNATURE]
    assert by(zhou).show_media(ticket.id) == {Medium.IMAGE: 2}


def test_a_film_leads_to_the_page_where_it_is_shown(database, by, wang, make_engineer):
    zhou = make_engineer()
    ticket = by(wang).report(a_report()).ticket
    by(wang).attach(Heard(Medium.VIDEO, media_id="film"), ticket.id)

    by(zhou).show_media(ticket.id)

    say = said(all_of(database, Notice, recipient_id=zhou.id)[-1])
    assert (say.key, say.page.path) == ("notice.media_elsewhere", f"/h5/t/{ticket.number}")


def test_an_engineer_of_the_area_does_not_see_the_photos(by, wang, make_engineer):
    """Y1: what a requester shows is for those who work on it."""
    make_engineer()
    ticket = by(wang).report(a_report()).ticket
    neighbour = make_engineer("吴工", areas=["三楼"], is_on_duty=False)

    with pytest.raises(NotPermitted):
        by(neighbour).show_media(ticket.id)


def test_each_photo_is_a_line_of_the_timeline(database, by, wang, make_ticket):
    ticket = make_ticket(Status.RESOLVED, requester=wang)

    by(wang).attach(PHOTO, ticket.id)

    assert all_of(database, Activity)[-1].detail == {"kind": "image"}
