"""What is asked of the platform's customer service (客服): accounts, sessions, what was said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.calls import Calls, reading
from bot.errors import ApiUnclear
from bot.transport import whole

_LIST = "/cgi-bin/customservice/getkflist"
_ONLINE = "/cgi-bin/customservice/getonlinekflist"
_ADD = "/customservice/kfaccount/add"
_INVITE = "/customservice/kfaccount/inviteworker"
_CREATE = "/customservice/kfsession/create"
_CLOSE = "/customservice/kfsession/close"
_SESSION = "/customservice/kfsession/getsession"
_SESSIONS = "/customservice/kfsession/getsessionlist"
_WAITING = "/customservice/kfsession/getwaitcase"
_RECORDS = "/customservice/msgrecord/getmsglist"

_CLERK_SAID = 2002
_CLERK_HEARD = 2003
"""opercodes of words; the others are acts, which the kf events tell already."""

RECORDS_AT_ONCE = 1000  # of at most 10,000: a page stays below the size limit of an answer
_SPAN = timedelta(hours=24)  # the longest that one question may ask for (65417)


@dataclass(frozen=True, slots=True)
class Clerk:
    """One customer-service account that is online."""

    account: str
    status: int  # 1 web; 2 and 3 were phone and both
    accepted: int  # sessions it holds


@dataclass(frozen=True, slots=True)
class KfAccount:
    """One customer-service account, whether or not anybody uses it."""

    account: str
    nickname: str
    is_bound: bool  # a person has confirmed the invitation
    invite_status: str | None  # waiting, rejected or expired, while nobody is bound


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whom no clerk has taken yet."""

    openid: str = field(repr=False)
    since: datetime  # of their last message


@dataclass(frozen=True, slots=True)
class Session:
    """One talk that a clerk holds."""

    openid: str = field(repr=False)
    since: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """One message of a talk with a clerk; of media only their kind is told."""

    openid: str = field(repr=False)
    account: str
    is_clerk: bool
    text: str = field(repr=False)
    at: datetime


class DeskCalls(Calls):
    """Human takeover as the platform knows it (wechat-platform §6)."""

    def kf_list(self) -> list[KfAccount]:
        with reading(_LIST):
            return [_account(row) for row in self.call("GET", _LIST)["kf_list"]]

    def kf_online(self) -> list[Clerk]:
        with reading(_ONLINE):
            return [_clerk(row) for row in self.call("GET", _ONLINE)["kf_online_list"]]

    def kf_add(self, account: str, nickname: str) -> None:
        """A new account; `account` is a prefix of at most 10 characters, @ and the 微信号."""
        self.call("POST", _ADD, body={"kf_account": account, "nickname": nickname})

    def kf_invite(self, account: str, wechat_id: str) -> None:
        """Asks a person, in their WeChat, to answer for this account."""
        self.call("POST", _INVITE, body={"kf_account": account, "invite_wx": wechat_id})

    def kf_create_session(self, openid: str, kf_account: str) -> None:
        self.call("POST", _CREATE, body={"openid": openid, "kf_account": kf_account})

    def kf_close_session(self, openid: str, kf_account: str) -> None:
        self.call("POST", _CLOSE, body={"openid": openid, "kf_account": kf_account})

    def kf_session_of(self, openid: str) -> str | None:
        """The account that serves this person, or None."""
        answer = self.call("GET", _SESSION, params={"openid": openid})
        return str(answer["kf_account"]) or None

    def kf_sessions_of(self, account: str) -> list[Session]:
        """The talks that this account holds."""
        with reading(_SESSIONS):
            answer = self.call("GET", _SESSIONS, params={"kf_account": account})
            return [Session(row["openid"], _at(row["createtime"])) for row in answer["sessionlist"]]

    def kf_waiting(self) -> list[Waiting]:
        """Who waits for a clerk, in order of arrival; the platform shows a hundred."""
        with reading(_WAITING):
            answer = self.call("GET", _WAITING)
            return [
                Waiting(row["openid"], _at(row["latest_time"])) for row in answer["waitcaselist"]
            ]

    def kf_records(self, start: datetime, end: datetime) -> list[Record]:
        """What was said from `start` to `end`, in order; it is known some minutes later."""
        return [
            record
            for first, last in _spans(start, end)
            for row in self._rows(first, last)
            if (record := _record(row)) is not None
        ]

    def _rows(self, start: int, end: int) -> Iterator[dict[str, Any]]:
        after = 1
        while True:
            body = {
                "starttime": start,
                "endtime": end,
                "msgid": after,
                "number": RECORDS_AT_ONCE,
            }
            answer = self.call("POST", _RECORDS, body=body)
            yield from answer["recordlist"]
            if len(answer["recordlist"]) < RECORDS_AT_ONCE:
                return
            before, after = after, whole(answer.get("msgid")) or 0
            if after <= before:
                raise ApiUnclear(_RECORDS, "the same page for ever")


def _spans(start: datetime, end: datetime) -> Iterator[tuple[int, int]]:
    """Whole seconds in stretches that may be asked for, none of them twice."""
    first, last = int(start.timestamp()), int(end.timestamp())
    longest = int(_SPAN.total_seconds())
    while first <= last:
        yield first, min(last, first + longest - 1)
        first += longest


def _clerk(row: dict[str, Any]) -> Clerk:
    accepted = whole(row.get("accepted_case")) or 0
    return Clerk(str(row["kf_account"]), whole(row.get("status")) or 0, accepted)


def _account(row: dict[str, Any]) -> KfAccount:
    status = row.get("invite_status")
    return KfAccount(
        account=str(row["kf_account"]),
        nickname=str(row.get("kf_nick", "")),
        is_bound=bool(row.get("kf_wx")),
        invite_status=str(status) if status else None,
    )


def _record(row: dict[str, Any]) -> Record | None:
    with reading(_RECORDS):
        opercode = whole(row.get("opercode"))
        if opercode not in (_CLERK_SAID, _CLERK_HEARD):
            return None
        return Record(
            openid=str(row["openid"]),
            account=str(row.get("worker", "")),
            is_clerk=opercode == _CLERK_SAID,
            text=str(row.get("text", "")),
            at=_at(row["time"]),
        )


def _at(seconds: object) -> datetime:
    value = whole(seconds)
    if value is None:
        raise ValueError("no time")
    return datetime.fromtimestamp(value, UTC)
