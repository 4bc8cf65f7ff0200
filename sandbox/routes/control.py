"""The operator's side: rules and faults, the clock, raw pushes, new people, the clerks."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from pydantic import ValidationError

from sandbox.callback import Sender
from sandbox.desk import Desk
from sandbox.refusals import ApiRefusal
from sandbox.routes.phone import body, words
from sandbox.settings import PhoneOwner
from sandbox.verification import verify
from sandbox.world import UnknownPerson, World

_LOG_LINES = 1000


def blueprint(world: World, sender: Sender) -> Blueprint:
    routes = Blueprint("control", __name__, url_prefix="/control")
    _tell_refusals(routes)
    _add_rules(routes, world)
    _add_world(routes, world, sender)
    _add_journal(routes, world)
    _add_desk(routes, Desk(world, sender))
    return routes


def _tell_refusals(routes: Blueprint) -> None:
    @routes.errorhandler(ValidationError)
    def wrong(error: ValidationError) -> tuple[Response, int]:
        where = [".".join(map(str, each["loc"])) + ": " + each["msg"] for each in error.errors()]
        return jsonify(error="; ".join(where)), 400

    @routes.errorhandler(UnknownPerson)
    def nobody(_error: UnknownPerson) -> tuple[Response, int]:
        return jsonify(error="没有这部手机"), 404

    @routes.errorhandler(ApiRefusal)
    def refused(error: ApiRefusal) -> tuple[Response, int]:
        return jsonify(error=error.errmsg, errcode=error.errcode), 409


def _add_rules(routes: Blueprint, world: World) -> None:
    @routes.get("/rules")
    def rules() -> Response:
        return jsonify(world.rules.model_dump())

    @routes.patch("/rules")
    def change() -> Response:
        with world.locked():
            world.rules = world.rules.changed(body())
            return jsonify(world.rules.model_dump())


def _add_world(routes: Blueprint, world: World, sender: Sender) -> None:
    @routes.post("/reset")
    def reset() -> Response:
        world.reset()
        return jsonify(epoch=world.epoch_name)

    @routes.get("/clock")
    def clock() -> Response:
        return jsonify(_clock(world))

    @routes.post("/clock")
    def advance() -> Response:
        seconds = body().get("advance")
        if not isinstance(seconds, int | float) or seconds < 0:
            abort(Response("advance is a number of seconds", 400))
        with world.locked():
            world.clock.advance(seconds)
        return jsonify(_clock(world))

    @routes.post("/push")
    def push() -> Response:
        fields, raw = body().get("fields", {}), body().get("body")
        if not isinstance(fields, dict) or not (raw is None or isinstance(raw, str)):
            abort(Response("fields is an object, body a text", 400))
        return jsonify(push_id=sender.raw(words("openid"), fields, raw).id)

    @routes.post("/verify")
    def check_callback() -> Response:
        why = verify(world)
        return jsonify(verified=not why, why=why)

    @routes.post("/people")
    def add_person() -> tuple[Response, int]:
        person = world.add_person(PhoneOwner.model_validate(body()))
        return jsonify(openid=person.openid), 201


def _clock(world: World) -> dict[str, Any]:
    return {"now": world.clock.now(), "skipped": world.clock.skipped}


def _add_journal(routes: Blueprint, world: World) -> None:
    @routes.get("/journal")
    def journal() -> Response:
        after = request.args.get("after", 0, int)
        limit = request.args.get("limit", _LOG_LINES, int)
        with world.reading():
            entries = world.journal.since(after, limit)
            return jsonify(entries=[entry.model_dump() for entry in entries])

    @routes.get("/journal/<int:entry_id>")
    def line(entry_id: int) -> Response:
        with world.reading():
            found = world.journal.find(entry_id)
        if found is None:
            abort(404)
        return jsonify(found.model_dump())


def _add_desk(routes: Blueprint, desk: Desk) -> None:
    @routes.post("/kf/<account>/online")
    def online(account: str) -> Response:
        clerk = desk.come(
            account,
            is_online=body().get("is_online", True) is True,
            takes_automatically=body().get("takes_automatically", False) is True,
        )
        return jsonify(clerk.model_dump())

    @routes.post("/kf/<account>/accept")
    def accept(account: str) -> Response:
        desk.accept(account, words("openid"))
        return jsonify(ok=True)

    @routes.post("/kf/<account>/say")
    def say(account: str) -> Response:
        desk.say(account, words("openid"), words("text"))
        return jsonify(ok=True)

    @routes.post("/kf/<account>/switch")
    def switch(account: str) -> Response:
        desk.switch(words("openid"), account)
        return jsonify(ok=True)

    @routes.post("/kf/<account>/close")
    def close(account: str) -> Response:
        desk.close(account, words("openid"))
        return jsonify(ok=True)
