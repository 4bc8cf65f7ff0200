"""What `run.py classify --evaluate` and `--cross-validate` print and write (F6)."""

import json

import pytest

from domain.category import Category
from domain.priority import Urgency
from nlp import corpus, model, training, weights
from nlp.corpus import BadLine, Utterance
from nlp.evaluation import cross_validate, evaluate, validate_across_files, validate_on_own
from nlp.intents import Intent
from nlp.reading import reading
from nlp.report import report
from tests.nlp.slices import some_utterances

TOLD: list[dict[str, str | None]] = [
    {"text": "打印机卡纸", "intent": "report", "category": "printer", "urgency": "normal"},
    {"text": "全公司断网了", "intent": "report", "category": "network", "urgency": "high"},
    {"text": "转人工", "intent": "human", "category": None, "urgency": None},
]


def write(path, lines):
    path.write_text(
        "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8"
    )
    return path


@pytest.fixture
def labelled(tmp_path):
    return write(tmp_path / "told.jsonl", TOLD)


def told(intent, category=None, urgency=None):
    return Utterance("……", intent, category, urgency, "made up")


def read_as(intent, category, urgency=Urgency.NORMAL, sure=0.9):
    ranked = sorted(Category, key=lambda each: each is not category)
    shares = tuple((each, sure if each is category else 0.0) for each in ranked)
    return reading((intent, sure), shares, (urgency, sure), tuple)


def test_the_report_prints_accuracy_and_macro_f1_of_all_three(labelled):
    printed = str(evaluate(labelled))

    assert "told.jsonl: 3 lines" in printed
    assert "accuracy" in printed and "macro-F1" in printed
    for title in ("intent", "category given the intent", "category end to end"):
        assert f"\n{title}" in printed
    assert "\nurgency of reports" in printed and "\nurgency end to end" in printed
    assert "1.0000" in printed


def test_accuracy_and_macro_f1_are_what_they_are_called():
    """Two of three reports found (F1 0.8), one howto taken for one (F1 2/3)."""
    found = report(
        "by hand",
        [told(Intent.REPORT), told(Intent.REPORT), told(Intent.REPORT), told(Intent.HOWTO)],
        [
            read_as(Intent.REPORT, Category.DATA),
            read_as(Intent.REPORT, Category.DATA),
            read_as(Intent.HOWTO, Category.DATA),
            read_as(Intent.HOWTO, Category.DATA),
        ],
    ).score("intent")

    assert found.accuracy == pytest.approx(3 / 4)
    assert found.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert found.mistakes == ((("report", "howto"), 1),)
    by_label = {row.label: row for row in found.rows}
    assert by_label["report"].precision == 1.0
    assert by_label["report"].recall == pytest.approx(2 / 3)
    assert by_label["howto"].support == 1


def test_a_category_that_an_intent_hides_counts_as_missed_end_to_end():
    found = report(
        "by hand",
        [told(Intent.REPORT, Category.DATA, Urgency.HIGH)],
        [read_as(Intent.COMPLAIN, Category.DATA, Urgency.HIGH)],
    )

    assert found.score("category given the intent").accuracy == 1.0
    assert found.score("category end to end").accuracy == 0.0
    assert found.score("urgency of reports").accuracy == 1.0
    assert found.score("urgency end to end").accuracy == 0.0


def test_what_asking_costs_and_brings_is_told():
    found = report(
        "by hand",
        [told(Intent.REPORT), told(Intent.REPORT)],
        [read_as(Intent.REPORT, Category.DATA), read_as(Intent.HOWTO, Category.DATA, sure=0.2)],
    )

    (threshold,) = found.thresholds
    assert (threshold.answered, threshold.right) == (0.5, 1.0)
    assert "50.0% answered at once, 100.0% of them right" in str(found)


def test_a_file_without_labels_is_read_and_not_scored(tmp_path):
    found = evaluate(write(tmp_path / "bare.jsonl", [{"text": "打印机卡纸"}]))

    assert (found.lines, found.scores) == (1, ())
    assert "1 lines" in str(found)


def test_an_empty_file_has_nothing_to_score(tmp_path):
    assert evaluate(write(tmp_path / "empty.jsonl", [])).lines == 0


def test_each_line_has_a_prediction_in_the_order_of_the_file(labelled, tmp_path):
    evaluate(labelled, tmp_path / "out.jsonl")

    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    predictions = [json.loads(line) for line in written]
    assert [each["text"] for each in predictions] == [line["text"] for line in TOLD]
    for each, line in zip(predictions, TOLD, strict=True):
        assert {key: each[key] for key in ("intent", "category", "urgency")} == {
            key: line[key] for key in ("intent", "category", "urgency")
        }
        for confidence in ("intent_confidence", "category_confidence", "urgency_confidence"):
            assert 0.0 <= each[confidence] <= 1.0


def test_predictions_can_be_evaluated_again(labelled, tmp_path):
    evaluate(labelled, tmp_path / "out.jsonl")

    assert evaluate(tmp_path / "out.jsonl").score("intent").accuracy == 1.0


def test_half_an_emoji_can_be_read_and_written(tmp_path):
    file = tmp_path / "half.jsonl"
    file.write_text('{"text": "\\ud83d 打印机卡纸"}\n', encoding="utf-8")

    evaluate(file, tmp_path / "out.jsonl")

    prediction = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert prediction["text"] == "\ud83d 打印机卡纸"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2"),
        ('"a text"', "line 2: not an object with a text"),
        ('{"intent": "report"}', "line 2: not an object with a text"),
        ('{"text": 5}', "line 2: not an object with a text"),
        ('{"text": "x", "intent": "repair"}', "line 2: intent 'repair' is none of report, "),
        ('{"text": "x", "category": "tv"}', "line 2: category 'tv' is none of computer, "),
        ('{"text": "x", "urgency": "medium"}', "line 2: urgency 'medium' is none of "),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(tmp_path, line, says):
    file = tmp_path / "wrong.jsonl"
    file.write_text(f'{{"text": "打印机卡纸"}}\n{line}\n', encoding="utf-8")

    with pytest.raises(BadLine, match=f"wrong.jsonl, {says}"):
        evaluate(file, tmp_path / "out.jsonl")

    assert not (tmp_path / "out.jsonl").exists()


def test_what_we_wrote_ourselves_is_learnt_and_never_measured(tmp_path, monkeypatch):
    """Save what is nearly one of the lines that are read in the turn."""
    corpus_file = write(tmp_path / "utterances.jsonl", TOLD)
    beside = [{**TOLD[0], "text": "打印机又卡纸"}, {**TOLD[0], "text": "硒鼓漏粉,满手都是"}]
    own_file = write(tmp_path / "own-x.jsonl", beside)
    monkeypatch.setattr(corpus, "corpus_files", lambda: [corpus_file])
    monkeypatch.setattr(corpus, "phrase_files", lambda: [own_file])
    learnt = []

    def train(utterances):
        learnt.append({told.text for told in utterances})
        return None

    monkeypatch.setattr(training, "train", train)
    monkeypatch.setattr(model, "readable", lambda _: weights.load())

    assert validate_across_files().lines == len(TOLD)
    assert learnt == [{"硒鼓漏粉,满手都是"}]
    assert validate_on_own().lines == len(beside)
    assert learnt[1] == {"全公司断网了", "转人工"}


def test_the_calibration_error_is_what_confidences_promise_beyond_what_they_keep():
    """Two answers at 0.9, one of them right: 0.4; one at 0.2, wrong: 0.2; weighed by number."""
    found = report(
        "by hand",
        [told(Intent.REPORT)] * 3,
        [
            read_as(Intent.REPORT, Category.DATA),
            read_as(Intent.HOWTO, Category.DATA),
            read_as(Intent.HOWTO, Category.DATA, sure=0.2),
        ],
    )

    assert found.score("intent").calibration_error == pytest.approx((2 * 0.4 + 0.2) / 3)
    assert "ECE" in str(found)


def test_cross_validation_reads_every_line_once_by_weights_that_never_saw_it(tmp_path, monkeypatch):
    lines = [
        {
            "text": each.text,
            "intent": each.intent,
            "category": each.category,
            "urgency": each.urgency,
        }
        for each in some_utterances()
    ]
    file = write(tmp_path / "utterances.jsonl", lines)
    monkeypatch.setattr(corpus, "corpus_files", lambda: [file])
    monkeypatch.setattr(corpus, "phrase_files", list)

    found = cross_validate(folds=2)

    intent = found.score("intent")
    assert found.title == "2 folds, seed 7"
    assert found.lines == sum(row.support for row in intent.rows) == len(lines)
    assert 1 / len(Intent) < intent.accuracy < 1.0  # better than chance, worse than by heart
