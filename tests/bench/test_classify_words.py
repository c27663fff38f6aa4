"""One caller's wait for the lexicon alone: what is sent, what is said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bench.classify_words import measure
from bench.http_figures import NothingAnswered
from bench.http_load import Outcome

TEXTS = [f"第{number}条" for number in range(260)]


def test_no_text_is_sent_twice_and_the_warm_up_does_not_count() -> None:
    sent: list[str] = []

    def send(texts: Sequence[str]) -> Outcome:
        slow = 9.0 if not sent else 0.002
        sent.extend(texts)
        return Outcome(seconds=1.0, latencies=[slow] * len(texts))

    row = measure(send, TEXTS, rounds=3)
    assert sent == TEXTS
    assert (row.latency.p99, row.requests_per_s) == (2.0, 20.0)


def test_without_an_answer_there_is_no_figure() -> None:
    with pytest.raises(NothingAnswered):
        measure(lambda _: Outcome(seconds=1.0, failed={"503": 20}), TEXTS, rounds=3)
