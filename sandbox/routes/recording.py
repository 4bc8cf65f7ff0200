"""What people did, to be kept and to be played again."""

from flask import Blueprint, Response, abort, jsonify
from pydantic import ValidationError

from sandbox.acts import Acts
from sandbox.recording import Recording
from sandbox.replay import Busy, Player
from sandbox.routes.phone import body
from sandbox.world import World

_FASTEST = 10_000
_MOST = 10_000  # acts


def blueprint(world: World, acts: Acts) -> Blueprint:
    routes = Blueprint("recording", __name__, url_prefix="/control")
    _add_recording(routes, acts)
    _add_replay(routes, Player(world, acts))
    return routes


def _add_recording(routes: Blueprint, acts: Acts) -> None:
    @routes.get("/recording")
    def recording() -> Response:
        return jsonify(acts.recorded())

    @routes.post("/recording/start")
    def start() -> Response:
        acts.forget()
        return jsonify(acts.recorded())


def _add_replay(routes: Blueprint, player: Player) -> None:
    @routes.get("/replay")
    def told() -> Response:
        return jsonify(player.told())

    @routes.post("/replay")
    def play() -> tuple[Response, int]:
        recording, speed = _asked()
        try:
            player.start(recording.acts, speed)
        except Busy:
            return jsonify(error="正在重放，先停下来"), 409
        return jsonify(player.told()), 202

    @routes.post("/replay/stop")
    def stop() -> Response:
        player.stop()
        return jsonify(player.told())


def _asked() -> tuple[Recording, float]:
    speed = body().get("speed", 1)
    if not isinstance(speed, int | float) or isinstance(speed, bool) or not 0 < speed <= _FASTEST:
        abort(_wrong(f"speed is a number above 0 and at most {_FASTEST}"))
    try:
        recording = Recording.model_validate(body().get("recording"))
    except ValidationError as error:
        abort(_wrong(f"这不是一份录制：{error.errors()[0]['msg']}"))
    if not 1 <= len(recording.acts) <= _MOST:
        abort(_wrong("录制里没有动作" if not recording.acts else f"至多 {_MOST} 个动作"))
    return recording, float(speed)


def _wrong(words: str) -> Response:
    response = jsonify(error=words)
    response.status_code = 400
    return response
