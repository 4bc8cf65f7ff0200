"""The admin's own dictionary: a word, what it would change, and then it holds (F6)."""

from typing import Any

from flask import Response

from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from domain.understanding import WordKind
from nlp import lexicon
from services.desk import Desk
from services.readings import apart, live, preview, words
from services.readings.preview import Preview
from services.readings.words import Wanted
from web.acts import looking
from web.console.admin.acts import recorded
from web.console.admin.reading import reading_page
from web.console.admin.reading_shown import HOME
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs
from web.site import site

routes = pages("admin_reading_words", "/admin/understanding/words")

_PATH = f"{HOME}/words"
_WITHIN = 25.0  # seconds that somebody waits for a preview
_FIELDS = (
    Field("word", words.LONGEST, is_required=True),
    Field("kind", 12, is_required=True, choices=[each.value for each in WordKind]),
    Field("means", words.LONGEST),
    Field("heading", 40),
)


@routes.get("")
@needs(Permission.READING_READ)
def listed() -> Response:
    return _page(Filled({"kind": WordKind.SYNONYM.value}))


@routes.post("/preview")
@needs(Permission.READING_MANAGE)
def previewed() -> Response:
    """Tried in a process of its own, on the newest readings and on those held back."""
    filled = read_form(*_FIELDS)
    new = None if filled.problems else _wanted(filled)
    if new is None:
        return _page(filled, 400)
    with looking() as desk:
        wanted = (*_others(live.standing(desk.session).words, new), new.row)
        what = preview.asked(desk, wanted)
    try:
        found = preview.told(what, apart.work("nlp.trying", what.job, within=_WITHIN))
    except apart.Failed:
        filled.refuse("word", "reading.words.not_tried")
        return _page(filled, 503, new=new)
    return _page(filled, new=new, found=found)


@routes.post("")
@needs(Permission.READING_MANAGE)
def put() -> Response:
    filled = read_form(*_FIELDS)
    new = None if filled.problems else _wanted(filled)
    if new is None:
        return _page(filled, 400)

    def do(desk: Desk) -> str:
        words.put(desk, new)
        return f"{_PATH}?done=put"

    return _held(do, "reading_word_put")


@routes.post("/<int:word_id>/out")
@needs(Permission.READING_MANAGE)
def taken_out(word_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        words.take_out(desk, word_id)
        return f"{_PATH}?done=out"

    return _held(do, "reading_word_out")


def _held(do: Any, tapped: str) -> Response:
    answer = recorded(tapped, do)
    site().office.refresh()
    return answer


def _wanted(filled: Filled) -> Wanted | None:
    kind = WordKind(filled["kind"])
    means = filled["heading"] if kind is WordKind.CONCEPT else filled["means"]
    try:
        return words.wanted(filled["word"], kind, means)
    except Refusal as no:
        field = "word" if kind is WordKind.TERM or "meaning" not in no.text_key else "means"
        filled.problems[field] = Say(no.text_key, no.facts)
        return None


def _others(rows: tuple[live.Row, ...], new: Wanted) -> list[live.Row]:
    return [row for row in rows if row[:2] != new.row[:2]]


def _page(
    filled: Filled, status: int = 200, new: Wanted | None = None, found: Preview | None = None
) -> Response:
    with looking() as desk:
        rows = words.listed(desk.session)
    return reading_page(
        "reading_words.html",
        status,
        rows=rows,
        filled=filled,
        new=new,
        found=found,
        kinds=list(WordKind),
        headings=lexicon.concepts(),
    )
