"""The one way out to the platform's API: the token put on, failures known, answers checked."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.breaker import HELD_BACK, MINUTE, Breaker, Breakers
from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction
from bot.tokens import Fetched, TokenStore
from bot.transport import (
    STABLE_TOKEN_PATH,
    TOKEN_PATH,
    Answer,
    Request,
    Response,
    Transport,
    checked_answer,
    whole,
)
from counts import API_CALLS

Result = TypeVar("Result")
Read = Callable[[Response], Result]

_REFUSED = 40001


class Observer(Protocol):
    """Whoever counts calls and tells operators; it must neither wait nor raise."""

    def called(self, path: str, error: ApiError | None) -> None:
        """One request that went out, and what was wrong with its answer."""

    def token_is_lost(self, error: ApiError) -> None:
        """A token was refused again right after its renewal (R-053)."""


class Nobody:
    """An observer for programs of one call."""

    def called(self, path: str, error: ApiError | None) -> None:
        pass

    def token_is_lost(self, error: ApiError) -> None:
        pass


@contextmanager
def reading(path: str) -> Iterator[None]:
    """An answer of another shape than documented is no answer."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        why = "answer of an unknown shape"
    else:
        return
    raise ApiUnclear(path, why)


class Calls:
    """Calls with the account's token; everything that fails is an `ApiError`."""

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        transport: Transport,
        tokens: TokenStore,
        *,
        stable_token: bool,
        clock: Callable[[], datetime],
        observer: Observer | None = None,
    ) -> None:
        self._app_id = app_id
        self._app_secret = app_secret
        self._transport = transport
        self._tokens = tokens
        self._stable = stable_token
        self._breakers = Breakers(clock)
        self._token_breaker = Breaker(clock)  # of all calls that need a token
        self._lost: str | None = None  # the token that was refused after its renewal
        self._observer: Observer = observer or Nobody()

    def closed_until(self, path: str) -> datetime | None:
        """Before this moment a call of `path` would fail at once, unsent; None if it may go."""
        token_path = STABLE_TOKEN_PATH if self._stable else TOKEN_PATH
        moments = [self._breakers.closed_until(path)]
        token = self._tokens.current()
        if token is None:
            moments.append(self._breakers.closed_until(token_path))
        elif token == self._lost:
            moments.append(self._token_breaker.closed_until())
        return max((moment for moment in moments if moment is not None), default=None)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: object = None,
        files: Mapping[str, Any] | None = None,
    ) -> Answer:
        """One API call; a refused token is renewed once, and the call made once more."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        request = Request(method.upper(), path, params or {}, data, files)
        return self._with_token(request, lambda response: checked_answer(path, response))

    def _with_token(self, request: Request, read: Read[Result]) -> Result:
        token = self._tokens.current() or self._renewed(None)
        if token != self._lost:
            return self._renewing(request, token, read)
        # One call in a minute shows whether the platform takes this token by now.
        trial = self._token_breaker.enter()
        if trial is None:
            until = self._token_breaker.closed_until()
            raise self._held(request.path, "the token is refused", _REFUSED, until)
        try:
            return self._renewing(request, token, read)
        finally:
            self._token_breaker.leave(trial)

    def _renewing(self, request: Request, token: str, read: Read[Result]) -> Result:
        try:
            return self._answered(request, token, read)
        except ApiError as error:
            if error.reaction is not Reaction.REFRESH_TOKEN:
                raise
        # The same one again, if the platform still believes in it: a refusal may be a mere slip.
        fresh = self._renewed(token)
        try:
            return self._answered(request, fresh, read)
        except ApiError as error:
            if error.reaction is not Reaction.REFRESH_TOKEN:
                raise
            rejection = error
        raise self._given_up(fresh, rejection)

    def _answered(self, request: Request, token: str, read: Read[Result]) -> Result:
        result = self._made(request, read, token)
        if token == self._lost:
            self._lost = None  # the platform takes it after all
        return result

    def _given_up(self, token: str, rejection: ApiError) -> ApiError:
        """All that need this token wait a minute, or until there is another one."""
        self._token_breaker.open_for(MINUTE)
        self._lost = token
        self._observer.token_is_lost(rejection)
        return rejection

    def _made(self, request: Request, read: Read[Result], token: str | None = None) -> Result:
        """One request and its answer, if the path is not left alone; counted either way."""
        try:
            with self._breakers.passing(request.path):
                result = read(self._transport.exchange(request, token=token))
        except ApiError as error:
            self._count(request.path, error)
            raise
        self._count(request.path, None)
        return result

    def _count(self, path: str, error: ApiError | None) -> None:
        outcome = _outcome(error)
        API_CALLS.labels(path, outcome).inc()
        if outcome != "held":
            self._observer.called(path, error)

    def _held(self, path: str, why: str, errcode: int, until: datetime | None) -> ApiUnsent:
        API_CALLS.labels(path, "held").inc()
        return ApiUnsent(path, why, errcode=errcode, until=until)

    # --- the token -------------------------------------------------------------------------------

    def _renewed(self, rejected: str | None) -> str:
        try:
            return self._tokens.refresh(rejected, lambda: self._fetch(rejected))
        except ApiUnsent:
            raise
        except ApiError as error:
            lost = error
        # Whatever became of the token, the call that needs it was not made.
        until = self._breakers.closed_until(lost.path)
        raise ApiUnsent(lost.path, lost.errmsg, errcode=lost.errcode, until=until)

    def _fetch(self, rejected: str | None) -> Fetched:
        """One request: of a permanent 40001 more would only drain the quota (R-053)."""
        if not self._stable:
            return self._fetch_plain()
        # The platform may believe in what its other half rejects: then a new one is forced out.
        is_forced = rejected is not None and self._tokens.is_fought_over()
        return self._fetch_stable(is_forced=is_forced)

    def _fetch_plain(self) -> Fetched:
        params = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._app_secret,
        }
        return self._fetched(Request("GET", TOKEN_PATH, params))

    def _fetch_stable(self, *, is_forced: bool) -> Fetched:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._app_secret,
            "force_refresh": is_forced,
        }
        return self._fetched(Request("POST", STABLE_TOKEN_PATH, {}, json.dumps(body).encode()))

    def _fetched(self, request: Request) -> Fetched:
        try:
            answer = self._made(request, lambda response: checked_answer(request.path, response))
        except ApiError as error:
            if error.reaction is Reaction.MISCONFIGURED:  # asking again at once changes nothing
                self._breakers.of(request.path).open_for(MINUTE)
            raise
        return Fetched(answer["access_token"], whole(answer.get("expires_in")) or 7200)


def _outcome(error: ApiError | None) -> str:
    match error:
        case None:
            return "ok"
        case ApiUnclear():
            return "unclear"
        case ApiUnsent():
            return "held" if error.errmsg == HELD_BACK else "unsent"
    return str(error.errcode)
