"""What a set of incidents costs and brings: pages, nights, delays. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from service.backtest.model import Found

NIGHT_FROM_H = 22
NIGHT_UNTIL_H = 8
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`alerts` are pages that rules cause: openings and raises of the tier. Delays in seconds."""

    incidents: int
    by_tier: Mapping[str, int]
    alerts: int
    alerts_per_week: float
    pages_by_night: Mapping[date, int]
    delay_p50_s: float | None
    delay_p90_s: float | None

    @property
    def busiest_night(self) -> int:
        """Pages in the night that had most."""
        return max(self.pages_by_night.values(), default=0)


def figures(
    incidents: Sequence[Found], *, since: datetime, until: datetime, zone: ZoneInfo
) -> Figures:
    """The figures of what was opened between two instants; less than a day counts as a day."""
    pages = pages_of(incidents)
    delays = sorted((item.opened_at - item.first_post_at).total_seconds() for item in incidents)
    tiers = Counter(item.tier for item in incidents)
    return Figures(
        incidents=len(incidents),
        by_tier=dict(sorted(tiers.items())),
        alerts=len(pages),
        alerts_per_week=round(len(pages) * (_WEEK / max(_DAY, until - since)), 2),
        pages_by_night=by_night(pages, zone),
        delay_p50_s=_percentile(delays, 50),
        delay_p90_s=_percentile(delays, 90),
    )


def pages_of(incidents: Iterable[Found]) -> list[datetime]:
    """When rules page: an incident's opening and each raise of its tier."""
    return sorted(change.at for item in incidents for change in item.tiers)


def by_night(pages: Iterable[datetime], zone: ZoneInfo) -> dict[date, int]:
    """Pages by night, named by the day on which it begins; a night is 22:00 to 08:00 in `zone`."""
    nights = Counter(night for page in pages if (night := night_of(page, zone)) is not None)
    return dict(sorted(nights.items()))


def night_of(page: datetime, zone: ZoneInfo) -> date | None:
    """The night in which an instant lies, None by day."""
    local = page.astimezone(zone)
    if NIGHT_UNTIL_H <= local.hour < NIGHT_FROM_H:
        return None
    return local.date() if local.hour >= NIGHT_FROM_H else local.date() - _DAY


def _percentile(ordered: Sequence[float], share: int) -> float | None:
    """Nearest rank; None of nothing."""
    if not ordered:
        return None
    return ordered[max(0, -(-share * len(ordered) // 100) - 1)]
