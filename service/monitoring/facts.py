"""Aggregates of the post store, turned into the facts that rules may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from playbooks import Facts
from service.monitoring.baseline import Baseline
from service.monitoring.copying import CopySpread
from service.monitoring.series import Burst
from service.stores.post_store import Segment

_CATEGORIES = (
    "injury",
    "contamination",
    "recall",
    "regulator",
    "media_exposure",
    "boycott",
    "collective_action",
    "legal_action",
    "rumour",
)
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
    sources_dark: int | None = None,
    spread: CopySpread | None = None,
    began: datetime | None = None,
    newcomers: int | None = None,
) -> Facts:
    """The facts of one segment at `now`; counts are posts, shares 0 to 1, None is unknown.

    `sources_dark` are feeds that the monitor lives on and that cannot be seen, `spread` is that of
    the hour's most copied text, `began` is when the run of unusual time that reaches now began,
    `newcomers` are the hour's authors whom the monitor has not met before.
    """
    hour, day, ten = windows.hour, windows.day, windows.ten_minutes
    volume, negative, angry = baseline.posts, baseline.negative, baseline.angry
    values: dict[str, float | bool | None] = {
        "posts_10m": ten.posts,
        "posts_1h": hour.posts,
        "posts_24h": day.posts,
        "distinct_1h": hour.distinct,
        "distinct_24h": day.distinct,
        "expected_1h": volume.expected,
        "burst_score_1h": volume.score,
        "negative_10m": ten.negative,
        "negative_1h": hour.negative,
        "negative_24h": day.negative,
        "negative_share_1h": _share(hour.negative, hour.posts),
        "negative_share_24h": _share(day.negative, day.posts),
        "negative_expected_1h": negative.expected,
        "negative_burst_score_1h": negative.score,
        "angry_1h": hour.angry,
        "angry_share_1h": _share(hour.angry, hour.posts),
        "angry_expected_1h": angry.expected,
        "angry_burst_score_1h": angry.score,
        "severity_max_1h": hour.severity_max,
        "severity_max_24h": day.severity_max,
        "severity_weighted_1h": hour.severity_sum,
        "severe_posts_1h": hour.severe,
        "severe_posts_24h": day.severe,
        "authors_1h": hour.authors or None,
        "authors_24h": day.authors or None,
        "new_authors_1h": newcomers,
        "verified_posts_1h": hour.verified,
        "verified_posts_24h": day.verified,
        "news_posts_24h": day.news,
        "media_posts_1h": hour.media,
        "sources_24h": day.sources,
        "sources_dark": sources_dark,
        "reach_1h": hour.reach,
        "reach_24h": day.reach,
        "engagement_1h": hour.engagement,
        "engagement_24h": day.engagement,
        "velocity": ten.posts * 6 / max(1, hour.posts),
        "copies_share_1h": _share(hour.posts - hour.distinct, hour.posts),
        "largest_group_1h": hour.largest_group_posts,
        "largest_group_share_1h": _share(hour.largest_group_posts, hour.posts),
        "coordination_1h": None if spread is None else spread.coordination,
        "predicted_size": None if spread is None else spread.predicted_size,
        "first_post_age_m": _minutes(day.first_published_at, now),
        "minutes_since_onset": _minutes(began, now),
        "contained": is_inside_baseline(windows, baseline),
        "history_h": baseline.history.length_h,
        "has_brand": has_brand,
    }
    values |= {f"{name}_posts_24h": day.categories.get(name, 0) for name in _CATEGORIES}
    return Facts(values)


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
    share = _share(hour.negative, hour.posts) or 0.0
    return hour.negative <= baseline.negative.highest and share <= 0.5


def _minutes(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since) / timedelta(minutes=1))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
