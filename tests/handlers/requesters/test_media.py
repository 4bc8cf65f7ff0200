"""Photos, voices, films and places come before, during or after a report (F1)."""

import pytest

from domain.heard import Medium
from domain.permissions import Role
from tests.handlers.requesters.conftest import ticket
from tests.handlers.talking import speaker


def sends(dialog, medium, text="", **more):
    return dialog.hears(text, medium=medium, media_id="m", **more)


def test_a_photo_first_is_kept_and_what_is_wrong_is_asked_for_f1(talk):
    dialog = talk()

    sends(dialog, Medium.IMAGE).answers("media.image_first")
    sends(dialog, Medium.IMAGE).answers("media.image_kept", "incident.ask_symptom", count=2)
    dialog.hears("A座305 打印机不工作").answers("incident.confirm_known").hears("对")

    assert dialog.says[0].facts["hint"].key == "incident.has_photos"
    assert len(dialog.desk.attached) == 2


def test_a_photo_at_the_summary_is_kept_and_the_question_put_again_f1(talk):
    dialog = talk()

    dialog.hears("打印机卡纸")
    sends(dialog, Medium.IMAGE).answers("media.image_kept", "incident.confirm_known")
    dialog.taps("yes").answers("incident.opened")


def test_a_photo_during_a_new_report_is_not_the_open_tickets_f1(talk):
    dialog = talk(ticket("0007"))

    dialog.hears("电脑蓝屏了")
    sends(dialog, Medium.IMAGE).answers("media.image_kept", "incident.confirm_known")
    dialog.hears("对").answers("incident.opened")

    assert dialog.says[0].facts["hint"].key == "incident.has_photos"


@pytest.mark.parametrize("medium", ["image", "video", "voice", "location"])
def test_what_comes_afterwards_is_added_to_the_ticket_f1(talk, medium):
    dialog = talk(ticket("0007"))

    sends(dialog, Medium(medium)).answers(f"media.{medium}_added", number="0007")

    assert dialog.standing.ticket_id == 7


@pytest.mark.parametrize("medium", ["image", "video", "voice", "location"])
def test_each_medium_may_come_first_f1(talk, medium):
    dialog = talk()

    sends(dialog, Medium(medium)).answers(f"media.{medium}_first")
    dialog.hears("打印机卡纸").answers("incident.confirm_known")


def test_a_voice_in_words_is_a_report_like_any_other_f1(talk):
    dialog = talk()

    sends(dialog, Medium.VOICE, "A座305 打印机不工作").answers("incident.confirm_known")
    sends(dialog, Medium.VOICE, "对").answers("media.heard", "incident.opened")

    assert len(dialog.desk.attached) == 2


def test_a_voice_without_words_is_kept_and_words_are_asked_for_f1(talk):
    dialog = talk()

    dialog.hears("打印机卡纸")
    sends(dialog, Medium.VOICE).answers("media.voice_needs_words", "incident.confirm_known")

    assert len(dialog.desk.attached) == 1


def test_a_place_on_the_map_is_the_place_of_somebody_without_an_office_f1(talk):
    dialog = talk(new=True)

    sends(dialog, Medium.LOCATION, label="A座一楼大厅").answers("media.location_first")
    dialog.hears("打印机卡纸").answers("incident.understood", "profile.ask", place="A座一楼大厅")


def test_a_photo_of_an_engineer_belongs_to_the_job_in_hand_f10(talk):
    dialog = talk(ticket("0007", requester_id=99))
    dialog.desk.actor = speaker(Role.ENGINEER, id=21, name="周工")

    sends(dialog, Medium.IMAGE).answers("media.image_added", number="0007")


@pytest.mark.parametrize("medium", [Medium.LINK, Medium.UNKNOWN])
def test_what_cannot_be_kept_is_declined_kindly(talk, medium):
    dialog = talk()

    sends(dialog, medium).answers("media.cannot_use")

    assert dialog.desk.attached == []
