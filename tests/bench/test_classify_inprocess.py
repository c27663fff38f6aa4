"""Shares of the time, latencies and buckets, with and without an encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.classify_inprocess import in_batches, one_by_one, shares
from bench.shipped import PHASES, analyzer_over, shipped_backend
from nlp import Analyzer
from nlp.components import NormalizerComponent
from tests.support.tiny_model import write_tiny_model


def test_shares_are_of_the_whole() -> None:
    found = shares({"prepare": 1.0, "infer": 2.0, "finish": 0.5}, whole=4.0)
    assert found == {"prepare": 0.25, "infer": 0.5, "finish": 0.125, "other": 0.125}


def test_without_an_encoder_all_is_other() -> None:
    bucket = in_batches(_analyzer(), None, [["甲", "乙"], ["丙"]], characters="1 – 20")
    assert bucket.shares == {"other": 1.0}
    assert (bucket.texts, bucket.characters) == (3, "1 – 20")
    assert bucket.texts_per_s > 0


def test_the_phases_of_a_backend_are_timed(tmp_path: Path) -> None:
    backend = shipped_backend(write_tiny_model(tmp_path), threads=1)
    assert backend is not None
    bucket = in_batches(analyzer_over(backend), backend, [["好好", "差"]], characters="1 – 20")
    assert set(bucket.shares) == {*PHASES, "other"}
    assert all(share > 0 for share in bucket.shares.values())
    assert sum(bucket.shares.values()) == pytest.approx(1.0)


def test_a_timed_backend_is_the_backend(tmp_path: Path) -> None:
    backend = shipped_backend(write_tiny_model(tmp_path))
    assert backend is not None
    analysis = analyzer_over(backend).analyze("好好好")
    assert analysis.sentiment is not None
    assert analysis.sentiment.label == "positive"
    assert analysis.versions["encoder"] == backend.version


def test_one_latency_a_text() -> None:
    latency = one_by_one(_analyzer(), ["甲", "乙", "丙"])
    assert 0 < latency.p50 <= latency.p95 <= latency.p99


def _analyzer() -> Analyzer:
    return Analyzer([NormalizerComponent()])
