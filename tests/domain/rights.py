"""Who may do what, written down a second time: the tests compare the product's table with this."""

from collections.abc import Mapping
from itertools import chain

from domain.permissions import Permission, Relation, Role

# * any, o own, a assigned, w was assigned, s supporting, i in the area, - never
# p impartial to a complaint or not the writer, d deputy of the heads, m it counts for oneself
_GRID = """
                        requester  desk  engineer  vendor  head  admin
ticket.open                 *       *       *        *      *      *
ticket.open_for_other       -       *       -        -      -      -
ticket.read                 o       *     oawsi     oas     *      o
ticket.read_media           o       *      oas      oas     o      o
ticket.read_receipt         -       *       a        -      *      -
ticket.dispatch             -       *       -        -      *      -
ticket.accept               -       -       a       as      -      -
ticket.decline              -       -       a       as      -      -
ticket.progress             -       -       a       as      -      -
ticket.hold                 -       -       a       as      -      -
ticket.resume               -       -       a       as      -      -
ticket.transfer             -       -       a       as      -      -
ticket.ask_support          -       -       a       as      -      -
ticket.resolve              -       *       a       as      -      -
ticket.confirm              o       *       o        o      o      o
ticket.reopen               o       *       o        o      *      o
ticket.cancel               o       *       o        o      o      o
ticket.urge                 o       *       o        o      o      o
ticket.amend                o       *       o        o      o      o
ticket.attach               o       *      oa       oas     o      o
rating.give                 o       o       o        o      o      o
rating.read                 o       *       o        o      *      o
person.manage               -       -       -        -      -      *
person.read_phone           -       *       a       as      *      *
duty.sign                   -       *       *        *      *      -
conversation.take           -       *       -        -      -      -
notice.read                 -       *       -        -      *      -
notice.retry                -       *       -        -      -      -
device.manage               -       *       -        -      -      *
overview.read               -       *       -        -      *      -
account.manage              *       *       *        *      *      *
console.enter               -       *       *        *      *      *
ticket.list                 -       *      aws      as      *      -
ticket.note                 -       *      aws      as      *      -
ticket.correct              -       *       -        -      -      -
ticket.merge                -       *       -        -      -      -
ticket.unmerge              -       *       -        -      -      -
ticket.link                 -       *       -        -      -      -
ticket.split                -       *       -        -      -      -
ticket.export               -       *       -        -      *      -
ticket.print                -       *      aws      as      *      -
person.read                 -       *       -        -      *      *
canned.use                  -       *       *        -      *      -
canned.manage               -       *       -        -      -      *
view.save                   -       *       *        *      *      *
view.share                  -       *       -        -      *      *
bulletin.read               *       *       *        *      *      *
bulletin.publish            -       *       -        -      *      *
setting.manage              -       -       -        -      -      *
text.manage                 -       -       -        -      -      *
token.manage                -       -       -        -      -      *
audit.read                  -       -       -        -      *      *
ticket.give_support         -       *       -        -      *      -
ticket.reclassify           -       *       a        as     -      -
roster.read                 -       *       *        *      *      *
roster.plan                 -       *       -        -      *      -
roster.ask                  -       *       *        *      *      -
roster.decide               -       -       -        -      *      -
hand_over.sign              -       *       *        *      *      -
target.read                 -       *       -        -      *      *
target.explain              -       *       -        -      *      -
target.manage               -       -       -        -      -      *
complaint.open              *       *       *        *      *      *
complaint.open_for_other    -       *       -        -      -      -
complaint.read              o      opd      od       od    opd     od
complaint.add               o      op       o        o      o      o
complaint.withdraw          o       o       o        o      o      o
complaint.verify            -       p       -        -      -      -
complaint.decide            -       d       d        d      pd     d
complaint.feed_back         -      pd       d        d      pd     d
complaint.rate              o       o       o        o      o      o
complaint.export            -       *       -        -      *      -
satisfaction.read           -       *       -        -      *      -
follow_up.do                -       *       -        -      -      -
appraisal.read              -      md      md       md     mpd     d
appraisal.answer            -       m       m        m      m      -
appraisal.decide            -       d       d        d     pd      d
knowledge.read              *       *       *        *      *      *
knowledge.read_staff        -       *       *        *      *      *
knowledge.write             -       *       *        *      *      -
knowledge.review            -       p       -        -      *      -
knowledge.manage            -       *       -        -      *      -
reading.read                -       *       -        -      *      *
reading.label               -       *       -        -      -      *
reading.manage              -       -       -        -      -      *
maintenance.plan            -       *       -        -      *      *
alert.read                  -       *       *        *      *      *
alert.handle                -       *       -        -      -      -
alert.manage                -       -       -        -      -      *
webhook.manage              -       -       -        -      -      *
sample.remove               -       -       -        -      -      *
"""
_LETTERS = {
    "*": Relation.ANY,
    "o": Relation.OWN,
    "a": Relation.ASSIGNED,
    "w": Relation.WAS_ASSIGNED,
    "s": Relation.SUPPORTING,
    "i": Relation.IN_AREA,
    "p": Relation.IMPARTIAL,
    "d": Relation.DEPUTY,
    "m": Relation.ABOUT_ME,
}

Rights = Mapping[tuple[Permission, Role], frozenset[Relation]]


def _cells(line: str, roles: list[Role]) -> dict[tuple[Permission, Role], frozenset[Relation]]:
    name, *cells = line.split()
    return {
        (Permission(name), role): frozenset(map(_LETTERS.__getitem__, cell.strip("-")))
        for role, cell in zip(roles, cells, strict=True)
    }


def _read(grid: str) -> Rights:
    head, *lines = grid.strip().splitlines()
    roles = [Role(name) for name in head.split()]
    return dict(chain.from_iterable(_cells(line, roles).items() for line in lines))


RIGHTS = _read(_GRID)


def holds(role: Role, permission: Permission, relation: Relation | None) -> bool:
    """Whether the grid lets this role do it; a stranger stands in no relation."""
    return bool(RIGHTS[permission, role] & {Relation.ANY, relation})
