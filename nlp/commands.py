"""Typed orders: 接单 0007, 完工, 待接单, 我的报修: what every button does can be said as well."""

from dataclasses import dataclass

from domain.commands import Command
from nlp.patterns import any_of, linear, words_in
from nlp.ticket_ref import read_ticket_ref
from nlp.wording import Wording, wording

__all__ = ["DeviceNamed", "Ordered", "is_of_work", "read_command", "read_device_code"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command, the ticket that it names (whole number or end), and the words behind it."""

    command: Command
    number: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class DeviceNamed:
    """What may be the code on a device's case, and the words behind it: PR-0012 卡纸."""

    code: str
    words: str = ""
    is_ordered: bool = False  # 报修 stood before it


# These may be followed by a ticket's number; those of the second list by words as well.
_OF_A_TICKET = frozenset(
    {
        Command.SHOW,
        Command.URGE,
        Command.CANCEL_TICKET,
        Command.CONFIRM,
        Command.REOPEN,
        Command.RATE,
        Command.ACCEPT,
        Command.ARRIVE,
        Command.RESUME,
        Command.WHY,
        Command.WHY_DUE,
        Command.PHOTOS,
        Command.MY_WORK,
        Command.EMERGENCY,
        Command.TAKE_CHARGE,
        Command.SHOW_COMPLAINT,
        Command.WITHDRAW_COMPLAINT,
    }
)
_WITH_WORDS = frozenset(
    {
        Command.DECLINE,
        Command.TRANSFER,
        Command.PROGRESS,
        Command.HOLD,
        Command.ASK_SUPPORT,
        Command.RESOLVE,
        Command.COMPLEX,
        Command.ORDINARY,
        Command.GIVE_SUPPORT,
        Command.SWAP,
        Command.LEAVE,
        Command.HAND_OVER,
        Command.CHANGE_RATING,
        Command.COMPLAIN,
        Command.ADD_TO_COMPLAINT,
        Command.RATE_COMPLAINT,
        Command.OBJECT,
        Command.VERIFY,
        Command.DECIDE,
        Command.FEED_BACK,
        Command.ANSWER_FACT,
        Command.DECIDE_FACT,
    }
)
_OF_A_COMPLAINT = {
    Command.SHOW: Command.SHOW_COMPLAINT,
    Command.CANCEL_TICKET: Command.WITHDRAW_COMPLAINT,
    Command.STOP: Command.WITHDRAW_COMPLAINT,
    Command.RATE: Command.RATE_COMPLAINT,
    Command.COMPLAIN: Command.SHOW_COMPLAINT,
}
"""看 TS20261124-0002 is a complaint's number, so it is the complaint that is meant."""

_WORDS = {word: command for command in Command for word in words_in("commands", command.value)}
_OF_WORK = frozenset(words_in("commands", "work"))
_NUMBER = (
    r"(?:工单|单子|单号|投诉|单)?[ :#]{0,2}(?P<%s>(?:(?:it|ts) ?)?(?:20\d{6}[ -]{1,2})?\d{4,6})"
    r"(?:号|这单|那单|的)?(?![\da-z年])[ ,:。]{0,3}"
)
_ORDER = linear(
    rf"{any_of(words_in('commands', 'before'))}?(?:{_NUMBER % 'before'})?"
    rf"(?P<word>{any_of(_WORDS)})(?P<particle>[吧啦了啊哈呀]?)(?P<gap>[ ,:。;\n]{{0,3}})"
    rf"(?:{_NUMBER % 'behind'})?(?P<rest>[^\0]{{0,450}})"
)
_EDGES = " ,，。.!！~\n"
# The day may stand before the order: 明天请假, 后天上午请个假, 下周一请两天假去医院.
_DAY = (
    r"(?:今天|明天|大?后天|(?:本|这|下){0,2}(?:周|星期|礼拜)[一二三四五六日末天]|"
    r"(?:\d{1,2}|[一二三]?十?[一二三四五六七八九])月\d{1,2}[日号]?|\d{1,2}[日号])"
)
_TIME = r"今明后天周星期礼拜月日号上下午早晚到至起从半个两一二三四五六七八九十\d点时分:~\-、, "
_LEAVE_FOR = any_of(words_in("commands", "leave_for"))
_LEAVE_OF_A_DAY = linear(
    rf"我?(?P<when>{_DAY}[{_TIME}]{{0,24}}+)"
    rf"我?(?:想|要|得|需要|打算)?(?:{any_of(words_in('commands', 'leave'))}|"
    r"请个?(?P<count>半天|\d{1,3}天|[一二两三四五六七八九十]{1,3}天)的?假)"
    rf"[吧啦了啊哈呀]?(?:(?P<gap>[ ,:。;\n]{{1,3}})|(?={_LEAVE_FOR}|$))"
    r"(?P<rest>[^\0]{0,450})"
)
_CODE = linear(r"(?:码|验证码)?[ :]{0,2}(?P<code>\d[\d ]{2,8}\d)")
_MORE_NUMBERS = linear(r"[和与跟、,/ ]{0,3}\d{4,6}(?!\d)")


def read_command(text: str) -> Ordered | None:
    """What is ordered; None for ordinary words: 取消按钮点不动 is a fault, 完工 0007 an order."""
    said = wording(text)
    seen = said.folded.strip(_EDGES)
    if seen in _WORDS:
        return Ordered(_WORDS[seen])
    match = _ORDER.fullmatch(seen)
    if match is None:
        return _leave_of_a_day(said)
    command, rest = _WORDS[match["word"]], match["rest"].strip()
    if command is Command.BIND:
        return _binding(seen)
    number = _number(match["before"], match["behind"])
    if (number or "").startswith("TS"):
        command = _OF_A_COMPLAINT.get(command, command)
    if command is Command.STOP and number and not rest:
        return Ordered(Command.CANCEL_TICKET, number)
    if number and command not in _OF_A_TICKET | _WITH_WORDS:
        return None
    if rest and not _may_follow(command, rest, is_apart=bool(match["gap"] or number)):
        return None
    return Ordered(command, number, _in_own_characters(said, rest))


def is_of_work(text: str) -> bool:
    """Whether it is an order that only engineers and clerks know, and nothing else: 接单, 签到."""
    return wording(text).folded.strip(_EDGES) in _OF_WORK


def _leave_of_a_day(said: Wording) -> Ordered | None:
    """The day, how long and why are the order's words, whatever their order."""
    before = len(said.folded) - len(said.folded.lstrip(_EDGES))
    match = _LEAVE_OF_A_DAY.fullmatch(said.folded.strip(_EDGES))
    if match is None:
        return None
    parts = (match.span(name) for name in ("when", "count", "rest") if match[name])
    words = (said.said(begin + before, end + before).strip(_EDGES) for begin, end in parts)
    return Ordered(Command.LEAVE, None, " ".join(words))


def _number(*found: str | None) -> str | None:
    return next((number for each in found if each and (number := read_ticket_ref(each))), None)


def _may_follow(command: Command, rest: str, *, is_apart: bool) -> bool:
    """Words stand apart from the order or behind a number; two tickets at once are not ordered."""
    return command in _WITH_WORDS and is_apart and not _MORE_NUMBERS.fullmatch(rest)


def _binding(seen: str) -> Ordered | None:
    """The code in plain digits, however it was set apart."""
    word = max((each for each in words_in("commands", "bind") if each in seen), key=len)
    match = _CODE.fullmatch(seen.partition(word)[2].strip(_EDGES + ":"))
    return Ordered(Command.BIND, None, match["code"].replace(" ", "")) if match else None


def _in_own_characters(said: Wording, words: str) -> str:
    """The words behind an order as they were typed; they stand at the message's end."""
    own = said.own.rstrip(_EDGES)
    return own[len(own) - len(words) :] if words else ""


# the code on a device's case

_REPORTING = any_of(words_in("commands", "report", "report_device"))
_DEVICE_CODE = linear(
    rf"(?P<order>{_REPORTING})?[ :,#]{{0,2}}(?:(?:设备)?(?:编号|编码|码|号)[ :是]{{0,2}})?"
    r"(?P<code>[a-z\d][a-z\d._-]{1,39})(?P<gap>[ ,:。;\n]{0,3})(?P<rest>[^\0]{0,450})"
)
_MAY_BE_TICKET = 6  # digits; a bare number of so many is the end of a ticket's


def read_device_code(text: str) -> DeviceNamed | None:
    """A code alone, behind 报修, or before what is wrong; whether it is one the desk knows."""
    said = wording(text)
    match = _DEVICE_CODE.fullmatch(said.folded.strip(_EDGES))
    if match is None or not any(character.isdecimal() for character in match["code"]):
        return None
    code, rest = match["code"].rstrip(".-_"), match["rest"].strip()
    if rest and not match["gap"]:
        return None
    if "-" in (read_ticket_ref(code) or ""):
        return None
    is_number = code.isdecimal() and len(code) <= _MAY_BE_TICKET
    if is_number and not match["order"]:
        return None
    return DeviceNamed(code, _in_own_characters(said, rest), bool(match["order"]))
