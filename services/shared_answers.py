"""What one process has asked its database a moment ago, for the many who ask the same (T12)."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool
from sqlalchemy.orm import Session

SHARED_FOR = 1.0  # seconds; 200 tabs ask for the same within them
_KEPT = 2000  # answers about one database
_BEHIND = "is_behind"

Answer = TypeVar("Answer")

_answers: WeakKeyDictionary[Any, dict[Hashable, tuple[float, Any]]] = WeakKeyDictionary()
_lock = threading.Lock()


def shared(
    session: Session, key: Hashable, ask: Callable[[], Answer], *, times: float = 1
) -> Answer:
    """The answer that somebody else got a moment ago (`times` SHARED_FOR), or a new one."""
    at, answer = kept(session, key) or (0.0, None)
    if time.monotonic() - at < SHARED_FOR * times:
        return answer  # type: ignore[return-value]
    fresh = ask()
    keep(session, key, fresh)
    return fresh


def shared_while(
    session: Session,
    state: Hashable,
    key: Hashable,
    ask: Callable[[], Answer],
    *,
    times: float,
    at_most: float,
) -> Answer:
    """The same answer as long as `state` is, but no longer than `at_most`; else as `shared`.

    What was made of an answer that `is_behind` is behind as well.
    """
    at, (known, answer) = kept(session, key) or (0.0, (None, None))
    age = time.monotonic() - at
    if known == state and age < SHARED_FOR * at_most:
        return answer  # type: ignore[return-value]
    if age < SHARED_FOR * times:
        session.info[_BEHIND] = True
        return answer  # type: ignore[return-value]
    was_behind = session.info.pop(_BEHIND, False)
    fresh = ask()
    keep(session, key, (None if is_behind(session) else state, fresh))
    session.info[_BEHIND] = was_behind or is_behind(session)
    return fresh


def is_behind(session: Session) -> bool:
    """Whether it was given an answer that another state may have changed."""
    return bool(session.info.get(_BEHIND))


def kept(session: Session, key: Hashable) -> tuple[float, Any] | None:
    """What was last answered, and when by the machine's running time."""
    with _lock:
        return _answers.get(_database(session), {}).get(key)


def keep(session: Session, key: Hashable, answer: object) -> None:
    with _lock:
        of_database = _answers.setdefault(_database(session), {})
        if len(of_database) > _KEPT:
            of_database.clear()
        of_database[key] = (time.monotonic(), answer)


def _database(session: Session) -> Pool:
    """Its connections stand for it, in whichever way they are used."""
    return cast(Engine, session.get_bind()).pool
