"""The knowledge base for those who write it: lists, one article, its versions (K1, K2)."""

from flask import Response, request

from domain.category import Category
from domain.permissions import Permission
from nlp.article_words import LONGEST_QUERY
from services.knowledge import managing, paging, reading, unanswered
from services.knowledge.managing import Wanted, Which
from services.knowledge.paging import Managed, VersionView
from web import article_pictures
from web.acts import looking
from web.console.routes import PATH, pages
from web.page import needs, show

routes = pages("knowledge", "/knowledge")

HOME = f"{PATH}/knowledge"
ONE = "/<string(maxlength=12):number>"
DONE = (
    "create",
    "save",
    "submit",
    "take_back",
    "drop",
    "publish",
    "return",
    "retire",
    "restore",
    "keep",
    "give",
)
_MOST_PAGES = 1_000


@routes.get("")
@needs(Permission.KNOWLEDGE_WRITE)
def listed() -> Response:
    wanted = _wanted()
    with looking() as desk:
        found = managing.listed(desk, wanted)
        counts = managing.counts(desk)
    return show(
        "console/knowledge/list.html",
        found=found,
        counts=counts,
        wanted=wanted,
        parts=Which,
        categories=Category,
        dropped=request.args.get("done") == "drop",
    )


@routes.get("/unanswered")
@needs(Permission.KNOWLEDGE_WRITE)
def without_answer() -> Response:
    """What people asked and nothing answers; the way to write it."""
    with looking() as desk:
        asked = unanswered.unanswered(desk)
        counts = managing.counts(desk)
    return show("console/knowledge/unanswered.html", asked=asked, counts=counts, parts=Which)


@routes.get(ONE)
@needs(Permission.KNOWLEDGE_WRITE)
def one(number: str) -> Response:
    """As people read it, with what its writers and reviewers need beside it."""
    with looking() as desk:
        article = paging.page(desk, number)
        writers = paging.writers(desk) if article.acts.may_keep else ()
    return drawn(article, writers)


def drawn(article: Managed, writers: object = (), status: int = 200, problem: str = "") -> Response:
    version = article.shown_version
    return show(
        "console/knowledge/one.html",
        status,
        article=article,
        version=version,
        html=article_pictures.drawn(version.wording.body, version.pictures),
        before=_before(article, version),
        differs=paging.difference,
        writers=writers,
        done=_done(),
        problem=problem,
        way=f"{HOME}/{article.number}",
    )


@routes.get(f"{ONE}/versions/<int(max=100000):version>")
@needs(Permission.KNOWLEDGE_WRITE)
def version(number: str, version: int) -> Response:
    """One of its versions, and how it differs from the one before."""
    with looking() as desk:
        article = paging.page(desk, number)
    view = next((each for each in article.versions if each.version == version), None)
    if view is None:
        raise reading.NoSuchArticle()
    return show(
        "console/knowledge/version.html",
        article=article,
        version=view,
        html=article_pictures.drawn(view.wording.body, view.pictures),
        before=_before(article, view),
        differs=paging.difference,
        way=f"{HOME}/{article.number}",
    )


def _before(article: Managed, view: VersionView) -> VersionView | None:
    """What people read before it: of what was never published nobody asks."""
    earlier = [each for each in article.versions if each.version < view.version]
    read = [each for each in earlier if each.state.value in ("published", "superseded")]
    return read[0] if read else None


def _done() -> str:
    name = request.args.get("done", "")
    return name if name in DONE else ""


def _wanted() -> Wanted:
    asked = request.args
    which = asked.get("which", "")
    category, page = asked.get("category", ""), asked.get("page", "")
    return Wanted(
        Which(which) if which in {each.value for each in Which} else Which.PUBLISHED,
        asked.get("q", "").strip()[:LONGEST_QUERY],
        Category(category) if category in {each.value for each in Category} else None,
        min(int(page), _MOST_PAGES) if page.isascii() and page.isdecimal() and int(page) else 1,
    )
