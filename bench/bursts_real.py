"""Real repost cascades dropped into real background counts.

Backgrounds are the two public streams and posts of topics/weibo_2020 thinned to a brand's volume,
whose days get minute times by a daily profile. A cascade is planted at its first post. Every second
cascade is of one half; the halves never meet.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

CASCADES = 4
THINNED_DAYS = 56
_HOURS = [2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 8, 7, 7, 7, 7, 7, 7, 8, 9, 9, 7, 4]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """Counts a bucket of `width_s`, the buckets in which cascades begin, and its first instant."""

    name: str
    width_s: int
    begun_s: float
    counts: tuple[float, ...]
    anomalies: tuple[int, ...]


def instants(path: Path) -> list[float]:
    """Seconds since 1970 of the lines of a stream, in order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return sorted(
            datetime.fromisoformat(json.loads(line)["published_at"]).timestamp() for line in lines
        )


def cascades(folder: Path, *, half: int) -> list[list[float]]:
    """Every second cascade: seconds of its posts since its first."""
    found = []
    for path in sorted(folder.glob("*.jsonl.gz"))[half::2]:
        times = instants(path)
        found.append([time - times[0] for time in times])
    return found


def thinned(posts: Path, random: np.random.Generator, *, a_day: int) -> list[float]:
    """Instants of days as busy, against one another, as those of the corpus."""
    with gzip.open(posts, "rt", encoding="utf-8") as lines:
        dates = sorted(json.loads(line)["date"] for line in lines)
    _, per_day = np.unique(dates, return_counts=True)
    busy = per_day[:THINNED_DAYS] / np.median(per_day[:THINNED_DAYS])
    profile = np.array(_HOURS) / sum(_HOURS)
    times = [
        (day * 24 + random.choice(24, p=profile) + random.random()) * 3_600.0
        for day, share in enumerate(np.clip(busy, 0.3, 3.0))
        for _ in range(random.poisson(a_day * share))
    ]
    return sorted(times)


def mixed(
    name: str,
    background: Sequence[float],
    planted: Sequence[Sequence[float]],
    random: np.random.Generator,
    *,
    width_s: int,
) -> Mixed:
    """A background with some of the cascades at random instants past the probation."""
    begun = background[0] // width_s * width_s
    rows = int((background[-1] - begun) // width_s) + 1
    counts = np.zeros(rows)
    np.add.at(counts, ((np.asarray(background) - begun) // width_s).astype(int), 1)
    starts = np.sort(random.uniform(0.2, 0.95, size=CASCADES) * rows * width_s)
    for start, which in zip(starts, random.integers(len(planted), size=CASCADES), strict=True):
        places = ((start + np.asarray(planted[which])) // width_s).astype(int)
        np.add.at(counts, places[places < rows], 1)
    return Mixed(
        name=name,
        width_s=width_s,
        begun_s=begun,
        counts=tuple(map(float, counts)),
        anomalies=tuple(int(start // width_s) for start in starts),
    )


def backgrounds(data: Path, *, half: int, seeds: Sequence[int]) -> list[Mixed]:
    """Every background with cascades of this half, once a seed."""
    stored = cascades(data / "streams" / "cascades", half=half)
    covid = instants(data / "streams" / "weibo_covid_2020.jsonl.gz")
    news = instants(data / "streams" / "weibo_news_2020.jsonl.gz")
    found: list[Mixed] = []
    for seed in seeds:
        random = np.random.default_rng([seed, half])
        for a_day, width_s in ((120, 600), (1_500, 300)):
            posts = thinned(data / "topics" / "weibo_2020.jsonl.gz", random, a_day=a_day)
            found.append(mixed(f"{a_day} a day", posts, stored, random, width_s=width_s))
        found.append(mixed("weibo_covid_2020", covid, stored, random, width_s=900))
        found.append(mixed("weibo_news_2020", news, stored, random, width_s=3_600))
    return found
