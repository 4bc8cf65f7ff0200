"""The desk verifies a complaint in chat and reports it to the head (C2)."""

import pytest

from domain.complaints import ComplaintStatus
from domain.heard import Medium
from domain.lifecycle import Status
from models import Attachment, ComplaintPerson, Notice, Purpose
from services.complaints import handling, submitting
from tests.services.making import all_of, only

FOUND = "问过本人，确实中途离开，当天没有回来"


def tap_of(talk, value):
    return next(act for act in talk.offered if act.partition("=")[2] == value)


def test_c2_a_complaint_is_verified_and_reported_step_by_step(talk_of, cast, at, now_at):
    number = at(people=(cast.engineer.id,)).number
    talk = talk_of(cast.clerk)

    talk.hears(tap=f"verify:{number}").answers("complaint_desk.card", "complaint_desk.ask_findings")
    assert "王芳，财务部，13800001234" in talk.read and "修到一半接电话就走了" in talk.read
    talk.hears(FOUND).answers("complaint_desk.ask_whom")
    talk.taps(str(cast.engineer.id)).answers("complaint_desk.confirm", findings=FOUND, names="周工")
    talk.taps("yes").answers("complaint_desk.reported")

    assert talk.waits_at == (None, None)
    found = now_at(cast.head, number)
    assert (found.status, found.findings) == (ComplaintStatus.REPORTED, FOUND)


def test_c2_one_message_may_hold_what_was_found(talk_of, cast, at):
    at()
    talk = talk_of(cast.clerk)

    talk.hears(f"核实 0001 {FOUND}").answers("complaint_desk.card", "complaint_desk.ask_whom")
    talk.hears("周工").answers("complaint_desk.confirm", findings=FOUND, names="周工")
    talk.hears("上报").answers("complaint_desk.reported")


def test_several_people_are_named_at_once(database, talk_of, cast, at, make_engineer):
    make_engineer("吴强")
    at()
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")

    talk.hears("周工和吴工").answers("complaint_desk.confirm", names="吴强、周工")

    talk.taps("yes")
    assert sum(each.is_found for each in all_of(database, ComplaintPerson)) == 2


def test_those_who_are_offered_may_be_all_meant(talk_of, cast, at, make_engineer):
    wu = make_engineer("吴强")
    at(people=(cast.engineer.id, wu.id))
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")

    talk.taps("everybody").answers("complaint_desk.confirm", names="周工、吴强")


def test_a_name_that_two_bear_is_asked_again(talk_of, cast, at, make_engineer):
    first, second = make_engineer("吴强"), make_engineer("吴明")
    at()
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")

    talk.hears("吴工").answers("complaint_desk.several_called")
    assert {act.partition("=")[2] for act in talk.offered} >= {str(first.id), str(second.id)}
    talk.hears("吴明").answers("complaint_desk.confirm", names="吴明")


def test_it_may_concern_nobody(talk_of, cast, at, now_at):
    number = at().number
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")

    talk.hears("不涉及个人").answers("complaint_desk.confirm", names=None)
    assert "涉及：不涉及个人" in talk.read
    talk.hears("好").answers("complaint_desk.reported")
    assert now_at(cast.clerk, number).status is ComplaintStatus.REPORTED


def test_what_is_found_and_whom_it_concerns_may_be_amended(talk_of, cast, at, make_engineer):
    make_engineer("吴强")
    at()
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")
    talk.hears("周工").taps("amend").answers("complaint_desk.ask_amend")

    talk.taps("whom").answers("complaint_desk.ask_whom")
    talk.hears("吴强").answers("complaint_desk.confirm", names="吴强", findings=FOUND)
    talk.hears("改一下").taps("findings").hears("另有说法").answers(
        "complaint_desk.confirm", names="吴强", findings="另有说法"
    )
    talk.taps("amend").taps("as_it_is").answers("complaint_desk.confirm")
    talk.taps("cancel").answers("complaint_desk.not_reported")


def test_nothing_is_stored_before_it_is_reported(talk_of, cast, at, now_at):
    number = at().number
    talk_of(cast.clerk).hears(f"核实 0001 {FOUND}").hears("周工").hears("取消")

    found = now_at(cast.clerk, number)
    assert (found.status, found.findings) == (ComplaintStatus.SUBMITTED, None)


@pytest.mark.parametrize("words", ["……", "好", "123"])
def test_what_is_no_finding_is_asked_again(talk_of, cast, at, words):
    at()
    talk = talk_of(cast.clerk).hears("核实 0001")

    talk.hears(words).answers("complaint_desk.findings_unclear")
    talk.hears(words).answers("complaint_desk.findings_unclear")
    assert not talk.hands_over, "nobody of the desk is called for the desk"


@pytest.mark.parametrize("words", ["谁谁谁", "张三丰"])
def test_a_name_that_nobody_bears_is_asked_again(talk_of, cast, at, words):
    at()
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")

    talk.hears(words).answers("complaint_desk.whom_unclear")
    talk.hears("嗯？").answers("complaint_desk.whom_unclear")
    talk.hears("周工").hears("什么").answers("complaint_desk.confirm_unclear")


def test_nobody_verifies_what_concerns_themselves(talk_of, cast, at, now_at):
    """P8: it ends, and nothing was written."""
    number = at().number
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")

    talk.hears("小陈").answers("complaint.refusal.concerns_you")

    assert talk.waits_at == (None, None)
    assert now_at(cast.head, number).findings is None


# --- which one -----------------------------------------------------------------------------------


def test_what_waits_is_listed_with_a_line_for_each(talk_of, cast, at):
    first, second = at().number, at(words="打了三次电话没人来").number

    talk = talk_of(cast.clerk).hears("核实").answers("complaint_desk.to_verify", count=2)

    assert talk.offered == [f"verify:{first}", f"verify:{second}"]
    assert talk.hears("VERIFY", tap="VERIFY").offered == [f"verify:{first}", f"verify:{second}"]
    talk.taps(f"verify:{second}").answers("complaint_desk.card", "complaint_desk.ask_findings")


def test_more_than_a_message_holds_are_counted(talk_of, cast, at):
    for _ in range(8):
        at()

    talk_of(cast.clerk).hears("核实").answers("complaint_desk.to_verify", count=8, more=2)


def test_when_nothing_waits_that_is_said(talk_of, cast):
    talk_of(cast.clerk).hears("核实").answers("complaint_desk.none_to_verify")


def test_p8_whom_it_concerns_reads_what_a_wrong_number_reads(
    talk_of, cast, at, make_person, database, desk_of
):
    """A clerk who is named, by list, by number and by an old line: as if there were none."""
    complaint = at(people=(cast.clerk.id,))
    talk = talk_of(cast.clerk)

    absent = talk.hears("核实 TS20261124-0999").read.replace("0999", "0001")
    assert talk.hears(f"核实 {complaint.number}").read == absent
    assert talk.hears(tap=f"verify:{complaint.number}").read == absent
    assert talk.hears("核实 0001").read == talk.hears("核实 0999").read.replace("0999", "0001")
    talk.hears("核实").answers("complaint_desk.none_to_verify")


def test_p8_who_is_named_meanwhile_finds_it_gone(database, desk_of, talk_of, cast, at, other_clerk):
    complaint = at()
    talk = talk_of(other_clerk).hears("核实 0001")
    with database.transaction() as session:
        handling.verify(desk_of(session, cast.clerk), complaint.id, FOUND, [other_clerk.id])

    talk.hears("我看没什么事").answers("complaint_desk.not_found")
    assert talk.waits_at == (None, None)


def test_a_number_that_may_be_a_tickets_leads_there(talk_of, cast):
    talk = talk_of(cast.clerk).hears("核实 0007").answers("complaint_desk.not_found")
    assert talk.offered == ["show:0007"]


def test_ones_own_complaint_is_for_others(database, desk_of, talk_of, cast, make_person):
    with database.transaction() as session:
        own = submitting.submit(
            desk_of(session, cast.clerk), submitting.Submission("食堂门口的网很慢")
        )

    talk_of(cast.clerk).hears(f"核实 {own.number}").answers("complaint_desk.own")


# --- beside the question -------------------------------------------------------------------------


def test_photos_are_sent_and_the_question_waits(database, desk_of, talk_of, cast, at):
    complaint = at()
    with database.transaction() as session:
        from domain.heard import Heard

        desk = desk_of(session, cast.requester)
        submitting.attach(desk, complaint.id, Heard(Medium.IMAGE, media_id="photo-1"))
        submitting.attach(desk, complaint.id, Heard(Medium.LOCATION, label="三楼"))
    talk = talk_of(cast.clerk).hears("核实 0001")

    talk.taps("photos").answers("complaint_desk.photos_follow", "complaint_desk.ask_findings")
    talk.hears("看照片").answers("complaint_desk.photos_follow", "complaint_desk.ask_findings")

    sent = [each for each in all_of(database, Notice, recipient_id=cast.clerk.id)][-2:]
    assert [each.text_key for each in sent] == [
        "complaint_desk.media",
        "complaint_desk.media_place",
    ]
    assert {each.complaint_id for each in sent} == {complaint.id}


def test_without_photos_that_is_said(talk_of, cast, at):
    at()
    talk = talk_of(cast.clerk).hears("核实 0001").hears("看照片")
    talk.answers("complaint_desk.no_photos", "complaint_desk.ask_findings")


def test_long_words_are_read_part_by_part(talk_of, cast, at):
    words = "".join(f"第{place}句，师傅来了又走了。" for place in range(60))
    at(words=words)
    talk = talk_of(cast.clerk).hears("核实 0001")
    assert "…" in talk.read

    read = ""
    talk.taps("whole")
    while True:
        read += str(talk.says[0].facts["words"])
        if not talk.says[0].buttons:
            break
        talk.hears("接着看")
    assert read == words


def test_p8_a_photo_of_the_clerk_goes_to_the_complaint_and_to_no_ticket(
    database, talk_of, cast, at, make_ticket, now_at, desk_of
):
    from services.complaints import reading

    ticket = make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    complaint = at(ticket_id=ticket.id)
    talk = talk_of(cast.clerk).hears(f"看 {ticket.number}").hears("核实 0001")

    talk.hears(medium=Medium.IMAGE, media_id="proof")
    talk.answers("complaint_desk.kept", "complaint_desk.ask_findings")

    kept = only(database, Attachment)
    assert (kept.complaint_id, kept.ticket_id) == (complaint.id, None)
    assert kept.purpose is Purpose.NOTE
    with database.reading() as session:
        assert (
            reading.own_page(desk_of(session, cast.requester), complaint.number).attachments == ()
        )


def test_a_voice_counts_by_its_words(database, talk_of, cast, at):
    at()
    talk = talk_of(cast.clerk).hears("核实 0001")

    talk.hears(medium=Medium.VOICE, media_id="v1").answers(
        "complaint_desk.voice_kept", "complaint_desk.ask_findings"
    )
    talk.hears(FOUND, medium=Medium.VOICE, media_id="v2").answers("complaint_desk.ask_whom")


def test_something_said_in_passing_leaves_the_question(talk_of, cast, at):
    at()
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")

    talk.hears("未送达").answers("stuck.none", "complaint_desk.ask_whom")
    talk.hears("周工").hears("帮助").answers("greet.help_desk", "complaint_desk.confirm")


def test_an_old_line_is_over(talk_of, cast, at):
    at(people=(cast.engineer.id,))
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}")
    old = tap_of(talk, str(cast.engineer.id))
    talk.hears("不涉及个人")

    talk.hears("周工", tap=old).answers("conversation.tap_is_over", "complaint_desk.confirm")


def test_the_next_complaint_begins_with_nothing_of_the_last(talk_of, cast, at):
    at()
    second = at(words="打了三次电话没人来").number
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}").hears("周工")

    talk.hears(tap=f"verify:{second}").hears("电话记录里有三次").answers("complaint_desk.ask_whom")
    talk.hears("没有").answers("complaint_desk.confirm", findings="电话记录里有三次", names=None)
