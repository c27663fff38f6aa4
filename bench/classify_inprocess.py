"""The analyser without HTTP: one text at a time, batches of like length, and where the time goes.

    python -m bench.classify_inprocess [--data DIR] [--model DIR] [--threads N] [--json FILE]

No text is seen twice, so nothing comes out of the result cache. Medians of three rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.memory import resident
from bench.real_texts import DEFAULT_DATA, Supply, TooFewTexts, real_texts
from bench.shipped import PHASES, TimedBackend, analyzer_over, shipped_backend
from bench.timing import Latency
from nlp import Analyzer, NlpError
from nlp.training.errors import BadCorpus

_ROUNDS = 3
_SINGLE = 300
_BATCH = 256
_CHARACTERS = 50
_BUCKETS = ((1, 20), (21, 50), (51, 100), (101, 200), (201, 100_000))
"""Characters, both ends included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Texts of like length analysed in one call; `shares` of the whole time, summing to 1."""

    characters: str
    texts: int
    texts_per_s: float
    shares: Mapping[str, float]


def one_by_one(analyzer: Analyzer, texts: Sequence[str]) -> Latency:
    """Latency of single analyses."""
    seconds = []
    for text in texts:
        start = time.perf_counter()
        analyzer.analyze(text)
        seconds.append(time.perf_counter() - start)
    return Latency.of(seconds)


def in_batches(
    analyzer: Analyzer,
    backend: TimedBackend | None,
    rounds: Sequence[Sequence[str]],
    *,
    characters: str,
) -> Bucket:
    """The median throughput of the rounds, and the shares over all of them."""
    before = dict(backend.seconds) if backend else {}
    seconds = []
    for texts in rounds:
        start = time.perf_counter()
        analyzer.analyze_batch(texts)
        seconds.append(time.perf_counter() - start)
    spent = {name: backend.seconds[name] - before[name] for name in PHASES} if backend else {}
    return Bucket(
        characters=characters,
        texts=sum(map(len, rounds)),
        texts_per_s=statistics.median(
            len(texts) / took for texts, took in zip(rounds, seconds, strict=True)
        ),
        shares=shares(spent, whole=sum(seconds)),
    )


def shares(spent: Mapping[str, float], *, whole: float) -> dict[str, float]:
    """Each phase's share of `whole` seconds; `other` is lexicon, words, copies and the rest."""
    return {
        **{name: spent[name] / whole for name in spent},
        "other": 1 - sum(spent.values()) / whole,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--model", type=Path, help="another served folder than the shipped one")
    parser.add_argument("--threads", type=int, help="of one pass; default the cores")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    try:
        report = _report(arguments)
    except (BadCorpus, NlpError, TooFewTexts) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1), "utf-8")


def _report(arguments: argparse.Namespace) -> dict[str, Any]:
    texts = real_texts(arguments.data)
    empty = resident()
    backend = shipped_backend(arguments.model, threads=arguments.threads)
    analyzer = analyzer_over(backend)
    loaded = resident()
    print(f"tasks of the encoder: {', '.join(sorted(backend.tasks)) if backend else 'no encoder'}")
    analyzer.analyze_batch(texts.take(_BATCH))
    singles = {
        "any length": _single(analyzer, texts, characters=None),
        f"{_CHARACTERS} characters": _single(analyzer, texts, characters=_CHARACTERS),
    }
    print(f"{'one by one':24} {'p50 ms':>7} {'p95':>7} {'p99':>7}")
    for name, latency in singles.items():
        print(f"{name:24} {latency}")
    buckets = [_bucket(analyzer, backend, texts, least=a, most=b) for a, b in _BUCKETS]
    print(f"\n{'characters':14} {'texts':>6} {'texts/s':>8}  share of the time")
    for bucket in buckets:
        each = ", ".join(f"{name} {100 * share:.0f} %" for name, share in bucket.shares.items())
        print(f"{bucket.characters:14} {bucket.texts:6d} {bucket.texts_per_s:8.0f}  {each}")
    after = resident()
    print(
        f"\nmemory, MiB: {empty.now:.0f} before loading, {loaded.now:.0f} loaded, "
        f"{after.now:.0f} at the end, {after.peak:.0f} at most"
    )
    memory = {"empty": empty.now, "loaded": loaded.now, "end": after.now, "peak": after.peak}
    return {
        "one_by_one": {name: asdict(latency) for name, latency in singles.items()},
        "buckets": [asdict(bucket) for bucket in buckets],
        "memory_mib": memory,
    }


def _single(analyzer: Analyzer, texts: Supply, *, characters: int | None) -> Latency:
    rounds = []
    for _ in range(_ROUNDS):
        if characters is None:
            chosen = texts.take(_SINGLE)
        else:
            chosen = texts.take_han(_SINGLE, characters=characters)
        rounds.append(one_by_one(analyzer, chosen))
    return Latency.median(rounds)


def _bucket(
    analyzer: Analyzer, backend: TimedBackend | None, texts: Supply, *, least: int, most: int
) -> Bucket:
    chosen = texts.take_bucket(_ROUNDS * _BATCH, least=least, most=most)
    rounds = [chosen[start : start + _BATCH] for start in range(0, len(chosen), _BATCH)]
    if not rounds:
        raise TooFewTexts(f"no text of {least} to {most} characters is left")
    return in_batches(analyzer, backend, rounds, characters=f"{least} – {most}")


if __name__ == "__main__":
    main()
