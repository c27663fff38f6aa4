"""What the callers saw becomes rows, and rounds become medians."""

from __future__ import annotations

import json

import pytest

from bench.baseline import Answered
from bench.http_figures import Case, NothingAnswered, Row, agreement, bodies, printed, row_of
from bench.http_load import Outcome

CASE = Case(name="64 callers, 32 items", callers=64, texts=64, items=32, against=32)
SEEN = Outcome(seconds=2.0, cpu=0.5, latencies=[0.1, 0.3], labels=["negative"] * 64)


def test_items_count_as_many_as_a_request_has() -> None:
    row = row_of(CASE, SEEN, None)
    assert (row.requests_per_s, row.items_per_s, row.client) == (1.0, 32.0, 0.25)
    assert (row.latency.p50, row.latency.p99) == (100.0, 300.0)
    assert row.ratio is row.agreement is row.pipeline_per_s is None


def test_the_ratio_is_of_items() -> None:
    compared = Answered(items_per_s=8.0, labels=("negative",) * 48 + ("positive",) * 16)
    row = row_of(CASE, SEEN, compared)
    assert (row.ratio, row.agreement, row.pipeline_per_s) == (4.0, 0.75, 8.0)


def test_no_figure_without_an_answer() -> None:
    with pytest.raises(NothingAnswered, match="'503': 2"):
        row_of(CASE, Outcome(seconds=1.0, failed={"503": 2}), None)


def test_labels_of_different_number_are_not_compared() -> None:
    assert agreement(["neutral"], ["neutral", "neutral"]) is None


def test_the_median_of_rounds_sums_failures() -> None:
    rounds = [_row(items_per_s=1, failed=0), _row(items_per_s=9, failed=2), _row(items_per_s=4)]
    row = Row.median(rounds)
    assert (row.items_per_s, row.failed, row.ratio) == (4, 2, None)


def test_the_median_leaves_out_rounds_that_were_not_compared() -> None:
    compared = Answered(items_per_s=8.0, labels=("negative",) * 64)
    rounds = [row_of(CASE, SEEN, compared), row_of(CASE, SEEN, None)]
    assert Row.median(rounds).ratio == 4.0


def test_bodies_hold_every_text_once() -> None:
    single = [json.loads(body) for body in bodies(["甲", "乙"], items=1)]
    assert single == [{"text": "甲"}, {"text": "乙"}]
    batches = [json.loads(body)["items"] for body in bodies(["甲", "乙", "丙"], items=2)]
    assert batches == [[{"text": "甲"}, {"text": "乙"}], [{"text": "丙"}]]


def test_a_scaled_case_has_whole_batches() -> None:
    assert [CASE.scaled(scale).texts for scale in (0.0, 1.0, 2.2)] == [32, 64, 128]


def test_the_table_shows_what_was_not_compared_as_a_dash() -> None:
    compared = Answered(items_per_s=8.0, labels=("negative",) * 64)
    table = printed([row_of(CASE, SEEN, None), row_of(CASE, SEEN, compared)])
    head, plain, ratio = table.splitlines()
    assert head.split()[-1] == "agree"
    assert plain.split()[-3:] == ["-", "-", "-"]
    assert ratio.split()[-3:] == ["8", "4.00", "100.0"]


def _row(*, items_per_s: float, failed: int = 0) -> Row:
    outcome = Outcome(seconds=32 / items_per_s, latencies=[0.1], failed={"503": failed})
    return row_of(CASE, outcome, None)


@pytest.mark.parametrize("items", [1, 2])
def test_components_are_asked_for_once_a_request(items: int) -> None:
    asked = [json.loads(body) for body in bodies(["a", "b"], items=items, components=("lexicon",))]
    assert [body["components"] for body in asked] == [["lexicon"]] * (2 // items)
