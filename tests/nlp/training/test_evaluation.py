"""The table on dev: one line a domain, by the figure of that domain."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.training.corpora import Row
from nlp.training.evaluation import mean_figure, printed, shown, table

ROWS = [
    Row("好[哈哈]", "sentiment", "weibo", 2),
    Row("[泪]", "sentiment", "weibo", 0),
    Row("你[怒]", "abuse", "cold", 1),
    Row("嗯", "abuse", "cold", 1),
    Row("对", "abuse", "cold", 0),
]
CHANCES = {
    "sentiment": np.array([[0.1, 0.2, 0.7], [0.2, 0.2, 0.6], *[[0.9, 0.1, 0.0]] * 3]),
    "abuse": np.array([*[[0.5, 0.5]] * 2, [0.2, 0.8], [0.9, 0.1], [0.7, 0.3]]),
}


def test_only_the_domain_labelled_from_tags_loses_them() -> None:
    assert [row.text for row in shown(ROWS)] == ["好", "[泪]", "你[怒]", "嗯", "对"]


def test_tags_go_only_where_the_label_was_made_from_them() -> None:
    rows = [Row("好[哈哈]", "sentiment", name, 2) for name in ("weibo", "weibo3")]
    assert [row.text for row in shown([*rows, Row("[泪]", "sentiment", "weibo", 0)])] == [
        "好",
        "好[哈哈]",
        "[泪]",
    ]


def test_labels_and_places_stay() -> None:
    assert [(row.task, row.domain, row.label) for row in shown(ROWS)] == [
        (row.task, row.domain, row.label) for row in ROWS
    ]


def test_a_domain_is_judged_by_its_own_rows_and_figure() -> None:
    abuse, weibo = table(ROWS, CHANCES)
    assert (abuse.domain, abuse.rows, abuse.figure) == ("abuse/cold", 3, "macro_f1")
    assert abuse.value == pytest.approx(2 / 3)
    assert (weibo.domain, weibo.rows, weibo.figure) == ("sentiment/weibo", 2, "accuracy")
    assert weibo.value == 0.5
    assert weibo.low <= weibo.value <= weibo.high


def test_the_mean_figure_is_that_of_the_tables_lines() -> None:
    lines = table(ROWS, CHANCES)
    assert mean_figure(ROWS, CHANCES) == pytest.approx(sum(line.value for line in lines) / 2)


def test_the_table_is_printed_in_per_cent() -> None:
    head, abuse, weibo = printed(table(ROWS, CHANCES)).splitlines()
    assert head.split()[:3] == ["domain", "rows", "figure"]
    assert abuse.split()[:4] == ["abuse/cold", "3", "macro_f1", "66.67"]
    assert weibo.split()[:4] == ["sentiment/weibo", "2", "accuracy", "50.00"]
