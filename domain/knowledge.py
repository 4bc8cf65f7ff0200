"""What the desk knows, written down: the life of an article's version, status × act, one table.

draft → in review → published → superseded by the next one; returned to its writer, or retired
(K1, K2). People read the published version while the next one is being written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from domain.refusals import Refusal
from domain.sentence import Word


class VersionState(StrEnum):
    DRAFT = auto()
    IN_REVIEW = auto()
    RETURNED = auto()  # its writer reads why, and goes on
    PUBLISHED = auto()
    SUPERSEDED = auto()  # a later version, or retirement, took its place
    DROPPED = auto()  # never published


class ArticleAct(StrEnum):
    SAVE = auto()
    SUBMIT = auto()
    TAKE_BACK = auto()  # out of review, by its writer
    RETURN = auto()
    PUBLISH = auto()
    SUPERSEDE = auto()
    DROP = auto()


class Audience(StrEnum):
    """Who may read it."""

    EVERYBODY = auto()
    STAFF = auto()


class UsePlace(StrEnum):
    """Where an article was shown."""

    CHAT = auto()
    PAGE = auto()  # inside WeChat
    PORTAL = auto()
    CONSOLE = auto()  # a clerk's, beside a ticket or on the phone


class UseOutcome(StrEnum):
    """What came of showing it; SHOWN is not yet anything (K1: deflection is counted honestly)."""

    SHOWN = auto()
    USEFUL = auto()  # the reader said so
    USELESS = auto()
    REPORTED = auto()  # 还是要报修: a ticket came of it


class ArticleActNotAllowed(Refusal):
    """The version's state has no such way out."""

    text_key = "knowledge.refusal.not_now"

    def __init__(self, state: VersionState, act: ArticleAct) -> None:
        super().__init__(state=Word(f"knowledge.state.{state.value}"))
        self.state = state
        self.act = act


_DRAFT, _REVIEW, _RETURNED = VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.RETURNED
_PUBLISHED = VersionState.PUBLISHED

ARTICLE_LIFECYCLE: Mapping[tuple[VersionState, ArticleAct], VersionState] = {
    (_DRAFT, ArticleAct.SAVE): _DRAFT,
    (_DRAFT, ArticleAct.SUBMIT): _REVIEW,
    (_DRAFT, ArticleAct.DROP): VersionState.DROPPED,
    (_REVIEW, ArticleAct.TAKE_BACK): _DRAFT,
    (_REVIEW, ArticleAct.RETURN): _RETURNED,
    (_REVIEW, ArticleAct.PUBLISH): _PUBLISHED,
    (_RETURNED, ArticleAct.SAVE): _DRAFT,
    (_RETURNED, ArticleAct.SUBMIT): _REVIEW,
    (_RETURNED, ArticleAct.DROP): VersionState.DROPPED,
    (_PUBLISHED, ArticleAct.SUPERSEDE): VersionState.SUPERSEDED,
}

OPEN_VERSIONS = (_DRAFT, _REVIEW, _RETURNED)
"""Still being written; an article has one of them at most."""


def next_state(state: VersionState, act: ArticleAct) -> VersionState:
    """Where the act leads, or `ArticleActNotAllowed`."""
    try:
        return ARTICLE_LIFECYCLE[state, act]
    except KeyError:
        raise ArticleActNotAllowed(state, act) from None


@dataclass(frozen=True, slots=True)
class KnowledgeRules:
    """When an article counts as stale or as never useful (config.yaml, section knowledge)."""

    review_after: timedelta = timedelta(days=180)
    never_used_after: timedelta = timedelta(days=90)
    same_report_within: timedelta = timedelta(days=1)  # then it did not help after all
    least_shown: int = 10  # before the share of 有用 says anything
    least_useful_share: float = 0.3
