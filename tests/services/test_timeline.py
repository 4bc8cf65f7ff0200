"""A ticket's timeline: everything in order, and to each reader what is theirs to see (F11, Y1)."""

from datetime import timedelta

import pytest

from domain.heard import Heard, Medium
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.refusals import NotFound
from domain.sentence import Fact, Say, Word
from models import Clerk, Notice, NoticeState, Takeover, TalkLine
from services.timeline import Entry, EntryKind, attachments_of, timeline
from services.views import Scores
from settings import ROOT
from tests.services.making import RESULT, all_of
from texts import read_texts

MINUTE = timedelta(minutes=1)
TEXTS = read_texts(ROOT / "texts.yaml", str)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def entries(database):
    """What somebody sees of a ticket."""

    def entries(reader, ticket) -> tuple[Entry, ...]:
        with database.reading() as session:
            return timeline(session, reader, ticket.id)

    return entries


@pytest.fixture
def seen(entries, now):
    """The same in words."""

    def seen(reader, ticket) -> list[str]:
        return [TEXTS.words(each.say.key, each.say.facts, now) for each in entries(reader, ticket)]

    return seen


@pytest.fixture
def solved(by, make_ticket, wang, zhou, now):
    """A ticket with a full life, closed and rated."""
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou)
    by(zhou, now + MINUTE).accept(ticket.id)
    by(zhou, now + 2 * MINUTE).arrive(ticket.id)
    by(zhou, now + 3 * MINUTE).progress(ticket.id, "配件已下单")
    by(zhou, now + 4 * MINUTE).hold(ticket.id, "等配件", now + timedelta(hours=1))
    by(zhou, now + 5 * MINUTE).resume(ticket.id)
    by(zhou, now + 6 * MINUTE).resolve(ticket.id, RESULT)
    by(wang, now + 7 * MINUTE).confirm(ticket.id)
    by(wang, now + 8 * MINUTE).rate(ticket.id, Scores(3, 5, 5, "来得慢"))
    return ticket


def test_the_requester_reads_the_story_of_their_fault(seen, wang, solved):
    assert seen(wang, solved) == [
        "报修已受理",
        "已派给周工，等接单",
        "周工接单",
        "周工已到现场",
        "周工：配件已下单",
        "要等一等：等配件，最晚 11:30 继续",
        "继续处理",
        "周工处理完：换了搓纸轮，测试正常",
        "确认已解决，办结",
        "评价：速度 3，态度 5，结果 5。来得慢",
    ]


def test_who_works_here_reads_the_result_in_full(seen, clerk, solved):
    """R1: cause, minutes, where and parts are of the form, not for the requester's page."""
    words = seen(clerk, solved)

    assert "周工完工：换了搓纸轮，测试正常；原因 部件老化；用时 30 分钟；现场；备件 搓纸轮" in words


def test_the_reasons_why_this_engineer_are_for_those_who_may_know(
    entries, wang, zhou, clerk, solved
):
    """F8: the dispatch receipt."""

    def reasons(reader):
        return [each.details for each in entries(reader, solved) if each.details]

    assert [say.key for say in reasons(clerk)[0]] == ["receipt.line"]
    assert reasons(zhou) and not reasons(wang)


def test_a_rating_is_not_shown_to_whom_it_judges(entries, zhou, clerk, solved):
    kinds = [each.kind for each in entries(zhou, solved)]

    assert EntryKind.RATING not in kinds
    assert EntryKind.RATING in [each.kind for each in entries(clerk, solved)]


def test_why_an_engineer_gave_it_back_stays_inside(by, seen, make_ticket, wang, clerk, zhou):
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou)
    by(zhou).decline(ticket.id, "不会修")

    assert "换一位工程师" in seen(wang, ticket)
    assert not [words for words in seen(wang, ticket) if "不会修" in words]
    assert "周工退单：不会修" in seen(clerk, ticket)


def test_what_was_sent_stands_where_it_was_sent(by, seen, entries, make_ticket, wang, zhou, now):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(wang, now + MINUTE).attach(Heard(Medium.IMAGE, media_id="M1"), ticket.id)
    by(zhou, now + 2 * MINUTE).attach(Heard(Medium.IMAGE, media_id="M2"), ticket.id)

    report, result = entries(wang, ticket)[-2:]

    assert [report.say.key, result.say.key] == ["timeline.sent.report", "timeline.sent.result"]
    assert report.attachment.kind == "image" and not report.attachment.has_file
    assert seen(wang, ticket)[-1] == "周工的完工照片"


def test_who_may_not_see_the_photo_reads_that_there_is_one(
    by, seen, database, make_ticket, make_engineer, wang, zhou
):
    """An engineer of the area reads the ticket, but not what its requester showed (Y1)."""
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(wang).attach(Heard(Medium.IMAGE, media_id="M1"), ticket.id)
    neighbour = make_engineer("吴工", areas=["三楼"])

    assert seen(neighbour, ticket)[-1] == "王芳补了照片"
    with database.reading() as session:
        assert attachments_of(session, neighbour, ticket.id) == ()
        assert len(attachments_of(session, zhou, ticket.id)) == 1


def test_a_talk_with_the_desk_is_for_who_talked_and_for_the_desk(
    database, seen, make_ticket, wang, zhou, clerk, now
):
    """A complaint is hidden from whom it is about (Y1)."""
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    with database.transaction() as session:
        session.add(Clerk(account="desk1@itdesk", nickname="小陈", person_id=clerk.id, seen_at=now))
        talk = Takeover(
            person_id=wang.id, ticket_id=ticket.id, asked_at=now, kf_account="desk1@itdesk"
        )
        talk.began_at = now
        session.add(talk)
        session.flush()
        for n, (is_clerk, text) in enumerate(((False, "周工态度不好"), (True, "我来处理"))):
            session.add(
                TalkLine(
                    takeover_id=talk.id,
                    is_clerk=is_clerk,
                    kf_account="desk1@itdesk",
                    text=text,
                    said_at=now + n * MINUTE,
                    digest=str(n),
                )
            )

    assert seen(wang, ticket)[-2:] == seen(clerk, ticket)[-2:]
    assert seen(wang, ticket)[-2] == "王芳：周工态度不好"
    assert seen(wang, ticket)[-1].endswith("：我来处理")
    assert not [words for words in seen(zhou, ticket) if "态度" in words]


def test_the_desk_sees_whom_it_did_not_get_through_to(
    database, seen, make_ticket, wang, zhou, clerk
):
    """P6; a requester has no use for it."""
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    with database.transaction() as session:
        notice = session.get_one(Notice, all_of(database, Notice, ticket_id=ticket.id)[0].id)
        notice.state = NoticeState.FAILED

    assert "给周工的通知：没有送达" in seen(clerk, ticket)
    assert not [words for words in seen(wang, ticket) if "通知" in words]


def test_a_stranger_learns_not_even_that_it_exists(database, make_ticket, make_person):
    """H-20."""
    ticket, stranger = make_ticket(), make_person("李雷")

    with database.reading() as session:
        with pytest.raises(NotFound):
            timeline(session, stranger, ticket.id)
        with pytest.raises(NotFound):
            timeline(session, stranger, 999_999)
        with pytest.raises(NotFound):
            attachments_of(session, stranger, ticket.id)


@pytest.mark.parametrize("block", ["told", "done"])
@pytest.mark.parametrize("action", Action)
def test_each_act_has_its_words_for_both_kinds_of_reader(block, action, now):
    facts: dict[str, Fact] = {"who": Word("timeline.itself"), "words": "x", "to": "y", "what": "z"}
    hidden = (Action.NOTE, Action.LINK, Action.CORRECT, Action.ESCALATE)
    if block == "told" and action in hidden:
        pytest.skip("no requester ever reads of it (C §11)")

    assert TEXTS.words(f"timeline.{block}.{action.value}", facts, now)


def test_what_a_person_wrote_is_not_taken_for_a_placeholder(
    by, seen, entries, make_ticket, wang, zhou
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(zhou).progress(ticket.id, "{who} [[x]] {number}")

    assert seen(wang, ticket)[-1] == "周工：{who} [[x]] {number}"
    assert isinstance(entries(wang, ticket)[-1].say, Say)
