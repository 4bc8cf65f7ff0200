"""Words of a voice: kept beside it, told to who works on it; none without a recogniser."""

import pytest

from domain.heard import Heard, Medium
from domain.lifecycle import Status
from models import Attachment, Notice
from services import recognition
from tests.services.making import all_of, only, said, told


def heard(data, content_type):
    return f"{len(data)} {content_type}"


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def keep(database, now):
    def keep(words):
        with database.transaction() as session:
            recognition.keep(session, all_of(database, Attachment)[-1].id, words, now)

    return keep


def test_the_engineer_reads_what_was_said(database, by, keep, make_ticket, wang, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(wang).attach(Heard(Medium.VOICE, media_id="V1"), ticket.id)

    keep("  还有异响 \n")

    assert only(database, Attachment).words == "还有异响"
    notice = said(all_of(database, Notice, recipient_id=zhou.id)[-1])
    assert (notice.key, notice.facts["words"]) == ("notice.voice_words", "还有异响")


def test_nobody_is_told_their_own_words(database, by, keep, make_ticket, wang, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(zhou).attach(Heard(Medium.VOICE, media_id="V1"), ticket.id)

    keep("换了搓纸轮")

    assert "notice.voice_words" not in told(database, zhou)


def test_words_of_a_voice_without_a_ticket_wait_with_it(database, by, keep, wang):
    by(wang).attach(Heard(Medium.VOICE, media_id="V1"))

    keep("打印机卡纸" * 400)

    assert len(only(database, Attachment).words) == recognition.MOST
    assert all_of(database, Notice) == []


def test_silence_is_no_words(database, by, keep, wang):
    by(wang).attach(Heard(Medium.VOICE, media_id="V1"))

    keep("   ")

    assert only(database, Attachment).words is None


def test_the_operators_function_is_found_by_its_name():
    assert (
        recognition.load("tests.services.test_recognition:heard")(b"x", "audio/mpeg")
        == "1 audio/mpeg"
    )


@pytest.mark.parametrize("name", ["nowhere:heard", "json:nothing", "json", ":", "string:digits"])
def test_a_name_that_is_no_function_is_said_at_the_start(name):
    with pytest.raises(ValueError, match=name.partition(":")[0] or "''|:"):
        recognition.load(name)
