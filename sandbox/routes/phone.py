"""The phones over HTTP: what people do, what they see, and what became of a push."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox import shelf
from sandbox.acts import Acts
from sandbox.callback import Sender
from sandbox.phone_events import HERE
from sandbox.phones import NotPossible
from sandbox.pushes import Push
from sandbox.routes.snapshot import feed_since, menu_shown, people_shown
from sandbox.routes.waiting import wait_as_asked
from sandbox.world import UnknownPerson, World

_LONGEST_VOICE = 60  # seconds


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


def blueprint(world: World, sender: Sender, acts: Acts) -> Blueprint:
    routes = Blueprint("phone", __name__)
    _tell_refusals(routes)
    _add_acts(routes, acts)
    _add_standing(routes, acts)
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


def _add_acts(routes: Blueprint, acts: Acts) -> None:
    @routes.post("/phone/<openid>/say")
    def say(openid: str) -> Response:
        return _pushed(acts.perform("phone.say", openid, text=words("text")))

    @routes.post("/phone/<openid>/tap")
    def tap(openid: str) -> Response:
        line_id = str(body().get("id", ""))
        return _pushed(acts.perform("phone.tap", openid, content=words("content"), line_id=line_id))

    @routes.post("/phone/<openid>/press")
    def press(openid: str) -> Response:
        scanned = {"scan": words("scan")} if "scan" in body() else {}
        return _pushed(acts.perform("phone.press", openid, key=words("key"), **scanned))

    @routes.post("/phone/<openid>/photo")
    def photo(openid: str) -> Response:
        file = request.files.get("file")
        if file is None:
            return _pushed(acts.perform("phone.photo", openid))
        content, filename = file.read(), file.filename or ""
        return _pushed(acts.perform("phone.photo", openid, content=content, filename=filename))

    @routes.post("/phone/<openid>/voice")
    def voice(openid: str) -> Response:
        seconds = max(1, min(int(body().get("seconds", 4)), _LONGEST_VOICE))
        said = str(body().get("words", ""))
        return _pushed(acts.perform("phone.voice", openid, seconds=seconds, words=said))

    @routes.post("/phone/<openid>/video")
    def video(openid: str) -> Response:
        return _pushed(acts.perform("phone.video", openid))

    @routes.post("/phone/<openid>/location")
    def location(openid: str) -> Response:
        where = {
            "latitude": float(body().get("latitude", HERE[0])),
            "longitude": float(body().get("longitude", HERE[1])),
            "label": str(body().get("label", HERE[2])),
        }
        return _pushed(acts.perform("phone.location", openid, **where))


def _add_standing(routes: Blueprint, acts: Acts) -> None:
    """Following, scanning, and what a person allows."""

    @routes.post("/phone/<openid>/follow")
    def follow(openid: str) -> Response:
        return _pushed(acts.perform("phone.follow", openid))

    @routes.post("/phone/<openid>/unfollow")
    def unfollow(openid: str) -> Response:
        return _pushed(acts.perform("phone.unfollow", openid))

    @routes.post("/phone/<openid>/scan")
    def scan(openid: str) -> Response:
        what = "url" if "url" in body() else "scene"
        found = acts.perform("phone.scan", openid, **{what: words(what)})
        return jsonify(open=found) if isinstance(found, str) else _pushed(found)

    @routes.post("/phone/<openid>/block")
    def block(openid: str) -> Response:
        acts.perform("phone.block", openid, is_blocking=_is_on("is_blocking"))
        return jsonify(ok=True)

    @routes.post("/phone/<openid>/grant")
    def grant(openid: str) -> Response:
        named = {name: _listed(name) for name in ("accepts", "rejects")}
        return _pushed(acts.perform("phone.grant", openid, **named))

    @routes.post("/phone/<openid>/refuse")
    def refuse(openid: str) -> Response:
        push = acts.perform("phone.refuse", openid, template_id=words("template_id"))
        return _pushed(push) if push else jsonify(ok=True)

    @routes.post("/phone/<openid>/snapshot")
    def snapshot(openid: str) -> Response:
        acts.perform("phone.snapshot", openid, is_snapshotuser=_is_on("is_snapshotuser"))
        return jsonify(ok=True)

    @routes.post("/phone/<openid>/revoke")
    def revoke(openid: str) -> Response:
        return _pushed(acts.perform("phone.revoke", openid))


def _is_on(name: str) -> bool:
    return body().get(name, True) is True


def _listed(name: str) -> list[str]:
    given = body().get(name, [])
    if not isinstance(given, list):
        abort(Response(f"{name} is a list", 400))
    return [str(each) for each in given]


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
