"""The OpenAPI document: what every call may answer, which headers it takes, who may call."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.scopes import scopes_for
from web.api import told
from web.api.problems import CONTENT_TYPE
from web.api.shapes import Problem

_SECURITY = "token"
_SOURCE = "source"
_REFERENCE = "#/components/schemas/{model}"
_NUMBER = r"^[A-Z]{1,6}[0-9]{8}-[0-9]{4,9}$"

_PROBLEMS: Mapping[int, str] = {
    400: "The call cannot be read",
    401: "No token, or one that is wrong, over or revoked",
    403: "The token or its person may not do this",
    404: "Not there, or not for this person to see",
    409: "The desk's rules say no, or the key was used for something else",
    412: "The ticket has changed since; `changes` says how",
    413: "More than 64 KiB",
    415: "Not application/json",
    422: "A field is not what it should be; `errors` says which",
    428: "If-Match is missing",
    429: "Too many calls; Retry-After says when",
    500: "A fault of ours; it was recorded",
    503: "The database is away; Retry-After says when",
}
_OF_ALERTS: Mapping[int, str] = {
    401: "No such source, or a secret or signature that is not its own",
    413: "More than 1 MiB",
    415: "Packed",
    429: "300 deliveries of this source in five minutes were taken; Retry-After says when again",
}
_ALWAYS = (400, 401, 403, 413, 415, 422, 429, 500, 503)
_WRITES = (409, 412)

_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The same key with the same call gets the same answer for 24 hours",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{8,80}$"},
}
_ALERT_HEADERS: Mapping[str, str] = {
    "X-Alert-Timestamp": "Seconds since 1970, within five minutes; for sources of plain JSON",
    "X-Alert-Signature": "sha256= and the HMAC-SHA256 of timestamp, a full stop and the raw body",
    "Idempotency-Key": "The same key again does nothing again",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the version that the call is based on",
    "schema": {"type": "string"},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that the caller has: 304 if the ticket is still the same",
    "schema": {"type": "string"},
}


def made_true(spec: dict[str, Any], needed: Mapping[str, Any]) -> dict[str, Any]:
    """The document with what the decorators do not know; `needed`: permission by operation."""
    schemas = spec["components"].setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=_REFERENCE)
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    spec["webhooks"] = told.webhooks(schemas, _REFERENCE)
    spec["components"]["securitySchemes"] = {
        _SECURITY: {"type": "http", "scheme": "bearer", "description": "run.py token issue"}
    }
    spec["components"]["securitySchemes"][_SOURCE] = {
        "type": "http",
        "scheme": "bearer",
        "description": "The secret of a source of alarms; one of plain JSON signs instead",
    }
    for path, method, operation in _operations(spec):
        if path.endswith("/alerts/{source}"):
            _complete_alerts(operation)
            continue
        _complete(path, method, operation)
        operation["security"] = [{_SECURITY: []}]
        permission = needed.get(operation["operationId"])
        if permission is not None:
            operation["x-scopes"] = [scope.value for scope in scopes_for(permission)]
    return spec


def _operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    is_of_ticket, is_write = "{number}" in path, method in ("post", "patch")
    parameters, answers = operation["parameters"], operation["responses"]
    for parameter in parameters:
        if parameter["name"] == "number":
            parameter["schema"] = {"type": "string", "pattern": _NUMBER}
        if parameter["in"] == "path":
            parameter["required"] = True
    if is_write:
        parameters.append(_KEY_HEADER)
        if is_of_ticket:
            parameters.append({**_IF_MATCH, "required": method == "patch"})
        operation.get("requestBody", {})["required"] = True
    if method == "get" and path.endswith("{number}"):
        parameters.append(_IF_NONE_MATCH)
        answers["304"] = {"description": "Still the same"}
    codes = [*_ALWAYS, *(_WRITES if is_write else ()), *((404,) if "{" in path else ())]
    if method == "patch":
        codes.append(428)
    for code in sorted(codes):
        answers[str(code)] = _answer(code)


def _complete_alerts(operation: dict[str, Any]) -> None:
    """What sources send is what their kind writes; the manual has each."""
    for parameter in operation["parameters"]:
        parameter["required"] = True
    for name, what in _ALERT_HEADERS.items():
        described = {"name": name, "in": "header", "required": False, "description": what}
        operation["parameters"].append({**described, "schema": {"type": "string"}})
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    operation["security"] = [{_SOURCE: []}]
    for code in (401, 404, 413, 415, 422, 429, 500, 503):
        operation["responses"][str(code)] = _answer(code, _OF_ALERTS.get(code))


def _answer(code: int, words: str | None = None) -> dict[str, Any]:
    return {
        "description": words or _PROBLEMS[code],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
