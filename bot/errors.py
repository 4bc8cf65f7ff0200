"""What can go wrong at the WeChat edge: refused callbacks, failed API calls, and how to react."""

import re
from datetime import datetime
from enum import StrEnum, auto


class Refused(Exception):
    """A callback not to be believed; `reason` is a short code, never a part of the input."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Reaction(StrEnum):
    REFRESH_TOKEN = auto()
    RETRY = auto()  # later, with backoff
    RETRY_TOMORROW = auto()  # the day's quota is used up; days end at midnight UTC+8
    PERMANENT = auto()  # this message will never be accepted
    UNREACHABLE = auto()  # nothing wrong with the message: try another channel
    MISCONFIGURED = auto()  # wake the operator
    UNKNOWN = auto()  # not in the table: a few tries, then failed


def _table(*rows: tuple[Reaction, str]) -> dict[int, Reaction]:
    """Rows of codes; `a-b` is a range."""
    table: dict[int, Reaction] = {}
    for reaction, codes in rows:
        for code in codes.split():
            first, _, last = code.partition("..")
            table.update(dict.fromkeys(range(int(first), int(last or first) + 1), reaction))
    return table


REACTIONS: dict[int, Reaction] = _table(
    (Reaction.REFRESH_TOKEN, "40001 40014 42001"),
    (Reaction.RETRY, "-1 43117 45011 45169"),
    (Reaction.RETRY_TOMORROW, "45009"),
    (Reaction.UNREACHABLE, "40003 43004 43019 43101 45015 45047 46004 48002 49003"),
    (Reaction.UNREACHABLE, "50002 50005 70000"),
    # Token calls: app id, secret, whitelist, frozen account.
    (Reaction.MISCONFIGURED, "40002 40013 40125 40164 40243 41001 41002 41004 43001..43003"),
    (Reaction.MISCONFIGURED, "50004 50007 61004 89503"),
    # Templates that do not exist or were banned, sanctions, interfaces the account lacks.
    (Reaction.MISCONFIGURED, "40036 40037 40200 40201 43116 45087 45094"),
    (Reaction.MISCONFIGURED, "48001 48003 48004 48006 76022"),
    # The message or the media is at fault.
    (Reaction.PERMANENT, "40004..40009 40062 40246 40247 40249 41005 41006 43100 43106"),
    (Reaction.PERMANENT, "44001 44002 44004 45001..45008 45048 45050 45072 45080 45081"),
    (Reaction.PERMANENT, "45098 45099 46001 46003 47001..47003 87014"),
    # Menus, tags and QR codes.
    (Reaction.PERMANENT, "40015..40020 40022 40023 40025..40027 40032 40053..40055 45010 45026"),
    (Reaction.PERMANENT, "45029 45056..45059 45064 45157..45159 45171 65301..65320"),
    # Human takeover, OAuth codes, look-ups.
    (Reaction.PERMANENT, "61450..61459 65400..65417 40029 40163 41008 42003 76001..76003 76021"),
)


class Hindrance(StrEnum):
    """What keeps a person from being reached by this call, though the message is well."""

    WINDOW_SHUT = auto()  # not heard of for too long, or no follower: their next word opens it
    WINDOW_USED_UP = auto()  # as many as the window lets through are sent
    NOT_FOLLOWING = auto()  # the account knows nobody by this openid any more
    BLOCKED = auto()  # follows, but takes nothing: refuses messages, is blacklisted, is limited
    DECLINED = auto()  # does not take this kind of message; another kind may arrive


HINDRANCES: dict[int, Hindrance] = {
    45015: Hindrance.WINDOW_SHUT,
    45047: Hindrance.WINDOW_USED_UP,
    40003: Hindrance.NOT_FOLLOWING,
    43004: Hindrance.NOT_FOLLOWING,
    46004: Hindrance.NOT_FOLLOWING,
    49003: Hindrance.NOT_FOLLOWING,
    50005: Hindrance.NOT_FOLLOWING,
    43019: Hindrance.BLOCKED,
    48002: Hindrance.BLOCKED,
    50002: Hindrance.BLOCKED,
    43101: Hindrance.DECLINED,
    70000: Hindrance.DECLINED,
}
"""One for each code that is UNREACHABLE."""

GONE = frozenset({Hindrance.NOT_FOLLOWING, Hindrance.BLOCKED})
"""What no other message and no waiting changes: only the person can."""

# Signs that the token, and not the message, was refused.
TOKEN_CODES = frozenset(code for code, r in REACTIONS.items() if r is Reaction.REFRESH_TOKEN)


def reaction_to(errcode: int) -> Reaction:
    return REACTIONS.get(errcode, Reaction.UNKNOWN)


# OpenIDs, tokens, secrets and template ids are long runs. So is the request id, which the
# platform's support asks for and which gives nothing away.
_LONG_RUN = re.compile(r"[A-Za-z0-9_\-]{24,}")
_REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\Z")
_ERRMSG_LIMIT = 200


def masked(text: str) -> str:
    """`text` as one short line; whatever could be an id or a secret keeps four characters."""
    line = "".join(char if char.isprintable() else " " for char in text[: 4 * _ERRMSG_LIMIT])
    return _LONG_RUN.sub(_mask_run, line)[:_ERRMSG_LIMIT]


def _mask_run(match: re.Match[str]) -> str:
    run = match.group()
    return run if _REQUEST_ID.match(run) else f"{run[:4]}***"


_RID = re.compile(r"\brid:\s*([0-9a-f]{8}(?:-[0-9a-f]{8}){2})(?![0-9a-f-])")


class ApiError(Exception):
    """An API call that failed; its text holds no URL, token, secret or openid."""

    until: datetime | None = None  # before this moment the same call fails again

    def __init__(
        self, path: str, reaction: Reaction, *, errcode: int | None = None, errmsg: str = ""
    ) -> None:
        self.path = path
        self.errcode = errcode
        self.errmsg = masked(errmsg)
        self.reaction = reaction
        found = _RID.search(errmsg)
        self.request_id = found.group(1) if found else None
        """What the platform's support asks for; None where there was no answer."""
        super().__init__(path, errcode, self.errmsg)

    @property
    def hindrance(self) -> Hindrance | None:
        """What keeps this person from being reached, if that is what failed."""
        return HINDRANCES.get(self.errcode) if self.errcode is not None else None

    def __str__(self) -> str:
        return f"{self.path} errcode={self.errcode} reaction={self.reaction} {self.errmsg}".rstrip()


class ApiUnclear(ApiError):
    """The request may have had its effect: the answer was lost, late, cut or not an answer."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, Reaction.UNKNOWN, errmsg=why)


class ApiUnsent(ApiError):
    """The request surely had no effect: it never left, or there was no token to send it with.

    An errcode is the token call's: nothing is wrong with the message, which may go later.
    """

    def __init__(
        self,
        path: str,
        why: str,
        *,
        errcode: int | None = None,
        until: datetime | None = None,
    ) -> None:
        super().__init__(path, Reaction.RETRY, errcode=errcode, errmsg=why)
        self.until = until
