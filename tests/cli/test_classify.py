"""`run.py classify`: one answer with its words, and how well a file is read."""

import json

import pytest
from click.testing import CliRunner

from cli.classify import classify
from tests.cli.conftest import SECRETS, write

TEXT = "三楼财务室那台惠普打印机一直卡纸"


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Without settings, secrets or a database."""
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(classify, list(map(str, words)))


@pytest.fixture
def labelled(tmp_path):
    lines = [
        {"text": TEXT, "intent": "report", "category": "printer", "urgency": "normal"},
        {"text": "谢谢", "intent": "thanks", "category": None, "urgency": None},
    ]
    return write(tmp_path, "sample.jsonl", "".join(f"{json.dumps(line)}\n" for line in lines))


def test_an_answer_names_the_words_that_decided(run):
    """F6."""
    lines = run(TEXT).output.splitlines()

    assert lines[0].split()[:2] == ["intent", "report"]
    assert lines[1].split()[:2] == ["category", "printer"] and "卡纸" in lines[1]
    assert lines[2].split()[:2] == ["urgency", "normal"]


def test_what_is_about_no_thing_has_no_category(run):
    assert "category  none" in run("谢谢").output


def test_json_holds_the_evidence(run):
    told = json.loads(run(TEXT, "--json").stdout)

    assert (told["intent"], told["category"], told["urgency"]) == ("report", "printer", "normal")
    assert 0.5 < told["category_confidence"] <= 1
    assert {"打印机", "卡纸"} <= {
        each["word"] for each in told["evidence"] if each["label"] == "printer"
    }


@pytest.mark.parametrize("text", ["", "\x1b[2J", "\udcff", "卡" * 5000])
def test_any_text_is_answered(run, text):
    for words in ((text,), (text, "--json")):
        done = run(*words)

        assert done.exit_code == 0 and "\x1b" not in done.output
    assert "intent" in json.loads(done.stdout)


def test_a_file_is_measured_and_what_was_read_is_written(run, labelled, tmp_path):
    done = run("--evaluate", labelled, "--out", tmp_path / "out.jsonl")

    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert done.exit_code == 0
    for question in ("intent", "category end to end", "urgency end to end"):
        assert question in done.output
    assert "accuracy" in done.output and "macro-F1" in done.output
    assert [each["intent"] for each in written] == ["report", "thanks"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"text": "x", "intent": "dance"}\n', "line 1: intent 'dance' is none of report"),
        (b'{"text": "x"}\n{"words": 1}\n', "line 2"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_wrong_is_named(run, tmp_path, content, told):
    done = run("--evaluate", write(tmp_path, "sample.jsonl", content))

    assert done.exit_code == 1
    assert "sample.jsonl" in done.output and told in done.output


@pytest.mark.parametrize("words", [("nothing.jsonl",), ("sample.jsonl", "--out", "no/out.jsonl")])
def test_a_file_that_cannot_be_opened_is_named(run, labelled, words):
    done = run("--evaluate", *words)

    assert done.exit_code == 1
    assert f"{words[-1]}: No such file" in done.output


@pytest.mark.parametrize(
    "words",
    [
        (),
        (TEXT, "--cross-validate"),
        (TEXT, "--evaluate", "x"),
        ("--cross-validate", "--out", "x"),
        ("--cross-validate", "--json"),
    ],
)
def test_it_does_one_thing_at_a_time(run, words):
    assert run(*words).exit_code == 2


def test_cross_validation_prints_what_it_measured(run, monkeypatch):
    """The measuring itself is tested, and its floors held, in tests/nlp/test_evaluation.py."""
    monkeypatch.setattr("nlp.evaluation.cross_validate", lambda: "5 folds: all right")

    assert run("--cross-validate").output == "5 folds: all right\n"
