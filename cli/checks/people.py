"""What people see and whom the desk reaches: menus, tags, staff, notices."""

from collections.abc import Iterator, Sequence

from bot import menus
from bot.errors import ApiError
from bot.menus import CONDITIONAL, DEFAULT, Menu
from bot.tagging import TAG_OF
from cli.checks.finding import Finding, Room, look, right, wrong
from services import checkup, tagging, undelivered
from services.tagging import Member

_TRIED = 3  # people of each menu: the first may have left unheard
_SHOWN = 5  # names in one line
_COUNTED = 1000


def menu(room: Room) -> Iterator[Finding]:
    """Whether the account's menus are ours, and members of each get the one meant for them."""
    if not menus.is_published(room.client, public_url=room.public_url):
        yield wrong("doctor.menu.differs")
        return
    with room.database.reading() as session:
        members = tagging.members(session, TAG_OF, each=_TRIED)
    proved = [_proved(room, each, members[each.tag]) for each in (DEFAULT, *CONDITIONAL)]
    for each, gets_it in zip((DEFAULT, *CONDITIONAL), proved, strict=True):
        if gets_it is False:
            yield wrong("doctor.menu.other_menu", tag=each.tag or DEFAULT.items[0].name)
    if False not in proved:
        yield right("doctor.menu.right", count=len(proved), proved=proved.count(True))


def _proved(room: Room, each: Menu, members: Sequence[Member]) -> bool | None:
    """By the first of them who follows the account; None: nobody does."""
    for member in members:
        gets_it = menus.shows(room.client, member.openid, each, room.public_url)
        if gets_it is not None:
            return gets_it
    return None


def tags(room: Room) -> Iterator[Finding]:
    """Whether the tags exist, and are on those whose roles ask for them."""
    existing = room.client.list_tags()
    missing = [tag for tag, _ in TAG_OF if tag not in existing]
    if missing:
        yield wrong("doctor.tags.missing", tags="、".join(missing))
        return
    with room.database.reading() as session:
        waiting = tagging.to_retag(session, TAG_OF, most=_COUNTED)
        members = tagging.members(session, TAG_OF, each=_TRIED)
    if waiting:
        yield look("doctor.tags.waiting", count=len(waiting))
    ours = {existing[tag] for tag, _ in TAG_OF}
    astray = [
        tag
        for tag, _ in TAG_OF
        if any(_is_astray(room, each.openid, existing[tag], ours) for each in members[tag])
    ]
    if astray and not waiting:
        yield wrong("doctor.tags.astray", tags="、".join(astray))
    if not astray and not waiting:
        yield right("doctor.tags.right", tags="、".join(tag for tag, _ in TAG_OF))


def _is_astray(room: Room, openid: str, tag_id: int, ours: set[int]) -> bool:
    try:
        held = room.client.tags_of(openid)
    except ApiError as error:
        if error.errcode in (40003, 49003):  # they left: told by `staff`, if by anybody
            return False
        raise
    return ours & set(held) != {tag_id}


def staff(room: Room) -> Iterator[Finding]:
    """Staff whom no notice can reach in WeChat."""
    with room.database.reading() as session:
        apart = checkup.staff_apart(session)
        count = checkup.staff_count(session)
    if not count:
        yield look("doctor.staff.nobody")
    for key, names in (
        ("doctor.staff.not_bound", apart.not_bound),
        ("doctor.staff.not_following", apart.not_following),
    ):
        if names:
            facts = {"count": len(names), "names": "、".join(names[:_SHOWN])}
            yield look(key, **facts)
    if count and not apart.not_bound and not apart.not_following:
        yield right("doctor.staff.right", count=count)


def notices(room: Room) -> Iterator[Finding]:
    """What did not get through lately, and what nobody sends."""
    with room.database.reading() as session:
        stuck = checkup.unsent(session, room.now)
        count = undelivered.count(session, room.now)
    if stuck:
        yield wrong("doctor.notices.stuck", count=stuck)
    if count:
        yield look("doctor.notices.undelivered", count=count)
    if not stuck and not count:
        yield right("doctor.notices.right")
