"""§7: tags, and who has them."""

import pytest

from tests.sandbox.stage import STRANGER, WANG, ZHOU

TAGS = "/cgi-bin/tags"


def create(account, name="工程师"):
    return account.call(f"{TAGS}/create", {"tag": {"name": name}})


def put_on(account, tag_id, *openids):
    body = {"openid_list": list(openids), "tagid": tag_id}
    return account.call(f"{TAGS}/members/batchtagging", body)


def tags_of(account, openid):
    return account.call(f"{TAGS}/getidlist", {"openid": openid})["tagid_list"]


@pytest.fixture
def tag_id(account):
    return create(account)["tag"]["id"]


def test_tags_have_ids_from_100_and_counts(account, tag_id):
    put_on(account, tag_id, WANG, ZHOU)

    starred, ours = account.call(f"{TAGS}/get")["tags"]

    assert starred["id"] == 2
    assert ours == {"id": tag_id, "name": "工程师", "count": 2}
    assert tag_id >= 100


def test_members_are_listed(account, tag_id):
    put_on(account, tag_id, ZHOU)

    told = account.call("/cgi-bin/user/tag/get", {"tagid": tag_id, "next_openid": ""})

    assert (told["count"], told["data"]["openid"]) == (1, [ZHOU])


def test_a_tag_is_taken_off_renamed_and_deleted(account, tag_id):
    put_on(account, tag_id, WANG, ZHOU)
    body = {"openid_list": [WANG], "tagid": tag_id}
    assert account.code(f"{TAGS}/members/batchuntagging", body) == 0
    assert account.code(f"{TAGS}/update", {"tag": {"id": tag_id, "name": "组长"}}) == 0
    assert (tags_of(account, WANG), tags_of(account, ZHOU)) == ([], [tag_id])

    assert account.code(f"{TAGS}/delete", {"tag": {"id": tag_id}}) == 0

    assert tags_of(account, ZHOU) == []


def test_45056_when_there_are_a_hundred_tags(account):
    for number in range(100):
        assert "tag" in create(account, f"标签{number}")

    assert create(account, "多了")["errcode"] == 45056


def test_45058_when_a_tag_is_the_systems(account):
    assert account.code(f"{TAGS}/delete", {"tag": {"id": 2}}) == 45058


def test_45059_when_a_person_has_twenty_tags(account):
    ids = [create(account, f"标签{number}")["tag"]["id"] for number in range(21)]
    for tag_id in ids[:20]:
        assert put_on(account, tag_id, WANG)["errcode"] == 0

    assert put_on(account, ids[20], WANG)["errcode"] == 45059


def test_45157_when_the_name_exists(account, tag_id):
    assert create(account)["errcode"] == 45157


def test_45158_when_the_name_is_longer_than_thirty_bytes(account):
    assert create(account, "字" * 11)["errcode"] == 45158
    assert "tag" in create(account, "字" * 10)


def test_whether_names_are_measured_in_bytes_or_characters_is_a_rule(account):
    account.live.rules(tag_name_unit="characters")

    assert create(account, "字" * 31)["errcode"] == 45158
    assert "tag" in create(account, "字" * 30)


def test_45159_when_the_tag_is_unknown(account):
    assert put_on(account, 999, WANG)["errcode"] == 45159


def test_45169_when_calls_for_one_person_come_too_close(account, tag_id):
    account.live.rules(tagging_apart=60)

    assert put_on(account, tag_id, WANG)["errcode"] == 0
    assert put_on(account, tag_id, WANG)["errcode"] == 45169
    assert put_on(account, tag_id, ZHOU)["errcode"] == 0


def test_45171_when_some_have_left_and_the_others_are_tagged(account, tag_id):
    account.live.do(ZHOU, "unfollow")

    told = put_on(account, tag_id, WANG, ZHOU)

    assert (told["errcode"], told["fail_openid_list"]) == (45171, [ZHOU])
    assert tags_of(account, WANG) == [tag_id]


def test_40032_when_nobody_or_more_than_fifty_are_tagged(account, tag_id):
    assert put_on(account, tag_id)["errcode"] == 40032
    assert put_on(account, tag_id, *[WANG] * 51)["errcode"] == 40032


def test_40003_when_the_tags_of_nobody_are_asked_for(account):
    assert account.code(f"{TAGS}/getidlist", {"openid": STRANGER}) == 40003


def test_49003_when_an_openid_is_anothers(account, tag_id):
    assert put_on(account, tag_id, STRANGER)["errcode"] == 49003


@pytest.mark.parametrize("survive", [False, True])
def test_whether_tags_survive_leaving_is_a_rule(account, tag_id, survive):
    account.live.rules(tags_survive_unfollow=survive)
    put_on(account, tag_id, WANG)
    account.live.do(WANG, "unfollow")
    account.live.do(WANG, "follow")

    assert tags_of(account, WANG) == ([tag_id] if survive else [])
