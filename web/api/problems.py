"""Whatever goes wrong, as application/problem+json: a code, a sentence, the field (RFC 9457)."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from apiflask import HTTPError
from flask import Response, current_app, g
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from domain.permissions import Permission
from domain.refusals import NotFound, NotPermitted, Refusal
from domain.scopes import scopes_for
from domain.sentence import Fact
from logs import failure
from models import DatabaseUnavailable
from web.site import site

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
_MOST_FIELDS = 20
_AGAIN_AFTER = "5"  # seconds

_ANSWERED: Mapping[int, str] = {
    400: "bad_request",
    401: "token_missing",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    429: "too_many",
}
_WRONG: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_short": "missing",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "enum": "choice",
    "literal_error": "choice",
    "string_pattern_mismatch": "pattern",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "datetime_type": "when",
    "datetime_parsing": "when",
    "datetime_from_date_parsing": "when",
    "datetime_object_invalid": "when",
    "timezone_aware": "when",
    "int_type": "number",
    "int_parsing": "number",
    "bool_type": "yes_or_no",
    "string_type": "text",
    "model_type": "object",
    "model_attributes_type": "object",
}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Wrong(Exception):
    """One field is not what it should be, as a model alone cannot tell."""

    def __init__(self, field: str, key: str, **facts: Fact) -> None:
        super().__init__(field)
        self.field = field
        self.key = key
        self.facts = facts


class Changed(Exception):
    """The ticket is not any more what the caller saw; and what happened to it since."""

    def __init__(self, etag: str, changes: Sequence[Mapping[str, str]]) -> None:
        super().__init__(etag)
        self.etag = etag
        self.changes = changes


class Unconditional(Exception):
    """A write that could overwrite another's needs the version that it is based on."""


class KeyMissing(Exception):
    """Each write has its idempotency key."""


class SourceUnknown(Exception):
    """No source of alarms has this address and this secret or signature; which, nobody is told."""


class AlertTooLarge(Exception):
    """Alarms have a limit of their own."""


class AlertsTooMany(Exception):
    """A source came too often; `seconds`: until its next delivery is taken."""

    def __init__(self, *, most: int, minutes: int, seconds: int) -> None:
        super().__init__(seconds)
        self.facts = {"most": most, "minutes": minutes, "seconds": seconds}


def answer(error: Exception) -> Response:
    """The problem that an error is."""
    match error:
        case DatabaseUnavailable():
            log.warning("api_without_database")
            return problem(503, "away", headers={"Retry-After": _AGAIN_AFTER})
        case Refusal():
            return _refused(error)
        case HTTPError() if isinstance(error.__cause__, ValidationError):
            return _invalid(error.__cause__)
        case ValidationError():
            return _invalid(error)
        case Wrong():
            field = _field(error.field, error.key, error.facts)
            return problem(422, "invalid", errors=[field])
        case Changed():
            headers = {"ETag": error.etag}
            return problem(412, "changed", headers=headers, changes=list(error.changes))
        case Unconditional():
            return problem(428, "if_match_missing")
        case KeyMissing():
            return problem(400, "key_missing", field="Idempotency-Key")
        case SourceUnknown():
            return problem(401, "source_unknown", headers={"WWW-Authenticate": "Bearer"})
        case AlertTooLarge():
            return problem(413, "alert_too_large")
        case AlertsTooMany():
            again = {"Retry-After": str(error.facts["seconds"])}
            return problem(429, "alerts_too_many", facts=error.facts, headers=again)
        case HTTPException():
            return _http(error)
    failure(log, "api_failed", error)
    return problem(500, "broken")


def token_missing(*, is_wrong: bool) -> Response:
    challenge = 'Bearer realm="itdesk"'
    if is_wrong:
        challenge += ', error="invalid_token"'
    name = "token_refused" if is_wrong else "token_missing"
    return problem(401, name, headers={"WWW-Authenticate": challenge})


def scope_missing(error: NotPermitted) -> Response:
    """Which scopes would do, as a program can read it too."""
    needed = str(error.facts.get("permission", ""))
    names = [scope.value for scope in scopes_for(Permission(needed))]
    return problem(403, "scope_missing", facts={"scopes": ", ".join(names)})


def problem(
    status: int,
    name: str,
    *,
    facts: Mapping[str, Fact] | None = None,
    detail: str = "",
    field: str | None = None,
    errors: Sequence[Mapping[str, str | None]] = (),
    changes: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem; `name` is its code, and of its sentence unless `detail` says one."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": name,
        "detail": detail or words(f"api.problem.{name}", **(facts or {})),
        "field": field or (errors[0]["field"] if errors else None),
        "errors": list(errors),
        "changes": list(changes),
    }
    g.waits_for = (headers or {}).get("Retry-After")
    text = current_app.json.dumps(body)
    return Response(text, status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def words(key: str, **facts: Fact) -> str:
    return site().texts.words(key, facts, site().now())


def _refused(no: Refusal) -> Response:
    """What may not be seen is not found, whether it exists or not (H-20, H-32)."""
    if isinstance(no, NotFound):
        return problem(404, "not_found")
    if isinstance(no, NotPermitted):
        return problem(403, "not_permitted")
    code = _WORD.sub("_", type(no).__name__).lower()
    return problem(409, code, detail=words(no.text_key, **no.facts))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    kept = {
        name: value
        for name, value in error.get_headers()
        if name in ("Allow", "Retry-After", "Content-Range")
    }
    if status >= 500:
        failure(log, "api_failed", error)
        return problem(500, "broken")
    return problem(status, _ANSWERED.get(status, "bad_request"), headers=kept)


def _invalid(error: ValidationError) -> Response:
    found = error.errors(include_url=False, include_input=False)[:_MOST_FIELDS]
    return problem(422, "invalid", errors=[_wrong(each) for each in found])


def _wrong(each: Mapping[str, Any]) -> dict[str, str | None]:
    kind = _WRONG.get(each["type"], "wrong")
    context = each.get("ctx") or {}
    facts: dict[str, Fact] = {
        "most": context.get("max_length"),
        "choices": str(context.get("expected", "")).replace(" or ", ", ").replace("'", ""),
        "least": context.get("ge"),
        "at_most": context.get("le"),
    }
    name = ".".join(str(part) for part in each["loc"])[:80]
    return _field(name or None, f"api.invalid.{kind}", facts)


def _field(name: str | None, key: str, facts: Mapping[str, Fact]) -> dict[str, str | None]:
    return {"field": name, "code": key.rpartition(".")[2], "detail": words(key, **facts)}
