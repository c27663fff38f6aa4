"""Rows: groups of authors, and the part of training that a group falls into."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from service.learning import Split
from service.learning.row import group_of, instant_of, split_of
from tests.service.learning.rows import row


def test_all_texts_of_an_author_are_in_one_group() -> None:
    assert group_of(author="au1", text="一") == group_of(author="au1", text="二")
    assert group_of(author="au1", text="一") != group_of(author="au2", text="一")


def test_without_an_author_the_text_is_the_group() -> None:
    assert group_of(author=None, text="一") == group_of(author=None, text="一")
    assert group_of(author=None, text="一") != group_of(author=None, text="二")


def test_the_pseudonym_is_not_in_the_group() -> None:
    assert "au1" not in group_of(author="au1", text="一")
    assert len(group_of(author="au1", text="一")) == 16


def test_eight_tenths_train_and_the_rest_is_halved() -> None:
    found = Counter(split_of(group_of(author=f"au{n}", text="")) for n in range(4_000))
    assert set(found) == set(Split)
    assert 0.77 < found[Split.TRAIN] / 4_000 < 0.83
    assert 0.08 < found[Split.DEV] / 4_000 < 0.12


def test_the_instant_of_a_row_is_utc_in_milliseconds() -> None:
    said = row(at="2026-03-01T08:00:00.125Z")
    assert instant_of(said) == datetime(2026, 3, 1, 8, 0, 0, 125_000, tzinfo=UTC)
