"""Everything that people and clerks can do, by name, so that it can be noted and done again."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox import shelf
from sandbox.callback import Sender
from sandbox.consents import Consents
from sandbox.desk import Desk
from sandbox.phones import Phones
from sandbox.pushes import Push
from sandbox.recording import Act
from sandbox.world import World

_KEPT = 5_000  # acts


class Acts:
    """Does what is asked; what a person or a clerk asked for is noted, what is replayed is not."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        phones, desk = Phones(world, sender), Desk(world, sender)
        consents = Consents(world, sender)
        self._doers: dict[str, Callable[..., Any]] = {
            "phone.say": phones.say,
            "phone.tap": phones.tap,
            "phone.press": phones.press,
            "phone.photo": phones.photo,
            "phone.voice": phones.voice,
            "phone.video": phones.film,
            "phone.location": phones.location,
            "phone.follow": phones.follow,
            "phone.unfollow": phones.unfollow,
            "phone.scan": phones.scan,
            "phone.block": consents.block,
            "phone.grant": consents.grant,
            "phone.refuse": consents.refuse,
            "phone.snapshot": consents.snapshot,
            "phone.revoke": consents.revoke,
            "clerk.online": desk.come,
            "clerk.accept": desk.accept,
            "clerk.say": desk.say,
            "clerk.switch": desk.switch,
            "clerk.close": desk.close,
            "clock.advance": lambda _who, seconds: world.clock.advance(seconds),
            "clock.speed": lambda _who, times: world.clock.run(times),
        }

    def perform(self, kind: str, who: str, **arguments: Any) -> Any:
        """Does it, and notes that it was done."""
        at = self._world.clock.real()
        result = self._doers[kind](who, **arguments)
        if isinstance(arguments.get("content"), bytes) and isinstance(result, Push):
            arguments = {"media_id": result.fields["MediaId"]}
        with self._world.locked() as state:
            given = {name: value for name, value in arguments.items() if value is not None}
            act = Act(at=at, kind=kind, who=who, arguments=given)
            state.recording = [*state.recording[-_KEPT + 1 :], act]
        return result

    def repeat(self, act: Act) -> None:
        """Does again what was noted."""
        arguments = dict(act.arguments)
        if isinstance(arguments.get("content"), str):
            arguments["content"] = base64.b64decode(arguments["content"], validate=True)
        self._doers[act.kind](act.who, **arguments)

    def recorded(self) -> dict[str, Any]:
        """The acts with all that is needed to repeat them elsewhere."""
        with self._world.reading() as state:
            acts = list(state.recording)
            start = acts[0].at if acts else 0
            told = [
                {
                    "at": round(act.at - start, 3),
                    "kind": act.kind,
                    "who": act.who,
                    "arguments": self._whole(act.arguments),
                }
                for act in acts
            ]
        return {"acts": told, "seconds": told[-1]["at"] if told else 0}

    def _whole(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """With a photo of one's own inside, if it is still there."""
        media = self._world.state.media.get(str(arguments.get("media_id")))
        if media is None:
            return {name: value for name, value in arguments.items() if name != "media_id"}
        content = base64.b64encode(shelf.content(self._world, media)).decode()
        return {"content": content, "filename": Path(media.filename).name}

    def forget(self) -> None:
        with self._world.locked() as state:
            state.recording = []
