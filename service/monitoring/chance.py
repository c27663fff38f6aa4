"""Bursts that chance alone would bring, when hundreds of series are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from nlp.trends import discoveries
from service.monitoring.baseline import Baseline
from service.monitoring.series import Burst

RATE = 0.05
"""Of the bursts that stand, so many are expected to be chance."""
CHANCE_CAP = 0.9
"""The most that a burst which does not stand may score: rules ask for more."""
_HOUR = timedelta(hours=1)


class Discoveries:
    """The scores that the looks of the last hour found, of all monitors."""

    def __init__(self) -> None:
        self._scores: dict[str, tuple[datetime, tuple[float, ...]]] = {}

    def standing(
        self, monitor: str, baselines: Mapping[str, Baseline], *, now: datetime
    ) -> dict[str, Baseline]:
        """The baselines of a monitor's segments, what does not stand cut to `CHANCE_CAP`."""
        own = [burst.score for baseline in baselines.values() for burst in _bursts(baseline)]
        self._scores[monitor] = (now, tuple(own))
        if max(own, default=0.0) <= CHANCE_CAP:
            return dict(baselines)
        self._scores = {name: seen for name, seen in self._scores.items() if now - seen[0] < _HOUR}
        others = [
            score for name, seen in self._scores.items() if name != monitor for score in seen[1]
        ]
        stands = dict(zip(own, discoveries([*own, *others], rate=RATE), strict=False))

        def judged(burst: Burst) -> Burst:
            if stands[burst.score] or burst.score <= CHANCE_CAP:
                return burst
            return replace(burst, score=CHANCE_CAP)

        return {
            segment: replace(
                baseline,
                posts=judged(baseline.posts),
                negative=judged(baseline.negative),
                angry=judged(baseline.angry),
            )
            for segment, baseline in baselines.items()
        }


def _bursts(baseline: Baseline) -> tuple[Burst, ...]:
    return baseline.posts, baseline.negative, baseline.angry
