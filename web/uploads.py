"""Photos of a form: checked and kept before the transaction, put to a ticket within it."""

from collections.abc import Sequence

from flask import request
from werkzeug.datastructures import FileStorage

from models import Purpose
from services import attachments
from services.attachments import MOST_UPLOADS
from services.desk import Desk
from storage import MediaRefused, Saved
from web.forms import Filled
from web.site import site

PHOTOS = "photos"
LARGEST = 10 * 1024 * 1024  # bytes of one photo (H-36)


def taken(filled: Filled, name: str = PHOTOS) -> tuple[Saved, ...]:
    """The photos of the form, kept; none while something else is wrong with it."""
    files = [file for file in request.files.getlist(name) if file.filename]
    if len(files) > MOST_UPLOADS:
        filled.refuse(name, "h5.form.too_many_photos")
    if filled.problems:
        if files:
            filled.refuse(name, "h5.form.choose_photos_again")
        return ()
    return _saved(filled, name, files)


def _saved(filled: Filled, name: str, files: Sequence[FileStorage]) -> tuple[Saved, ...]:
    kept = []
    for file in files:
        data = file.stream.read(LARGEST + 1)
        try:
            if len(data) > LARGEST:
                raise MediaRefused("too_large")
            kept.append(site().store.save(data, "image"))
        except MediaRefused:
            filled.refuse(name, "h5.form.no_photo")
            return ()
    return tuple(kept)


def keep(
    desk: Desk,
    photos: Sequence[Saved],
    ticket_id: int | None = None,
    purpose: Purpose = Purpose.REPORT,
) -> None:
    """With this ticket; without one they wait for the report that follows."""
    for saved in photos:
        attachments.keep_upload(desk, ticket_id, "image", saved, purpose)
