"""A streaming detector of bursts, drops and silences in counts per bucket.

Each bucket is held against level × season under a negative binomial, alone and together with its
last 3 and 15; every scale turns its surprise into a rarity by the series' own tail; the rarest
counts, less what looking several times costs; what has already been said is held down:

    h = max over scales of the rarity - LOOKS,    score = 1 - exp(-h / 2) = 1 - sqrt(p)

p is the chance that a bucket begins an event so rare, so 0.9 is one bucket in a hundred, 0.99 one
in ten thousand, on every series. A score uses its own and earlier buckets only. docs/bursts.md has
the sources and the figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from nlp.trends.negative_binomial import interval
from nlp.trends.phase import Course, Phase
from nlp.trends.refractory import Refractory
from nlp.trends.scale import Scale
from nlp.trends.season import Effects, Season, Span
from nlp.trends.silence import Silence
from nlp.trends.tail import Tail
from nlp.trends.width import Width

VERSION = 1
SCALES = (1, 4, 16)
LOOKS = 2.0
"""ln 7: three scales, silence and two directions, which agree more or less with one another."""

ALARM_SCORE = 0.99
PRIOR_LEVEL = 3.0

LEVEL_S = 5 * 86_400.0
LEAST_BUCKETS = 48.0
"""The level forgets in the longer of five days and 48 buckets."""

LEVEL_CUT = 3.0
CLIPPED = 8.0
"""Standard deviations beyond which a count adds nothing: to the level, to a longer sum."""

CAREFUL_S = 36 * 3_600.0
CAREFUL = 0.5
"""Dispersion added at first, falling to 0 by the time a day and its night have been seen."""

FROZEN_S = 86_400.0
FROZEN, HASTY = 0.25, 4.0
"""The level learns slowly while a state is new and fast once it has lasted a day."""

_GAP = 4.0
"""After so many missing buckets the longer sums begin anew."""

_MOST_COUNT = 1e12
"""Larger counts are cut to this, so that squares stay finite."""

_RECENT = 4
_LEAST_LEVEL = 1e-9
_FIRST = 12
"""In so few buckets the level follows almost any count."""


class ScoreReason(StrEnum):
    """Why a bucket scores as it does."""

    NO_HISTORY = "no_history"
    WITHIN_BASELINE = "within_baseline"
    ABOVE_BASELINE = "above_baseline"
    BELOW_BASELINE = "below_baseline"
    SILENT = "silent"
    STILL_ON = "still_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketScore:
    """`score` in [0, 1]; `expected` and the 95 % interval `usual` are None before any history.

    `height` is the score that a high bucket would have had if nothing had been said before: it
    lasts as long as the burst does. 0 for a low one.
    """

    score: float
    height: float
    expected: float | None
    usual: tuple[float, float] | None
    phase: Phase
    reason: ScoreReason

    @property
    def chance(self) -> float:
        """The chance that a bucket begins an event so rare."""
        return (1.0 - self.score) ** 2


@dataclass(slots=True)
class BurstDetector:
    """One series of counts. Mutable; about 600 numbers, however long the series.

    `BurstDetector.of(width)` begins one; the width of the buckets is inferred when not given.
    """

    width: Width = field(default_factory=Width)
    seen: int = 0
    level: float = PRIOR_LEVEL
    age_s: float = 0.0
    last_s: float = 0.0
    counts: list[float] = field(default_factory=list)
    means: list[float] = field(default_factory=list)
    """Of the last buckets: counts, cut to CLIPPED, and what was expected."""
    scales: list[Scale] = field(default_factory=lambda: [Scale(size) for size in SCALES])
    season: Season = field(default_factory=Season)
    silence: Silence = field(default_factory=Silence)
    above: Refractory = field(default_factory=Refractory)
    below: Refractory = field(default_factory=Refractory)
    course: Course = field(default_factory=Course)

    @classmethod
    def of(cls, width: timedelta | None = None) -> Self:
        """A detector without history. Raises ValueError for a width that is not positive."""
        if width is None:
            return cls()
        if width <= timedelta(0):
            raise ValueError(f"need a positive width, not {width}")
        return cls(width=Width(width.total_seconds(), given=True))

    def update(self, at: datetime, count: float) -> BucketScore:
        """Scores the bucket that begins at `at` (aware; its own clock tells hour and day).

        Rows count in the order they come: one whose clock stands or runs back follows the last by
        one width. A missing bucket is unknown, not empty. Raises ValueError for a count that is
        negative or no number.
        """
        count = _counted(count)
        elapsed = self._advance(at.timestamp())
        factor = self.season.factor(at)
        mean = self.level * factor
        rising = count >= mean
        deviation = math.sqrt(mean + self.scales[0].dispersion * mean * mean)
        rarity, silent = self._rarity(count, mean, deviation=deviation, rising=rising)
        up, up_held = self.above.passed(
            rarity if rising else 0.0, elapsed_s=elapsed, width_s=self.width.seconds
        )
        down, down_held = self.below.passed(
            0.0 if rising else rarity, elapsed_s=elapsed, width_s=self.width.seconds
        )
        score = _score(max(up, down))
        usual = interval(mean=mean, dispersion=self.scales[0].dispersion + self._caution())
        phase = self.course.follow(
            self.counts[-_RECENT:],
            mean=mean,
            usual=usual,
            alarm=score >= ALARM_SCORE,
            elapsed_s=elapsed,
        )
        reason = self._reason(score, rising=rising, silent=silent, held=up_held or down_held)
        known = self.seen > 0
        self._learn(at, count, mean=mean, factor=factor, deviation=deviation)
        return BucketScore(
            score=score,
            height=_score(rarity) if rising else 0.0,
            expected=mean if known else None,
            usual=usual if known else None,
            phase=phase,
            reason=reason,
        )

    def glance(self, at: datetime, count: float) -> float:
        """The `height` of a next bucket that begins at `at` and holds `count`; learns nothing.

        Raises ValueError for a count that is negative or no number.
        """
        count = _counted(count)
        mean = self.level * self.season.factor(at)
        if not self.seen or count < mean:
            return 0.0
        deviation = math.sqrt(mean + self.scales[0].dispersion * mean * mean)
        counts = [*self.counts, min(count, mean + CLIPPED * deviation + 2.0)]
        means = [*self.means, mean]
        found = 0.0
        for scale in self.scales:
            size = scale.buckets
            if size > len(counts):
                break
            summed, usual = (
                (count, mean) if size == 1 else (sum(counts[-size:]), sum(means[-size:]))
            )
            rarity = scale.rarity_above(summed, mean=usual, caution=self._caution())
            found = max(found, rarity)
        return _score(max(0.0, found - LOOKS))

    def usual(self, at: datetime, *, buckets: int) -> tuple[float, float, float]:
        """What so many buckets around `at` bring together: expected, and the 95 % interval."""
        mean = self.level * self.season.factor(at) * buckets
        low, high = interval(mean=mean, dispersion=self._dispersion(buckets))
        return mean, low, high

    def _advance(self, at_s: float) -> float:
        """The seconds since the last row, at least one width when the clock did not run on."""
        step = at_s - self.last_s if self.seen else 0.0
        self.width.learn(step)
        self.last_s = at_s
        elapsed = step if step > 0.0 else self.width.seconds
        if elapsed > _GAP * self.width.seconds:
            self.counts.clear()
            self.means.clear()
        self.age_s += elapsed
        return elapsed

    def _caution(self) -> float:
        return 2.0 / (self.seen + 1) + CAREFUL * max(0.0, 1.0 - self.age_s / CAREFUL_S)

    def _rarity(
        self, count: float, mean: float, *, deviation: float, rising: bool
    ) -> tuple[float, bool]:
        """The rarest of all looks, nats, less LOOKS, and whether it is the silence."""
        self.counts.append(min(count, mean + CLIPPED * deviation + 2.0))
        self.means.append(mean)
        if len(self.counts) > SCALES[-1]:
            del self.counts[0], self.means[0]
        caution = self._caution()
        if not self.seen:
            # Against the prior alone a dense series would begin with a burst, and remember it.
            return 0.0, False
        found = 0.0
        for scale in self.scales:
            size = scale.buckets
            if size > len(self.counts):
                break
            summed, usual = (
                (count, mean) if size == 1 else (sum(self.counts[-size:]), sum(self.means[-size:]))
            )
            rarity = scale.rarity(summed, mean=usual, rising=rising, caution=caution)
            found = max(found, rarity)
        silence = self.silence.rarity(count, mean=mean, dispersion=self._dispersion)
        return max(0.0, max(found, silence) - LOOKS), silence > found

    def _dispersion(self, buckets: int) -> float:
        """That of the longest scale that is no longer, caution counted in."""
        fitting = [scale for scale in self.scales if scale.buckets <= buckets]
        return fitting[-1].dispersion + self._caution()

    def _reason(self, score: float, *, rising: bool, silent: bool, held: bool) -> ScoreReason:
        if not self.seen:
            return ScoreReason.NO_HISTORY
        if held:
            return ScoreReason.STILL_ON
        if score < ALARM_SCORE:
            return ScoreReason.WITHIN_BASELINE
        if rising:
            return ScoreReason.ABOVE_BASELINE
        return ScoreReason.SILENT if silent else ScoreReason.BELOW_BASELINE

    def _learn(
        self, at: datetime, count: float, *, mean: float, factor: float, deviation: float
    ) -> None:
        most = mean + LEVEL_CUT * deviation + 2.0
        if self.seen < _FIRST:
            most = max(most, 3.0 * mean + 10.0) if self.seen else math.inf
        kept = min(count, most)
        memory = max(LEAST_BUCKETS, LEVEL_S / self.width.seconds)
        rate = max(1.0 / memory, 1.0 / (self.seen + 2.0))
        if self.course.phase is not Phase.CALM and self.seen > LEAST_BUCKETS:
            rate = min(0.05, rate * (FROZEN if self.course.lasted_s < FROZEN_S else HASTY))
        self.season.learn(at, count=kept, level=self.level, factor=factor)
        self.level = max(_LEAST_LEVEL, self.level + rate * (kept - mean) / factor)
        self.seen += 1

    def to_dict(self) -> dict[str, Any]:
        """The whole state as plain values that JSON can hold."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """The detector that gave `state`. Raises ValueError for another version's state."""
        if state.get("version") != VERSION:
            raise ValueError(
                f"the state is of version {state.get('version')}, this reads {VERSION}: begin anew"
            )
        season, silence = state["season"], state["silence"]
        return cls(
            width=Width(**state["width"]),
            seen=state["seen"],
            level=state["level"],
            age_s=state["age_s"],
            last_s=state["last_s"],
            counts=[*state["counts"]],
            means=[*state["means"]],
            scales=[_scale(each) for each in state["scales"]],
            season=Season(
                hours=Effects(**season["hours"]),
                days=Effects(**season["days"]),
                parts=Effects(**season["parts"]),
                hour=Span(**season["hour"]),
                day=Span(**season["day"]),
                part=Span(**season["part"]),
            ),
            silence=Silence(**{**silence, "tail": Tail(**silence["tail"])}),
            above=Refractory(**state["above"]),
            below=Refractory(**state["below"]),
            course=Course(**{**state["course"], "phase": Phase(state["course"]["phase"])}),
        )


def _counted(count: float) -> float:
    if not (math.isfinite(count) and count >= 0.0):
        raise ValueError(f"counts must be finite and not negative, not {count}")
    return min(count, _MOST_COUNT)


def _score(rarity: float) -> float:
    return -math.expm1(-rarity / 2.0)


def _scale(state: Mapping[str, Any]) -> Scale:
    return Scale(**{**state, "above": Tail(**state["above"]), "below": Tail(**state["below"])})
