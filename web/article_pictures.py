"""Pictures of articles on pages: drawn in the text, handed out, and kept as they come (K2)."""

from collections.abc import Iterable, Sequence
from contextlib import closing

from flask import Response, request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from domain.refusals import Refusal
from nlp.article_markup import as_html
from nlp.article_pictures import Picture, picture_mark, pictures_in
from services.desk import Desk
from services.knowledge import illustrating, pictures
from services.knowledge.illustrating import LONGEST_SIDE, MOST
from services.knowledge.pictures import PictureView
from storage import MediaRefused, Saved
from web.acts import looking
from web.area import area
from web.forms import Filled
from web.media import handed_out
from web.page import reader
from web.site import site
from web.uploads import LARGEST

PICTURES = "pictures"
MOST_AT_ONCE = 10
_MINUTES = 600  # seconds that a browser keeps one: then the table decides anew


def drawn(body: str, shown: Iterable[PictureView]) -> Markup:
    """The text of an article, safe: its markup is closed, and escapes all else."""
    base = f"{area().path}/knowledge/"
    known = {
        each.id: Picture(f"{base}pictures/{each.id}", each.width, each.height) for each in shown
    }
    return Markup(as_html(body, base, known))


def opened(picture_id: int) -> Response:
    """To whoever may read an article that has it."""
    with looking() as desk:
        kept = pictures.opened(desk, picture_id)
    return handed_out(kept, _MINUTES)


def taken(filled: Filled) -> tuple[str, ...]:
    """The marks of the pictures that came with the form; what is wrong with one is said there."""
    files = [file for file in request.files.getlist(PICTURES) if file.filename]
    if len(files) > MOST_AT_ONCE:
        filled.refuse(PICTURES, "knowledge_page.picture.too_many")
        files = []
    saved = _saved(filled, files)
    if not saved:
        return ()
    try:
        with site().database.transaction() as session:
            desk = Desk(session, site().now(), site().rules, reader())
            return tuple(
                picture_mark(_called(file), illustrating.add(desk, each)) for file, each in saved
            )
    except Refusal as no:
        filled.refuse(PICTURES, no.text_key)
        return ()


def with_pictures(filled: Filled) -> Filled:
    """Without a script: those that came with the form stand at the end of its text."""
    marks = taken(filled)
    body = "\n\n".join(filter(None, (filled["body"], *marks)))
    if len(pictures_in(body)) > MOST:
        filled.refuse("body", "knowledge_page.picture.too_many_in_one")
    return Filled({**filled.values, "body": body}, filled.problems)


def _saved(filled: Filled, files: Sequence[FileStorage]) -> list[tuple[FileStorage, Saved]]:
    kept = []
    for file in files:
        with closing(file):
            data = file.stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            filled.refuse(PICTURES, "knowledge_page.picture.too_large")
            continue
        try:
            kept.append((file, site().store.save(data, "image", LONGEST_SIDE)))
        except MediaRefused:
            filled.refuse(PICTURES, "knowledge_page.picture.no_picture")
    return kept


def _called(file: FileStorage) -> str:
    """What a file is called says what it shows, until its writer says it better."""
    return (file.filename or "").rpartition("/")[2].rpartition(".")[0]
