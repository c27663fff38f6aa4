"""Where in its course a burst, a drop or a silence is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """The state of a series after a bucket."""

    CALM = "calm"
    ONSET = "onset"
    PEAK = "peak"
    DECAY = "decay"
    DROP = "drop"
    SILENCE = "silence"


RISING = frozenset({Phase.ONSET, Phase.PEAK, Phase.DECAY})

_GROWS = 1.1
"""A burst still grows with a bucket a tenth higher than the highest before."""

_PAST_PEAK = 0.5
"""A burst decays once its recent buckets stand less than half as high as its highest."""


@dataclass(slots=True)
class Course:
    """The phase and what it is measured by. Mutable."""

    phase: Phase = Phase.CALM
    highest: float = 0.0
    """The highest count above what was expected, of this burst."""
    lasted_s: float = 0.0

    def follow(
        self,
        recent: Sequence[float],
        *,
        mean: float,
        usual: tuple[float, float],
        alarm: bool,
        elapsed_s: float,
    ) -> Phase:
        """The phase after the newest of `recent` buckets, of which `mean` each is expected.

        `usual` is the interval of a calm bucket; `alarm` says that something new stands out.
        """
        newest = recent[-1]
        level = sum(recent) / len(recent)
        self.lasted_s = 0.0 if self.phase is Phase.CALM else self.lasted_s + elapsed_s
        if alarm and newest > mean:
            if self.phase not in RISING:
                self.highest = 0.0
            self.phase = Phase.ONSET
            self.highest = max(self.highest, newest - mean)
        elif alarm:
            self.phase = Phase.SILENCE if newest == 0.0 else Phase.DROP
        elif self.phase in RISING:
            self._after_onset(newest - mean, level - mean, calm=level <= usual[1])
        elif self.phase is not Phase.CALM:
            if level >= usual[0] and newest > 0.0:
                self.phase = Phase.CALM
            else:
                self.phase = Phase.SILENCE if newest == 0.0 else Phase.DROP
        return self.phase

    def _after_onset(self, height: float, level: float, *, calm: bool) -> None:
        if calm:
            self.phase = Phase.CALM
        elif height > _GROWS * self.highest:
            self.highest = height
            self.phase = Phase.ONSET
        elif level < _PAST_PEAK * self.highest:
            self.phase = Phase.DECAY
        elif self.phase is not Phase.DECAY:
            self.phase = Phase.PEAK
