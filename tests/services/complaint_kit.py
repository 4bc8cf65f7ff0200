"""People around a complaint: who complains, whom it concerns, who verifies, who decides."""

from dataclasses import dataclass

from domain.complaints import Verdict
from domain.permissions import Role
from domain.speaker import Speaker
from services.complaints import answering, handling, submitting
from services.complaints.handling import Decision
from services.complaints.submitting import Submission
from services.complaints.views import ComplaintView

WORDS = "昨天下午来的，修到一半接电话就走了，到今天没回来"


@dataclass(frozen=True, slots=True)
class Cast:
    """王芳 complains of 周工; 小陈 verifies; 陈主任 decides."""

    requester: Speaker
    engineer: Speaker
    clerk: Speaker
    head: Speaker


def cast_of(make_person, make_engineer) -> Cast:
    return Cast(
        make_person("王芳"),
        make_engineer("周工", skills=["printer"]),
        make_person("小陈", Role.DESK, phone="13800003333"),
        make_person("陈主任", Role.HEAD, phone="13800004444"),
    )


def submitted(database, desk_of, cast: Cast, **said) -> ComplaintView:
    with database.transaction() as session:
        submission = Submission(**{"words": WORDS, **said})
        return submitting.submit(desk_of(session, cast.requester), submission)


def reported(database, desk_of, cast: Cast, **said) -> ComplaintView:
    complaint = submitted(database, desk_of, cast, **said)
    with database.transaction() as session:
        desk = desk_of(session, cast.clerk)
        handling.verify(desk, complaint.id, "确有其事，中途离开", [cast.engineer.id])
        return handling.report(desk, complaint.id)


def decided(database, desk_of, cast: Cast, verdict=Verdict.UPHELD, **said) -> ComplaintView:
    complaint = reported(database, desk_of, cast, **said)
    with database.transaction() as session:
        made = Decision(verdict, "周工当面道歉，重修")
        return handling.decide(desk_of(session, cast.head), complaint.id, made)


def fed_back(database, desk_of, cast: Cast, verdict=Verdict.UPHELD, **said) -> ComplaintView:
    complaint = decided(database, desk_of, cast, verdict, **said)
    with database.transaction() as session:
        return handling.feed_back(desk_of(session, cast.clerk), complaint.id, "您反映的属实，抱歉")


def objected(database, desk_of, cast: Cast, **said) -> ComplaintView:
    complaint = fed_back(database, desk_of, cast, **said)
    with database.transaction() as session:
        return answering.object_to(desk_of(session, cast.requester), complaint.id, "没有道歉")
