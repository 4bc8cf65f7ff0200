"""A desk as version 0001 kept it: rows of each kind, written without any of today's models."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, func, insert, select, text

from tests.databases import migrate

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=2)

TICKET_STATUSES = (
    "new",
    "assigned",
    "in_progress",
    "on_hold",
    "resolved",
    "closed",
    "cancelled",
    "merged",
)
NOTICE_STATES = ("pending", "claimed", "delivered", "expired", "failed", "unknown")
TRIES = ("started", "accepted", "refused", "unclear", "unsent")

PEOPLE = [
    {
        "id": number,
        "openid": openid,
        "name": name,
        "department": "财务部",
        "roles": roles,
        "is_following": True,
        "tag": tag,
        "created_at": AT,
    }
    for number, openid, name, roles, tag in (
        (1, "oDeskWangFang000000000000001", "王芳", ",requester,", None),
        (2, "oDeskZhouGong000000000000003", "周工", ",engineer,requester,", "工程师"),
        (3, "oDeskLiMing00000000000000002", "李明", ",requester,", None),
        (4, "oDeskChen0000000000000000006", "小陈", ",desk,requester,", None),
        (5, None, "没绑定", ",requester,", None),
    )
]
ENGINEERS = [
    {
        "person_id": 2,
        "level": 2,
        "skills": ",printer,",
        "areas": ["A座"],
        "is_on_duty": True,
        "signed_at": AT,
        "open_tickets": 2,
        "workload": 4,
        "last_assigned_at": AT,
    }
]
TICKETS: list[dict[str, Any]] = [
    {
        "id": number,
        "number": f"IT20261124-{number:04d}",
        "kind": "incident",
        "status": status,
        "cycle": 1,
        "channel": "wechat",
        "requester_id": 1,
        "contact_name": "王芳",
        "contact_department": "财务部",
        "contact_phone": "8899",
        "contact_office": "三楼财务室",
        "symptom": f"打印机卡纸（{status}）",
        "description": "三楼那台「惠普」一直卡纸 ]]> '; --",
        "place": "三楼财务室",
        "category": "printer",
        "reading": {"category": "printer", "words": ["卡纸"]},
        "impact": "person",
        "urgency": "normal",
        "priority": 3,
        "assignee_id": 2 if status in ("assigned", "in_progress", "on_hold") else None,
        "opened_at": AT,
        "resolution_due_at": LATER,
        "resolved_at": LATER if status in ("resolved", "closed") else None,
        "closed_at": LATER if status == "closed" else None,
        "opened_by_inbox_id": number,
    }
    for number, status in enumerate(TICKET_STATUSES, 1)
]
ACTIVITIES = [
    {
        "id": 100 + ticket["id"],
        "ticket_id": ticket["id"],
        "action": "open",
        "status_before": None,
        "status_after": "new",
        "actor_id": 1,
        "happened_at": AT,
        "detail": {"words": "卡纸"},
    }
    for ticket in TICKETS
]
INBOX = [
    {
        "id": 1,
        "openid": PEOPLE[0]["openid"],
        "key": "m:24567890123456789",
        "kind": "text",
        "text": "打印机卡纸",
        "sent_at": AT,
        "received_at": AT,
        "reply": {"text": "已受理"},
        "ticket_id": 1,
    }
]
CONVERSATIONS = [
    {
        "person_id": person,
        "draft": {"symptom": "卡纸"},
        "serial": 7,
        "misses": 1,
        "heard_at": heard_at,
        "holder": holder,
        "held_since": held_since,
        "kf_account": account,
        "name": "report_incident" if holder == "bot" else None,
        "step": "place" if holder == "bot" else None,
        "ticket_id": 1,
        "stepped_at": AT,
        "tapped_at": AT,
    }
    for person, holder, held_since, account, heard_at in (
        (1, "bot", None, None, AT),
        (2, "bot", None, None, None),
        (3, "waiting", AT, None, AT),
        (4, "clerk", AT, "desk1@itdesk", AT),
    )
]
ATTACHMENTS = [
    {
        "id": number,
        "person_id": 1,
        "ticket_id": 1,
        "kind": "image",
        "media_id": f"media{number}",
        "state": state,
        "file": "ab" * 32 if state == "saved" else None,
        "content_type": "image/jpeg" if state == "saved" else None,
        "size": 4321 if state == "saved" else None,
        "tries": number,
        "next_try_at": AT if state == "waiting" else None,
        "created_at": AT,
    }
    for number, state in enumerate(("waiting", "saved", "failed"), 1)
]
NOTICES = [
    {
        "id": number,
        "recipient_id": 2,
        "ticket_id": 2,
        "text_key": "notice.assigned",
        "say": {"key": "notice.assigned", "facts": {"symptom": "卡纸"}},
        "urgency": "urgent",
        "state": state,
        "created_at": AT,
        "valid_until": LATER,
        "next_try_at": AT,
        "tries": 1,
        "claim": "c" * 32 if state == "claimed" else None,
        "claimed_until": LATER if state == "claimed" else None,
        "settled_at": None if state in ("pending", "claimed") else AT,
    }
    for number, state in enumerate(NOTICE_STATES, 1)
]
DELIVERIES = [
    {
        "id": number,
        "notice_id": number,
        "channel": channel,
        "outcome": outcome,
        "errcode": 45015 if outcome == "refused" else None,
        "error": None,
        "started_at": AT,
        "ended_at": None if outcome == "started" else AT,
    }
    for number, (outcome, channel) in enumerate(
        zip(TRIES, ("custom", "template", "custom", "template", "custom"), strict=True), 1
    )
]
DEADLINES = [{"id": 1, "ticket_id": 2, "kind": "respond", "due_at": LATER}]
RESOLUTIONS = [
    {
        "id": 1,
        "ticket_id": 6,
        "cycle": 1,
        "engineer_id": 2,
        "cause": "wear",
        "action_taken": "换了搓纸轮",
        "minutes": 30,
        "is_on_site": True,
        "parts": ["搓纸轮"],
        "reported_at": AT,
    }
]
RATINGS = [
    {
        "id": 1,
        "ticket_id": 6,
        "cycle": 1,
        "engineer_id": 2,
        "requester_id": 1,
        "speed": 3,
        "attitude": 5,
        "result": 5,
        "rated_at": AT,
    }
]
OTHERS: dict[str, list[dict[str, Any]]] = {
    "ticket_counts": [{"day": "20261124", "last": 8}],
    "bind_codes": [{"id": 1, "person_id": 5, "code_hash": "0" * 64, "expires_at": LATER}],
    "bind_guesses": [{"id": 1, "openid": PEOPLE[2]["openid"], "guessed_at": AT}],
    "access_tokens": [{"app_id": "wx1", "sealed": "sealed", "expires_at": LATER}],
}

ROWS: dict[str, list[dict[str, Any]]] = {
    "people": PEOPLE,
    "engineers": ENGINEERS,
    "tickets": TICKETS,
    "activities": ACTIVITIES,
    "inbox": INBOX,
    "conversations": CONVERSATIONS,
    "attachments": ATTACHMENTS,
    "notices": NOTICES,
    "deliveries": DELIVERIES,
    "deadlines": DEADLINES,
    "resolutions": RESOLUTIONS,
    "ratings": RATINGS,
    **OTHERS,
}
"""By table, in an order in which each row's references exist already."""


_COUNTERS = """
SELECT table_name, pg_get_serial_sequence(table_name, 'id') FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'id' AND column_default LIKE 'nextval%'
"""


def at_work(url: str, revision: str = "0001") -> None:
    """Lay the tables of version 0001, write all of it, and take it to a later version."""
    migrate(url, "0001")
    engine = create_engine(url)
    with engine.begin() as connection:
        settle_in(connection)
    engine.dispose()
    migrate(url, revision)


def of_today(url: str) -> None:
    at_work(url, "head")


def settle_in(connection: Connection) -> None:
    """Write all of it into tables of version 0001."""
    tables = MetaData()
    tables.reflect(connection)
    for name, rows in ROWS.items():
        assert set(tables.tables[name].columns.keys()) >= set(rows[0]), name
        connection.execute(insert(tables.tables[name]), rows)
    if connection.dialect.name == "postgresql":
        for table, sequence in connection.execute(text(_COUNTERS)).all():
            last = select(func.max(tables.tables[table].c.id)).scalar_subquery()
            connection.execute(select(func.setval(sequence, func.coalesce(last, 1))))
