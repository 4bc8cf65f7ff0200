"""Tickets by the API: listed page by page, read, opened once, corrected by one at a time."""

from datetime import timedelta

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Role
from domain.scopes import Scope
from models import Activity, ApiAnswer, IntakeChannel, Takeover, TalkLine, Ticket
from services.views import Scores, Wished
from tests.services.making import all_of, only

REPORT = {
    "description": "三楼财务室那台惠普打印机一直卡纸",
    "place": "三楼财务室",
    "category": "printer",
}


def talked_about(database, person, ticket_id, at):
    """A talk with the desk about the ticket, with one line of the clerk's."""
    with database.transaction() as session:
        talk = Takeover(
            person_id=person.id,
            ticket_id=ticket_id,
            words="",
            asked_at=at,
            began_at=at,
            ended_at=at,
        )
        session.add(talk)
        session.flush()
        session.add(
            TalkLine(
                takeover_id=talk.id,
                is_clerk=True,
                kf_account="desk1@itdesk",
                text="请再重启一次",
                said_at=at,
                digest="d",
            )
        )


def numbers(answer):
    return [each["number"] for each in answer.json["items"]]


# --- opened --------------------------------------------------------------------------------------


def test_a_report_becomes_a_ticket_of_the_token_s_person(
    caller_of, make_person, make_engineer, database, nudges
):
    wang = make_person("王芳")
    make_engineer("周工")

    answer = caller_of(wang, Scope.TICKETS_WRITE).post("/tickets", REPORT)

    ticket = only(database, Ticket)
    assert answer.status_code == 201
    assert answer.json["number"] == ticket.number
    assert answer.headers["Location"] == f"/api/v1/tickets/{ticket.number}"
    assert (ticket.requester_id, ticket.channel) == (wang.id, IntakeChannel.WEB)
    assert (ticket.category, ticket.place) == (Category.PRINTER, "三楼财务室")
    assert nudges


def test_what_is_not_said_is_read_out_of_the_description(caller_of, make_person, database):
    caller = caller_of(make_person("王芳"))

    answer = caller.post("/tickets", {"description": "A座305的打印机一直卡纸，很急"})

    ticket = only(database, Ticket)
    assert answer.status_code == 201
    assert (ticket.category, ticket.place) == (Category.PRINTER, "A座305")


def test_what_cannot_be_read_out_is_asked_for_by_its_field(caller_of, make_person, database):
    answer = caller_of(make_person("王芳")).post("/tickets", {"description": "坏了"})

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["field"] == "category"
    assert all_of(database, Ticket) == []


def test_the_desk_opens_a_ticket_for_somebody_else(caller_of, clerk, make_person, database):
    wang = make_person("王芳")

    answer = caller_of(clerk).post("/tickets", {**REPORT, "requester_id": wang.id})

    ticket = only(database, Ticket)
    assert answer.status_code == 201
    assert (ticket.requester_id, ticket.opened_by_id) == (wang.id, clerk.id)
    assert ticket.channel is IntakeChannel.WEB


def test_nobody_else_opens_a_ticket_for_somebody(caller_of, make_person, database):
    wang, li = make_person("王芳"), make_person("李娜")

    answer = caller_of(wang).post("/tickets", {**REPORT, "requester_id": li.id})

    assert (answer.status_code, answer.json["code"]) == (403, "not_permitted")
    assert all_of(database, Ticket) == []


def test_a_ticket_for_nobody_is_refused_by_its_field(caller_of, clerk):
    answer = caller_of(clerk).post("/tickets", {**REPORT, "requester_id": 999})

    assert (answer.status_code, answer.json["field"]) == (422, "requester_id")


def test_a_token_for_alarms_opens_tickets_of_monitoring(caller_of, make_person, database):
    probe = make_person("监控", department="信息中心")

    answer = caller_of(probe, Scope.ALARMS_OPEN).post("/tickets", REPORT)

    assert answer.status_code == 201
    assert only(database, Ticket).channel is IntakeChannel.MONITORING


def test_what_a_token_did_keeps_its_number_in_the_timeline(caller_of, make_person, database):
    caller = caller_of(make_person("王芳"))

    number = caller.post("/tickets", REPORT).json["number"]
    caller.post(f"/tickets/{number}/amend", {"words": "换了纸也没用"})

    details = [line.detail or {} for line in all_of(database, Activity)]
    assert [(each.get("via"), each.get("token")) for each in details] == [
        ("api", caller.token_id),
        ("api", caller.token_id),
    ]


def test_who_urges_again_soon_does_not_disturb_twice(caller_of, make_ticket, make_person, database):
    """The mark of the API must not look like a line of the urging itself."""
    wang = make_person("王芳")
    caller, ticket = caller_of(wang), make_ticket(Status.ASSIGNED, requester=wang)

    for _ in range(2):
        assert caller.post(f"/tickets/{ticket.number}/urge").status_code == 200

    urged = [each.detail for each in all_of(database, Activity) if each.action == "urge"]
    assert urged == [None, {"is_again": True}]


# --- once ----------------------------------------------------------------------------------------


def test_the_same_call_again_gets_the_same_answer_and_opens_nothing(
    caller_of, make_person, database
):
    caller = caller_of(make_person("王芳"))

    first = caller.post("/tickets", REPORT, key="report-0001")
    again = caller.post("/tickets", REPORT, key="report-0001")

    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(all_of(database, Ticket)) == 1


def test_a_key_that_stands_for_another_call_is_refused(caller_of, make_person, database):
    caller = caller_of(make_person("王芳"))
    caller.post("/tickets", REPORT, key="report-0001")

    other = caller.post("/tickets", {**REPORT, "place": "四楼"}, key="report-0001")

    assert (other.status_code, other.json["code"]) == (409, "key_used")
    assert len(all_of(database, Ticket)) == 1


def test_a_key_belongs_to_its_token_alone(caller_of, make_person, database):
    for name in ("王芳", "李娜"):
        answer = caller_of(make_person(name)).post("/tickets", REPORT, key="report-0001")
        assert answer.status_code == 201

    assert len(all_of(database, Ticket)) == 2


def test_a_key_is_forgotten_after_a_day(caller_of, make_person, database, clock):
    caller = caller_of(make_person("王芳"))
    caller.post("/tickets", REPORT, key="report-0001")

    clock.passes(hours=25)
    caller.post("/tickets", REPORT, key="report-0001")

    assert len(all_of(database, Ticket)) == 2
    assert len(all_of(database, ApiAnswer)) == 1


def test_a_write_without_a_fitting_key_does_nothing(caller_of, make_person, database):
    caller = caller_of(make_person("王芳"))

    for key in (None, "short", "with blanks", "k" * 81):
        answer = caller.post("/tickets", REPORT, key=key)
        assert (answer.status_code, answer.json["code"]) == (400, "key_missing")

    assert all_of(database, Ticket) == []


def test_what_was_refused_may_be_tried_again_with_its_key(caller_of, make_person, make_ticket):
    wang = make_person("王芳")
    caller, ticket = caller_of(wang), make_ticket(Status.CANCELLED, requester=wang)

    for _ in range(2):
        refused = caller.post(f"/tickets/{ticket.number}/urge", key="urge-00001")
        assert (refused.status_code, refused.json["code"]) == (409, "action_not_allowed")


# --- listed --------------------------------------------------------------------------------------


def test_pages_are_not_moved_by_what_is_opened_meanwhile(caller_of, clerk, make_ticket, clock):
    caller = caller_of(clerk)
    olds = []
    for _ in range(5):
        clock.passes(minutes=1)
        olds.append(make_ticket(at=clock()).number)

    first = caller.get("/tickets?limit=2")
    for _ in range(3):
        clock.passes(minutes=1)
        make_ticket(at=clock())
    second = caller.get(f"/tickets?limit=2&cursor={first.json['next']}")
    third = caller.get(f"/tickets?limit=2&cursor={second.json['next']}")

    assert numbers(first) + numbers(second) + numbers(third) == olds[::-1]
    assert third.json["next"] is None


def test_tickets_of_one_moment_are_each_on_one_page(caller_of, clerk, make_ticket, clock):
    caller, opened = caller_of(clerk), {make_ticket(at=clock()).number for _ in range(5)}

    seen, cursor = [], ""
    while cursor is not None:
        page = caller.get(f"/tickets?limit=2{cursor and f'&cursor={cursor}'}")
        seen += numbers(page)
        cursor = page.json["next"]

    assert sorted(seen) == sorted(opened)


def test_who_is_to_be_met_soonest_is_listed_first_and_on_one_page_c1(
    caller_of, clerk, make_ticket, make_person, clock
):
    wang, begins = make_person("王芳"), clock() + timedelta(hours=3)

    def wished(begins=None, ends=None, status=Status.NEW):
        wish = Wished("那时候来", begins, ends)
        return make_ticket(status, requester=wang, wished=wish, at=clock()).number

    before = wished(None, begins - timedelta(hours=1))
    alike = [wished(begins) for _ in range(2)]
    tomorrow = wished(begins + timedelta(days=1))
    solved = wished(begins, status=Status.RESOLVED)
    clock.passes(minutes=1)
    plain = make_ticket(at=clock()).number

    seen, cursor = [], ""
    while cursor is not None:
        page = caller_of(clerk).get(f"/tickets?sort=wished&limit=2{cursor}")
        seen += numbers(page)
        ends = page.json["next"]
        cursor = ends and f"&cursor={ends}"

    assert seen == [before, *alike, tomorrow, plain, solved]
    begun = caller_of(clerk).get("/tickets?sort=wished&limit=2").json["next"]
    assert caller_of(clerk).get(f"/tickets?cursor={begun}").json["field"] == "cursor"


def test_filters_join(caller_of, clerk, make_ticket, make_person):
    wang = make_person("王芳")
    wanted = make_ticket(Status.ASSIGNED, requester=wang)
    make_ticket(Status.CANCELLED, requester=wang)
    make_ticket(Status.CANCELLED, category=Category.NETWORK)
    caller = caller_of(clerk)

    asked = f"status=assigned,new&category=printer&priority=3&requester={wang.id}"
    by_engineer = caller.get(f"/tickets?assignee={wanted.assignee.id}")

    assert numbers(caller.get(f"/tickets?{asked}")) == [wanted.number]
    assert numbers(by_engineer) == [wanted.number]
    assert numbers(caller.get("/tickets?status=closed")) == []


def test_what_was_touched_since_is_found_whenever_it_was_opened(
    caller_of, clerk, make_ticket, by, clock
):
    old, quiet = make_ticket(), make_ticket()
    later = clock() + timedelta(hours=3)
    by(clerk, at=later).urge(old.id)

    answer = caller_of(clerk).get("/tickets?updated_since=2026-11-24T13:00:00%2B08:00")

    assert numbers(answer) == [old.number]
    assert quiet.number not in numbers(answer)
    assert answer.json["items"][0]["updated_at"] == "2026-11-24T05:30:00Z"


def test_a_requester_lists_their_own_alone(caller_of, make_person, make_ticket):
    wang = make_person("王芳")
    own, foreign = make_ticket(requester=wang), make_ticket()
    caller = caller_of(wang)

    assert numbers(caller.get("/tickets")) == [own.number]
    assert numbers(caller.get(f"/tickets?requester={foreign.requester_id}")) == []
    assert caller.get(f"/tickets/{foreign.number}").status_code == 404


WRONG_QUESTIONS = {
    "limit=0": "limit",
    "limit=101": "limit",
    "cursor=nonsense": "cursor",
    "cursor=WzFd": "cursor",  # of another list
    "cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ": "cursor",  # of the year 1
    "status=lost": "status",
    "sort=oldest": "sort",
    "updated_since=yesterday": "updated_since",
    "updated_since=0001-01-01T00:00:00%2B14:00": "updated_since",
    "updated_since=2026-11-24T10:00:00": "updated_since",  # of no zone
    "requester=everybody": "requester",
    "requester=99999999999999999999": "requester",
    "colour=red": "colour",
}


def test_a_wrong_question_names_its_field(caller_of, clerk):
    caller = caller_of(clerk)

    answers = {query: caller.get(f"/tickets?{query}") for query in WRONG_QUESTIONS}

    assert {query: each.json["field"] for query, each in answers.items()} == WRONG_QUESTIONS
    assert {each.status_code for each in answers.values()} == {422}
    assert all(each.json["errors"][0]["detail"] for each in answers.values())


# --- read ----------------------------------------------------------------------------------------


def test_a_ticket_that_is_not_to_be_seen_is_answered_like_one_that_is_not_there(
    caller_of, make_person, make_ticket
):
    foreign = make_ticket()
    caller = caller_of(make_person("李娜"))

    hidden = caller.get(f"/tickets/{foreign.number}")
    absent = caller.get("/tickets/IT20200101-0001")

    assert (
        (hidden.status_code, hidden.data) == (absent.status_code, absent.data) == (404, absent.data)
    )


def test_numbers_to_call_are_for_tokens_that_may_read_them(caller_of, clerk, make_ticket):
    ticket = make_ticket(Status.ASSIGNED)

    with_them = caller_of(clerk).get(f"/tickets/{ticket.number}").json
    without = caller_of(clerk, Scope.TICKETS_READ).get(f"/tickets/{ticket.number}")

    assert with_them["requester"]["phone"] == ticket.contact_phone
    assert with_them["assignee"]["phone"] == ticket.assignee.phone
    assert ticket.contact_phone not in without.text
    assert ticket.assignee.phone not in without.text


def test_an_unchanged_ticket_is_not_sent_again(caller_of, clerk, make_ticket, by):
    caller, ticket = caller_of(clerk), make_ticket(Status.ASSIGNED)
    etag = caller.get(f"/tickets/{ticket.number}").headers["ETag"]

    same = caller.get(f"/tickets/{ticket.number}", headers={"If-None-Match": etag})
    by(clerk).urge(ticket.id)
    changed = caller.get(f"/tickets/{ticket.number}", headers={"If-None-Match": etag})

    assert (same.status_code, same.data) == (304, b"")
    assert (changed.status_code, changed.headers["ETag"] != etag) == (200, True)


def test_the_timeline_is_told_in_words(caller_of, clerk, make_ticket, by):
    ticket = make_ticket(Status.IN_PROGRESS)
    by(clerk).amend(ticket.id, "换了纸也没用")

    items = caller_of(clerk).get(f"/tickets/{ticket.number}/timeline").json["items"]

    assert [each["action"] for each in items] == ["open", "assign", "accept", "amend"]
    assert "换了纸也没用" in items[-1]["text"]


def test_what_was_said_in_a_talk_is_for_tokens_that_may_read_talks(
    caller_of, clerk, make_person, make_ticket, database, clock, by
):
    wang = make_person("王芳")
    ticket = make_ticket(Status.CLOSED, requester=wang)
    by(wang).rate(ticket.id, Scores(1, 1, 1, "太慢了"))
    talked_about(database, wang, ticket.id, clock())
    path = f"/tickets/{ticket.number}/timeline"

    def kinds(*scopes):
        return {each["kind"] for each in caller_of(clerk, *scopes).get(path).json["items"]}

    assert kinds(Scope.TICKETS_READ) == {"done", "rating"}
    assert kinds(Scope.TICKETS_READ, Scope.TALKS_READ) == {"done", "rating", "talk"}


# --- corrected -----------------------------------------------------------------------------------


def test_of_two_who_correct_at_once_the_second_is_shown_what_changed(
    caller_of, clerk, make_person, make_ticket, database, clock
):
    ticket = make_ticket()
    first, second = caller_of(clerk), caller_of(make_person("刘台", Role.DESK))
    seen = second.get(f"/tickets/{ticket.number}").headers["ETag"]

    clock.passes(minutes=1)
    done = first.patch(f"/tickets/{ticket.number}", {"place": "四楼"}, headers={"If-Match": seen})
    clock.passes(minutes=1)
    refused = second.patch(
        f"/tickets/{ticket.number}", {"place": "五楼"}, headers={"If-Match": seen}
    )

    assert done.status_code == 200
    assert (refused.status_code, refused.json["code"]) == (412, "changed")
    assert refused.headers["ETag"] == done.headers["ETag"] != seen
    assert len(refused.json["changes"]) == 1
    assert only(database, Ticket).place == "四楼"

    again = second.patch(
        f"/tickets/{ticket.number}",
        {"place": "五楼"},
        headers={"If-Match": refused.headers["ETag"]},
    )
    assert again.status_code == 200
    assert only(database, Ticket).place == "五楼"


def test_a_correction_says_which_version_it_is_about(caller_of, clerk, make_ticket, database):
    ticket = make_ticket()

    answer = caller_of(clerk).patch(f"/tickets/{ticket.number}", {"place": "四楼"})

    assert (answer.status_code, answer.json["code"]) == (428, "if_match_missing")
    assert only(database, Ticket).place == ticket.place


def test_any_version_or_one_of_several_will_do(caller_of, clerk, make_ticket):
    caller, ticket = caller_of(clerk), make_ticket()
    path = f"/tickets/{ticket.number}"

    for place in ("*", '"1.1", {etag}'):
        etag = place.replace("{etag}", caller.get(path).headers["ETag"])
        answer = caller.patch(path, {"place": place[:1]}, headers={"If-Match": etag})
        assert answer.status_code == 200

    assert caller.get(path).json["place"] == '"'
