"""`run.py nlp`: what the desk corrected is learnt, measured, put live and taken back (F6)."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from cli.access import reading, writing
from cli.columns import printable
from cli.context import Desk, config_option, pass_desk
from cli.words import say
from domain.refusals import NotFound, Refusal
from models import DatabaseUnavailable, Session
from nlp import weights as weights_file
from nlp.comparing import QUESTIONS
from services.readings import live, measuring, models, training
from services.readings.models import ModelRow

_SHOWN = 20  # sentences that changed


@click.group()
def nlp() -> None:
    """What messages are read by: weights, learnt from what the desk corrected as well."""


@nlp.command()
@config_option
@click.option("--note", default="", help="Why, for whoever reads the list.")
@pass_desk
def train(desk: Desk, note: str) -> None:
    """Learn new weights: a candidate, which reads nothing before it is put live."""
    with reading(desk):
        pass  # the tables are there, or one line says what is missing
    try:
        click.echo(say(desk, "cli.nlp.begun"))
        made = training.train_here(desk.database, desk.clock, note)
    except Refusal as no:
        raise _refused(desk, no) from None
    except DatabaseUnavailable as error:
        raise click.ClickException(f"the database does not answer ({error})") from None
    finally:
        desk.database.dispose()
    if made is None:
        raise click.ClickException(say(desk, "cli.nlp.failed"))
    with reading(desk) as session:
        _show(desk, models.one(session, made))


@nlp.command()
@config_option
@pass_desk
def evaluate(desk: Desk) -> None:
    """How well the weights that are live read the sentences held back."""
    with reading(desk) as session:
        job = measuring.job_of(session, None)
    found = measuring.measured(job)
    for line in _figures(found["old"], None):
        click.echo(line)


@nlp.command()
@config_option
@click.argument("name", required=False)
@pass_desk
def compare(desk: Desk, name: str | None) -> None:
    """NAME, or the newest candidate, beside what is live, on what the desk knows by now."""
    with reading(desk) as session:
        row = _named(desk, session, name)
        job = measuring.job_of(session, row.id)
    found = measuring.measured(job)
    click.echo(row.name)
    for line in _compared(desk, found):
        click.echo(line)


@nlp.command()
@config_option
@click.argument("name", required=False)
@click.option("--force", "reason", default="", metavar="WHY", help="Although it reads worse.")
@pass_desk
def promote(desk: Desk, name: str | None, reason: str) -> None:
    """Put NAME, or the newest candidate, live: every worker reads by it within seconds."""
    with writing(desk) as session:
        row = _named(desk, session, name)
        try:
            models.put_live(session, row.id, by_id=None, now=desk.clock(), reason=reason)
        except Refusal as no:
            raise _refused(desk, no) from None
    click.echo(say(desk, "cli.nlp.promoted", name=row.name))


@nlp.command()
@config_option
@pass_desk
def rollback(desk: Desk) -> None:
    """Put the weights from before live again, or those that came with the release."""
    with writing(desk) as session:
        try:
            name = models.go_back(session, by_id=None, now=desk.clock())
        except Refusal as no:
            raise _refused(desk, no) from None
    key = "cli.nlp.promoted" if name else "cli.nlp.shipped"
    click.echo(say(desk, key, name=name))


@nlp.command()
@config_option
@pass_desk
def status(desk: Desk) -> None:
    """What is live, what could be, and what there is to learn."""
    with reading(desk) as session:
        rows = models.listed(session)
        stands = live.standing(session)
        lessons = training.lessons_of(session)
    if stands.model_id is None:
        click.echo(say(desk, "cli.nlp.shipped"))
    for row in rows:
        click.echo(_line(row))
    click.echo(say(desk, "cli.nlp.lessons", count=len(lessons), words=len(stands.words)))


@nlp.command()
@config_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="Other weights than those that are live.")
@pass_desk
def export(desk: Desk, folder: Path, name: str | None) -> None:
    """Write weights and card into FOLDER, as nlp/data holds them."""
    with reading(desk) as session:
        stands = live.standing(session)
        chosen = _named(desk, session, name).id if name else stands.model_id
        if chosen is None:
            raise click.ClickException(say(desk, "cli.nlp.shipped"))
        content, card = live.weights(session, chosen)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / weights_file.WEIGHTS.name).write_bytes(content)
    written = json.dumps(card, ensure_ascii=False, indent=1) + "\n"
    (folder / weights_file.CARD.name).write_text(written, encoding="utf-8")
    click.echo(str(folder))


# --- parts -------------------------------------------------------------------------------------


def _named(desk: Desk, session: Session, name: str | None) -> ModelRow:
    try:
        return models.named(session, name) if name else models.newest_candidate(session)
    except NotFound:
        raise click.ClickException(say(desk, "cli.nlp.unknown")) from None


def _refused(desk: Desk, no: Refusal) -> click.ClickException:
    return click.ClickException(say(desk, no.text_key, **no.facts))


def _show(desk: Desk, row: ModelRow) -> None:
    click.echo(_line(row))
    for line in _compared(desk, row.figures):
        click.echo(line)


def _line(row: ModelRow) -> str:
    note = f"  {printable(row.note)}" if row.note else ""
    desk = row.learnt.get("desk", 0)
    made = row.made_at.strftime("%Y-%m-%d %H:%M")
    return f"{row.name}  {row.state:9}  {row.verdict:7}  {made}  desk={desk}{note}"


def _compared(desk: Desk, found: Mapping[str, Any]) -> Iterator[str]:
    yield from _figures(found["old"], found["new"])
    yield f"verdict   {found['verdict']} {' '.join(found['reasons'])}".rstrip()
    for each in found["changed"][:_SHOWN]:
        sign = "+" if each["new"] == each["truth"] else "-" if each["old"] == each["truth"] else " "
        yield printable(f"{sign} {each['text']}  {each['old']} → {each['new']} ({each['truth']})")


def _figures(old: Mapping[str, Any], new: Mapping[str, Any] | None) -> Iterator[str]:
    yield f"{'':10}{'asked':>7}{'accuracy':>20}{'macro-F1':>20}{'ECE':>20}"
    for name in QUESTIONS:
        cells = (
            _cell(old[name][what], new[name][what] if new else None)
            for what in ("accuracy", "macro_f1", "ece")
        )
        yield f"{name:10}{old[name]['asked']:7}" + "".join(f"{cell:>20}" for cell in cells)


def _cell(before: float, after: float | None) -> str:
    return f"{before:.4f}" if after is None else f"{before:.4f} → {after:.4f}"
