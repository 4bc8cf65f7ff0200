"""Photos and files of a form: checked and kept before the transaction, put to a ticket in it."""

from collections.abc import Sequence

from flask import request
from werkzeug.datastructures import FileStorage

from domain.file_names import clean_name, ending_of
from domain.sentence import Say
from models import Purpose
from services import attachments
from services.attachments import MOST_UPLOADS as MOST_UPLOADS
from services.desk import Desk
from storage import MediaRefused, Saved, sniff
from web.forms import Filled
from web.site import site

PHOTOS = "photos"
_MEGABYTE = 1024 * 1024
LARGEST_PHOTO_MB = 10
LARGEST_FILE_MB = 20
MOST_TOGETHER_MB = 35  # of one form; the server takes a little more (web/app.py)
LARGEST = LARGEST_PHOTO_MB * _MEGABYTE  # bytes of one photo (H-36)
LARGEST_FILE = LARGEST_FILE_MB * _MEGABYTE  # bytes of one document

_NO_PHOTO = "h5.form.no_photo"
_TOLD = ("too_large", "empty", "wrong_type", "has_macros", "encrypted", "too_many_pixels")


def taken(filled: Filled, name: str = PHOTOS, *, with_files: bool = False) -> tuple[Saved, ...]:
    """The photos of the form, kept; none while something else is wrong with it.

    `with_files`: documents, too; what each is, its content says.
    """
    files = [file for file in request.files.getlist(name) if file.filename]
    if len(files) > MOST_UPLOADS:
        filled.refuse(name, "h5.form.too_many_photos")
    if filled.problems:
        if files:
            filled.refuse(name, "h5.form.choose_photos_again")
        return ()
    return _saved(filled, name, files, with_files=with_files)


def _saved(
    filled: Filled, name: str, files: Sequence[FileStorage], *, with_files: bool
) -> tuple[Saved, ...]:
    kept = []
    for file in files:
        try:
            kept.append(_document_or_photo(file) if with_files else _photo(file))
        except MediaRefused as refused:
            filled.problems[name] = _why(file, refused) if with_files else Say(_NO_PHOTO)
            return ()
    return tuple(kept)


def _photo(file: FileStorage) -> Saved:
    return _as_photo(file.stream.read(LARGEST + 1))


def _as_photo(data: bytes) -> Saved:
    if len(data) > LARGEST:
        raise MediaRefused("too_large")
    return site().store.save(data, "image")


def _document_or_photo(file: FileStorage) -> Saved:
    """A text may begin like a picture: what is none is looked at as a document."""
    data = file.stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise MediaRefused("too_large")
    if (sniff(data) or "").startswith("image/"):
        try:
            return _as_photo(data)
        except MediaRefused as refused:
            if refused.reason != "broken_image":
                raise
    return site().store.save_document(data, file.filename or "")


def _why(file: FileStorage, refused: MediaRefused) -> Say:
    """Which file, and why, in the reader's language."""
    reason = refused.reason if refused.reason in _TOLD else "broken"
    name = clean_name(file.filename or "", ending_of(file.filename or "") or "file")
    limits = {"photo": LARGEST_PHOTO_MB, "largest": LARGEST_FILE_MB}
    return Say(f"sent_file.refused.{reason}", {"name": name, **limits})


def keep(
    desk: Desk,
    photos: Sequence[Saved],
    ticket_id: int | None = None,
    purpose: Purpose = Purpose.REPORT,
) -> None:
    """With this ticket; without one they wait for the report that follows."""
    for saved in photos:
        kind = "image" if saved.content_type.startswith("image/") else "file"
        attachments.keep_upload(desk, ticket_id, kind, saved, purpose)


def size_words(size: int) -> str:
    """As people say it: whole kilobytes, or megabytes with a tenth."""
    if size < _MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / _MEGABYTE:.1f} MB"
