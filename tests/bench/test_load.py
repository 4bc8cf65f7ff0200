"""The generator counts what came back as it is: nothing wrong passes for an answer."""

from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from bench import load
from bench.account import KEYS, openid
from bench.callbacks import callback
from bench.figures import WrongAnswers, figures, wrong_answers
from bench.turns import CONFIRMS, echoes
from bot.envelope import open_callback, seal_reply
from tests.bench.wrong_server import CUT_OFF, SILENT, answering, http

TEXT = "三楼财务室打印机卡纸"
ME, SOMEBODY_ELSE = openid(1), openid(2)


def reply_to(asked, words=TEXT, to=ME):
    """What the product's own envelope makes of these words."""
    head, _, body = asked.request.partition(b"\r\n\r\n")
    query = dict(parse_qsl(urlsplit(head.decode().split()[1]).query))
    now = datetime.now(UTC)
    opened = open_callback(query, body, KEYS, now)
    xml = (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName>"
        f"<Content><![CDATA[{words}]]></Content></xml>"
    )
    return seal_reply(xml, KEYS, opened=opened, now=now)


def found_when_answered(*answers, expects=echoes):
    """The wrong answers that are counted when one person sends as many messages."""
    asked = [callback(ME, TEXT) for _ in answers]
    made = [
        answer(each) if callable(answer) else answer
        for answer, each in zip(answers, asked, strict=True)
    ]
    with answering(made) as port:
        loaded = load.run(port, [each.request for each in asked], 1, seconds=5, patience=1)

    assert len(loaded.answers) == len(asked)
    return wrong_answers(loaded, asked, expects)


def right(asked):
    return http("200 OK", reply_to(asked))


def test_right_answers_are_no_errors():
    assert found_when_answered(right, right, right) == Counter()


def test_an_empty_answer_and_success_are_errors_where_words_are_due():
    wrong = found_when_answered(right, http("200 OK", b""), http("200 OK", b"success"), right)

    assert wrong == Counter({"silent": 2})


def test_success_is_right_only_where_it_is_expected():
    said = (http("200 OK", b"success"), http("200 OK", b""), right)

    assert found_when_answered(*said, expects=None) == Counter({"not success": 2})


def test_a_refusal_a_fault_and_a_cut_are_counted_and_the_load_goes_on():
    wrong = found_when_answered(
        http("403 Forbidden", b""), http("500 Internal Server Error", b"oh"), CUT_OFF, right
    )

    assert wrong == Counter({"HTTP 403": 1, "HTTP 500": 1, "no answer": 1})


def test_whoever_gets_no_answer_in_time_is_counted():
    assert found_when_answered(right, SILENT, right) == Counter({"no answer": 1})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda asked: reply_to(asked, to=SOMEBODY_ELSE), "a reply to somebody else"),
        (lambda asked: reply_to(asked, words=""), "a reply without words"),
        (lambda asked: reply_to(asked).replace(b"<Nonce><![CDATA[", b"<Nonce><![CDATA[9"),
         "wrong signature"),
        (lambda asked: TEXT.encode(), "not an encrypted reply"),
        (lambda asked: reply_to(asked, words="请稍候"), "said '请稍候'"),
    ],
)  # fmt: skip
def test_a_reply_that_the_person_would_not_see_is_an_error(answer, reason):
    wrong = found_when_answered(lambda asked: http("200 OK", answer(asked)), right)

    assert wrong == Counter({reason: 1})


def test_one_wrong_answer_fails_the_run_and_is_named():
    asked = [callback(ME, TEXT), callback(ME, TEXT)]
    with answering([right(asked[0]), http("200 OK", b"success")]) as port:
        loaded = load.run(port, [each.request for each in asked], 1, seconds=5)

    with pytest.raises(WrongAnswers, match="last turn: 1 of 2 wrong: 1 × silent"):
        figures("last turn", loaded, asked, echoes)


def test_a_load_without_any_answer_fails_too():
    with pytest.raises(WrongAnswers, match="0 of 0"):
        figures("nothing", load.Load([], 1.0, 0.0), [], echoes)


def test_a_last_turn_must_name_the_ticket():
    assert CONFIRMS.expects(callback(ME, "确认报修"), "已受理,工单 IT20261124-0007。")
    assert not CONFIRMS.expects(callback(ME, "确认报修"), "我没看明白。要不要请服务台的同事来聊?")
