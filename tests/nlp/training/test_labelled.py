"""Our own sets: the real files are sound, and a broken one is told by file and line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlp.training.corpora import LABELS, Row
from nlp.training.errors import BadCorpus
from nlp.training.labelled import FOLDS, OWN, fold_of, read_labelled
from tests.support.tiny_corpora import write_labelled, write_set


@pytest.fixture(scope="module")
def ours() -> list[tuple[str, str, int]]:
    return [(row.task, row.text, row.label) for row in read_labelled()]


def test_every_label_of_ours_has_examples(ours: list[tuple[str, str, int]]) -> None:
    found = Counter((task, LABELS[task][label]) for task, _, label in ours)
    own = ("intent", "moderation", "scenario")
    assert set(found) == {(task, label) for task in own for label in LABELS[task]}
    assert min(found.values()) >= 75


def test_no_text_of_ours_stands_twice_in_a_task(ours: list[tuple[str, str, int]]) -> None:
    # A copy in another fold would be judged by a network that has learnt it.
    found = Counter((task, "".join(filter(str.isalnum, text))) for task, text, _ in ours)
    assert [text for text, count in found.items() if count > 1] == []


def test_folds_have_every_label(ours: list[tuple[str, str, int]]) -> None:
    labels = Counter((task, label) for task, _, label in ours)
    held = Counter(
        (task, label, fold_of(Row(text, task, OWN, label))) for task, text, label in ours
    )
    for (task, label), count in labels.items():
        shares = [held[task, label, fold] / count for fold in range(FOLDS)]
        assert min(shares) > 0.06
        assert max(shares) < 0.36


def test_a_row_stays_in_its_fold_whatever_is_added() -> None:
    # From the text alone: the fold of a row that an earlier run held out must never move.
    assert [fold_of(Row(text, "intent", OWN, 0)) for text in ("充电器炸了", "退款", "好")] == [
        2,
        4,
        1,
    ]


def test_another_folder_is_read_in_the_order_of_the_files(tmp_path: Path) -> None:
    rows = read_labelled(write_labelled(tmp_path, each=1))
    found = [LABELS[row.task][row.label] for row in rows]
    assert found == [*LABELS["scenario"], *LABELS["intent"], *LABELS["moderation"]]


@pytest.mark.parametrize(
    "line", ["没有标签", "坏了\tno_such\tweibo", " \toutage\tweibo", "坏了\toutage\tweibo\t多"]
)
def test_a_broken_row_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    path = write_labelled(tmp_path) / "scenario_c.tsv"
    write_set(path, [("挂了", "outage")])
    path.write_text(path.read_text("utf-8") + f"\n{line}\n", "utf-8")
    with pytest.raises(BadCorpus, match=r"scenario_c\.tsv:4: .*a text and one of product_quality"):
        read_labelled(tmp_path)


def test_other_columns_are_named(tmp_path: Path) -> None:
    (write_labelled(tmp_path) / "intent.tsv").write_text("text\tintent\n", "utf-8")
    with pytest.raises(BadCorpus, match=r"intent\.tsv:1: the columns are \['text', 'intent'\]"):
        read_labelled(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_labelled(tmp_path) / "intent_b.tsv").unlink()
    with pytest.raises(BadCorpus, match=r"intent_b\.tsv: cannot be read"):
        read_labelled(tmp_path)
