"""Links to media: one person, ten minutes, in parts, and never more than may be seen (H-36)."""

import io

import pytest
from PIL import Image

from domain.heard import Heard, Medium
from domain.lifecycle import Status
from domain.permissions import Role
from models import Attachment, AttachmentState, Purpose
from services import attachments
from services.media_links import MediaLinks, Variant
from services.timeline import view_of
from tests.services.making import all_of

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


def get(browser, address, **options):
    """The whole answer, its file closed again."""
    response = browser.client.get(address, **options)
    response.get_data()
    response.close()
    return response


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def ticket(make_ticket, wang, zhou):
    return make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)


@pytest.fixture
def keep(database, desk_of, site, wang, ticket):
    """Something of 王芳's that was kept with the ticket."""

    def keep(data=None, kind="image", ticket_id=ticket.id, purpose=Purpose.REPORT):
        saved = site.store.save(data or photo(), kind)
        with database.transaction() as session:
            attachments.keep_upload(desk_of(session, wang), ticket_id, kind, saved, purpose)
        return view_of(all_of(database, Attachment)[-1])

    return keep


@pytest.fixture
def link(site, clock):
    """The address that a page gives to somebody."""

    def link(attachment, person, variant=Variant.FULL):
        links = MediaLinks(site.secret_key)
        return f"/h5/media/{links.token(attachment.id, person.id, variant, clock())}"

    return link


def test_a_photo_is_shown_whole_and_small(browser_of, keep, link, wang):
    kept, browser = keep(), browser_of(wang)

    whole = get(browser, link(kept, wang))
    small = get(browser, link(kept, wang, Variant.THUMB))

    assert (whole.status_code, whole.content_type) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(whole.data)).size == (800, 600)
    assert Image.open(io.BytesIO(small.data)).size == (320, 240)


def test_the_answer_says_that_it_is_nobody_elses_and_runs_nothing(browser_of, keep, link, wang):
    """S-013, S-085."""
    headers = get(browser_of(wang), link(keep(), wang)).headers

    assert headers["Cache-Control"] == "private, max-age=600"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].endswith("sandbox")
    assert headers["Content-Disposition"].startswith("inline")
    assert "Cookie" in headers["Vary"]


def test_who_works_on_it_sees_it_and_who_only_did_does_not(
    browser_of, by, keep, link, zhou, ticket
):
    """The right is asked anew when the link is opened: a link outlives an assignment."""
    kept, browser = keep(), browser_of(zhou)
    address = link(kept, zhou)
    assert get(browser, address).status_code == 200

    by(zhou).transfer(ticket.id, "不会修")

    assert get(browser, address).status_code == 404


def test_a_link_in_foreign_hands_shows_nothing(browser_of, keep, link, wang, zhou, make_person):
    """Not even to somebody who may see the same photo by a link of their own."""
    kept = keep()

    assert get(browser_of(zhou), link(kept, wang)).status_code == 404
    stranger = make_person("李雷")
    assert get(browser_of(stranger), link(kept, stranger)).status_code == 404
    assert get(browser_of(), link(kept, wang)).status_code == 404


def test_a_link_ends_after_ten_minutes(browser_of, keep, link, wang, clock):
    kept, browser = keep(), browser_of(wang)
    address = link(kept, wang)

    clock.passes(minutes=9, seconds=59)
    assert get(browser, address).status_code == 200
    clock.passes(seconds=1)
    assert get(browser, address).status_code == 404


@pytest.mark.parametrize("at", [0, 5, -2, -20])
def test_a_changed_link_is_no_link(browser_of, keep, link, wang, at):
    address = link(keep(), wang)
    token = address.rpartition("/")[2]
    other = "A" if token[at] != "A" else "B"
    place = at % len(token)
    changed = token[:place] + other + token[place + 1 :]

    assert get(browser_of(wang), f"/h5/media/{changed}").status_code == 404


def test_a_token_of_another_key_or_purpose_is_no_link(browser_of, keep, wang, clock, site):
    kept = keep()
    forged = MediaLinks(b"another key").token(kept.id, wang.id, Variant.FULL, clock())

    assert get(browser_of(wang), f"/h5/media/{forged}").status_code == 404
    assert get(browser_of(wang), "/h5/media/x").status_code == 404


def test_a_film_is_wound_by_asking_for_a_part(browser_of, keep, link, wang):
    kept, browser = keep(FILM, "video"), browser_of(wang)

    part = get(browser, link(kept, wang), headers={"Range": "bytes=100-199"})
    end = get(browser, link(kept, wang), headers={"Range": "bytes=-10"})
    beyond = get(browser, link(kept, wang), headers={"Range": "bytes=999999-"})

    assert (part.status_code, part.data) == (206, FILM[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(FILM)}"
    assert part.content_type == "video/mp4"
    assert end.data == FILM[-10:]
    assert beyond.status_code == 416


def test_a_voice_that_browsers_cannot_play_is_handed_out(
    browser_of, database, link, site, wang, ticket, clock
):
    saved = site.store.save(b"#!AMR\n" + bytes(50), "voice")
    kept = _voice(database, wang, ticket, saved, None, clock())

    response = get(browser_of(wang), link(kept, wang, Variant.PLAYABLE))

    assert response.content_type == "audio/amr"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_voice_is_played_in_the_form_that_browsers_know(
    browser_of, database, link, site, wang, ticket, clock
):
    saved = site.store.save(b"#!AMR\n" + bytes(50), "voice")
    sound = site.store.save_made(b"ID3 sound", "audio/mpeg")
    kept = _voice(database, wang, ticket, saved, sound.name, clock())

    response = get(browser_of(wang), link(kept, wang, Variant.PLAYABLE))

    assert (response.content_type, response.data) == ("audio/mpeg", b"ID3 sound")


def _voice(database, person, ticket, saved, playable, now):
    with database.transaction() as session:
        session.add(
            Attachment(
                person_id=person.id,
                ticket_id=ticket.id,
                kind="voice",
                state=AttachmentState.SAVED,
                file=saved.name,
                content_type=saved.content_type,
                size=saved.size,
                playable=playable,
                created_at=now,
            )
        )
    return view_of(all_of(database, Attachment)[-1])


def test_what_waits_for_a_report_is_its_senders_alone(browser_of, keep, link, wang, make_person):
    """S-014."""
    kept, clerk = keep(ticket_id=None), make_person("陈台", Role.DESK)

    assert get(browser_of(wang), link(kept, wang)).status_code == 200
    assert get(browser_of(clerk), link(kept, clerk)).status_code == 404


def test_what_is_not_fetched_yet_or_lost_is_not_found(
    browser_of, by, database, keep, link, site, wang, ticket
):
    by(wang).attach(Heard(Medium.IMAGE, media_id="M1"), ticket.id)
    waiting = view_of(all_of(database, Attachment)[-1])
    lost = keep()
    site.store.delete(all_of(database, Attachment)[-1].file)
    browser = browser_of(wang)

    assert get(browser, link(waiting, wang)).status_code == 404
    assert get(browser, link(lost, wang)).status_code == 404


def test_a_link_holds_no_secret_and_fits_into_an_address(link, keep, wang):
    address = link(keep(), wang)

    assert len(address) < 200
    assert wang.openid not in address
