"""Which rules of the platform the sandbox plays and which it does not: §12 of the reference.

`python -m tests.sandbox.conformance.table` writes docs/sandbox-rules.md anew.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.house.source import ROOT

PAGE = ROOT / "docs" / "sandbox-rules.md"


@dataclass(frozen=True)
class Row:
    """A line of §12: calls and the numbers that they may answer."""

    number: str
    calls: tuple[str, ...]  # method and path
    codes: tuple[int, ...] = ()


ROWS = (
    Row(
        "1",
        ("GET /cgi-bin/token",),
        (40002, 40013, 40125, 41002, 41004, 40164, 40243, 45009),
    ),
    Row(
        "2",
        ("POST /cgi-bin/stable_token",),
        (40002, 40013, 40125, 41002, 41004, 40164, 40243, 45009),
    ),
    Row("3", ("POST /cgi-bin/clear_quota", "POST /cgi-bin/clear_quota/v2"), (40013, 48006)),
    Row("4", ("POST /cgi-bin/openapi/quota/get",), (76021, 76022)),
    Row("5", ("POST /cgi-bin/openapi/rid/get",), (76001, 76003)),
    Row(
        "6–7",
        (
            "GET /cgi-bin/getcallbackip",
            "GET /cgi-bin/get_api_domain_ip",
            "POST /cgi-bin/callback/check",
        ),
        (40201,),
    ),
    Row(
        "8",
        ("POST /cgi-bin/message/custom/send",),
        (40003, 40007, 40008, 44004, 45002, 45008, 45015, 45047, 45098, 48002, 43019),
    ),
    Row("9", ("POST /cgi-bin/message/custom/typing",), (45072, 45080, 45081)),
    Row(
        "10–14",
        (
            "POST /customservice/kfaccount/add",
            "POST /customservice/kfaccount/update",
            "GET /customservice/kfaccount/del",
            "POST /customservice/kfaccount/inviteworker",
            "POST /customservice/kfaccount/uploadheadimg",
        ),
        tuple(range(65400, 65413)),
    ),
    Row(
        "15–16",
        (
            "GET /cgi-bin/customservice/getkflist",
            "GET /cgi-bin/customservice/getonlinekflist",
        ),
        (65400,),
    ),
    Row(
        "17–18",
        ("POST /customservice/kfsession/create", "POST /customservice/kfsession/close"),
        (40003, 65400, 65401, 65402, 65413, 65414, 65415),
    ),
    Row(
        "19–21",
        (
            "GET /customservice/kfsession/getsession",
            "GET /customservice/kfsession/getsessionlist",
            "GET /customservice/kfsession/getwaitcase",
        ),
        (40003, 65400, 65401, 65402),
    ),
    Row("22", ("POST /customservice/msgrecord/getmsglist",), (65400, 65416, 65417)),
    Row(
        "23–25",
        ("POST /cgi-bin/menu/create", "GET /cgi-bin/menu/get", "GET /cgi-bin/menu/delete"),
        (*range(40015, 40028), 46003),
    ),
    Row(
        "26–28",
        (
            "POST /cgi-bin/menu/addconditional",
            "POST /cgi-bin/menu/delconditional",
            "POST /cgi-bin/menu/trymatch",
        ),
        (*range(65301, 65310), 65316, 65320),
    ),
    Row("29", ("GET /cgi-bin/get_current_selfmenu_info",)),
    Row(
        "30–33",
        (
            "POST /cgi-bin/tags/create",
            "GET /cgi-bin/tags/get",
            "POST /cgi-bin/tags/update",
            "POST /cgi-bin/tags/delete",
        ),
        (45056, 45057, 45058, 45157, 45158),
    ),
    Row(
        "34–37",
        (
            "POST /cgi-bin/tags/members/batchtagging",
            "POST /cgi-bin/tags/members/batchuntagging",
            "POST /cgi-bin/tags/getidlist",
            "POST /cgi-bin/user/tag/get",
        ),
        (40003, 40032, 45059, 45159, 45169, 45171, 49003),
    ),
    Row(
        "38–40",
        (
            "POST /cgi-bin/template/api_add_template",
            "GET /cgi-bin/template/get_all_private_template",
            "POST /cgi-bin/template/del_private_template",
        ),
        (40037, 40246, 40247, 45026, 43106),
    ),
    Row(
        "41",
        ("POST /cgi-bin/message/template/send",),
        (
            *(40003, 40036, 40037, 40039, 40249, 43004, 43101, 43116, 43117),
            *(47003, 45009, -1),
        ),
    ),
    Row("42", ("POST /cgi-bin/message/template/subscribe",), (40003, 40037, 40062, 43101)),
    Row("43", ("POST /cgi-bin/message/subscribe/bizsend",), (40003, 40037, 43101, 47003)),
    Row(
        "44",
        (
            "GET /wxaapi/newtmpl/getcategory",
            "GET /wxaapi/newtmpl/getpubtemplatetitles",
            "GET /wxaapi/newtmpl/getpubtemplatekeywords",
            "POST /wxaapi/newtmpl/addtemplate",
            "GET /wxaapi/newtmpl/gettemplate",
            "POST /wxaapi/newtmpl/deltemplate",
        ),
    ),
    Row("45", ("GET /connect/oauth2/authorize",), (10003,)),
    Row(
        "46–48",
        (
            "GET /sns/oauth2/access_token",
            "GET /sns/oauth2/refresh_token",
            "GET /sns/userinfo",
            "GET /sns/auth",
        ),
        (40029, 40163, 42003, 40003, 48001),
    ),
    Row("49", ("GET /cgi-bin/ticket/getticket",)),
    Row("50–51", ("POST /cgi-bin/qrcode/create", "GET /cgi-bin/showqrcode"), (40053, 45029, 404)),
    Row(
        "52–53",
        (
            "POST /cgi-bin/media/upload",
            "GET /cgi-bin/media/get",
            "GET /cgi-bin/media/get/jssdk",
        ),
        (40004, 40007, 41005, 41006, 45001),
    ),
    Row("54–55", ("POST /cgi-bin/shorten/gen", "POST /cgi-bin/shorten/fetch")),
    Row(
        "56–58",
        (
            "GET /cgi-bin/user/info",
            "POST /cgi-bin/user/info/batchget",
            "GET /cgi-bin/user/get",
        ),
        (40003, 40032),
    ),
    Row(
        "59–60",
        (
            "POST /cgi-bin/user/info/updateremark",
            "POST /cgi-bin/tags/members/getblacklist",
            "POST /cgi-bin/tags/members/batchblacklist",
            "POST /cgi-bin/tags/members/batchunblacklist",
        ),
        (40003,),
    ),
    Row("–", ("GET /mp/subscribemsg",)),
    Row(
        "all",
        (),
        (43001, 43002, 41001, 40014, 40001, 42001, 44002, 47001, 45009, 45011, 48001),
    ),
)

# Calls that the reference describes outside of §12's rows.
BESIDE = (
    "POST /cgi-bin/template/api_set_industry",
    "GET /cgi-bin/template/get_industry",
    "POST /wxa/sec/queryblocktmplmsg",
    "POST /cgi-bin/material/add_material",
    "POST /cgi-bin/media/uploadimg",
)

# Numbers of §4 to §10 and of the sandbox itself that no row of §12 names.
SIMULATED_BESIDE = (
    *(40005, 40009, 40030, 40054, 40066, 40097, 40202, 40203, 41003, 41008, 42002, 43100),
    *(44001, 44003, 44007, 45007, 45064, 45099, 47002),
    *(200012, 200014, 200016, 200017, 200018, 200019, 200020, 200021),
)

_BY_A_FAULT = "only a fault rule says it"
_UNNAMED = "the reference names no case of its own; its neighbours answer"
NOT_SIMULATED: dict[int, str] = {
    40006: _UNNAMED,
    40017: _UNNAMED,
    40021: _UNNAMED,
    40024: _UNNAMED,
    40040: _UNNAMED,
    40055: _UNNAMED,
    40200: "the account is a verified service account, " + _BY_A_FAULT,
    43003: "the sandbox speaks HTTP on this machine only",
    45003: "the platform's length of titles is not published",
    45004: "the platform's length of descriptions is not published",
    45005: "the platform's length of addresses is not published",
    45006: "the platform's length of picture addresses is not published",
    45010: "the sum of a menu has no published limit",
    45048: _UNNAMED,
    45050: _UNNAMED,
    45057: "nobody here has 100 000 followers",
    45087: "a sanction, " + _BY_A_FAULT,
    45094: "a sanction, " + _BY_A_FAULT,
    46001: _UNNAMED,
    46004: "unknown people answer 40003",
    48003: "mass sending is not part of the desk",
    48004: "a sanction, " + _BY_A_FAULT,
    50002: "a sanction, " + _BY_A_FAULT,
    50004: "a sanction, " + _BY_A_FAULT,
    50005: "by the rule unfollowed_errcode",
    50007: "a sanction, " + _BY_A_FAULT,
    61450: "the old account API is gone",
    61451: "the old account API is gone",
    61452: "the old account API is gone",
    61453: "the old account API is gone",
    61454: "the old account API is gone",
    61455: "the old account API is gone",
    61456: "the old account API is gone",
    61457: "the old account API is gone",
    61458: "the old session API is gone",
    61459: "the old session API is gone",
    65306: _UNNAMED,
    65410: "a second account of one worker is already refused, 65407",
    70000: "no content is judged here, " + _BY_A_FAULT,
    76002: _UNNAMED,
    87014: "the content check belongs to mini programs",
    89503: "no administrator is asked here, " + _BY_A_FAULT,
}

# The state machines of §12: rule, and the test that shows it.
MACHINES = {
    "token: a new one leaves the former five minutes": (
        "test_a_superseded_token_works_for_five_minutes_more"
    ),
    "token: 40001, 42001 and 40014 tell three deaths": ("test_40001_when_a_token_is_superseded"),
    "stable token: isolated from the plain one": (
        "test_the_two_kinds_of_token_leave_each_other_alone"
    ),
    "stable token: force at once, 20 a day, 30 s apart": (
        "test_force_within_thirty_seconds_is_not_heard"
    ),
    "window: message, 5 in 48 h": "test_a_message_opens_five_for_48_hours",
    "window: click, 3 in 60 s": "test_a_menu_key_opens_three_for_one_minute",
    "window: follow, 3 in 60 s": "test_a_follow_opens_three_for_one_minute",
    "window: scan, 3 in 60 s": "test_a_scan_opens_three_for_one_minute",
    "window: which one is used first (rule)": "test_which_window_is_used_first_is_a_rule",
    "window: what a tapped line opens (rule)": "test_what_a_tapped_line_opens_is_a_rule",
    "window: unfollowing clears all": "test_leaving_shuts_all_windows",
    "kf: waiting people are still heard": "test_who_waits_is_still_heard_by_the_account",
    "kf: in session the account hears no message": "test_in_session_words_go_to_the_clerk_alone",
    "kf: create, switch, close are told": "test_sessions_are_told_of_from_beginning_to_end",
    "kf: 30 minutes, from the last message or the start (rule)": (
        "test_from_when_the_half_hour_counts_is_a_rule"
    ),
    "kf: with or without an event (rule)": (
        "test_a_session_ends_after_half_an_hour_and_whether_it_is_told_is_a_rule"
    ),
    "kf: waiting ends after 48 h (rule)": "test_who_waits_leaves_the_queue_after_48_hours",
    "template: the receipt and its four fates": (
        "test_the_receipt_tells_one_of_three_fates_or_never_comes"
    ),
    "template: client_msg_id within ten minutes": (
        "test_one_client_msg_id_is_delivered_once_within_ten_minutes"
    ),
    "template: what a repeat is answered (rule)": "test_what_a_repeat_is_answered_is_a_rule",
    "grants: one tap, one message": "test_a_tap_is_told_and_allows_one_message",
    "grants: 一次性, one for each scene": "test_agreements_of_one_scene_do_not_add_up",
    "callback: three attempts of five seconds": "test_three_attempts_of_five_seconds_are_the_rule",
    "callback: success or nothing": "test_success_or_nothing_is_an_answer",
    "callback: a malformed answer": (
        "test_a_malformed_answer_shows_the_notice_and_whether_it_is_retried_is_a_rule"
    ),
    "callback: fresh timestamp and nonce (rule)": (
        "test_whether_a_retry_has_a_fresh_nonce_is_a_rule"
    ),
    "callback: a late answer is thrown away": ("test_only_the_answer_to_a_live_connection_counts"),
    "callback: serial or parallel (rule)": ("test_whether_pushes_of_one_person_overlap_is_a_rule"),
    "callback: duplicates, disorder, delay, loss": (
        "test_copies_delays_losses_and_disorder_are_rules"
    ),
    "OAuth code: 300 s": "test_42003_when_a_code_is_older_than_five_minutes",
    "OAuth code: once": "test_40163_when_a_code_comes_twice",
    "media: three days": "test_40007_when_media_are_unknown_or_older_than_three_days",
    "QR: an expired code says so": "test_a_code_that_expired_says_so_and_sends_nothing",
    "menu: a phone's cache of five minutes": (
        "test_a_phone_sees_a_new_menu_after_five_minutes_or_a_fresh_follow"
    ),
    "quota: a day in China": "test_a_days_quota_is_new_at_midnight_in_china",
    "quota: clear_quota ten times a month": (
        "test_48006_when_quotas_are_cleared_more_than_ten_times_a_month_both_ways_together"
    ),
    "also: snapshot user and virtual openid": "test_a_snapshot_page_knows_a_virtual_person_only",
    "also: unsupported kinds of messages": (
        "test_kinds_that_phones_here_cannot_make_are_pushed_by_hand"
    ),
    "also: bodies of 100 KB": "test_a_body_may_be_a_hundred_kilobytes",
    "also: ]]>, emoji, zero-width characters": (
        "test_what_no_xml_may_hold_is_left_out_and_a_cdata_end_is_split"
    ),
    "also: latency, 5xx, resets, answers lost after the act": "test_a_connection_may_be_cut",
}


def simulated() -> set[int]:
    """Numbers that the sandbox answers by itself."""
    named = {code for row in ROWS for code in row.codes} | set(SIMULATED_BESIDE)
    return named - NOT_SIMULATED.keys()


def page() -> str:
    """The table as a page to read."""
    lines = [
        "# What the sandbox plays of the platform",
        "",
        "Written by `python -m tests.sandbox.conformance.table`; the tests in",
        "`tests/sandbox/conformance` show each rule, and are named after it.",
        "A number that is not simulated can be had by a fault rule (`api_faults`, kind `errcode`).",
        "",
        "## Calls",
        "",
        "| # | calls | numbers simulated | not simulated |",
        "| --- | --- | --- | --- |",
        *(_row(row) for row in ROWS),
        f"| beside | {_calls(BESIDE)} | {_codes(SIMULATED_BESIDE)} | |",
        "",
        "## Numbers that are not simulated",
        "",
        "| number | why |",
        "| --- | --- |",
        *(f"| {code} | {why} |" for code, why in sorted(NOT_SIMULATED.items())),
        "",
        "## State machines and their rules",
        "",
        "| rule | shown by |",
        "| --- | --- |",
        *(f"| {rule} | `{test}` |" for rule, test in MACHINES.items()),
    ]
    return "\n".join(lines) + "\n"


def _row(row: Row) -> str:
    done = [code for code in row.codes if code in simulated()]
    left = [code for code in row.codes if code not in simulated()]
    return f"| {row.number} | {_calls(row.calls)} | {_codes(done)} | {_codes(left)} |"


def _calls(calls: tuple[str, ...]) -> str:
    return "<br>".join(f"`{call}`" for call in calls) or "every call"


def _codes(codes: list[int] | tuple[int, ...]) -> str:
    return " ".join(str(code) for code in codes) or "–"


def main(page_file: Path = PAGE) -> None:
    page_file.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
