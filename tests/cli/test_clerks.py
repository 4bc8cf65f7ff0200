"""`run.py clerk map`: whose account it is; what WeChat is asked is tested with the sandbox (W1)."""

from datetime import timedelta

import pytest

from domain.permissions import Role
from models import Clerk
from services import clerks, people
from tests.cli.conftest import NOW

DESK1 = "desk1@itdesk"


@pytest.fixture
def chen(database):
    with database.transaction() as session:
        clerks.keep_accounts(session, [clerks.Account(DESK1, "客服一号", True)], NOW)
        return people.add(session, people.NewPerson("陈静", frozenset({Role.DESK})), NOW).id


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_an_account_speaks_with_the_name_of_whose_it_is(run, database, chen):
    done = run("clerk", "map", DESK1, "陈静")

    assert done.exit_code == 0 and "陈静" in done.output
    with database.reading() as session:
        assert clerks.name_of(session, DESK1) == "陈静"
        assert session.get_one(Clerk, DESK1).nickname == "客服一号"


def test_an_account_that_wechat_never_showed_is_mapped_with_a_warning(run, database, chen):
    done = run("clerk", "map", "desk9@itdesk", "陈静")

    assert done.exit_code == 0 and "核对" in done.output
    with database.reading() as session:
        assert clerks.person_of(session, "desk9@itdesk") == chen


def test_nobody_of_this_name_is_said_so(run, database, chen):
    done = run("clerk", "map", DESK1, "没有人")

    assert done.exit_code == 1
    with database.reading() as session:
        assert clerks.person_of(session, DESK1) is None


def test_who_is_mapped_stays_mapped_when_wechat_lists_the_account_again(run, database, chen):
    run("clerk", "map", DESK1, "陈静")

    with database.transaction() as session:
        later = NOW + timedelta(minutes=1)
        clerks.keep_accounts(session, [clerks.Account(DESK1, "客服二号", True)], later)

    with database.reading() as session:
        assert clerks.person_of(session, DESK1) == chen
