"""The ways to people that are set up in the backend: template messages, customer service."""

import re
from collections.abc import Iterator

from bot.client import AccountTemplate
from cli.checks.finding import Finding, Room, look, right, wrong
from services import checkup
from settings import Template

_FIELD = re.compile(r"\{\{([A-Za-z_]+\d*)\.DATA\}\}")
_KIND = re.compile(r"[a-z_]+")
_KINDS = frozenset(  # of fields, as wechat-platform §8 lists them
    "thing short_thing enum number letter symbol character_string time date amount phone_number"
    " car_number name phrase const".split()
)


def templates(room: Room) -> Iterator[Finding]:
    """Each template of the settings: there in the account, with the fields that we fill."""
    wanted = room.settings.wechat.templates
    if not wanted:
        yield look("doctor.templates.none")
        return
    account = {each.id: each for each in room.client.templates()}
    found = [
        finding
        for key, template in wanted.items()
        for finding in _template(room, key, template, account.get(template.id))
    ]
    yield from found or [right("doctor.templates.right", count=len(wanted))]


def _template(
    room: Room, key: str, template: Template, there: AccountTemplate | None
) -> Iterator[Finding]:
    if not _is_sentence(room, key):
        yield wrong("doctor.templates.no_sentence", name=key)
        return
    if there is None:
        yield wrong("doctor.templates.missing", name=key, id=f"{template.id[:6]}…")
        return
    fields = set(_FIELD.findall(there.content))
    for field in sorted(template.fields.keys() - fields):
        facts = {"name": key, "title": there.title, "field": field}
        yield wrong("doctor.templates.no_field", **facts, fields="、".join(sorted(fields)))
    for field in sorted(fields - template.fields.keys()):
        yield wrong("doctor.templates.not_filled", name=key, title=there.title, field=field)
    for field in sorted(fields & template.fields.keys()):
        kind = _KIND.match(field)
        if kind is None or kind[0] not in _KINDS:
            yield look("doctor.templates.kind", name=key, title=there.title, field=field)


def _is_sentence(room: Room, key: str) -> bool:
    try:
        room.words(key)
    except KeyError:
        return False
    return True


def kf(room: Room) -> Iterator[Finding]:
    """Accounts with which clerks take talks over: bound, known to us, somebody there (W1)."""
    if not room.settings.wechat.customer_service.enabled:
        yield look("doctor.kf.not_used")
        return
    accounts = room.client.kf_list()
    if not accounts:
        yield wrong("doctor.kf.none")
        return
    bound = [each.account for each in accounts if each.is_bound]
    if not bound:
        yield wrong("doctor.kf.not_bound", accounts="、".join(each.account for each in accounts))
        return
    yield from _owners(room, bound)
    online = {each.account for each in room.client.kf_online()} & set(bound)
    if online:
        yield right("doctor.kf.right", count=len(bound), online=len(online))
    else:
        yield look("doctor.kf.nobody_online", count=len(bound))


def _owners(room: Room, bound: list[str]) -> Iterator[Finding]:
    with room.database.reading() as session:
        owners = checkup.owners_of(session, bound)
    if foreign := [account for account in bound if not owners.get(account)]:
        yield look("doctor.kf.whose", accounts="、".join(foreign), first=foreign[0])
