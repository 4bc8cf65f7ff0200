"""Error codes and what they make us do."""

import pytest

from bot.errors import (
    GONE,
    HINDRANCES,
    REACTIONS,
    TOKEN_CODES,
    ApiError,
    ApiUnclear,
    ApiUnsent,
    Hindrance,
    Reaction,
    masked,
    reaction_to,
)


@pytest.mark.parametrize(
    ("errcode", "reaction"),
    [
        (40001, Reaction.REFRESH_TOKEN),
        (40014, Reaction.REFRESH_TOKEN),
        (42001, Reaction.REFRESH_TOKEN),
        (-1, Reaction.RETRY),
        (45011, Reaction.RETRY),
        (43117, Reaction.RETRY),
        (45009, Reaction.RETRY_TOMORROW),
        (45015, Reaction.UNREACHABLE),
        (45047, Reaction.UNREACHABLE),
        (43004, Reaction.UNREACHABLE),
        (43101, Reaction.UNREACHABLE),
        (40003, Reaction.UNREACHABLE),
        (43019, Reaction.UNREACHABLE),
        (48002, Reaction.UNREACHABLE),
        (40125, Reaction.MISCONFIGURED),
        (40164, Reaction.MISCONFIGURED),
        (48001, Reaction.MISCONFIGURED),
        (40037, Reaction.MISCONFIGURED),
        (47003, Reaction.PERMANENT),
        (40007, Reaction.PERMANENT),
        (45002, Reaction.PERMANENT),
        (65301, Reaction.PERMANENT),
        (65415, Reaction.PERMANENT),
        (99999, Reaction.UNKNOWN),
    ],
)
def test_r052_to_r061_each_code_has_one_reaction(errcode, reaction):
    assert reaction_to(errcode) is reaction


def test_r061_every_whole_number_has_a_reaction():
    assert {reaction_to(code) for code in range(-10, 100_000)} == set(Reaction)


def test_only_the_three_token_codes_renew_a_token():
    assert {40001, 40014, 42001} == TOKEN_CODES
    assert 0 not in REACTIONS


def test_s104_errmsg_keeps_what_support_asks_for_and_no_id():
    shown = masked(
        "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, openid oDesk0aBcDeFgHiJkLmNoPqRsTuV\n"
        "rid: 65d46579-2cdf0712-588f4db2"
    )

    assert "203.0.113.9" in shown
    assert "65d46579-2cdf0712-588f4db2" in shown
    assert "oDesk0aBcDeFgHiJkLmNoPqRsTuV" not in shown
    assert "\n" not in shown


def test_s104_an_error_tells_the_path_and_the_code():
    error = ApiError("/cgi-bin/x", Reaction.RETRY, errcode=-1, errmsg="system error " + "a" * 64)

    assert str(error) == "/cgi-bin/x errcode=-1 reaction=retry system error aaaa***"


def test_unsent_may_be_sent_again_and_unclear_may_not_be_judged_by_code():
    assert ApiUnsent("/x", "refused").reaction is Reaction.RETRY
    assert ApiUnclear("/x", "timeout").reaction is Reaction.UNKNOWN
    assert ApiUnclear("/x", "timeout").errcode is None


def test_r057_r058_each_code_that_is_about_the_person_says_what_keeps_them():
    unreachable = {code for code, r in REACTIONS.items() if r is Reaction.UNREACHABLE}

    assert unreachable == HINDRANCES.keys()


@pytest.mark.parametrize(
    ("errcode", "hindrance", "is_gone"),
    [
        (45015, Hindrance.WINDOW_SHUT, False),
        (45047, Hindrance.WINDOW_USED_UP, False),
        (43004, Hindrance.NOT_FOLLOWING, True),
        (40003, Hindrance.NOT_FOLLOWING, True),
        (50005, Hindrance.NOT_FOLLOWING, True),
        (43019, Hindrance.BLOCKED, True),
        (48002, Hindrance.BLOCKED, True),
        (50002, Hindrance.BLOCKED, True),
        (43101, Hindrance.DECLINED, False),
        (47003, None, False),
        (None, None, False),
    ],
)
def test_r057_r058_an_error_knows_what_keeps_the_person(errcode, hindrance, is_gone):
    error = ApiError("/x", Reaction.UNKNOWN, errcode=errcode)

    assert error.hindrance is hindrance
    assert (error.hindrance in GONE) is is_gone


@pytest.mark.parametrize(
    ("errmsg", "request_id"),
    [
        ("system error rid: 65d46579-2cdf0712-588f4db2", "65d46579-2cdf0712-588f4db2"),
        ("x" * 900 + " rid: 65d46579-2cdf0712-588f4db2", "65d46579-2cdf0712-588f4db2"),
        ("not rid: 65d46579-2cdf0712-588f4db2-more", None),
        ("grid: 65d46579-2cdf0712-588f4db2", None),
        ("rid: " + "a" * 40, None),
        ("", None),
    ],
)
def test_the_id_that_support_asks_for_is_kept(errmsg, request_id):
    assert ApiError("/x", Reaction.RETRY, errcode=-1, errmsg=errmsg).request_id == request_id
