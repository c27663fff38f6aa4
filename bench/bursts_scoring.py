"""The score of the Numenta Anomaly Benchmark, standard profile (Lavin and Ahmad 2015).

Each anomaly has a window; a tenth of a file's rows is shared out among its windows, each centred on
its anomaly, and windows that touch are one. A row y counts by its place relative to a window,

    sigma(y) = 2 / (1 + exp(5 y)) - 1,    -1 at the first row of a window, 0 just past its last,

rows in a window only by the first of them that alarms, sigma(y) / sigma(-1); an alarm outside by
0.11 sigma(y) with y its distance past the last window in window lengths (-1 from three lengths on,
or where no window came before); a window without an alarm by -1. The first 15 % of the rows count
for nothing. One threshold serves all files, the one that scores best. 0 is a detector that never
alarms, 100 one that alarms at the first row of each window and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

FALSE_POSITIVE = 0.11
PROBATION = 0.15
WINDOWS = 0.10


@dataclass(frozen=True, slots=True)
class Row:
    """A scored row: what it adds if it alarms. `window` is None outside of all windows."""

    score: float
    window: int | None
    worth: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One file: its rows past probation and its windows."""

    rows: tuple[Row, ...]
    windows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The best threshold and what it brings; `score` is in percent of the perfect detector."""

    score: float
    threshold: float
    found: int
    windows: int
    false_rows: int


def sigma(place: float) -> float:
    """The worth of an alarm at `place`, in lengths from the end of a window."""
    return -1.0 if place > 3.0 else 2.0 / (1.0 + math.exp(5.0 * place)) - 1.0


def windows_of(anomalies: Sequence[int], *, rows: int) -> list[tuple[int, int]]:
    """First and last row of each window, in order."""
    if not anomalies:
        return []
    half = int(WINDOWS * rows / len(anomalies)) // 2
    found: list[tuple[int, int]] = []
    for anomaly in sorted(anomalies):
        first, last = max(0, anomaly - half), min(rows - 1, anomaly + half)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def judged(scores: Sequence[float], anomalies: Sequence[int]) -> Judged:
    """What each row of a file would add."""
    windows = windows_of(anomalies, rows=len(scores))
    rows: list[Row] = []
    place = 0
    for at, score in enumerate(scores):
        while place < len(windows) and windows[place][1] < at:
            place += 1
        if at < int(PROBATION * len(scores)):
            continue
        if place < len(windows) and windows[place][0] <= at:
            first, last = windows[place]
            worth = sigma(-(last - at + 1) / (last - first + 1)) / sigma(-1.0)
            rows.append(Row(score, place, worth))
        elif place == 0:
            rows.append(Row(score, None, -FALSE_POSITIVE))
        else:
            first, last = windows[place - 1]
            distance = (at - last) / max(1, last - first)
            rows.append(Row(score, None, FALSE_POSITIVE * sigma(distance)))
    return Judged(tuple(rows), len(windows))


def best_mark(files: Sequence[Judged]) -> Mark:
    """The threshold that scores best over all files; an alarm is a score of at least it."""
    windows = sum(file.windows for file in files)
    ordered = sorted(
        ((row, number) for number, file in enumerate(files) for row in file.rows),
        key=lambda pair: -pair[0].score,
    )
    total = -float(windows)
    best = Mark(score=0.0, threshold=math.inf, found=0, windows=windows, false_rows=0)
    highest = total
    found: dict[tuple[int, int], float] = {}
    false_rows = 0
    for score, same in groupby(ordered, key=lambda pair: pair[0].score):
        for row, number in same:
            if row.window is None:
                total += row.worth
                false_rows += 1
                continue
            # A window has cost -1 until something is found in it; then its earliest row counts.
            before = found.get((number, row.window), -1.0)
            total += max(0.0, row.worth - before)
            found[number, row.window] = max(before, row.worth)
        if total > highest:
            highest = total
            best = Mark(
                score=50.0 * (total + windows) / windows,
                threshold=score,
                found=len(found),
                windows=windows,
                false_rows=false_rows,
            )
    return best
