"""The burst detector against others: benchmark score, false alarms, cost of an update.

Run as `python -m bench.bursts [--data FOLDER] [--seeds N]`. Constants were tuned on other seeds of
such synthetic series and on no cascade; the even cascades are kept for tuning, the table is of the
odd ones. Scores are those of bench/bursts_scoring.py, 0 to 100, each detector with its own best
threshold over all series of a set. False rows a week are those past the probation and outside of
all windows, per week of series.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.bursts_real import Mixed, backgrounds
from bench.bursts_rivals import seasonal_esd, windowed_gaussian
from bench.bursts_scoring import PROBATION, Judged, best_mark, judged
from bench.bursts_synthetic import MIXED, SPIKY, planted
from nlp.trends import BurstDetector
from nlp.trends.detector import ALARM_SCORE

HELD_OUT = 1_000
BEGIN_S = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
DAY_S = 86_400

Scores = Callable[[Mixed], list[float]]


def main() -> None:
    """Prints a table for each set of series, then the costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--seeds", type=int, default=10, help="synthetic series of each set")
    given = parser.parse_args()
    seeds = range(HELD_OUT, HELD_OUT + given.seeds)
    sets = {
        "spikes, bursts, ramps; level 1-120": _synthetic(seeds, SPIKY, 120.0),
        "all kinds; level 1-500": _synthetic(seeds, MIXED, 500.0),
    }
    if (given.data / "streams").is_dir():
        sets["cascades in real background"] = backgrounds(given.data, half=1, seeds=seeds[:3])
    for title, series in sets.items():
        _print_table(title, series)
    _print_cost(sets["all kinds; level 1-500"][0])


def _synthetic(seeds: Sequence[int], kinds: tuple[str, ...], level: float) -> list[Mixed]:
    made = [planted(seed, kinds=kinds, highest_level=level) for seed in seeds]
    return [
        Mixed(
            name="synthetic",
            width_s=300,
            begun_s=BEGIN_S,
            counts=each.counts,
            anomalies=each.anomalies,
        )
        for each in made
    ]


def fengsui(series: Mixed) -> list[float]:
    """Our scores."""
    detector = BurstDetector.of()
    begun = datetime.fromtimestamp(series.begun_s, tz=UTC)
    width = timedelta(seconds=series.width_s)
    return [
        detector.update(begun + width * place, count).score
        for place, count in enumerate(series.counts)
    ]


def _day_rows(series: Mixed) -> int:
    return DAY_S // series.width_s


DETECTORS: dict[str, Scores] = {
    "fengsui": fengsui,
    "windowed Gaussian": lambda series: windowed_gaussian(series.counts),
    "S-H-ESD, hourly": lambda series: seasonal_esd(series.counts, day_rows=_day_rows(series)),
}


def _print_table(title: str, series: Sequence[Mixed]) -> None:
    weeks = sum(len(one.counts) * one.width_s for one in series) * (1 - PROBATION) / (7 * DAY_S)
    print(f"\n{title}: {len(series)} series, {weeks:.0f} weeks scored")
    print(f"{'detector':20} {'score':>6} {'found':>9} {'false rows a week':>18}")
    for name, scores_of in DETECTORS.items():
        scores = [scores_of(one) for one in series]
        files = [judged(each, one.anomalies) for each, one in zip(scores, series, strict=True)]
        mark = best_mark(files)
        found = f"{mark.found}/{mark.windows}"
        print(f"{name:20} {mark.score:6.1f} {found:>9} {mark.false_rows / weeks:18.2f}")
        if name == "fengsui":
            print(f"{'':4}its best threshold {mark.threshold:.4f}; {_fixed(files, weeks)}")


def _fixed(files: Sequence[Judged], weeks: float) -> str:
    alarms = [row for file in files for row in file.rows if row.score >= ALARM_SCORE]
    false = sum(row.window is None for row in alarms)
    found = sum(
        len({row.window for row in file.rows if row.score >= ALARM_SCORE} - {None})
        for file in files
    )
    windows = sum(file.windows for file in files)
    return f"at {ALARM_SCORE}: {found}/{windows} found, {false / weeks:.2f} false rows a week"


def _print_cost(series: Mixed) -> None:
    detector = BurstDetector.of()
    begun = datetime.fromtimestamp(series.begun_s, tz=UTC)
    width = timedelta(seconds=series.width_s)
    costs = []
    for place, count in enumerate(series.counts):
        at = begun + width * place
        before = time.thread_time()
        detector.update(at, count)
        costs.append(time.thread_time() - before)
    print(
        f"\nan update, processor time: median {statistics.median(costs) * 1e6:.1f} µs, "
        f"mean {statistics.fmean(costs) * 1e6:.1f} µs"
    )


if __name__ == "__main__":
    main()
