"""`run.py nlp`: what there is, put live, taken back, written out (F6)."""

import hashlib
import json
from dataclasses import asdict

import pytest

from models import Database
from nlp.comparing import Figures
from services.readings import apart, models
from tests.cli.conftest import NOW
from tests.services.test_reading_models import learnt

_ONE = Figures(4, 3, 0.75, 0.7, 0.1, {})
_ASKED = dict.fromkeys(("intent", "category", "urgency"), _ONE)


def full(mark, **facts):
    """As a training answers."""
    made = learnt(mark, **facts)
    each = {name: asdict(found) for name, found in _ASKED.items()}
    changed = {"text": "老虎机卡了", "truth": "printer", "old": "other", "new": "printer"}
    made["figures"] |= {"old": each, "new": each, "changed": [changed], "reasons": []}
    return made


@pytest.fixture
def keep(database_url):
    def keep(mark, **facts):
        database = Database(database_url)
        with database.transaction() as session:
            made = models.keep(session, full(mark, **facts), by_id=None, note="七月", now=NOW)
            name = models.one(session, made).name
        database.dispose()
        return name

    return keep


@pytest.fixture
def run(run_on, database_url):
    return run_on(database_url)


def test_status_says_what_reads_and_what_could(run, keep):
    assert "随产品带的模型" in run("nlp", "status").output

    name = keep(1)
    shown = run("nlp", "status").output
    assert name in shown and "candidate" in shown and "七月" in shown


def test_the_newest_candidate_is_put_live_and_taken_back(run, keep):
    name = keep(1)

    assert name in run("nlp", "promote").output
    assert "live" in run("nlp", "status").output
    assert "随产品带的模型" in run("nlp", "rollback").output
    again = run("nlp", "rollback")
    assert again.exit_code == 1 and "没有可退回的" in again.output


def test_a_worse_one_is_refused_unless_forced_with_a_reason(run, keep):
    name = keep(1, verdict="worse")

    refused = run("nlp", "promote", name[:6])
    assert refused.exit_code == 1 and "请写明原因" in refused.output
    assert run("nlp", "promote", name[:6], "--force", "新系统").exit_code == 0


def test_a_name_that_is_none_is_told_in_one_line(run):
    found = run("nlp", "promote", "abcdef")

    assert found.exit_code == 1
    assert "没有这个模型" in found.output


def test_what_is_written_out_is_what_the_card_vouches_for(run, keep, tmp_path):
    name = keep(1)

    run("nlp", "export", tmp_path / "out", "--name", name)

    card = json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))
    content = (tmp_path / "out" / "model.npz").read_bytes()
    assert hashlib.sha256(content).hexdigest() == card["sha256"]


def test_figures_are_shown_beside_each_other(run, keep, monkeypatch):
    keep(1)
    monkeypatch.setattr(apart, "work", lambda *_, **__: full(1)["figures"])

    shown = run("nlp", "compare").output

    assert "0.7500 → 0.7500" in shown and "verdict   better" in shown
    assert "+ 老虎机卡了  other → printer (printer)" in shown
    assert "0.7500" in run("nlp", "evaluate").output


def test_a_training_makes_a_candidate(run, monkeypatch):
    monkeypatch.setattr(apart, "work", lambda *_, **__: full(1))
    run("person", "add", "何敏", "--role", "admin")

    made = run("nlp", "train", "--note", "七月")

    assert made.exit_code == 0, made.output
    assert "candidate" in run("nlp", "status").output
