"""Figures of automatic decisions: what counts as right, as wrong, and as left to a person."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.decision_figures import (
    Decision,
    Outcome,
    by,
    components_of,
    confusion,
    decided,
    figures,
    main,
    printed,
    printed_errors,
)
from bench.decision_rows import COLUMNS, Row, Split
from nlp import Analysis, CopyKey, Hit
from service.moderation import Suggestion
from service.moderation.item import COMPONENTS

PASS, REVIEW, BLOCK = Suggestion.PASS, Suggestion.REVIEW, Suggestion.BLOCK


@pytest.mark.parametrize(
    ("gold", "said", "outcome"),
    [
        (PASS, PASS, Outcome.RIGHT),
        (PASS, REVIEW, Outcome.LEFT_OPEN),
        (PASS, BLOCK, Outcome.WRONG_BLOCK),
        (BLOCK, PASS, Outcome.WRONG_PASS),
        (BLOCK, REVIEW, Outcome.LEFT_OPEN),
        (BLOCK, BLOCK, Outcome.RIGHT),
        (REVIEW, PASS, Outcome.OVER_A_PERSON),
        (REVIEW, REVIEW, Outcome.FOR_A_PERSON),
        (REVIEW, BLOCK, Outcome.OVER_A_PERSON),
    ],
)
def test_what_a_decision_is_worth(gold: Suggestion, said: Suggestion, outcome: Outcome) -> None:
    assert _decision(gold, said).outcome is outcome


def test_a_review_is_neither_right_nor_wrong() -> None:
    found = figures([_decision(PASS, PASS), _decision(PASS, REVIEW), _decision(BLOCK, PASS)])
    assert (found.rows, found.decidable, found.automatic, found.left_open) == (3, 3, 2, 1)
    assert (found.right, found.wrong_passes, found.wrong_blocks) == (1, 1, 0)
    assert found.accuracy == 0.5


def test_texts_for_a_person_count_apart() -> None:
    found = figures([_decision(PASS, PASS), _decision(REVIEW, PASS), _decision(REVIEW, REVIEW)])
    assert (found.decidable, found.for_a_person, found.over_a_person) == (1, 1, 1)
    assert (found.accuracy, found.strict) == (1.0, 0.5)


def test_the_interval_is_that_of_wilson() -> None:
    found = figures([_decision(PASS, PASS)] * 9 + [_decision(PASS, BLOCK)])
    assert found.low == pytest.approx(0.5958, abs=1e-4)
    assert found.high == pytest.approx(0.9821, abs=1e-4)


def test_nothing_decided_has_no_accuracy() -> None:
    found = figures([_decision(PASS, REVIEW)])
    assert (found.accuracy, found.strict, found.low, found.high) == (None, None, 0.0, 1.0)
    assert "right - %" in printed([_decision(PASS, REVIEW)])


def test_groups_have_figures_of_their_own() -> None:
    groups = by(
        [_decision(BLOCK, BLOCK, reason="spam"), _decision(BLOCK, PASS, reason="hate")],
        lambda row: row.reason,
    )
    assert [(name, found.accuracy) for name, found in groups.items()] == [
        ("hate", 0.0),
        ("spam", 1.0),
    ]


def test_confusion_counts_gold_by_said() -> None:
    counts = confusion([_decision(BLOCK, PASS), _decision(BLOCK, PASS), _decision(PASS, PASS)])
    assert counts == {
        "pass": {"pass": 1, "review": 0, "block": 0},
        "review": {"pass": 0, "review": 0, "block": 0},
        "block": {"pass": 2, "review": 0, "block": 0},
    }


def test_what_any_text_lacks_is_not_asked_for() -> None:
    analyses = [_analysis(), replace(_analysis(), degraded=("abuse", "emotion", "tokenizer"))]
    asked = components_of(analyses)
    assert asked == tuple(name for name in COMPONENTS if name not in ("abuse", "emotion"))


def test_what_is_asked_for_and_missing_is_never_passed() -> None:
    rows, analyses = [_row(PASS)], [replace(_analysis(), degraded=("abuse",))]
    [lenient] = decided(rows, analyses, ("lexicon",))
    [careful] = decided(rows, analyses, None)
    assert (lenient.said, careful.said) == (PASS, REVIEW)


def test_the_answer_is_that_of_the_classify_code() -> None:
    hit = Hit(
        entry_id="lex_x",
        term="甲",
        category="gambling",
        severity=5,
        scenario=None,
        start=0,
        end=1,
        surface="甲",
    )
    rows, analyses = [_row(BLOCK)], [replace(_analysis(), hits=(hit,))]
    [decision] = decided(rows, analyses, ("lexicon",))
    assert (decision.said, decision.labels) == (BLOCK, ("gambling/lexicon",))


def test_an_advertisement_is_asked_about_as_one() -> None:
    rows = [replace(_row(REVIEW), kind="advertisement")]
    [decision] = decided(rows, [_analysis()], ("lexicon",))
    assert decision.outcome is Outcome.FOR_A_PERSON


def test_errors_are_listed_worst_first_on_one_line_each() -> None:
    blocked = Decision(row=_row(PASS, text="乙\n丙"), said=BLOCK, labels=("spam/lexicon",))
    shown = printed_errors(
        [_decision(PASS, PASS), _decision(BLOCK, REVIEW), blocked, _decision(BLOCK, PASS)],
        Split.TUNE,
    )
    assert shown.split("\n") == [
        "wrong pass\ta-1\tblock talk plain\t-\t甲",
        "wrong block\ta-1\tpass talk plain\tspam/lexicon\t乙\\n丙",
        "left to a person\ta-1\tblock talk plain\t-\t甲",
    ]


def test_errors_of_the_other_half_are_left_out() -> None:
    held = Decision(row=replace(_row(BLOCK), split=Split.HELD), said=PASS)
    assert printed_errors([held], Split.TUNE) == ""


def test_errors_of_the_held_half_are_refused() -> None:
    with pytest.raises(ValueError, match="only figures are shown of the held half"):
        printed_errors([], Split.HELD)


def test_the_tables_name_halves_categories_and_techniques() -> None:
    shown = printed([_decision(BLOCK, BLOCK, reason="spam"), _decision(PASS, PASS)])
    assert "both: 2 texts, 2 to be passed or blocked" in shown
    assert "decided automatically 2 (100.00 %), sent to review 0 (0.00 %)" in shown
    lines = [line.split() for line in shown.split("\n")]
    assert ["block", "spam", "1", "1", "1", "0", "0", "0", "100.00"] in lines
    assert ["pass", "plain", "1", "1", "1", "0", "0", "0", "100.00"] in lines


@pytest.mark.slow
def test_the_program_prints_and_keeps_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "a-1	今天天气很好	post	block	spam	plain	tune	"
    (tmp_path / "a.tsv").write_text("\t".join(COLUMNS) + f"\n{line}\n", "utf-8")
    kept = tmp_path / "figures.json"
    arguments = ["--set", str(tmp_path), "--errors", "tune", "--json", str(kept)]
    monkeypatch.setattr(sys, "argv", ["decision_figures", *arguments])
    main()
    out = capsys.readouterr().out
    assert out.startswith("asked for: ")
    assert "wrong pass\ta-1" in out
    report = json.loads(kept.read_text("utf-8"))
    assert report["all"]["wrong_passes"] == 1
    assert report["reason"]["block spam"]["accuracy"] == 0.0
    assert "lexicon" in report["versions"]


def test_the_program_says_what_is_wrong_with_a_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["decision_figures", "--set", str(tmp_path)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "no rows; a folder with *.tsv is expected" in capsys.readouterr().err


def _decision(gold: Suggestion, said: Suggestion, *, reason: str = "talk") -> Decision:
    return Decision(row=_row(gold, reason=reason), said=said)


def _row(gold: Suggestion, *, reason: str = "talk", text: str = "甲") -> Row:
    return Row(
        id="a-1",
        text=text,
        kind="post",
        gold=gold,
        reason=reason,
        technique="plain",
        split=Split.TUNE,
        note="",
    )


def _analysis() -> Analysis:
    return Analysis(
        language="zh", normal="甲", tokens=(), copy_key=CopyKey(exact="", simhash=0, bands=())
    )
