"""Makes long lists into files, one at a time, at a pace that nobody else feels (C §18)."""

import io
import logging
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from domain.refusals import NotPermitted
from loop import Loop
from services import export, export_files
from services.desk import Desk
from services.export_files import MOST, Made, Making
from web.console import queue_address, queue_export
from web.page import words
from web.site import Site, site

log = logging.getLogger(__name__)

EVERY = 3.0  # seconds; one look at an index
_REST = 0.25  # of the time worked: the processor belongs to those who wait
_SWEPT_EVERY = 600.0  # seconds
_ROWS = 500  # between two rests
FOLDER = "exports"


class Stopped(Exception):
    """The process ends; the file is begun anew by another."""


class ExportMaker:
    """A thread; several processes may have one, each file is made once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._swept_at = 0.0
        self._loop = Loop("exports", self._worked, first=EVERY)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def _worked(self) -> float:
        try:
            return 0.0 if self.step() else EVERY
        except Stopped:
            log.info("export_left_off")
            return EVERY

    def step(self) -> bool:
        """Makes the next file; answers whether there was one."""
        with self._app.app_context():
            self._sweep()
            making = _claimed(site())
            if making is None:
                return False
            try:
                made = self._made(making)
            except NotPermitted:
                with site().database.transaction() as session:
                    export_files.refused(session, making, site().now())
                return True
            _kept(site(), making, made)
            return True

    def _made(self, making: Making) -> Made:
        asked = queue_address.of(queue_address.clean(making.query))
        with site().database.reading() as session:
            desk = Desk(session, site().now(), site().rules, making.maker)
            is_whole = export.begin(desk, asked.wanted, MOST)
        lines = queue_export.lines_of(asked, making.maker, is_whole=is_whole, most=MOST)
        counted = _Counted(self._resting(lines))
        path = folder(site()) / f"{secrets.token_hex(32)}.{making.format}"
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                _write(making.format, counted, file)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        count = counted.count - 1 - (not is_whole)  # but for the heading and the last word
        return Made(path.name, count, path.stat().st_size, is_whole)

    def _resting(self, lines: Iterator[list[str]]) -> Iterator[list[str]]:
        began = time.monotonic()
        for number, line in enumerate(lines, 1):
            yield line
            if number % _ROWS == 0:
                if self._loop.stopped.wait(_REST * (time.monotonic() - began)):
                    raise Stopped()
                began = time.monotonic()

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < _SWEPT_EVERY and self._swept_at:
            return
        self._swept_at = time.monotonic()
        with site().database.transaction() as session:
            gone = export_files.sweep(session, site().now())
        for name in gone:
            (folder(site()) / name).unlink(missing_ok=True)


class _Counted:
    """Lines, and how many there were."""

    def __init__(self, lines: Iterator[list[str]]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[list[str]]:
        for line in self._lines:
            self.count += 1
            yield line


def _write(form: str, lines: _Counted, file: io.BufferedWriter) -> None:
    if form == "xlsx":
        queue_export.write_workbook(lines, words("queue.export.sheet"), file)
        return
    for piece in queue_export.csv_bytes(lines):
        file.write(piece)


def _claimed(here: Site) -> Making | None:
    """Asked without a lock first: mostly there is nothing to make."""
    with here.database.reading() as session:
        if not export_files.is_waiting(session, here.now()):
            return None
    with here.database.transaction() as session:
        return export_files.claim(session, here.now())


def _kept(here: Site, making: Making, made: Made) -> None:
    with here.database.transaction() as session:
        is_ours = export_files.done(session, making, made, here.now())
    if is_ours:
        here.nudge()
    else:
        (folder(here) / made.file).unlink(missing_ok=True)


def folder(here: Site) -> Path:
    """Beside the photos, and as private as they are."""
    path = here.store.folder / FOLDER
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
