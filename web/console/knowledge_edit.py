"""The editor of articles: a preview, what says the same already, and two never overwrite (K2)."""

from dataclasses import dataclass

from flask import Response, request
from markupsafe import Markup

from domain.category import Category
from domain.knowledge import Audience
from domain.permissions import Permission
from nlp.article_pictures import pictures_in
from services.desk import Desk
from services.knowledge import from_ticket, paging, pictures, records, similar, writing
from services.knowledge.from_ticket import Learnt
from services.knowledge.paging import Managed
from services.knowledge.records import Wording
from services.knowledge.similar import Similar
from services.knowledge.writing import ChangedMeanwhile
from web import article_pictures
from web.acts import Led, looking, once
from web.console.knowledge import HOME, ONE
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, show, takes_photos, words
from web.site import site
from web.uploads import LARGEST

routes = pages("knowledge_edit", "/knowledge")

_ASKS_LIMIT = records.MOST_ASKS * (records.ASK_LIMIT + 1)
_TICKET = 20  # characters of a number
_FIELDS = (
    Field("title", records.TITLE_LIMIT, is_required=True, missing="knowledge_page.missing_title"),
    Field("asks", _ASKS_LIMIT),
    Field("category", 24, choices=[each.value for each in Category]),
    Field("audience", 24, choices=[each.value for each in Audience]),
    Field("answer", records.ANSWER_LIMIT, True, missing="knowledge_page.missing_answer"),
    Field("body", records.BODY_LIMIT),
    Field("note", records.NOTE_LIMIT),
    Field("revision", 9),
    Field("ticket", _TICKET),
    Field("act", 8, choices=("preview", "picture", "keep", "submit")),
)


_LOOKS = ("preview", "picture")
"""Acts that keep no words."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the editor shows beside the form."""

    near: tuple[Similar, ...] = ()
    theirs: Wording | None = None
    who: str = ""


@routes.get("/new")
@needs(Permission.KNOWLEDGE_WRITE)
def blank() -> Response:
    """Empty, with a question to answer (`ask`), or with what a solved ticket taught (`ticket`)."""
    number = request.args.get("ticket", "")[:_TICKET]
    values = {"title": request.args.get("ask", "").strip()[: records.TITLE_LIMIT]}
    with looking() as desk:
        if number:
            values = _taught(from_ticket.learnt(desk, number))
        near = similar.similar(desk, values["title"]) if values["title"] else ()
    return _editor(Filled({"audience": Audience.EVERYBODY.value, **values}), None, _Beside(near))


@routes.post("/new")
@takes_photos
@needs(Permission.KNOWLEDGE_WRITE)
def made() -> Response:
    filled = _read()
    if filled.problems or filled["act"] in _LOOKS:
        return _looked_at(filled, None)

    def do(desk: Desk) -> Led:
        ticket = desk.find(filled["ticket"]) if filled["ticket"] else None
        article = writing.create(desk, _wording(filled), ticket_id=ticket.id if ticket else None)
        return _kept(desk, article.number, filled)

    return once("article_new", do)


@routes.get(f"{ONE}/edit")
@needs(Permission.KNOWLEDGE_WRITE)
def edit(number: str) -> Response:
    with looking() as desk:
        article = paging.page(desk, number)
    version = article.shown_version
    values = {**_values(version.wording), "revision": str(version.revision)}
    return _editor(Filled(values), article, _Beside())


@routes.post(f"{ONE}/edit")
@takes_photos
@needs(Permission.KNOWLEDGE_WRITE)
def changed(number: str) -> Response:
    filled = _read()
    with looking() as desk:
        article = paging.page(desk, number)
    if filled.problems or filled["act"] in _LOOKS:
        return _looked_at(filled, article)
    try:
        return once("article_edit", lambda desk: _saved(desk, number, filled))
    except ChangedMeanwhile as no:
        filled = Filled({**filled.values, "revision": str(no.revision)})
        beside = _Beside(theirs=no.theirs, who=str(no.facts["who"]))
        return _editor(filled, article, beside, 409)


def _read() -> Filled:
    """The form, with the pictures that came with it in its text."""
    return article_pictures.with_pictures(read_form(*_FIELDS, files=(article_pictures.PICTURES,)))


def _saved(desk: Desk, number: str, filled: Filled) -> Led:
    """Of what people read, the next version is begun with the first words that are saved."""
    revision = int(filled["revision"]) if filled["revision"].isdecimal() else -1
    if paging.page(desk, number).open is None:
        revision = writing.revise(desk, number).revision
    writing.save(desk, number, _wording(filled), revision)
    return _kept(desk, number, filled)


def _kept(desk: Desk, number: str, filled: Filled) -> Led:
    act = "save"
    if filled["act"] == "submit":
        writing.submit(desk, number)
        act = "submit"
    return Led(f"{HOME}/{number.upper()}?done={act}")


# --- the page -------------------------------------------------------------------------------------


def _looked_at(filled: Filled, article: Managed | None) -> Response:
    with looking() as desk:
        but = article.number if article else ""
        near = similar.similar(desk, filled["title"], but) if filled["title"] else ()
    return _editor(filled, article, _Beside(near), 400 if filled.problems else 200)


def _editor(
    filled: Filled, article: Managed | None, beside: _Beside, status: int = 200
) -> Response:
    is_preview = filled["act"] == "preview" and not filled.problems
    return show(
        "console/knowledge/edit.html",
        status,
        filled=filled,
        article=article,
        beside=beside,
        theirs=_values(beside.theirs) if beside.theirs else {},
        differs=paging.difference,
        preview=_preview(filled["body"]) if is_preview else None,
        path=f"{HOME}/{article.number}/edit" if article else f"{HOME}/new",
        limits=records,
        asks_limit=_ASKS_LIMIT,
        most_pictures=article_pictures.MOST_AT_ONCE,
        largest=LARGEST // 1024**2,
        categories=[(each.value, words(f"category.{each.value}")) for each in Category],
        audiences=[(each.value, words(f"knowledge.audience.{each.value}")) for each in Audience],
    )


def _preview(body: str) -> Markup:
    """With the pictures that its writer may see, saved with it or not yet."""
    with looking() as desk:
        shown = pictures.of_text(desk, pictures_in(body))
    return article_pictures.drawn(body, shown)


def _wording(filled: Filled) -> Wording:
    return Wording(
        title=filled["title"],
        answer=filled["answer"],
        body=filled["body"],
        asks=tuple(filled["asks"].split("\n")),
        category=Category(filled["category"] or Category.OTHER),
        audience=Audience(filled["audience"] or Audience.EVERYBODY),
        note=filled["note"],
    )


def _values(wording: Wording) -> dict[str, str]:
    return {
        "title": wording.title,
        "asks": "\n".join(wording.asks),
        "category": wording.category.value,
        "audience": wording.audience.value,
        "answer": wording.answer,
        "body": wording.body,
        "note": wording.note,
    }


def _why(cause: str) -> tuple[str, ...]:
    """The cause under its heading, where it is one that has a name."""
    if not site().texts.has(f"cause.{cause}"):
        return ()
    return (f"## {words('knowledge_page.begun.cause')}", words(f"cause.{cause}"), "")


def _taught(learnt: Learnt) -> dict[str, str]:
    """A first draft from what was done; the writer makes it readable."""
    steps = [f"{at}. {step}" for at, step in enumerate(learnt.steps, 1)]
    parts = [words("knowledge_page.begun.parts", parts="、".join(learnt.parts))]
    body = [
        *_why(learnt.cause),
        f"## {words('knowledge_page.begun.steps')}",
        *steps,
        *(parts if learnt.parts else []),
    ]
    return {
        "title": learnt.symptom[: records.TITLE_LIMIT],
        "asks": learnt.symptom[: records.ASK_LIMIT],
        "category": learnt.category.value,
        "answer": "；".join(learnt.steps)[: records.ANSWER_LIMIT],
        "body": "\n".join(body),
        "ticket": learnt.number,
    }
