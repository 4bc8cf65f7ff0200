"""What people say to the product while it is measured, and what must come back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bench.account import openid
from bench.callbacks import Callback, callback


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation and the words that its answer cannot lack."""

    name: str
    text: str
    answer: re.Pattern[str]

    def callbacks(self, people: Iterable[int]) -> list[Callback]:
        return [callback(openid(number), self.text) for number in people]

    def expects(self, _: Callback, words: str) -> bool:
        return self.answer.search(words) is not None


ASKS = Turn("asks for own tickets", "我的报修", re.compile("在办"))
REPORTS = Turn("reports a fault", "三楼财务室打印机卡纸", re.compile("卡纸.*确认", re.DOTALL))
CONFIRMS = Turn("confirms: ticket, dispatch", "确认报修", re.compile(r"已受理.*IT\d{8}-\d{4}"))

ECHO_TEXT = REPORTS.text


def echoes(callback: Callback, words: str) -> bool:
    return words == callback.text
