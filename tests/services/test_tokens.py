"""The access token in the database: fetched once for all, sealed at rest (R-015, R-052, R-053)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import token_store
from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction
from bot.token_store import DatabaseTokenStore, Seal
from bot.tokens import Fetched
from models import AccessToken, Database, table_of
from services import tokens
from tests.bot.api_server import OK, answers, api_server, refuses
from tests.bot.pushes import APP_ID
from tests.eventually import eventually
from tests.programs import program
from tests.services.token_taker import SECRET

SECOND = timedelta(seconds=1)
HOURS_2 = timedelta(hours=2)
FETCH = "/cgi-bin/token"
SEND = "/cgi-bin/message/custom/send"


class Clock:
    """Time that a test turns by hand."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


class Platform:
    """Grants tokens by number, and counts them."""

    def __init__(self):
        self.granted = 0

    def __call__(self):
        self.granted += 1
        return Fetched(f"TOKEN-{self.granted}", 7200)


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def make_store(database, clock):
    """A store as another process would have one."""
    return lambda: DatabaseTokenStore(database, APP_ID, SECRET, clock)


@pytest.fixture
def store(make_store):
    return make_store()


def row_of(database):
    with database.reading() as session:
        return session.execute(select(table_of(AccessToken))).one()


# --- one fetch -----------------------------------------------------------------------------------


@pytest.mark.timeout(110)  # eight interpreters start
def test_eight_processes_of_eight_threads_share_one_token(database_url, now, tmp_path):
    """DESIGN Speed: one fetch per expiry; R-053: a permanent 40001 costs one fetch a minute."""
    with api_server() as platform:
        tokens = (answers(access_token=f"{n}_TOKEN", expires_in=7200) for n in range(99))
        platform.on(FETCH, *tokens)
        platform.on(SEND, OK)
        with _processes(8, database_url, platform.url, tmp_path) as processes:
            for expiries in range(3):
                assert _heard_at(now + expiries * HOURS_2, processes) == ["done"] * 8
                assert len(platform.to(FETCH)) == expiries + 1
            assert len(platform.to(SEND)) == 3 * 8 * 8

            platform.on(SEND, refuses(40001))
            platform.calls.clear()
            for second in range(0, 300, 15):
                at = now + 2 * HOURS_2 + second * SECOND
                assert _heard_at(at, processes) == ["failed"] * 8

        assert 1 <= len(platform.to(FETCH)) <= 300 / 60
        assert len(platform.to(SEND)) < 256  # of 1280 that wanted to


@contextmanager
def _processes(count, database_url, api_url, folder):
    words = ("tests.services.token_taker", database_url, api_url)
    processes = [program(*words, log=folder / f"{place}.log") for place in range(count)]
    try:
        assert [_heard(process) for process in processes] == ["ready"] * count
        yield processes
        for process in processes:
            process.stdin.close()
            assert process.wait() == 0
    finally:
        for process in processes:
            process.close()


def _heard_at(at, processes):
    for process in processes:
        process.stdin.write(f"{at.isoformat()}\n")
        process.stdin.flush()
    return [_heard(process) for process in processes]


def _heard(process):
    return process.stdout.readline().strip()


def test_a_token_is_fetched_once_and_then_known_to_every_process(make_store, platform):
    one, other = make_store(), make_store()

    assert one.current() is None
    assert one.refresh(None, platform) == "TOKEN-1"
    assert one.current() == "TOKEN-1"
    assert other.current() == "TOKEN-1"
    assert other.refresh(None, platform) == "TOKEN-1"
    assert platform.granted == 1


def test_knowing_the_token_costs_no_query(store, platform, database, monkeypatch):
    store.refresh(None, platform)
    monkeypatch.setattr(tokens, "read", pytest.fail)

    assert {store.current() for _ in range(100)} == {"TOKEN-1"}


def test_a_token_in_its_last_minute_is_no_longer_used(store, platform, clock):
    store.refresh(None, platform)

    clock.now += HOURS_2 - 61 * SECOND
    assert store.current() == "TOKEN-1"
    clock.now += SECOND
    assert store.current() is None


def test_what_another_process_renewed_is_seen_after_a_moment(
    make_store, platform, clock, monkeypatch
):
    one, other = make_store(), make_store()
    one.refresh(None, platform)
    assert other.current() == "TOKEN-1"
    one.refresh("TOKEN-1", platform)

    assert other.refresh("TOKEN-1", platform) == "TOKEN-2"
    monkeypatch.setattr(token_store, "READ_AGAIN_AFTER", 0.0)
    assert make_store().current() == other.current() == "TOKEN-2"
    assert platform.granted == 2


# --- rejections ----------------------------------------------------------------------------------


def test_eight_rejected_at_once_renew_once(make_store, platform):
    """R-052: single flight over threads and processes."""
    stores = [make_store() for _ in range(4)]
    stores[0].refresh(None, platform)

    with ThreadPoolExecutor(8) as pool:
        renewed = list(pool.map(lambda n: stores[n % 4].refresh("TOKEN-1", platform), range(8)))

    assert renewed == ["TOKEN-2"] * 8


def test_a_token_that_is_fought_over_is_renewed_once_a_minute(make_store, platform, clock):
    """R-053: 40001 for ten minutes, asked each second: at most twelve fetches."""
    store, token = make_store(), make_store().refresh(None, platform)
    for _ in range(600):
        token = store.refresh(token, platform)
        clock.now += SECOND

    assert 10 <= platform.granted <= 12


# --- what goes wrong -----------------------------------------------------------------------------


def failing(error):
    def fetch():
        raise error

    return fetch


@pytest.mark.parametrize(
    "error",
    [
        ApiUnclear("/cgi-bin/token", "ReadTimeout"),
        ApiError("/cgi-bin/token", Reaction.RETRY, errcode=-1),
        # Another host may have an address that is on the list.
        ApiError("/cgi-bin/token", Reaction.MISCONFIGURED, errcode=40164),
    ],
    ids=["timeout", "busy", "address of this host"],
)
def test_a_failed_fetch_leaves_the_way_free(make_store, platform, error):
    with pytest.raises(ApiError):
        make_store().refresh(None, failing(error))

    assert make_store().refresh(None, platform) == "TOKEN-1"


def test_r054_a_refused_secret_is_asked_for_once_a_minute_by_all_processes(
    make_store, platform, clock
):
    wrong = ApiError("/cgi-bin/token", Reaction.MISCONFIGURED, errcode=40125)
    with pytest.raises(ApiError):
        make_store().refresh(None, failing(wrong))

    for _ in range(4):
        with pytest.raises(ApiUnsent) as held:
            make_store().refresh(None, platform)

    assert (held.value.errcode, held.value.until) == (40125, clock.now + 60 * SECOND)
    assert make_store().current() is None
    assert platform.granted == 0
    clock.now += 60 * SECOND
    assert make_store().refresh(None, platform) == "TOKEN-1"


def test_r054_with_a_corrected_secret_nobody_waits_for_the_minute(
    database, make_store, platform, clock
):
    wrong = ApiError("/cgi-bin/token", Reaction.MISCONFIGURED, errcode=40125)
    with pytest.raises(ApiError):
        make_store().refresh(None, failing(wrong))

    corrected = DatabaseTokenStore(database, APP_ID, "another secret", clock)

    assert corrected.refresh(None, platform) == "TOKEN-1"


def test_a_second_rejection_within_minutes_is_known_to_every_process(make_store, platform, clock):
    """Then a stable token is forced out: the platform believes in the one it handed out again."""
    one, other = make_store(), make_store()
    token = one.refresh(None, platform)
    token = one.refresh(token, platform)
    clock.now += 61 * SECOND
    seen = []

    def fetch():
        seen.append(other.is_fought_over())
        return platform()

    other.refresh(token, fetch)
    clock.now += 601 * SECOND
    other.refresh("TOKEN-3", fetch)

    assert seen == [True, False]


def test_a_process_that_died_between_fetch_and_store_is_waited_for_and_replaced(
    database, make_store, platform, clock, now
):
    """R-015: its claim ends by itself; the next one fetches."""
    with database.transaction() as session:
        tokens.locked(session, APP_ID)
        assert tokens.claim(session, APP_ID, "dead", now)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(make_store().refresh, None, platform)
        assert platform.granted == 0
        clock.now += tokens.RENEWAL_LEASE
        assert waiting.result(timeout=10) == "TOKEN-1"
    assert platform.granted == 1


def test_who_comes_back_too_late_stores_nothing(database, now):
    """R-017: the claim is somebody else's by now."""
    with database.transaction() as session:
        tokens.locked(session, APP_ID)
        tokens.claim(session, APP_ID, "asleep", now)
        assert not tokens.claim(session, APP_ID, "awake", now)
        assert tokens.claim(session, APP_ID, "awake", now + tokens.RENEWAL_LEASE)
        assert not tokens.store(session, APP_ID, "asleep", tokens.Shared("old", now))
        assert tokens.store(session, APP_ID, "awake", tokens.Shared("new", now))

    assert row_of(database).sealed == "new"


def test_one_who_fetches_for_ever_makes_the_others_give_up(
    database, make_store, platform, now, monkeypatch
):
    """R-051: nobody waits without end; the message is unsent and comes again."""
    monkeypatch.setattr(token_store, "PATIENCE", 0.2)
    with database.transaction() as session:
        tokens.locked(session, APP_ID)
        tokens.claim(session, APP_ID, "hanging", now)

    with pytest.raises(ApiUnsent):
        make_store().refresh(None, platform)


def test_no_lock_is_held_while_the_platform_is_asked(database, make_store, platform):
    """R-028, R-051: others write while the fetch hangs."""
    asked, answered = threading.Event(), threading.Event()

    def slow():
        asked.set()
        assert answered.wait(10)
        return platform()

    with ThreadPoolExecutor(1) as pool:
        fetching = pool.submit(make_store().refresh, None, slow)
        assert asked.wait(10)
        with database.transaction(within=0.5) as session:
            tokens.locked(session, "another account")
        answered.set()
        assert fetching.result(timeout=10) == "TOKEN-1"


def test_a_token_in_hand_outlives_the_database(tmp_path, clock, platform, monkeypatch):
    database = Database(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    table_of(AccessToken).create(database.engine)
    store = DatabaseTokenStore(database, APP_ID, SECRET, clock)
    store.refresh(None, platform)
    monkeypatch.setattr(token_store, "READ_AGAIN_AFTER", 0.0)
    table_of(AccessToken).drop(database.engine)

    eventually(lambda: store.current() == "TOKEN-1")
    database.dispose()


# --- at rest -------------------------------------------------------------------------------------


def test_the_token_is_not_readable_in_the_database(database, make_store, platform):
    make_store().refresh(None, platform)

    assert "TOKEN-1" not in str(row_of(database))
    assert Seal(APP_ID, SECRET).open(row_of(database).sealed) == "TOKEN-1"


@pytest.mark.parametrize("sealed", [None, "", "AAAA", "%%%", "A" * 40])
def test_what_this_secret_has_not_sealed_is_no_token(sealed):
    assert Seal(APP_ID, SECRET).open(sealed) is None


def test_a_changed_secret_means_a_new_fetch(database, make_store, platform, clock):
    make_store().refresh(None, platform)

    renewed = DatabaseTokenStore(database, APP_ID, "another secret", clock)

    assert renewed.current() is None
    assert renewed.refresh(None, platform) == "TOKEN-2"
