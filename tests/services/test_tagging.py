"""Which tag each person should have, on both databases (W2)."""

from sqlalchemy import select

from bot.tagging import TAG_OF
from domain.permissions import Role
from models import Person
from services import people, tagging


def wanted(database, but=(), most=50):
    with database.reading() as session:
        found = tagging.to_retag(session, TAG_OF, but, most)
        names = dict(session.execute(select(Person.id, Person.name)).all())
    return {names[each.person_id]: (each.former, each.wanted) for each in found}


def put_on(database, *speakers, tag):
    with database.transaction() as session:
        tagging.tagged(session, {speaker.id: tag for speaker in speakers})


def test_each_role_asks_for_one_tag_and_the_work_on_the_road_comes_first(database, make_person):
    make_person("王芳")
    make_person("周工", Role.ENGINEER)
    make_person("厂家", Role.VENDOR)
    make_person("小陈", Role.DESK)
    make_person("陈主任", Role.HEAD)
    make_person("值班", Role.DESK, Role.ENGINEER, Role.HEAD)
    make_person("台长", Role.HEAD, Role.DESK)
    make_person("管理员", Role.ADMIN)

    assert wanted(database) == {
        "周工": (None, "工程师"),
        "厂家": (None, "工程师"),
        "小陈": (None, "服务台"),
        "陈主任": (None, "负责人"),
        "值班": (None, "工程师"),
        "台长": (None, "服务台"),
    }


def test_who_has_the_right_tag_is_left_alone_and_a_change_of_role_is_seen(database, make_person):
    zhou, chen = make_person("周工", Role.ENGINEER), make_person("小陈", Role.DESK)
    put_on(database, zhou, tag="工程师")
    put_on(database, chen, tag="服务台")
    assert wanted(database) == {}

    with database.transaction() as session:
        session.get_one(Person, zhou.id).roles = frozenset({Role.REQUESTER, Role.DESK})
        session.get_one(Person, chen.id).roles = frozenset({Role.REQUESTER})

    assert wanted(database) == {"周工": ("工程师", "服务台"), "小陈": ("服务台", None)}


def test_who_does_not_follow_is_not_tagged_and_comes_back_without_one(database, make_person):
    """Leaving drops the platform's tags (wechat-platform §7)."""
    zhou = make_person("周工", Role.ENGINEER)
    make_person("没绑", Role.ENGINEER, openid=None)
    put_on(database, zhou, tag="工程师")

    with database.transaction() as session:
        people.followed(session, zhou.openid, is_following=False)
    assert wanted(database) == {}
    with database.transaction() as session:
        people.followed(session, zhou.openid, is_following=True)

    assert wanted(database) == {"周工": (None, "工程师")}


def test_some_are_left_in_peace_without_standing_in_the_way(database, make_person):
    first, second = (make_person(name, Role.ENGINEER) for name in ("周工", "吴工"))

    assert wanted(database, but=[first.id], most=1) == {"吴工": (None, "工程师")}
    assert wanted(database, but=[first.id, second.id]) == {}


def test_a_tag_that_was_made_anew_is_forgotten_by_all_who_had_it(database, make_person):
    zhou, chen = make_person("周工", Role.ENGINEER), make_person("小陈", Role.DESK)
    put_on(database, zhou, tag="工程师")
    put_on(database, chen, tag="服务台")

    with database.transaction() as session:
        tagging.forget(session, {"工程师"})
    assert wanted(database) == {"周工": (None, "工程师")}
    with database.transaction() as session:
        tagging.forget(session)

    assert wanted(database).keys() == {"周工", "小陈"}


def test_one_member_of_each_menu_is_found_to_try_it_with(database, make_person):
    wang = make_person("王芳")
    zhou, _ = (make_person(name, Role.ENGINEER) for name in ("周工", "吴工"))

    with database.reading() as session:
        found = tagging.members(session, TAG_OF)

    openids = {tag: [member.openid for member in some] for tag, some in found.items()}
    assert openids == {None: [wang.openid], "工程师": [zhou.openid], "服务台": [], "负责人": []}
