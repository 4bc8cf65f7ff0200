"""Promises of the past as rows: what attainment, misses and figures are tested on."""

from datetime import datetime, timedelta
from typing import Any

from domain.calendar import CHINA
from domain.category import Category
from domain.lifecycle import Status
from domain.priority import Impact, Priority, Urgency
from domain.targets import TargetKind, TargetState
from models import Database, Ticket, TicketTarget

NOVEMBER = datetime(2026, 11, 10, 9, 0, tzinfo=CHINA)


class Past:
    """Tickets and promises written straight into their tables."""

    def __init__(self, database: Database, requester_id: int) -> None:
        self._database = database
        self._requester_id = requester_id
        self._numbers = iter(range(1, 10_000))

    def ticket(self, opened_at: datetime = NOVEMBER, **facts: Any) -> int:
        number = next(self._numbers)
        row = Ticket(
            **{
                "number": f"IT{opened_at:%Y%m%d}-{number:04d}",
                "requester_id": self._requester_id,
                "contact_name": "王芳",
                "contact_department": "财务部",
                "contact_phone": "8899",
                "contact_office": "三楼",
                "symptom": "打印机卡纸",
                "description": "打印机卡纸",
                "place": "三楼财务室",
                "category": Category.PRINTER,
                "impact": Impact.PERSON,
                "urgency": Urgency.NORMAL,
                "priority": Priority.NORMAL,
                "status": Status.NEW,
                "opened_at": opened_at,
                "resolution_due_at": opened_at + timedelta(hours=2),
                **facts,
            }
        )
        with self._database.transaction() as session:
            session.add(row)
            session.flush()
            return row.id

    def promise(
        self,
        state: TargetState = TargetState.MET,
        kind: TargetKind = TargetKind.DIAGNOSIS,
        settled_at: datetime = NOVEMBER,
        ticket_id: int | None = None,
        **facts: Any,
    ) -> int:
        """One that is settled; it is as late as `ran_minutes` says, if it is."""
        row = TicketTarget(
            **{
                "ticket_id": ticket_id or self.ticket(settled_at - timedelta(hours=2)),
                "cycle": 1,
                "kind": kind,
                "rule": "ordinary",
                "within_minutes": 120,
                "runs": "service_hours",
                "began_at": settled_at - timedelta(hours=2),
                "due_at": settled_at,
                "done_at": settled_at,
                "state": state,
                "settled_at": settled_at,
                "category": Category.PRINTER,
                "priority": Priority.NORMAL,
                "department": "财务部",
                "ran_minutes": 120,
                **facts,
            }
        )
        with self._database.transaction() as session:
            session.add(row)
            session.flush()
            return row.id
