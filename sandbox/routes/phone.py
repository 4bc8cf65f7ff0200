"""The phones over HTTP: what people do, what they see, and what became of a push."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox import shelf
from sandbox.callback import Sender
from sandbox.phones import NotPossible, Phones
from sandbox.pushes import Push
from sandbox.routes.snapshot import feed_since, menu_shown, people_shown
from sandbox.routes.waiting import wait_as_asked
from sandbox.world import UnknownPerson, World

_LONGEST_VOICE = 60  # seconds
_HERE = (31.2304, 121.4737)  # where phones are that say nothing else


def body() -> dict[str, Any]:
    """The request's JSON object; an empty one if there is none."""
    given = request.get_json(silent=True)
    return given if isinstance(given, dict) else {}


def words(name: str) -> str:
    """A text that has to be there."""
    value = body().get(name)
    if not isinstance(value, str) or not value:
        abort(Response(f"{name} is missing", 400))
    return value


def blueprint(world: World, sender: Sender) -> Blueprint:
    routes = Blueprint("phone", __name__)
    _tell_refusals(routes)
    _add_acts(routes, Phones(world, sender))
    _add_views(routes, world)
    _add_fates(routes, world, sender)
    return routes


def _tell_refusals(routes: Blueprint) -> None:
    @routes.errorhandler(UnknownPerson)
    def nobody(_error: UnknownPerson) -> tuple[Response, int]:
        return jsonify(error="没有这部手机"), 404

    @routes.errorhandler(NotPossible)
    def not_now(error: NotPossible) -> tuple[Response, int]:
        return jsonify(error=str(error)), 409


def _pushed(push: Push) -> Response:
    return jsonify(push_id=push.id)


def _add_acts(routes: Blueprint, phones: Phones) -> None:
    @routes.post("/phone/<openid>/say")
    def say(openid: str) -> Response:
        return _pushed(phones.say(openid, words("text")))

    @routes.post("/phone/<openid>/tap")
    def tap(openid: str) -> Response:
        return _pushed(phones.tap(openid, words("content"), str(body().get("id", ""))))

    @routes.post("/phone/<openid>/press")
    def press(openid: str) -> Response:
        return _pushed(phones.press(openid, words("key")))

    @routes.post("/phone/<openid>/photo")
    def photo(openid: str) -> Response:
        file = request.files.get("file")
        if file is None:
            return _pushed(phones.photo(openid))
        return _pushed(phones.photo(openid, file.read(), file.filename or ""))

    @routes.post("/phone/<openid>/voice")
    def voice(openid: str) -> Response:
        seconds = min(int(body().get("seconds", 4)), _LONGEST_VOICE)
        return _pushed(phones.voice(openid, max(1, seconds), str(body().get("words", ""))))

    @routes.post("/phone/<openid>/video")
    def video(openid: str) -> Response:
        return _pushed(phones.film(openid))

    @routes.post("/phone/<openid>/location")
    def location(openid: str) -> Response:
        latitude = float(body().get("latitude", _HERE[0]))
        longitude = float(body().get("longitude", _HERE[1]))
        return _pushed(
            phones.location(openid, latitude, longitude, str(body().get("label", "A座 一楼大堂")))
        )

    @routes.post("/phone/<openid>/follow")
    def follow(openid: str) -> Response:
        return _pushed(phones.follow(openid))

    @routes.post("/phone/<openid>/unfollow")
    def unfollow(openid: str) -> Response:
        return _pushed(phones.unfollow(openid))

    @routes.post("/phone/<openid>/scan")
    def scan(openid: str) -> Response:
        return _pushed(phones.scan(openid, words("scene")))

    @routes.post("/phone/<openid>/block")
    def block(openid: str) -> Response:
        phones.block(openid, is_blocking=body().get("is_blocking", True) is True)
        return jsonify(ok=True)


def _add_views(routes: Blueprint, world: World) -> None:
    @routes.get("/phone/people")
    def people() -> Response:
        return jsonify(people=people_shown(world))

    @routes.get("/phone/feed")
    def feed() -> Response:
        query = request.args
        is_known = query.get("epoch") == world.epoch_name
        version = query.get("version", -1, int) if is_known else -1
        wait_as_asked(world, lambda: world.version != version)
        is_known = query.get("epoch") == world.epoch_name  # a reset may have come meanwhile
        after, journal = query.get("after", 0, int), query.get("journal", 0, int)
        return jsonify(feed_since(world, *(after, journal) if is_known else (0, 0)))

    @routes.get("/phone/<openid>/chat")
    def chat(openid: str) -> Response:
        world.person(openid)
        bubbles = world.chat(openid, request.args.get("after", 0, int))
        return jsonify(bubbles=[bubble.shown() for bubble in bubbles])

    @routes.get("/phone/<openid>/menu")
    def menu(openid: str) -> Response:
        return jsonify(button=menu_shown(world, openid, is_fresh="fresh" in request.args))

    @routes.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        kept = world.state.media.get(media_id)
        if kept is None:
            abort(404)
        return Response(shelf.content(world, kept), content_type=kept.content_type)


def _add_fates(routes: Blueprint, world: World, sender: Sender) -> None:
    @routes.get("/push/<int:push_id>")
    def fate(push_id: int) -> Response:
        push = sender.find(push_id)
        if push is None:
            abort(404)
        wait_as_asked(world, lambda: bool(push.outcome))
        return jsonify(push.told())

    @routes.get("/settled")
    def settled() -> Response:
        return jsonify(settled=wait_as_asked(world, lambda: sender.is_settled))
