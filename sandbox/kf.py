"""Who of the desk talks to whom: waiting, in session, and how a session ends."""

from dataclasses import dataclass
from typing import Any

from sandbox import speaking, windows
from sandbox.refusals import ApiRefusal
from sandbox.settings import KfEnd, Rules
from sandbox.state import Clerk, KfLink, Person, Record, State
from sandbox.world import World

SENT, RECEIVED = 2002, 2003
CREATED = "kf_create_session"
CLOSED = "kf_close_session"
SWITCHED = "kf_switch_session"


@dataclass(frozen=True, slots=True)
class KfEvent:
    """An event to be pushed once the lock is let go."""

    openid: str
    fields: dict[str, Any]


def transfer(world: World, person: Person, account: str, text: str) -> list[KfEvent]:
    """The answer to a message was `transfer_customer_service`."""
    with world.locked() as state:
        if not (world.rules.kf_waiting_is_seen and person.kf.state == "waiting"):
            note(world, person, account, RECEIVED, text)
        if person.kf.state == "session":
            return []
        clerk = _taker(state, account)
        if clerk is not None:
            return _begin(world, person, clerk)
        if person.kf.state == "none":
            person.kf = KfLink(state="waiting", since=world.clock.now())
            _tell_that_nobody_is_there(world, person)
        person.kf.account = account
        person.kf.last_at = world.clock.now()
        return []


def create(world: World, person: Person, clerk: Clerk) -> list[KfEvent]:
    """By the API, or because the clerk accepts."""
    with world.locked():
        if person.kf.state == "session":
            if person.kf.account == clerk.account:
                return []
            raise ApiRefusal(65414, "another worker is serving the customer")
        return _begin(world, person, clerk)


def switch(world: World, person: Person, clerk: Clerk) -> list[KfEvent]:
    with world.locked():
        if person.kf.state != "session":
            raise ApiRefusal(65413, "no effective session for the customer")
        former, person.kf.account = person.kf.account, clerk.account
        fields = {"FromKfAccount": former, "ToKfAccount": clerk.account}
        return [KfEvent(person.openid, {"Event": SWITCHED, **fields})]


def close(world: World, person: Person, account: str, by: KfEnd) -> list[KfEvent]:
    with world.locked():
        if person.kf.state != "session":
            raise ApiRefusal(65413, "no effective session for the customer")
        if person.kf.account != account:
            raise ApiRefusal(65414, "another worker is serving the customer")
        return _end(world, person, by)


def expire(world: World) -> list[KfEvent]:
    """Ends what idled too long, and forgets who waited too long."""
    now, rules = world.clock.now(), world.rules
    with world.reading() as state:
        due = [person for person in state.people.values() if _is_over(person.kf, rules, now)]
    events: list[KfEvent] = []
    for person in due:
        with world.locked():
            was_served = person.kf.state == "session"
            ended = _end(world, person, "idle")
            events += ended if was_served and rules.kf_idle_event else []
    return events


def note(world: World, person: Person, account: str, opercode: int, text: str) -> None:
    """A line for getmsglist."""
    with world.locked() as state:
        state.records.append(
            Record(
                id=state.next("record", 20_165_201),
                openid=person.openid,
                worker=account,
                opercode=opercode,
                text=text,
                at=world.clock.now(),
            )
        )


def clerk_of(state: State, account: str) -> Clerk:
    clerk = state.clerks.get(account)
    if clerk is None:
        raise ApiRefusal(65401, "invalid custom service account")
    return clerk


def sessions_of(state: State, account: str) -> list[Person]:
    return [
        person
        for person in state.people.values()
        if person.kf.state == "session" and person.kf.account == account
    ]


def waiting(state: State) -> list[Person]:
    """Who waits, in the order of arrival."""
    people = [person for person in state.people.values() if person.kf.state == "waiting"]
    return sorted(people, key=lambda person: person.kf.since)


def _taker(state: State, account: str) -> Clerk | None:
    """The clerk who takes a transfer at once, if there is one."""
    named = [state.clerks[account]] if account in state.clerks else []
    for clerk in named if account else state.clerks.values():
        has_room = len(sessions_of(state, clerk.account)) < clerk.room
        if clerk.is_online and clerk.takes_automatically and has_room:
            return clerk
    return None


def _begin(world: World, person: Person, clerk: Clerk) -> list[KfEvent]:
    now = world.clock.now()
    person.kf = KfLink(state="session", account=clerk.account, since=now, last_at=now)
    if world.rules.session_opens == "message":
        windows.opened(person.windows, "message", world.rules, now)
    return [KfEvent(person.openid, {"Event": CREATED, "KfAccount": clerk.account})]


def _end(world: World, person: Person, by: KfEnd) -> list[KfEvent]:
    account, person.kf = person.kf.account, KfLink()
    fields = {"Event": CLOSED, "KfAccount": account}
    if by in world.rules.kf_close_types:
        fields["CloseType"] = world.rules.kf_close_types[by]
    return [KfEvent(person.openid, fields)]


def _tell_that_nobody_is_there(world: World, person: Person) -> None:
    is_anybody_there = any(clerk.is_online for clerk in world.state.clerks.values())
    if world.rules.kf_wait_text and not is_anybody_there:
        speaking.show_notice(world, person.openid, world.rules.kf_wait_text)


def _is_over(link: KfLink, rules: Rules, now: float) -> bool:
    if link.state == "session":
        start = link.last_at if rules.kf_idle_from == "last_message" else link.since
        return now - start >= rules.kf_idle
    return link.state == "waiting" and now - link.since >= rules.kf_wait_ttl
