"""Tags, and who has them."""

from collections.abc import Callable

from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.state import FIRST_TAG_ID, Person

TAG_LIMIT = 100
TAGS_OF_ONE = 20
AT_ONCE = 50
_STARRED = {"id": 2, "name": "星标组", "count": 0}
_BAD_ID = (45159, "invalid tag id")


def create(call: Call) -> Answer:
    name = _name(call)
    if len(call.state.tags) >= TAG_LIMIT:
        raise ApiRefusal(45056, "too many tag now, no need to add new")
    tag_id = call.state.next("tag", FIRST_TAG_ID)
    call.state.tags[tag_id] = name
    return {"tag": {"id": tag_id, "name": name}}


def listed(call: Call) -> Answer:
    people = call.state.people.values()
    ours = [
        {"id": tag_id, "name": name, "count": sum(tag_id in each.tags for each in people)}
        for tag_id, name in call.state.tags.items()
    ]
    return {"tags": [_STARRED, *ours]}


def update(call: Call) -> Answer:
    tag_id = _id_in_tag(call)
    call.state.tags[tag_id] = _name(call, tag_id)
    return OK


def delete(call: Call) -> Answer:
    tag_id = _id_in_tag(call)
    del call.state.tags[tag_id]
    for person in call.state.people.values():
        _take_off(person, tag_id)
    return OK


def put_on(call: Call) -> Answer:
    def put(person: Person, tag_id: int) -> None:
        if len(person.tags) >= TAGS_OF_ONE:
            raise ApiRefusal(45059, "too many tags on this user")
        person.tags.append(tag_id)

    return _for_each(call, lambda person, tag: None if tag in person.tags else put(person, tag))


def take_off(call: Call) -> Answer:
    return _for_each(call, _take_off)


def _take_off(person: Person, tag_id: int) -> None:
    person.tags = [each for each in person.tags if each != tag_id]


def _for_each(call: Call, act: Callable[[Person, int], None]) -> Answer:
    tag_id = _known(call, call.body.get("tagid"))
    openids = call.body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= AT_ONCE:
        raise ApiRefusal(40032, "invalid openid list size")
    people = [call.state.people.get(str(openid)) for openid in openids]
    known = [person for person in people if person is not None]
    if len(known) != len(people):
        raise ApiRefusal(49003, "not match openid with appid")
    for person in known:
        _check_pace(call, person)
    for person in known:
        if person.follows:
            act(person, tag_id)
    if gone := [person.openid for person in known if not person.follows]:
        raise ApiRefusal(45171, "some openid fail", fail_openid_list=gone)
    return OK


def _check_pace(call: Call, person: Person) -> None:
    """Calls that concern one person must come one after the other."""
    lately, now = call.world.tagged_at, call.world.clock.real()
    if now - lately.get(person.openid, 0) < call.rules.tagging_apart:
        raise ApiRefusal(45169, "openid much req")
    lately[person.openid] = now


def of_person(call: Call) -> Answer:
    return {"tagid_list": list(call.person(call.text("openid")).tags)}


def members(call: Call) -> Answer:
    tag_id = _known(call, call.body.get("tagid"))
    openids = [each.openid for each in call.state.people.values() if tag_id in each.tags]
    after = call.text("next_openid")
    if after in openids:
        openids = openids[openids.index(after) + 1 :]
    if not openids:
        return {"count": 0}
    return {"count": len(openids), "data": {"openid": openids}, "next_openid": openids[-1]}


def _id_in_tag(call: Call) -> int:
    return _known(call, call.section("tag", errcode=47001, errmsg="data format error").get("id"))


def _known(call: Call, tag_id: object) -> int:
    if not isinstance(tag_id, int | str) or not str(tag_id).isdecimal():
        raise ApiRefusal(*_BAD_ID)
    if int(tag_id) < FIRST_TAG_ID:
        raise ApiRefusal(45058, "can't modify sys tag")
    if int(tag_id) not in call.state.tags:
        raise ApiRefusal(*_BAD_ID)
    return int(tag_id)


def _name(call: Call, own_id: int | None = None) -> str:
    name = call.section("tag", errcode=47001, errmsg="data format error").get("name")
    others = {each for tag_id, each in call.state.tags.items() if tag_id != own_id}
    if not isinstance(name, str) or not name or name in others:
        raise ApiRefusal(45157, "invalid tag name")
    is_in_bytes = call.rules.tag_name_unit == "bytes"
    if len(name.encode() if is_in_bytes else name) > call.rules.tag_name_limit:
        raise ApiRefusal(45158, "tag name too long")
    return name


ENDPOINTS = {
    "/cgi-bin/tags/create": Endpoint("POST", create),
    "/cgi-bin/tags/get": Endpoint("GET", listed),
    "/cgi-bin/tags/update": Endpoint("POST", update),
    "/cgi-bin/tags/delete": Endpoint("POST", delete),
    "/cgi-bin/tags/members/batchtagging": Endpoint("POST", put_on),
    "/cgi-bin/tags/members/batchuntagging": Endpoint("POST", take_off),
    "/cgi-bin/tags/getidlist": Endpoint("POST", of_person),
    "/cgi-bin/user/tag/get": Endpoint("BOTH", members),
}
