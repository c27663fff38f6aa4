"""Aggregates of the post store, turned into the facts that rules may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from playbooks import CATEGORIES, PATTERNS, Facts, FactValue
from service.monitoring.baseline import Baseline
from service.monitoring.copying import CopySpread
from service.monitoring.series import Burst
from service.stores.analysed import pattern_name
from service.stores.post_store import Segment

_10M, _1H, _24H = "_10m", "_1h", "_24h"
_POSTS = "posts"
_MATTERS = (
    *((name, f"{name}_posts") for name in CATEGORIES),
    *((pattern_name(name), f"{name}_pattern_posts") for name in PATTERNS),
)
"""What posts are filed under, and the name of their count."""
UNUSUAL = 0.95
"""The burst score from which an hour is told about: one bucket in 400."""
EMPTY = Segment(
    scenario=None,
    posts=0,
    negative=0,
    distinct=0,
    authors=0,
    severity_max=0,
    severe=0,
    verified=0,
    news=0,
    sources=0,
    reach=0,
    engagement=0,
    first_published_at=None,
    first_post_id=None,
    categories={},
    largest_group=None,
    largest_group_posts=0,
    severity_sum=0,
    media=0,
    angry=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """One segment seen through the three windows that end now."""

    ten_minutes: Segment = EMPTY
    hour: Segment = EMPTY
    day: Segment = EMPTY


def make_facts(
    windows: Windows,
    baseline: Baseline,
    *,
    has_brand: bool,
    now: datetime,
    whole: Windows | None = None,
    monitor_contained: bool | None = None,
    sources_dark: int | None = None,
    spread: CopySpread | None = None,
    began: datetime | None = None,
    newcomers: int | None = None,
) -> Facts:
    """The facts of one segment at `now`, all of docs/measures.md; None is unknown.

    `whole` are the windows of the whole monitor, those of the segment itself if None, and
    `monitor_contained` is whether it is back to what is usual.
    `sources_dark` are feeds that the monitor lives on and that cannot be seen, `spread` is that of
    the hour's most copied text, `began` is when the run of unusual time that reaches now began,
    `newcomers` are the hour's authors whom the monitor has not met before.
    """
    hour, day = windows.hour, windows.day
    beside = whole or windows
    inside = is_inside_baseline(windows, baseline)
    values: dict[str, FactValue] = {
        "new_authors_1h": newcomers,
        "new_author_share_1h": _ratio(newcomers, hour.authors),
        "sources_dark": sources_dark,
        "coordination_1h": None if spread is None else spread.coordination,
        "predicted_size": None if spread is None else spread.predicted_size,
        "first_post_age_m": _minutes(day.first_published_at, now),
        "minutes_since_onset": _minutes(began, now),
        "contained": inside,
        "monitor_contained": inside if monitor_contained is None else monitor_contained,
        "history_h": baseline.history.length_h,
        "has_brand": has_brand,
        "monitor_share_1h": _ratio(hour.posts, beside.hour.posts),
        "monitor_share_24h": _ratio(day.posts, beside.day.posts),
        "negative_monitor_share_1h": _ratio(hour.negative, beside.hour.negative),
        "negative_monitor_share_24h": _ratio(day.negative, beside.day.negative),
    }
    for window, seen in ((_10M, windows.ten_minutes), (_1H, hour), (_24H, day)):
        values.update(_counts(seen, window))
        if window != _10M:
            values.update(_shares(seen, window))
    for mood, count, bursting, usual_day in _moods(windows, baseline):
        values |= {
            f"{mood}velocity": count[0] * 6 / max(1, count[1]),
            f"{mood}expected_1h": bursting.expected,
            f"{mood}expected_24h": usual_day,
            f"{mood}times_usual_1h": _times(count[1], bursting.expected),
            f"{mood}times_usual_24h": _times(count[2], usual_day),
            f"{mood}burst_score_1h": bursting.score,
        }
    return Facts(values)


def _counts(seen: Segment, window: str) -> Iterator[tuple[str, FactValue]]:
    """What is counted in every window: the posts by part, and who and where."""
    for name, count in _parts(seen):
        yield name + window, count
    yield f"distinct{window}", seen.distinct
    yield f"authors{window}", seen.authors or None
    yield f"sources{window}", seen.sources
    yield f"reach{window}", seen.reach
    yield f"engagement{window}", seen.engagement
    yield f"severity_max{window}", seen.severity_max
    yield f"severity_weighted{window}", seen.severity_sum


def _shares(seen: Segment, window: str) -> Iterator[tuple[str, FactValue]]:
    """What is a part of the window's posts, or by post."""
    for name, count in _parts(seen):
        if name != _POSTS:
            yield f"{name.removesuffix('_posts')}_share{window}", _ratio(count, seen.posts)
    yield f"copies_share{window}", _ratio(seen.posts - seen.distinct, seen.posts)
    yield f"largest_group{window}", seen.largest_group_posts
    yield f"largest_group_share{window}", _ratio(seen.largest_group_posts, seen.posts)
    yield f"posts_per_author{window}", _ratio(seen.posts, seen.authors)
    yield f"engagement_per_post{window}", _ratio(seen.engagement, seen.posts)
    yield f"severity_mean{window}", _ratio(seen.severity_sum, seen.posts)


def _parts(seen: Segment) -> Iterator[tuple[str, int]]:
    """The posts of each part, by the name of their count."""
    yield _POSTS, seen.posts
    yield "negative", seen.negative
    yield "angry", seen.angry
    yield "severe_posts", seen.severe
    yield "verified_posts", seen.verified
    yield "news_posts", seen.news
    yield "media_posts", seen.media
    for category, name in _MATTERS:
        yield name, seen.categories.get(category, 0)


def _moods(
    windows: Windows, baseline: Baseline
) -> Iterator[tuple[str, tuple[int, int, int], Burst, float | None]]:
    """What goes before the name, the posts of ten minutes, hour and day, and what is usual."""
    ten, hour, day = windows.ten_minutes, windows.hour, windows.day
    usual = baseline.history.usual_day or (None, None, None)
    yield "", (ten.posts, hour.posts, day.posts), baseline.posts, usual[0]
    yield "negative_", (ten.negative, hour.negative, day.negative), baseline.negative, usual[1]
    yield "angry_", (ten.angry, hour.angry, day.angry), baseline.angry, usual[2]


def loudest(baseline: Baseline) -> Burst | None:
    """What is unusual about the hour: all posts, else the negative ones, else (None) nothing."""
    for burst in (baseline.posts, baseline.negative):
        if burst.score >= UNUSUAL:
            return burst
    return None


def is_inside_baseline(windows: Windows, baseline: Baseline) -> bool:
    """Whether negative volume and share of the hour are back to what is usual.

    Volume: at most the usual upper bound of the negative baseline, or three posts. Share: at most
    half, or too few posts to say.
    """
    hour = windows.hour
    if hour.negative <= 3:
        return True
    share = _ratio(hour.negative, hour.posts) or 0.0
    return hour.negative <= baseline.negative.highest and share <= 0.5


def _minutes(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since) / timedelta(minutes=1))


def _ratio(part: int | None, whole: int) -> float | None:
    return part / whole if part is not None and whole else None


def _times(count: int, usual: float | None) -> float | None:
    """One post is taken for usual where fewer are: two of what never comes are not a flood."""
    return None if usual is None else count / max(1.0, usual)
