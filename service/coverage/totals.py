"""What a feed came to, day by day: posts, outcomes of its pulls, what could not be read, lags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from service.coverage.lag import Stage
from service.coverage.percentiles import Percentiles, added, percentiles
from service.coverage.repository import FeedHour


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTotals:
    """Sums over some hours. `rejected_share` is that of the entries that could not be read, None
    where none came; `lags` in seconds, each from the stage before."""

    posts: int
    rejected: int
    due: int
    collected: int
    outcomes: Mapping[str, int]
    rejected_share: float | None
    lags: Mapping[Stage, Percentiles]


def totals(hours: Iterable[FeedHour]) -> FeedTotals:
    """Everything in these hours together."""
    posts = rejected = due = collected = 0
    outcomes: Counter[str] = Counter()
    lags: dict[Stage, Mapping[str, int]] = {}
    for hour in hours:
        posts += hour.posts
        rejected += hour.rejected
        due += hour.due
        collected += hour.collected
        outcomes.update(hour.outcomes)
        for name, sketch in hour.lags.items():
            stage = Stage(name)
            lags[stage] = added(lags.get(stage, {}), sketch)
    entries = posts + rejected
    return FeedTotals(
        posts=posts,
        rejected=rejected,
        due=due,
        collected=collected,
        outcomes=dict(sorted(outcomes.items())),
        rejected_share=round(rejected / entries, 4) if entries else None,
        lags={stage: percentiles(sketch) for stage, sketch in lags.items()},
    )


def by_day(hours: Iterable[FeedHour], *, zone: tzinfo) -> dict[date, FeedTotals]:
    """The same for each day of the zone on which there was anything, the oldest first."""
    days: dict[date, list[FeedHour]] = {}
    for hour in hours:
        days.setdefault(hour.hour.astimezone(zone).date(), []).append(hour)
    return {day: totals(its) for day, its in sorted(days.items())}
