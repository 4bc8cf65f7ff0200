"""A knowledge base in a list: what is asked, shown, and said of it, without a database."""

from dataclasses import dataclass, field, replace
from typing import Any

from domain.category import Category
from domain.knowledge import Audience, UseOutcome, UsePlace
from domain.refusals import NotFound
from services.answering import AnswerShown
from services.knowledge.searching import FoundArticle
from tests.handlers.talking import NOW


def known(number: str, title: str, answer: str = "", **facts: Any) -> FoundArticle:
    """An article about printers that is surely meant, unless facts say otherwise."""
    given: dict[str, Any] = {
        "id": int(number[2:]),
        "version": 1,
        "category": Category.PRINTER,
        "audience": Audience.EVERYBODY,
        "score": 0.9,
        "is_sure": True,
        **facts,
    }
    return FoundArticle(number=number, title=title, answer=answer or f"{title}的办法。", **given)


@dataclass(kw_only=True)
class KnowsAnswers:
    """The part of a desk that answers; `articles` are found by whatever is asked, in order."""

    articles: list[FoundArticle] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    uses: list[AnswerShown] = field(default_factory=list)
    remarks: dict[int, str] = field(default_factory=dict)
    maintained: dict[str, Any] = field(default_factory=dict)  # by place: the window that runs there

    def answers(self, text: str) -> tuple[FoundArticle, ...]:
        self.asked.append(text)
        return tuple(self.articles[:3])

    def remedies(self, text: str, category: Category) -> tuple[FoundArticle, ...]:
        self.asked.append(text)
        return tuple(each for each in self.articles if each.audience is Audience.EVERYBODY)

    def maintenance_for(self, category: str | None, place: str | None) -> Any:
        return self.maintained.get(place or "")

    def common_questions(self) -> tuple[FoundArticle, ...]:
        return tuple(self.articles)

    def article(self, number: str) -> FoundArticle:
        for each in self.articles:
            if each.number == number:
                return each
        raise NotFound()

    def show_answer(self, found: FoundArticle, query: str) -> int:
        use = AnswerShown(
            len(self.uses) + 1,
            found.number,
            found.title,
            found.category,
            query,
            UsePlace.CHAT,
            NOW,
            UseOutcome.SHOWN,
            None,
        )
        self.uses.append(use)
        return use.id

    def answer_shown(self, use_id: int) -> AnswerShown:
        if not 0 < use_id <= len(self.uses):
            raise NotFound()
        return self.uses[use_id - 1]

    def last_answer(self) -> AnswerShown | None:
        last = self.uses[-1] if self.uses else None
        return last if last and last.outcome is UseOutcome.SHOWN else None

    def say_of_answer(self, use_id: int, outcome: UseOutcome, remark: str | None = None) -> None:
        self.uses[use_id - 1] = replace(self.answer_shown(use_id), outcome=outcome)
        if remark is not None:
            self.remarks[use_id] = remark

    def ticket_came_of(self, use_id: int, ticket_id: int) -> None:
        use = self.answer_shown(use_id)
        self.uses[use_id - 1] = replace(use, outcome=UseOutcome.REPORTED, ticket_id=ticket_id)

    @property
    def outcomes(self) -> list[UseOutcome]:
        return [each.outcome for each in self.uses]
