"""What the desk's own people do in the customer-service client."""

from sandbox import kf, speaking, windows
from sandbox.callback import Sender
from sandbox.refusals import ApiRefusal
from sandbox.state import Clerk, Person
from sandbox.world import World


class Desk:
    """Clerks who come online, take who waits, talk, and end it."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._sender = sender

    def come(
        self, account: str, *, is_online: bool, takes_automatically: bool, room: int | None = None
    ) -> Clerk:
        with self._world.locked() as state:
            clerk = kf.clerk_of(state, account)
            clerk.is_online = is_online
            clerk.takes_automatically = takes_automatically
            clerk.room = room or clerk.room
            return clerk

    def accept(self, account: str, openid: str) -> None:
        with self._world.locked() as state:
            clerk, person = kf.clerk_of(state, account), self._world.person(openid)
            self._sender.events(kf.create(self._world, person, clerk))

    def say(self, account: str, openid: str, text: str) -> None:
        with self._world.locked() as state:
            clerk, person = kf.clerk_of(state, account), self._served(account, openid)
            person.kf.last_at = self._world.clock.now()
            kf.note(self._world, person, account, kf.SENT, text)
            now = self._world.clock.now()
            if self._world.rules.clerk_words_consume:
                windows.consume_one(person.windows, self._world.rules, now)
            speaking.show_text(self._world, openid, text, "clerk", clerk.nickname)

    def switch(self, to: str, openid: str) -> None:
        with self._world.locked() as state:
            person = self._world.person(openid)
            self._sender.events(kf.switch(self._world, person, kf.clerk_of(state, to)))

    def close(self, account: str, openid: str) -> None:
        with self._world.locked():
            person = self._world.person(openid)
            self._sender.events(kf.close(self._world, person, account, "clerk"))

    def _served(self, account: str, openid: str) -> Person:
        person = self._world.person(openid)
        if person.kf.state != "session" or person.kf.account != account:
            raise ApiRefusal(65413, "no effective session for the customer")
        return person
