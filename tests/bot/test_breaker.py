"""Circuit breakers by a clock that a test turns, and over HTTP (R-053, R-055, R-056)."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.breaker import CLOSED, FAILURES, HALF_OPEN, OPEN, Breaker, Breakers
from bot.client import MemoryTokenStore
from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction
from counts import API_CALLS, API_CIRCUITS
from tests.bot.api_client import HELLO, SEND, TEMPLATE, client_of, failure
from tests.bot.api_server import OK, answers, api_server, cut, raw, refuses
from tests.bot.pushes import OPENID

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # in China
SECOND = timedelta(seconds=1)
PATH = "/cgi-bin/x"

TEMPORARY = ApiUnclear(PATH, "ReadTimeout")
UNSENT = ApiUnsent(PATH, "NewConnectionError")
BUSY = ApiError(PATH, Reaction.RETRY, errcode=-1)
SLOWER = ApiError(PATH, Reaction.RETRY, errcode=45011)
USED_UP = ApiError(PATH, Reaction.RETRY_TOMORROW, errcode=45009)
REFUSED = ApiError(PATH, Reaction.UNREACHABLE, errcode=45015)


class Time:
    """Both clocks of a machine, turned by hand."""

    def __init__(self):
        self.seconds = 0.0

    def monotonic(self):
        return self.seconds

    def clock(self):
        return NOON + timedelta(seconds=self.seconds)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def breakers(time):
    return Breakers(time.clock, time.monotonic)


def passes(breakers, error=None, path=PATH):
    """One call with this outcome; False if it was held back."""
    try:
        with breakers.passing(path):
            if error is not None:
                raise error
    except ApiError as raised:
        return raised is error
    return True


def opened(breakers, error=TEMPORARY):
    for _ in range(FAILURES):
        assert passes(breakers, error)
    return breakers


@pytest.mark.parametrize("error", [TEMPORARY, UNSENT, BUSY], ids=["unclear", "unsent", "-1"])
def test_five_temporary_failures_in_a_row_open_a_path(breakers, time, error):
    opened(breakers, error)

    assert not passes(breakers)
    assert breakers.closed_until(PATH) == NOON + SECOND
    assert breakers.of(PATH).state == OPEN
    assert breakers.closed_until("/cgi-bin/another") is None
    assert passes(breakers, path="/cgi-bin/another")


@pytest.mark.parametrize("answer", [None, REFUSED], ids=["ok", "refusal"])
def test_any_answer_between_begins_the_count_anew(breakers, answer):
    for _ in range(3):
        for _ in range(FAILURES - 1):
            assert passes(breakers, TEMPORARY)
        assert passes(breakers, answer)

    assert breakers.of(PATH).state == CLOSED


def test_who_is_held_back_is_told_until_when_and_that_nothing_was_sent(breakers, time):
    opened(breakers)

    with pytest.raises(ApiUnsent) as held, breakers.passing(PATH):
        pytest.fail("the call was made")

    assert held.value.until == NOON + SECOND
    assert held.value.reaction is Reaction.RETRY


def test_the_pause_doubles_up_to_half_a_minute_and_begins_anew_after_an_answer(breakers, time):
    opened(breakers)
    pauses = []
    for _ in range(7):
        pauses.append((breakers.closed_until(PATH) - time.clock()).total_seconds())
        time.seconds += pauses[-1]
        assert breakers.of(PATH).state == HALF_OPEN
        assert passes(breakers, TEMPORARY)

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    time.seconds += 30
    assert passes(breakers)
    assert breakers.of(PATH).state == CLOSED
    opened(breakers)
    assert breakers.closed_until(PATH) - time.clock() == SECOND


def test_one_call_tries_while_the_others_wait(breakers, time):
    opened(breakers)
    time.seconds += 1
    with breakers.passing(PATH):
        assert not passes(breakers)
        assert breakers.closed_until(PATH) == time.clock() + SECOND
    assert passes(breakers)


def test_a_try_that_ends_in_something_unforeseen_lets_the_next_one_try(breakers, time):
    opened(breakers)
    time.seconds += 1
    with pytest.raises(ZeroDivisionError), breakers.passing(PATH):
        raise ZeroDivisionError

    assert passes(breakers)


def test_calls_that_left_before_the_opening_do_not_lengthen_it(breakers, time):
    with pytest.raises(ApiUnclear), breakers.passing(PATH):
        opened(breakers)
        raise TEMPORARY

    assert breakers.closed_until(PATH) == NOON + SECOND


def test_r055_too_frequent_is_left_alone_for_a_minute(breakers, time):
    assert passes(breakers, SLOWER)

    assert breakers.closed_until(PATH) == NOON + 60 * SECOND
    assert not passes(breakers)
    time.seconds += 60
    assert passes(breakers)
    assert breakers.of(PATH).state == CLOSED


def test_r056_a_used_up_quota_is_left_alone_until_midnight_in_china(breakers, time):
    assert passes(breakers, USED_UP)

    assert breakers.closed_until(PATH) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    time.seconds += 12 * 3600 - 1
    assert not passes(breakers)
    time.seconds += 1
    assert passes(breakers)


def test_cleared_quotas_let_everybody_go(breakers):
    assert passes(breakers, USED_UP)

    breakers.close_all()

    assert passes(breakers)


OUTCOMES = st.sampled_from([None, TEMPORARY, UNSENT, BUSY, SLOWER, REFUSED])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.none()),
        st.tuples(st.just("leave"), OUTCOMES),
        st.tuples(st.just("wait"), st.floats(0, 70)),
    ),
    max_size=120,
)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.randoms(use_true_random=False))
def test_however_calls_overlap_at_most_one_tries_and_a_success_closes(steps, dice):
    time = Time()
    breaker = Breaker(time.clock, time.monotonic)
    under_way: list[int] = []
    for act, value in steps:
        if act == "wait":
            time.seconds += value
        elif act == "enter":
            was = breaker.state
            call = breaker.enter()
            assert call is None or was != OPEN
            assert call != 0 or was == CLOSED
            if call is not None:
                under_way.append(call)
        elif under_way:
            call = under_way.pop(dice.randrange(len(under_way)))
            _leave(breaker, call, value)
            if value is None or value is REFUSED:
                assert breaker.state == CLOSED
                assert breaker.closed_until() is None
        if breaker.state == HALF_OPEN:
            allowed = [breaker.enter() for _ in range(3)]
            assert sum(call is not None for call in allowed) <= 1
            under_way += [call for call in allowed if call is not None]
        assert breaker.state in (CLOSED, HALF_OPEN, OPEN)
        assert breaker.closed_until() is None or breaker.closed_until() > time.clock()

    time.seconds += 70
    for call in under_way:
        breaker.leave(call)
    assert breaker.enter() is not None  # never shut for ever


def _leave(breaker, call, error):
    if error in (TEMPORARY, UNSENT, BUSY):
        breaker.failed(call)
    else:
        breaker.answered()
        if error is SLOWER:
            breaker.open_for(60)
    breaker.leave(call)


def test_sixteen_threads_send_one_try(time):
    breaker = Breaker(time.clock, time.monotonic)
    for _ in range(FAILURES):
        breaker.failed(0)
    time.seconds += 1
    barrier, entered = threading.Barrier(16), []

    def enter():
        barrier.wait()
        entered.append(breaker.enter())

    threads = [threading.Thread(target=enter) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([call for call in entered if call is not None]) == 1


# --- over HTTP -----------------------------------------------------------------------------------


@pytest.fixture
def server():
    with api_server() as running:
        yield running


@pytest.mark.parametrize(
    "reply",
    [raw(b"<html>502</html>", status=502), raw(b""), cut, refuses(-1)],
    ids=["html", "empty", "cut", "-1"],
)
def test_r050_a_path_that_fails_five_times_is_left_alone(server, reply):
    client = client_of(server.url)
    server.on(SEND, reply)
    server.on(TEMPLATE, answers(errcode=0, msgid=1))
    for _ in range(FAILURES):
        failure(client.send_custom, OPENID, HELLO)

    held = failure(client.send_custom, OPENID, HELLO)

    assert isinstance(held, ApiUnsent)
    assert held.until is not None
    assert client.closed_until(SEND) is not None
    assert len(server.to(SEND)) == FAILURES
    assert client.closed_until(TEMPLATE) is None
    client.send_template(OPENID, "T", None, {}, "n1")


def test_r051_nobody_at_home_is_left_alone():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = client_of(f"http://127.0.0.1:{unused.getsockname()[1]}")
        for _ in range(FAILURES):
            assert failure(client.send_custom, OPENID, HELLO).until is None

        assert failure(client.send_custom, OPENID, HELLO).until is not None


def test_r056_a_used_up_quota_costs_one_call_a_day_until_it_is_cleared(server):
    client = client_of(server.url, clock=lambda: NOON)
    server.on(SEND, refuses(45009), OK)
    server.on("/cgi-bin/clear_quota", OK)

    assert failure(client.send_custom, OPENID, HELLO).reaction is Reaction.RETRY_TOMORROW
    held = failure(client.send_custom, OPENID, HELLO)

    assert held.until == client.closed_until(SEND) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert len(server.to(SEND)) == 1
    client.clear_quota()
    client.send_custom(OPENID, HELLO)


def test_r053_a_token_refused_after_its_renewal_stops_all_that_need_one(server):
    client = client_of(server.url, clock=lambda: NOON)
    server.on("/cgi-bin/token", *(answers(access_token=f"T{n}", expires_in=7200) for n in range(9)))
    server.on(SEND, refuses(40001))
    server.on("/cgi-bin/user/info", answers(openid=OPENID))

    assert failure(client.send_custom, OPENID, HELLO).errcode == 40001
    before = len(server.calls)
    held = [failure(client.send_custom, OPENID, HELLO), failure(client.user_info, OPENID)]

    assert [error.errcode for error in held] == [40001, 40001]
    for until in (*(error.until for error in held), client.closed_until("/cgi-bin/user/info")):
        assert until is not None
        assert NOON < until <= NOON + 60 * SECOND
    assert len(server.calls) == before


def test_r053_another_token_opens_the_way_before_the_minute_is_over(server):
    class Shared:
        """Another process has renewed it."""

        token = "T1"

        def current(self):
            return self.token

        def refresh(self, rejected, fetch):
            return self.token

        def is_fought_over(self):
            return False

    tokens = Shared()
    client = client_of(server.url, tokens=tokens)
    server.on(SEND, refuses(40001), refuses(40001), OK)
    failure(client.send_custom, OPENID, HELLO)
    assert client.closed_until(SEND) is not None

    tokens.token = "T2"

    assert client.closed_until(SEND) is None
    client.send_custom(OPENID, HELLO)


def test_r054_a_token_that_is_not_given_is_asked_for_once_a_minute(server):
    client = client_of(server.url, tokens=MemoryTokenStore())
    server.on("/cgi-bin/token", refuses(40164, "invalid ip 203.0.113.9"))

    errors = [failure(client.send_custom, OPENID, HELLO) for _ in range(20)]

    assert len(server.calls) == 1
    assert all(isinstance(error, ApiUnsent) and error.until for error in errors)
    assert client.closed_until(SEND) is not None


def test_what_is_left_alone_is_seen_from_outside(server):
    client = client_of(server.url)
    server.on(SEND, raw(b""))
    held = API_CALLS.labels(SEND, "held")._value
    unclear = API_CALLS.labels(SEND, "unclear")._value
    before = (held.get(), unclear.get())

    for _ in range(FAILURES + 2):
        failure(client.send_custom, OPENID, HELLO)

    assert (held.get() - before[0], unclear.get() - before[1]) == (2, FAILURES)
    assert API_CIRCUITS.labels(SEND)._value.get() == OPEN
