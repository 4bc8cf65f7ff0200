"""Typed orders: 接单 0007, 完工, 待接单, 我的报修: what every button does can be said as well."""

from dataclasses import dataclass

from domain.commands import Command
from nlp.patterns import any_of, linear, words_in
from nlp.ticket_ref import read_ticket_ref
from nlp.wording import Wording, wording

__all__ = ["DeviceNamed", "Ordered", "read_command", "read_device_code"]


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
    }
)
_WORDS = {word: command for command in Command for word in words_in("commands", command.value)}
_NUMBER = (
    r"(?:工单|单子|单号|单)?[ :#]{0,2}(?P<%s>(?:it ?)?(?:20\d{6}[ -]{1,2})?\d{4,6})"
    r"(?:号|这单|那单|的)?(?![\da-z年])[ ,:。]{0,3}"
)
_ORDER = linear(
    rf"{any_of(words_in('commands', 'before'))}?(?:{_NUMBER % 'before'})?"
    rf"(?P<word>{any_of(_WORDS)})(?P<particle>[吧啦了啊哈呀]?)(?P<gap>[ ,:。;\n]{{0,3}})"
    rf"(?:{_NUMBER % 'behind'})?(?P<rest>[^\0]{{0,450}})"
)
_EDGES = " ,，。.!！~\n"
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
        return None
    command, rest = _WORDS[match["word"]], match["rest"].strip()
    if command is Command.BIND:
        return _binding(seen)
    number = _number(match["before"], match["behind"])
    if command is Command.STOP and number and not rest:
        return Ordered(Command.CANCEL_TICKET, number)
    if number and command not in _OF_A_TICKET | _WITH_WORDS:
        return None
    if rest and not _may_follow(command, rest, is_apart=bool(match["gap"] or number)):
        return None
    return Ordered(command, number, _in_own_characters(said, rest))


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
