"""Who takes part: each with a name and a number that nobody else has (I14)."""

from dataclasses import dataclass
from datetime import datetime

from domain.category import Category
from domain.permissions import Role
from models import Database, Engineer
from services import people
from services.people import NewPerson


@dataclass(frozen=True)
class Somebody:
    openid: str
    name: str
    phone: str

    @property
    def marks(self) -> tuple[str, str]:
        """What gives them away in any text."""
        return self.name, self.phone


LIN = Somebody("oFaultsLinXiaoYan00000000001", "林晓燕", "13911112222")
ZHAO = Somebody("oFaultsZhaoMin00000000000002", "赵敏", "13800009876")
ZHOU = Somebody("oFaultsZhouGong0000000000003", "周工", "13800002222")
WU = Somebody("oFaultsWuGong000000000000004", "吴工", "13800003333")
CHEN = Somebody("oFaultsChenDesk0000000000006", "陈主任", "13800005555")
EVERYBODY = (LIN, ZHAO, ZHOU, WU, CHEN)

_PRINTERS, _BOTH = frozenset({Category.PRINTER}), frozenset({Category.PRINTER, Category.NETWORK})
_ENGINEERS = ((ZHOU, _PRINTERS, ("三楼",)), (WU, _BOTH, ("四楼",)))
"""Whose report goes to whom is the same in each run: the place decides, then who is left."""


def seed(database: Database, now: datetime) -> None:
    """Two engineers on duty and the desk; the requesters are strangers still."""
    with database.transaction() as session:
        for somebody, skills, areas in _ENGINEERS:
            new = NewPerson(
                somebody.name,
                frozenset({Role.REQUESTER, Role.ENGINEER}),
                phone=somebody.phone,
                skills=skills,
                areas=areas,
                openid=somebody.openid,
            )
            added = people.add(session, new, now)
            engineer = session.get_one(Engineer, added.id)
            engineer.is_on_duty, engineer.signed_at = True, now
        roles = frozenset({Role.REQUESTER, Role.DESK, Role.HEAD})
        people.add(session, NewPerson(CHEN.name, roles, CHEN.phone, openid=CHEN.openid), now)
