"""Search by anything, on each engine, and the index behind it (C §13)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotFound
from jobs.search_indexing import SearchIndexer
from models import Activity, Device, Person, SearchDocument, SearchMark, Ticket
from services import notes, search, search_index
from services.search import of_device, of_person
from services.search_documents import Document
from services.views import WorkResult
from tests.services.making import all_of, only

LATER = timedelta(minutes=2)


WORDS = ["打印", "卡纸", "打印机卡纸", "HP1020", "三楼财务室", "财务部", "惠普 卡纸", "王芳", "wf"]
SIGNS = ["100%", "_", "%", "' OR 1=1 --", '"*', "a:b & !c", "\x00", "😀"]


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK, phone="075588880000")


@pytest.fixture
def indexer(database, now):
    return SearchIndexer(database, lambda: now)


@pytest.fixture
def index(indexer):
    """Everything that happened so far is in the index."""

    def to_the_end():
        while not indexer.step():
            pass

    return to_the_end


@pytest.fixture
def found(database, desk_of, clerk):
    """`found("打印")`: the symptoms that the clerk, or somebody else, finds."""

    def by(words, actor=None, **options):
        with database.reading() as session:
            hits = search.search(desk_of(session, actor or clerk), words, **options)
        return [each.symptom for each in hits.tickets]

    return by


@pytest.fixture
def all_found(database, desk_of, clerk):
    def by(words, actor=None, **options):
        with database.reading() as session:
            return search.search(desk_of(session, actor or clerk), words, **options)

    return by


def test_a_ticket_is_found_by_its_words(found, make_ticket, make_person, index):
    make_ticket(requester=make_person("王芳"), symptom="惠普打印机一直卡纸", device="HP1020")
    make_ticket(
        requester=make_person("李雷", department="销售部", phone="13900009999", office="B座"),
        symptom="上不了网",
        description="上不了网",
        place="B座",
        category=Category.NETWORK,
    )
    index()

    for words in WORDS:
        assert found(words) == ["惠普打印机一直卡纸"], words


def test_without_the_index_number_phone_and_person_are_found_at_once(
    found, make_ticket, make_person
):
    ticket = make_ticket(requester=make_person("王芳", phone="13612345678"))

    for words in (ticket.number, ticket.number.lower(), ticket.short):
        assert found(words) == [ticket.symptom]
    for words in ("王芳", "wf", "13612345678", "5678", "12345678"):
        assert found(words) == [ticket.symptom]
    assert found("卡纸") == []


def test_a_whole_number_finds_this_ticket_alone(all_found, make_ticket, index):
    first, _ = make_ticket(), make_ticket()
    index()

    hits = all_found(first.number)

    assert [each.id for each in hits.tickets] == [first.id]
    assert hits.is_single


def test_four_digits_find_what_ends_so_and_who_is_called_so(all_found, make_ticket, make_person):
    caller = make_person("赵敏", phone="13600000001")
    ticket = make_ticket()
    assert ticket.short == "0001"

    hits = all_found("0001")

    assert [each.id for each in hits.tickets] == [ticket.id]
    assert [each.id for each in hits.people] == [caller.id]
    assert not hits.is_single


def test_notes_and_results_are_found(database, desk_of, found, clerk, make_ticket, by, index):
    ticket = make_ticket(status=Status.IN_PROGRESS)
    index()
    assert found("路由器") == found("搓纸轮") == []

    with database.transaction() as session:
        notes.add_note(desk_of(session, clerk), ticket.id, "机房的路由器先别动")
    index()
    assert found("路由器") == [ticket.symptom]

    engineer = only(database, Ticket, id=ticket.id).assignee_id
    person = only(database, Person, id=engineer)
    speaker = type(clerk)(person.id, person.openid, person.roles, person.name)
    by(speaker).resolve(ticket.id, WorkResult("wear", "换了搓纸轮", 30, True, ("滚轮 A1",)))
    index()
    assert found("搓纸轮") == found("滚轮") == [ticket.symptom]


def test_words_of_a_rating_are_not_found(database, found, make_ticket, index, now):
    ticket = make_ticket(status=Status.CLOSED)
    with database.transaction() as session:
        line = session.query(Activity).filter_by(ticket_id=ticket.id).first()
        detail = {"words": "投诉态度差"}
        facts = {"ticket_id": ticket.id, "status_after": line.status_after, "detail": detail}
        for action in ("talk", "rate"):
            session.add(Activity(action=action, happened_at=now, **facts))
    index()

    assert found("投诉") == []


# --- who finds what ------------------------------------------------------------------------------


def test_an_engineer_finds_only_what_they_have_or_had(found, make_ticket, make_engineer, by, index):
    zhou = make_engineer("周工")
    make_ticket(engineer=zhou, status=Status.IN_PROGRESS, symptom="打印机甲")
    given = make_ticket(engineer=zhou, status=Status.IN_PROGRESS, symptom="打印机乙")
    wu = make_engineer("吴工")
    by(zhou).transfer(given.id, "没有配件", wu.id)
    by(zhou).sign_out()
    make_ticket(engineer=wu, status=Status.IN_PROGRESS, symptom="打印机丙")
    index()

    assert found("打印机", zhou) == ["打印机乙", "打印机甲"]
    assert found("打印机", wu) == ["打印机丙", "打印机乙"]


def test_by_number_or_person_nobody_finds_more_than_by_words(
    found, all_found, make_ticket, make_engineer, make_person, index
):
    ticket = make_ticket(status=Status.IN_PROGRESS, requester=make_person("王芳"))
    stranger = make_engineer("吴工")
    index()

    for words in (ticket.number, ticket.short, "王芳", "wf", "卡纸", "13800001234", "1234"):
        assert all_found(words, stranger).count == 0


def test_an_engineer_finds_by_the_phone_of_their_own_ticket_only(
    found, make_ticket, make_engineer, make_person, by, index
):
    zhou = make_engineer("周工")
    ticket = make_ticket(
        engineer=zhou, status=Status.IN_PROGRESS, requester=make_person(phone="13612345678")
    )
    index()
    assert found("5678", zhou) == found("13612345678", zhou) == [ticket.symptom]

    by(zhou).transfer(ticket.id, "没有配件", make_engineer("吴工").id)
    index()

    assert found("卡纸", zhou) == [ticket.symptom]
    assert found("5678", zhou) == []


def test_who_has_no_lists_finds_no_tickets(found, make_ticket, make_person, index):
    for role in (Role.REQUESTER, Role.ADMIN):
        me = make_person("王芳", role)
        ticket = make_ticket(requester=me)
        index()

        for words in (ticket.number, ticket.short, "卡纸", "王芳"):
            assert found(words, me) == []


def test_people_are_shown_to_those_who_may_read_them(all_found, make_person, make_engineer, clerk):
    wang = make_person("王芳")
    head, admin = make_person("罗主任", Role.HEAD), make_person("管工", Role.ADMIN)

    for reader in (clerk, head, admin):
        assert [each.id for each in all_found("王芳", reader).people] == [wang.id]
    assert all_found("王芳", make_engineer()).people == ()
    assert all_found("王芳", wang).people == ()


def test_a_person_is_found_by_part_and_department_only_with_a_name(all_found, make_person):
    wang = make_person("王小芳", department="财务部")
    make_person("李雷", department="财务部")

    for words in ("小芳", "wx", "wxf", "王小芳 财务", "财务部 王"):
        assert [each.id for each in all_found(words).people] == [wang.id], words
    assert all_found("财务部").people == ()


def test_a_device_is_found_by_code_and_name(database, all_found, make_engineer, now):
    with database.transaction() as session:
        facts = {"category": Category.PRINTER, "place": "三楼", "created_at": now}
        session.add(Device(code="PRT-0012", name="惠普打印机", **facts))

    for words in ("PRT-0012", "prt-00", "惠普"):
        assert [each.code for each in all_found(words).devices] == ["PRT-0012"]
    assert all_found("PRT-0012").is_single
    assert all_found("PRT-0012", make_engineer()).devices == ()


def test_signs_are_signs(all_found, make_ticket, index):
    make_ticket()
    index()

    for words in SIGNS:
        assert all_found(words).count == 0, words


# --- pages ---------------------------------------------------------------------------------------


def test_older_hits_follow_without_a_gap(all_found, make_ticket, make_person, index):
    made = [make_ticket(requester=make_person(phone=f"1360000{n:04d}")).id for n in range(5)]
    index()
    seen, before = [], None

    for _ in range(3):
        hits = all_found("卡纸", limit=2, before=before)
        seen += [each.id for each in hits.tickets]
        before = hits.before

    assert seen == made[::-1]
    assert before is None


def test_what_is_found_twice_is_shown_once(all_found, make_ticket, make_person, index):
    make_ticket(requester=make_person("王芳"))
    index()

    assert len(all_found("王芳").tickets) == 1


def test_an_excerpt_shows_where_the_words_stand(all_found, make_ticket, index):
    make_ticket(symptom="打印机卡纸", description="早上开始，墨盒也空了")
    index()

    (hit,) = all_found("墨盒").tickets
    assert hit.excerpt == "早上开始，墨盒也空了"
    assert all_found("卡纸").tickets[0].excerpt is None


def test_a_person_s_and_a_device_s_tickets(
    database, desk_of, clerk, make_ticket, make_person, make_engineer, now
):
    wang = make_person("王芳")
    with database.transaction() as session:
        device = Device(
            code="PRT-1", name="打印机", category=Category.PRINTER, place="三楼", created_at=now
        )
        session.add(device)
    made = make_ticket(requester=wang, device_code="PRT-1")
    make_ticket()

    with database.reading() as session:
        desk = desk_of(session, clerk)
        for history in (of_person(desk, wang.id), of_device(desk, device.id)):
            assert [each.id for each in history.tickets] == [made.id]
            assert (history.open_count, history.before) == (1, None)
        engineer = desk_of(session, make_engineer("吴工"))
        for look, number in ((of_person, wang.id), (of_device, device.id)):
            with pytest.raises(NotFound):
                look(engineer, number)
            with pytest.raises(NotFound):
                look(desk, 999_999)


# --- the index -----------------------------------------------------------------------------------


def test_each_step_is_short_and_the_end_is_reached(database, indexer, make_ticket, make_person):
    wang = make_person()
    for _ in range(search_index.AT_ONCE + 3):
        make_ticket(requester=wang)

    assert indexer.step() is False
    assert len(all_of(database, SearchDocument)) == search_index.AT_ONCE
    assert indexer.step() is True
    assert len(all_of(database, SearchDocument)) == search_index.AT_ONCE + 3


def test_a_line_that_was_committed_late_is_not_missed(
    database, indexer, make_ticket, make_person, found
):
    """PostgreSQL: line 5 may appear when line 6 has long been indexed."""
    early, late = make_ticket(symptom="打印机甲"), make_ticket(symptom="打印机乙")
    lines = all_of(database, Activity, ticket_id=early.id)
    with database.transaction() as session:
        for line in lines:
            session.delete(session.get_one(Activity, line.id))
    indexer.step()
    assert found("打印机") == [late.symptom]

    with database.transaction() as session:
        columns = Activity.__table__.columns.keys()
        session.add_all(Activity(**{c: getattr(line, c) for c in columns}) for line in lines)
    indexer.step()

    assert found("打印机") == [late.symptom, early.symptom]


def test_what_is_settled_is_not_looked_at_again(database, make_ticket, now):
    make_ticket()
    newest = max(line.id for line in all_of(database, Activity))
    with database.reading() as session:
        place = search_index.begin(session)

    soon = search_index.step(database, place, now)
    later = search_index.step(database, soon.place, now + LATER)

    assert (soon.place.settled, soon.written) == (0, 1)
    assert (later.place.settled, later.written) == (newest, 0)


def test_after_a_restart_nothing_is_missing(database, now, make_ticket, found):
    make_ticket(symptom="打印机甲")
    SearchIndexer(database, lambda: now + LATER).step()
    kept = only(database, SearchMark).activity_id
    make_ticket(symptom="打印机乙")

    SearchIndexer(database, lambda: now + LATER).step()

    assert kept > 0
    assert found("打印机") == ["打印机乙", "打印机甲"]


def test_older_words_never_replace_newer_ones(database, make_ticket, index, found):
    ticket = make_ticket(symptom="打印机甲")
    index()
    (kept,) = all_of(database, SearchDocument)
    stale = Document(ticket.id, "旧的", kept.activity_id - 1)

    with database.transaction() as session:
        search_index.write(session, [stale])

    assert only(database, SearchDocument).tokens == kept.tokens
    assert found("打印机甲") == ["打印机甲"]


def test_words_that_are_gone_find_nothing_any_more(database, make_ticket, index, found):
    ticket = make_ticket(symptom="打印机甲", description="打印机甲")
    index()
    with database.transaction() as session:
        session.get_one(Ticket, ticket.id).symptom = "投影仪乙"
        session.get_one(Ticket, ticket.id).description = "投影仪乙"
    search_index.rebuild_some(database, 0)

    assert found("打印机甲") == []
    assert found("投影仪乙") == ["投影仪乙"]


def test_the_words_of_a_deleted_ticket_go_with_it(database, make_ticket, index, found):
    make_ticket()
    index()
    with database.transaction() as session:
        session.execute(text("DELETE FROM search_documents"))

    assert found("卡纸") == []


def test_people_get_their_initials(database, make_person, index):
    wang = make_person("王芳")
    with database.transaction() as session:
        session.get_one(Person, wang.id).initials = None

    index()

    assert only(database, Person, id=wang.id).initials == "wf"
