"""§6: where a person's words go while waiting, in session and afterwards."""

import pytest

from tests.sandbox.conformance.desk import (
    OTHER,
    SESSIONS,
    add,
    close,
    create,
    events,
    invite,
    served_by,
    transfer,
    transfers,
    waiting,
)
from tests.sandbox.stage import CLERK, STRANGER, WANG, ZHOU, eventually


def test_40003_when_a_session_is_for_nobody(account, online):
    assert [create(account, STRANGER), close(account, STRANGER)] == [40003, 40003]
    assert account.code(f"{SESSIONS}/getsession", openid=STRANGER) == 40003


def test_65402_when_the_account_is_bound_to_nobody(account):
    add(account)

    assert create(account, name=OTHER) == 65402
    assert account.code(f"{SESSIONS}/getsessionlist", kf_account=OTHER) == 65402


def test_65413_when_there_is_no_session_to_close(account):
    assert close(account) == 65413


def test_65414_when_another_worker_serves(account, online):
    add(account)
    invite(account)
    account.live.post(f"/control/kf/{OTHER}/online")
    create(account)

    assert [create(account, name=OTHER), close(account, name=OTHER)] == [65414, 65414]


def test_65415_when_the_worker_is_not_online(account):
    assert create(account) == 65415


def test_a_session_that_exists_may_be_created_again(account, online):
    assert [create(account), create(account)] == [0, 0]
    assert served_by(account) == CLERK


def test_sessions_are_listed(account, online):
    create(account)
    create(account, ZHOU)

    rows = account.call(f"{SESSIONS}/getsessionlist", kf_account=CLERK)["sessionlist"]

    assert {row["openid"] for row in rows} == {WANG, ZHOU}


def test_who_waits_is_still_heard_by_the_account(account, product):
    transfer(account, product)
    assert (waiting(account), served_by(account)) == (1, "")

    assert account.live.do(WANG, "say", text="还在吗")["outcome"] == "silent"

    assert product.last["Content"] == "还在吗"


def test_who_waits_leaves_the_queue_after_48_hours(account, product):
    transfer(account, product)

    account.advance(48 * 3600)

    assert eventually(lambda: waiting(account) == 0)
    assert events(product) == []


def test_how_long_somebody_waits_is_a_rule(account, product):
    account.live.rules(kf_wait_ttl=60)
    transfer(account, product)

    account.advance(60)

    assert eventually(lambda: waiting(account) == 0)


def test_in_session_words_go_to_the_clerk_alone(account, product, online):
    create(account)

    assert account.live.do(WANG, "say", text="卡纸")["outcome"] == "to_clerk"

    assert "卡纸" not in [heard["Content"] for heard in product.heard]


@pytest.mark.parametrize(("is_pushed", "outcome"), [(True, "silent"), (False, "dropped")])
def test_whether_keys_reach_the_account_in_session_is_a_rule(account, online, is_pushed, outcome):
    account.live.rules(kf_events_in_session=is_pushed)
    create(account)

    assert account.live.do(WANG, "press", key="HUMAN_END")["outcome"] == outcome


def test_an_agent_who_takes_automatically_has_it_at_once(account, product):
    account.live.post(f"/control/kf/{CLERK}/online", takes_automatically=True)

    transfer(account, product)

    assert served_by(account) == CLERK
    assert events(product) == ["kf_create_session"]


def test_an_agent_without_room_takes_nobody(account, product):
    path = f"/control/kf/{CLERK}/online"
    account.live.post(path, takes_automatically=True, room=1)
    account.live.post(f"/control/kf/{CLERK}/accept", openid=ZHOU)
    account.settle()

    transfer(account, product)

    assert (served_by(account), waiting(account)) == ("", 1)


def test_who_is_named_and_away_keeps_the_person_waiting(account, product):
    account.live.post(f"/control/kf/{CLERK}/online", takes_automatically=True)
    add(account)

    transfer(account, product, to=OTHER)

    assert (served_by(account), waiting(account)) == ("", 1)


def test_a_transfer_answers_messages_not_events(account, product):
    product.answers.append(transfers)

    account.live.do(WANG, "unfollow")

    assert waiting(account) == 0


def test_sessions_are_told_of_from_beginning_to_end(account, product, online):
    add(account)
    create(account)
    account.live.post(f"/control/kf/{OTHER}/switch", openid=WANG)
    close(account, name=OTHER)
    account.settle()

    assert events(product) == ["kf_create_session", "kf_switch_session", "kf_close_session"]
    created, switched, closed = product.heard
    assert (created["KfAccount"], closed["KfAccount"]) == (CLERK, OTHER)
    assert (switched["FromKfAccount"], switched["ToKfAccount"]) == (CLERK, OTHER)
    assert closed.root.find("CloseType") is None


def test_whether_the_close_tells_its_type_is_a_rule(account, product, online):
    account.live.rules(kf_close_types={"api": "API"})
    create(account)
    close(account)
    account.settle()

    assert product.last["CloseType"] == "API"


@pytest.mark.parametrize(("counts_from", "is_over"), [("last_message", False), ("start", True)])
def test_from_when_the_half_hour_counts_is_a_rule(account, online, counts_from, is_over):
    account.live.rules(kf_idle_from=counts_from)
    create(account)
    account.advance(1000)
    account.live.do(WANG, "say", text="还在")
    account.advance(900)

    if is_over:
        assert eventually(lambda: served_by(account) == "")
    else:
        assert served_by(account) == CLERK


@pytest.mark.parametrize(("is_told", "told"), [(True, ["kf_close_session"]), (False, [])])
def test_a_session_ends_after_half_an_hour_and_whether_it_is_told_is_a_rule(
    account, product, online, is_told, told
):
    account.live.rules(kf_idle_event=is_told)
    create(account)
    account.settle()
    product.heard.clear()

    account.advance(1800)

    assert eventually(lambda: served_by(account) == "")
    account.settle()
    assert events(product) == told
    assert account.live.do(WANG, "say", text="喂")["outcome"] == "silent"


def test_what_who_waits_reads_when_nobody_is_there_is_a_rule(account, product):
    account.live.rules(kf_wait_text="客服暂时不在线")

    transfer(account, product)

    assert account.live.seen(WANG)[-1] == "客服暂时不在线"
