"""The short way of what is asked again and again: still as it was, for nothing happened (T12).

Open consoles ask every few seconds, and nearly always nothing has moved. An answer that says on
which state of the desk it rests is remembered by browser, address and mark. The same question is
answered «unchanged» at once as long as the desk is in that state and the reader is who they were:
both are looked up once a second for everybody. After a few seconds all is worked out again.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from domain.speaker import Speaker
from models import DatabaseUnavailable
from services import listing_state, shared_answers, web_sessions
from web.account.guard import session_mark
from web.late import Wsgi
from web.live import MARK, VOUCHED
from web.page import reader
from web.site import site_of

_WITHIN = 9.5  # times SHARED_FOR: two questions of a console go the short way, the third does not
_KEPT = 2000  # answers; each is about a kilobyte
_UNCHANGED = "304 Not Modified"
_RESTS_ON = "itdesk.rests_on"
_ASKED_WITH = f"HTTP_{MARK.upper().replace('-', '_')}"
_OF_CONTENT = frozenset({"content-type", "content-length", "hx-retarget", VOUCHED.lower()})

_Headers = list[tuple[str, str]]
_Question = tuple[str | None, ...]
_Readers = dict[str, Speaker]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What an answer rests on: while it stands, the answer does."""

    state: tuple[str, ...]
    session: str  # of whoever asked
    reader: Speaker


@dataclass(frozen=True, slots=True)
class _Known:
    """What was answered, and when by the machine's running time."""

    at: float
    basis: _Basis
    headers: _Headers


def rests_on(state: tuple[str, ...]) -> None:
    """The answer under way stays the same for its reader while this is the desk's state."""
    request.environ[_RESTS_ON] = _Basis(state, session_mark(), reader())


class ShortWay:
    """`pages`, but for what they have just answered."""

    def __init__(self, extensions: Mapping[str, object], pages: Wsgi) -> None:
        self._extensions = extensions
        self._pages = pages
        self._lock = threading.Lock()
        self._known: dict[_Question, _Known] = {}
        self._readers: tuple[float, _Readers] = (0.0, {})

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        mark = environ.get(_ASKED_WITH)
        if mark is None or environ["REQUEST_METHOD"] != "GET":
            return self._pages(environ, start_response)
        known = self._known.get(_question(environ, mark))
        if known is None or not self._holds(known):
            return self._pages(environ, self._noting(environ, start_response))
        start_response(_UNCHANGED, list(known.headers))
        return []

    # --- whether it is as it was ------------------------------------------------------------------

    def _holds(self, known: _Known) -> bool:
        if _is_over(known.at, _WITHIN):
            return False
        try:
            is_same = self._state() == known.basis.state
            return is_same and self._reader_of(known.basis.session) == known.basis.reader
        except DatabaseUnavailable:
            return False  # the pages say it their way

    def _state(self) -> tuple[str, ...]:
        site = site_of(self._extensions)
        with site.database.glancing() as session:
            return listing_state.state_at(session, site.now(), site.rules)

    def _reader_of(self, session_mark: str) -> Speaker | None:
        at, readers = self._readers
        if session_mark not in readers or _is_over(at, 1):
            readers = self._readers_now()
            self._readers = time.monotonic(), readers
        return readers.get(session_mark)

    def _readers_now(self) -> _Readers:
        with self._lock:
            lasting = {
                question: known
                for question, known in self._known.items()
                if not _is_over(known.at, _WITHIN)
            }
            self._known = lasting
        marks = {known.basis.session for known in lasting.values()}
        site = site_of(self._extensions)
        with site.database.glancing() as session:
            return web_sessions.desk_readers_of(session, marks, site.now(), site.desk_idle_for)

    # --- what is remembered -----------------------------------------------------------------------

    def _noting(self, environ: dict[str, Any], start_response: Any) -> Callable[..., Any]:
        began = time.monotonic()

        def started(status: str, headers: _Headers, *others: Any) -> Any:
            if (basis := environ.get(_RESTS_ON)) is not None:
                self._note(environ, _Known(began, basis, headers))
            return start_response(status, headers, *others)

        return started

    def _note(self, environ: dict[str, Any], answered: _Known) -> None:
        names = {name.lower(): value for name, value in answered.headers}
        mark = names.get(MARK.lower())
        if mark is None or "set-cookie" in names:
            return
        lasting = [each for each in answered.headers if each[0].lower() not in _OF_CONTENT]
        with self._lock:
            if len(self._known) >= _KEPT:
                self._known.clear()
            question = _question(environ, mark)
            self._known[question] = _Known(answered.at, answered.basis, lasting)


def _is_over(at: float, times: float) -> bool:
    return time.monotonic() - at >= times * shared_answers.SHARED_FOR


def _question(environ: dict[str, Any], mark: str) -> _Question:
    """Another browser, another session or another address asks something else."""
    return (
        mark,
        environ.get("HTTP_COOKIE"),
        environ.get("PATH_INFO"),
        environ.get("QUERY_STRING"),
    )
