"""One series of counts of a segment, followed by a burst detector, and what it says of the hour."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from nlp.trends import BurstDetector
from service.monitoring.onset import Run

BUCKET = timedelta(minutes=10)
HOUR_BUCKETS = 6
MIN_VOLUME = 10
QUIET_CAP = 0.5
"""An hour of fewer posts is never called a burst, however unusual: its score is at most that."""


PRIOR = (1, 0, 1, 0, 1, 0) * 2
"""What the first hours of a monitor are held against: two hours of three posts each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """What one series says of the hour before an instant, in posts.

    `score` in [0, 1] is the highest of the hour's buckets, counted as long as the burst lasts (see
    docs/bursts.md); `expected` is None without history, `highest` the upper end of what is usual
    (95 %), `began` the start of the run of unusual time that reaches now.
    """

    score: float = 0.0
    expected: float | None = None
    highest: float = 0.0
    began: datetime | None = None


@dataclass(slots=True)
class _Followed:
    """A detector and the run of unusual buckets, after some bucket."""

    detector: BurstDetector = field(default_factory=lambda: BurstDetector.of(BUCKET))
    run: Run = field(default_factory=Run)

    def follow(self, start: datetime, count: int) -> float:
        """The height of the bucket; learns it."""
        found = self.detector.update(start, count)
        usual = 0.0 if found.expected is None else found.expected
        self.run.follow(start, count, usual=usual)
        return found.height


@dataclass(slots=True)
class Series:
    """Counts by bucket, oldest first, of which the last may still change. Mutable.

    The state after the buckets that are settled is kept; those after them are followed anew when
    a late post has changed one.
    """

    settled: _Followed
    newest: _Followed
    counts: list[int] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    """Of the buckets that are not settled, up to the newest."""

    @classmethod
    def before(cls, start: datetime) -> Self:
        """A series without a post yet whose first bucket begins at `start`."""
        primed = _Followed()
        for place, count in enumerate(PRIOR):
            primed.detector.update(start + (place - len(PRIOR)) * BUCKET, count)
        return cls(settled=primed, newest=deepcopy(primed))

    def follow(self, counts: Sequence[int], *, starts: Sequence[datetime], settle: int) -> None:
        """Take the buckets after the settled ones, closed all; `settle` of them change no more.

        `starts` are in the zone whose hours and days count.
        """
        known = len(self.counts)
        goes_on = settle <= known <= len(counts) and [*counts[:known]] == self.counts
        for place in range(settle):
            self.settled.follow(starts[place], counts[place])
        if goes_on:
            del self.counts[:settle], self.heights[:settle]
        else:
            self.newest = deepcopy(self.settled)
            self.counts, self.heights, known = [], [], settle
        for place in range(known, len(counts)):
            height = self.newest.follow(starts[place], counts[place])
            self.counts.append(counts[place])
            self.heights.append(height)

    def burst(
        self, ahead: Sequence[int], *, since: datetime, hour: int, latest: int, now: datetime
    ) -> Burst:
        """What the hour before `now` says.

        `ahead` are the buckets from `since` on, the end of the newest that was followed, up to now;
        `hour` and `latest` are the posts of the last hour and of the last ten minutes. `since` and
        `now` are in the zone whose hours and days count.
        """
        detector = self.newest.detector
        score = max([detector.glance(now - BUCKET, latest), *self.heights[1 - HOUR_BUCKETS :]])
        expected, _, highest = detector.usual(now - HOUR_BUCKETS * BUCKET / 2, buckets=HOUR_BUCKETS)
        run = replace(self.newest.run)
        for place, count in enumerate(ahead):
            start = since + place * BUCKET
            run.follow(start, count, usual=detector.usual(start, buckets=1)[0])
        return Burst(
            score=score if hour >= MIN_VOLUME else min(score, QUIET_CAP),
            expected=expected if detector.seen > len(PRIOR) else None,
            highest=highest,
            began=None if run.began is None else run.began.astimezone(UTC),
        )
