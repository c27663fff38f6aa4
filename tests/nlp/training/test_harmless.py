"""Everyday posts as rows of `none`."""

from __future__ import annotations

from nlp.training.corpora import LABELS, UNLABELLED, Row
from nlp.training.harmless import HARMLESS, harmless_rows

POSTS = [Row(f"今天{n}度", "", "unlabelled", UNLABELLED) for n in range(50)]
REVIEWS = [Row(f"{n}号菜很咸", "sentiment", "waimai", 0) for n in range(20)] + [
    Row(f"{n}号菜好吃", "sentiment", "waimai", 2) for n in range(20)
]


def test_each_task_gets_as_many_rows_as_asked() -> None:
    rows = harmless_rows(POSTS + REVIEWS, most=10)
    assert [row.task for row in rows] == ["moderation"] * 10 + ["scenario"] * 10
    assert {row.domain for row in rows} == {HARMLESS}


def test_every_row_is_labelled_none() -> None:
    rows = harmless_rows(POSTS + REVIEWS, most=10)
    assert {LABELS[row.task][row.label] for row in rows} == {"none"}


def test_a_review_that_complains_is_no_example_of_no_scenario() -> None:
    rows = harmless_rows(POSTS + REVIEWS, most=30)
    complaints = {row.text for row in REVIEWS if row.label == 0}
    assert complaints & {row.text for row in rows if row.task == "moderation"}
    assert not complaints & {row.text for row in rows if row.task == "scenario"}


def test_few_texts_are_each_taken_once() -> None:
    texts = [row.text for row in harmless_rows(POSTS[:3], most=10) if row.task == "moderation"]
    assert texts == [row.text for row in POSTS[:3]]


def test_without_texts_there_are_no_rows() -> None:
    assert harmless_rows([], most=10) == []
