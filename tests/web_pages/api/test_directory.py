"""People, devices and figures by the API: for whom they are, and numbers for whom those are."""

from domain.category import Category
from domain.scopes import Scope
from models import Bulletin, Person
from services import devices
from services.devices import NewDevice


def names(answer):
    return [each["name"] for each in answer.json["items"]]


def test_people_are_found_by_name_staff_number_and_role_page_by_page(
    caller_of, clerk, make_person, make_engineer
):
    make_person("王芳"), make_person("王小明"), make_person("李娜")
    make_engineer("周工")
    caller = caller_of(clerk)

    first = caller.get("/people?q=王&limit=1")
    second = caller.get(f"/people?q=王&limit=1&cursor={first.json['next']}")

    assert (names(first), names(second)) == (["王芳"], ["王小明"])
    assert second.json["next"] is None
    assert names(caller.get("/people?role=engineer")) == ["周工"]
    assert names(caller.get("/people?q=100%25")) == []


def test_nobody_is_found_by_a_number_that_may_not_be_read(caller_of, clerk, make_person):
    make_person("王芳", phone="13912345678")

    with_numbers = caller_of(clerk, Scope.PEOPLE_READ, Scope.PHONES_READ)
    without = caller_of(clerk, Scope.PEOPLE_READ)

    assert names(with_numbers.get("/people?q=13912345678")) == ["王芳"]
    assert with_numbers.get("/people?q=王芳").json["items"][0]["phone"] == "13912345678"
    assert names(without.get("/people?q=13912345678")) == []
    assert without.get("/people?q=王芳").json["items"][0]["phone"] is None


def test_who_has_left_is_not_listed(caller_of, clerk, make_person, database):
    gone = make_person("王芳")
    with database.transaction() as session:
        session.get_one(Person, gone.id).is_active = False

    assert names(caller_of(clerk).get("/people")) == ["陈台"]


def test_a_device_is_found_by_its_code_however_it_is_typed(caller_of, clerk, database, clock):
    with database.transaction() as session:
        for code in ("PC-0001", "PC-0002"):
            new = NewDevice(code, "惠普打印机", Category.PRINTER, "三楼财务室")
            devices.add(session, new, clock())
    caller = caller_of(clerk)

    found = caller.get("/devices/pc-0002")

    assert (found.status_code, found.json["code"]) == (200, "PC-0002")
    assert "qr_url" not in found.json
    assert [each["code"] for each in caller.get("/devices").json["items"]] == ["PC-0001", "PC-0002"]
    assert caller.get("/devices?category=network").json["items"] == []
    for code in ("PC-0009", "%00", "纸"):
        assert caller.get(f"/devices/{code}").status_code == 404


def test_how_the_desk_stands(caller_of, clerk, make_ticket):
    ticket = make_ticket()

    overview = caller_of(clerk).get("/overview").json

    assert overview["by_status"] == {"new": 1}
    assert overview["oldest"] == ticket.number
    assert (overview["opened_today"], overview["ended_today"]) == (1, 0)


def test_bulletins_that_are_out_are_read_and_drafts_are_not(caller_of, clerk, database, clock):
    with database.transaction() as session:
        for title, published_at in (("停电通知", clock()), ("草稿", None)):
            session.add(
                Bulletin(
                    title=title,
                    body="周六上午",
                    author_id=clerk.id,
                    published_at=published_at,
                    changed_at=clock(),
                )
            )

    answer = caller_of(clerk, Scope.BULLETINS_READ).get("/bulletins")

    assert [each["title"] for each in answer.json["items"]] == ["停电通知"]
    assert answer.json["next"] is None
