"""`run.py person add|list|code`: who works here, and the code with which they join."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.permissions import Role
from models import BindCode, Engineer, Person
from services import people
from services.binding import CODE_VALID_FOR, _hash
from tests.cli.conftest import NOW

BOTH = pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
ADD = ("person", "add", "张工", "--role", "engineer", "--phone", "138 1234-5678")
CODE = re.compile(r"绑定 (\d{6})")


def _code(output: str) -> str:
    found = CODE.search(output)
    assert found, output
    return found[1]


@BOTH
def test_an_engineer_is_added_with_what_they_can_do(run, database):
    """F8: dispatch weighs skills, areas and level."""
    done = run(*ADD, "--skills", "printer,网络", "--areas", "A座，B座", "--level", 2)

    assert done.exit_code == 0
    with database.reading() as session:
        added = session.scalars(select(Person)).one()
        card = session.get_one(Engineer, added.id)
    assert (added.name, added.phone, added.roles) == ("张工", "13812345678", {"engineer"})
    assert (card.skills, card.areas, card.level) == ({"printer", "network"}, ["A座", "B座"], 2)


def test_the_id_and_the_code_are_printed_and_until_when_the_code_holds(run, database):
    """Y1, H-28: only the hash of the code is kept."""
    done = run(*ADD)

    with database.reading() as session:
        kept = session.scalars(select(BindCode)).one()
    assert "1 号 张工" in done.output
    assert "11月27日 10:00前有效" in done.output
    assert kept.code_hash == _hash(_code(done.output))
    assert kept.expires_at - NOW == CODE_VALID_FOR == timedelta(days=3)


def test_somebody_may_hold_several_roles(run, database):
    run("person", "add", "李敏", "--role", "desk", "--role", "负责人")

    with database.reading() as session:
        assert session.scalars(select(Person)).one().roles == {"desk", "head"}


def test_the_same_name_and_phone_are_refused_with_a_hint(run, database):
    run(*ADD)

    again = run("person", "add", "张工", "--role", "desk", "--phone", "+86 13812345678")

    assert again.exit_code == 1
    assert "run.py person code 张工 --id 1" in again.output
    with database.reading() as session:
        assert len(session.scalars(select(Person)).all()) == 1


def test_a_namesake_with_another_phone_is_somebody_else(run):
    run(*ADD)

    assert run("person", "add", "张工", "--role", "desk", "--phone", "13900001111").exit_code == 0


def test_an_openid_belongs_to_one_person_only(run):
    first = run(*ADD, "--openid", "oAbcdefg")

    second = run("person", "add", "李敏", "--role", "desk", "--openid", "oAbcdefg")

    assert not CODE.search(first.output)  # who talks already needs no code
    assert (second.exit_code, "1 号 张工" in second.output) == (1, True)


@pytest.mark.parametrize(
    ("option", "value", "there_is"),
    [
        ("--role", "clown", "requester, desk, engineer"),
        ("--skills", "plumbing", "computer, printer, network"),
        ("--level", "7", "1, 2, 3"),
        ("--phone", "12", "「12」"),
        ("--department", "部" * 61, "最多 60"),
    ],
)
def test_an_unknown_word_is_named_with_what_there_is(run, database, option, value, there_is):
    done = run("person", "add", "张工", "--role", "engineer", option, value)

    assert done.exit_code == 1
    assert option.strip("-").rstrip("s") in done.output and there_is in done.output
    with database.reading() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_requester_has_no_skills(run):
    done = run("person", "add", "王芳", "--role", "requester", "--skills", "printer")

    assert (done.exit_code, "只有工程师和厂家" in done.output) == (1, True)


def test_the_list_shows_whom_the_desk_knows_and_masks_their_phones(run):
    run(*ADD, "--skills", "printer", "--areas", "A座", "--openid", "oAbcdefg")
    run("person", "add", "王芳", "--role", "requester", "--phone", "13900001111")

    lines = run("person", "list").output.splitlines()

    assert lines[0].split()[:3] == ["编号", "姓名", "角色"]
    assert lines[1].split() == "1 张工 工程师 1 138****5678 是 否 打印机 A座 0".split()
    assert lines[2].split() == "2 王芳 报修人 139****1111 否".split()
    assert "13812345678" not in "".join(lines)


def test_the_list_can_be_of_one_role(run):
    run(*ADD)
    run("person", "add", "王芳", "--role", "requester")

    output = run("person", "list", "--role", "engineer").output

    assert "张工" in output and "王芳" not in output


def test_an_unknown_role_is_not_an_empty_list(run):
    assert run("person", "list", "--role", "clown").exit_code == 1


def test_a_name_cannot_steer_the_terminal(run, database):
    with database.transaction() as session:
        new = people.NewPerson("王\x1b[2J芳", frozenset({Role.REQUESTER}))
        people.add(session, new, NOW)

    assert "\x1b" not in run("person", "list").output


@BOTH
def test_a_new_code_makes_the_old_one_void(run, database):
    old = _code(run(*ADD).output)

    new = _code(run("person", "code", "张工").output)

    with database.reading() as session:
        hashes = session.scalars(select(BindCode.code_hash)).all()
    assert hashes == [_hash(new)] and old != new


def test_of_several_of_one_name_the_id_says_whom(run, database):
    run(*ADD)
    run("person", "add", "张工", "--role", "desk", "--phone", "13900001111")

    unclear = run("person", "code", "张工")
    clear = run("person", "code", "张工", "--id", 2)

    assert unclear.exit_code == 1
    assert "--id 1  工程师  138****5678" in unclear.output
    assert "--id 2  服务台  139****1111" in unclear.output
    with database.reading() as session:
        kept = session.scalars(select(BindCode).where(BindCode.person_id == 2)).one()
    assert kept.code_hash == _hash(_code(clear.output))


@pytest.mark.parametrize("words", [("李敏",), ("张工", "--id", 99)])
def test_there_is_no_code_for_nobody(run, words):
    run(*ADD)

    done = run("person", "code", *words)

    assert done.exit_code == 1 and not CODE.search(done.output)
