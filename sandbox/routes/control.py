"""The operator's side: rules and faults, the clock, raw pushes, new people, the clerks."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from pydantic import ValidationError

from sandbox.acts import Acts
from sandbox.callback import Sender
from sandbox.refusals import ApiRefusal
from sandbox.routes.phone import body, words
from sandbox.settings import PhoneOwner
from sandbox.template_library import LIBRARY, one_time_template
from sandbox.verification import verify
from sandbox.world import UnknownPerson, World

_LOG_LINES = 1000
_FASTEST = 10_000  # times as fast as the machine's clock


def blueprint(world: World, sender: Sender, acts: Acts) -> Blueprint:
    routes = Blueprint("control", __name__, url_prefix="/control")
    _tell_refusals(routes)
    _add_rules(routes, world)
    _add_world(routes, world, sender)
    _add_clock(routes, world, acts)
    _add_journal(routes, world)
    _add_goods(routes, world)
    _add_desk(routes, acts)
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


def _add_clock(routes: Blueprint, world: World, acts: Acts) -> None:
    @routes.get("/clock")
    def clock() -> Response:
        return jsonify(_clock(world))

    @routes.post("/clock")
    def move() -> Response:
        given = body()
        if not given.keys() & {"advance", "speed"}:
            abort(Response("advance is a number of seconds, speed how many times as fast", 400))
        seconds, speed = _number("advance", 0, 0), _number("speed", 1, 1)
        if speed > _FASTEST:
            abort(Response(f"speed is at most {_FASTEST}", 400))
        with world.locked():
            if "advance" in given:
                acts.perform("clock.advance", "", seconds=seconds)
            if "speed" in given:
                acts.perform("clock.speed", "", times=speed)
        return jsonify(_clock(world))


def _number(name: str, least: float, otherwise: float) -> float:
    value = body().get(name, otherwise)
    if not isinstance(value, int | float) or isinstance(value, bool) or value < least:
        abort(Response(f"{name} is a number, {least} or more", 400))
    return value


def _clock(world: World) -> dict[str, Any]:
    clock = world.clock
    return {"now": clock.now(), "skipped": clock.skipped, "speed": clock.speed}


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


def _add_goods(routes: Blueprint, world: World) -> None:
    """What lies around for whoever plays: codes to be scanned, templates to be sent."""

    @routes.get("/qrcodes")
    def qrcodes() -> Response:
        with world.reading() as state:
            now = world.clock.now()
            alive = [
                code.model_dump()
                for code in reversed(state.qrcodes.values())
                if code.expires_at is None or code.expires_at > now
            ]
        return jsonify(qrcodes=alive)

    @routes.get("/templates")
    def templates() -> Response:
        with world.reading() as state:
            return jsonify(
                templates=[each.model_dump() for each in state.templates.values()],
                notices=[each.model_dump() for each in state.notices.values()],
                one_time=one_time_template(world.settings.app_id).model_dump(),
                library=[asdict(each) for each in LIBRARY.values()],
            )


def _add_desk(routes: Blueprint, acts: Acts) -> None:
    @routes.post("/kf/<account>/online")
    def online(account: str) -> Response:
        clerk = acts.perform(
            "clerk.online",
            account,
            is_online=body().get("is_online", True) is True,
            takes_automatically=body().get("takes_automatically", False) is True,
            room=_room(body().get("room")),
        )
        return jsonify(clerk.model_dump())

    @routes.post("/kf/<account>/accept")
    def accept(account: str) -> Response:
        acts.perform("clerk.accept", account, openid=words("openid"))
        return jsonify(ok=True)

    @routes.post("/kf/<account>/say")
    def say(account: str) -> Response:
        acts.perform("clerk.say", account, openid=words("openid"), text=words("text"))
        return jsonify(ok=True)

    @routes.post("/kf/<account>/switch")
    def switch(account: str) -> Response:
        acts.perform("clerk.switch", account, openid=words("openid"))
        return jsonify(ok=True)

    @routes.post("/kf/<account>/close")
    def close(account: str) -> Response:
        acts.perform("clerk.close", account, openid=words("openid"))
        return jsonify(ok=True)


def _room(value: object) -> int | None:
    return value if type(value) is int and 1 <= value <= 99 else None
