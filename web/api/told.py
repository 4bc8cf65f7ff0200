"""What other systems are told of (webhooks), for the section `webhooks` of the document."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import create_model

from domain.webhooks import CHOICES, Event
from services.webhooks.bodies import PLAIN, WORDS
from web.api.shapes import Shape, TicketOut

_SIGNED = {
    "Webhook-Id": "The same for each try: what you have already, you may leave out",
    "Webhook-Timestamp": "Seconds since 1970 at which this try was signed",
    "Webhook-Signature": "v1, and the base64 of HMAC-SHA256 over id, timestamp and the raw body,"
    " a full stop between them; two of them while a secret is exchanged",
    "Webhook-Event": "The same as `type` in the body",
}


class ToldPerson(Shape):
    id: int


class ToldRating(Shape):
    cycle: int
    speed: int
    attitude: int
    result: int
    comment: str | None = None  # where the webhook has words


class ToldComplaint(Shape):
    number: str
    status: str


def _fields() -> Iterator[tuple[str, Any]]:
    """Those of the API's ticket; words are there only where the webhook has them."""
    for name in PLAIN:
        yield name, (TicketOut.model_fields[name].annotation, ...)
    for name in WORDS:
        yield name, (str | None, None)


ToldTicket = create_model(
    "ToldTicket",
    __base__=Shape,
    requester=(ToldPerson, ...),
    assignee=(ToldPerson | None, ...),
    etag=(str, ...),
    **dict(_fields()),
)


class ToldOfTicket(Shape):
    status_before: str | None
    status_after: str
    actor_id: int | None  # None: by itself
    ticket: ToldTicket  # type: ignore[valid-type]
    rating: ToldRating | None = None


class ToldOfComplaint(Shape):
    complaint: ToldComplaint


class Told(Shape):
    """What is sent; a receiver ignores fields that it does not know."""

    version: int
    id: str
    type: Event
    timestamp: datetime  # when it happened
    data: ToldOfTicket | ToldOfComplaint


def webhooks(schemas: dict[str, Any], reference: str) -> dict[str, Any]:
    """One entry for each event; puts the shapes beside the others."""
    shape = Told.model_json_schema(ref_template=reference)
    for name, each in shape.pop("$defs").items():
        schemas.setdefault(name, each)
    schemas["Told"] = shape
    return {event.value: {"post": _operation(event, reference)} for event in CHOICES}


def _operation(event: Event, reference: str) -> dict[str, Any]:
    schema = {"$ref": reference.format(model="Told")}
    return {
        "summary": f"Sent when {event.value.replace('.', ' was ')}",
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": said,
                "schema": {"type": "string"},
            }
            for name, said in _SIGNED.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"2XX": {"description": "Anything else is tried again for some 17 hours"}},
    }
