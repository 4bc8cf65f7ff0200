"""§6: the accounts of customer service, and who is behind them."""

import pytest

from tests.sandbox.conformance.account import JPEG
from tests.sandbox.conformance.desk import ACCOUNTS, OTHER, RECORDS, add, create, invite
from tests.sandbox.stage import CLERK


def test_65400_when_customer_service_is_not_enabled(account):
    account.live.rules(kf_enabled=False)

    assert [add(account), create(account), invite(account)] == [65400] * 3
    assert account.code("/cgi-bin/customservice/getkflist") == 65400
    assert account.code(RECORDS, {}) == 65400


def test_65401_when_the_account_is_unknown(account):
    body = {"kf_account": OTHER, "nickname": "小李"}

    assert account.code(f"{ACCOUNTS}/update", body) == 65401
    assert account.code(f"{ACCOUNTS}/del", kf_account=OTHER) == 65401
    assert create(account, name=OTHER) == 65401


def test_65403_when_the_nickname_is_empty_or_longer_than_16(account):
    assert [add(account, nickname=""), add(account, nickname="王" * 17)] == [65403, 65403]
    assert add(account, nickname="王" * 16) == 0


@pytest.mark.parametrize("name", ["desk2@elsewhere", "much_too_long@itdesk", "桌@itdesk", "desk2"])
def test_65404_when_the_account_has_another_shape(account, name):
    assert add(account, name) == 65404


def test_65405_when_there_are_a_hundred_accounts(account):
    for number in range(2, 101):
        assert add(account, f"desk{number}@itdesk") == 0

    assert add(account, "desk101@itdesk") == 65405


def test_65406_when_the_account_exists(account):
    assert add(account, CLERK) == 65406


def test_an_account_is_renamed_and_deleted_by_get_and_by_post(account):
    add(account)
    add(account, "desk3@itdesk")
    assert account.code(f"{ACCOUNTS}/update", {"kf_account": OTHER, "nickname": "李工"}) == 0
    listed = account.call("/cgi-bin/customservice/getkflist")["kf_list"]
    assert [each["kf_nick"] for each in listed] == ["小陈", "李工", "小李"]

    assert account.code(f"{ACCOUNTS}/del", kf_account=OTHER) == 0
    assert account.code(f"{ACCOUNTS}/del", {"kf_account": "desk3@itdesk"}) == 0

    assert len(account.call("/cgi-bin/customservice/getkflist")["kf_list"]) == 1


def test_65407_when_the_worker_has_an_account_already(account):
    add(account)

    assert invite(account, wechat="xiaochen") == 65407


def test_65408_when_the_worker_was_invited_to_another_account(account):
    account.live.rules(kf_invite="waiting")
    add(account)
    add(account, "desk3@itdesk")

    assert [invite(account), invite(account, "desk3@itdesk")] == [0, 65408]


def test_65409_when_the_worker_has_no_such_name(account):
    add(account)

    assert [invite(account, wechat=""), invite(account, wechat="王")] == [65409, 65409]


def test_65411_when_an_invitation_is_open(account):
    account.live.rules(kf_invite="waiting")
    add(account)

    assert [invite(account), invite(account, wechat="wang01")] == [0, 65411]
    (row,) = account.call("/cgi-bin/customservice/getkflist")["kf_list"][1:]
    assert (row["invite_wx"], row["invite_status"]) == ("li02", "waiting")
    account.advance(86400)
    (row,) = account.call("/cgi-bin/customservice/getkflist")["kf_list"][1:]
    assert row["invite_status"] == "expired"


def test_65412_when_the_account_is_bound(account):
    assert invite(account, CLERK) == 65412


def test_40005_when_a_face_is_no_jpg(account):
    path = f"{ACCOUNTS}/uploadheadimg"

    assert account.upload(path, b"GIF89a", "a.gif", kf_account=CLERK)["errcode"] == 40005
    assert account.upload(path, b"GIF89a", "a.jpg", kf_account=CLERK)["errcode"] == 40005


def test_40009_when_a_face_is_too_large(account):
    content = JPEG + bytes(2 * 1024 * 1024)

    answer = account.upload(f"{ACCOUNTS}/uploadheadimg", content, "a.jpg", kf_account=CLERK)

    assert answer["errcode"] == 40009


def test_a_face_is_shown_in_the_list(account):
    path = f"{ACCOUNTS}/uploadheadimg"
    assert account.upload(path, JPEG, "a.jpg", kf_account=OTHER)["errcode"] == 65401

    assert account.upload(path, JPEG, "a.jpg", kf_account=CLERK)["errcode"] == 0

    (clerk,) = account.call("/cgi-bin/customservice/getkflist")["kf_list"]
    assert clerk["kf_headimgurl"].startswith(account.live.url)


def test_who_is_online_is_listed_with_what_they_hold(account, online):
    create(account)

    (clerk,) = account.call("/cgi-bin/customservice/getonlinekflist")["kf_online_list"]

    assert clerk == {"kf_account": CLERK, "status": 1, "kf_id": "1001", "accepted_case": 1}
