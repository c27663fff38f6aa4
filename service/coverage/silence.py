"""Is a feed that answers well suspiciously quiet?

Asked of two windows that touch: the shortest width at which silence alone would be improbable in
both. At night the expected posts are few, so the windows grow until they reach back into the day,
and a quiet night of a quiet feed says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.coverage.arrivals import HOUR, ArrivalModel

IMPROBABLE = 1e-3
WIDTHS_H = (1, 2, 3, 6, 12, 24, 48, 96, 168)


class Verdict(StrEnum):
    PLAUSIBLE = "plausible"
    SUSPICIOUS = "suspicious"
    UNKNOWN = "unknown"
    """Too little history, or too few posts for silence to mean anything within a week."""
    UNSEEN = "unseen"
    """We ourselves have not looked for as long as the two windows are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What was seen in the newer window, of `width_h` hours, against what is usual for it.

    `probability` is that of at most so many posts; the verdict is about both windows.
    """

    verdict: Verdict
    width_h: int | None = None
    posts: int | None = None
    expected: float | None = None
    probability: float | None = None

    @property
    def is_odd(self) -> bool:
        """Whether the newer window alone is improbable."""
        return self.probability is not None and self.probability < IMPROBABLE


NO_MODEL = Silence(verdict=Verdict.UNKNOWN)
UNSEEN = Silence(verdict=Verdict.UNSEEN)


def assess_silence(
    model: ArrivalModel | None,
    counts: Mapping[datetime, int],
    *,
    now: datetime,
    since: datetime | None = None,
) -> Silence:
    """Judge the two windows that end with the last full hour before `now`.

    `counts` are posts by full hour of UTC, absent ones zero; those of the hour that runs count for
    the newer window, so that a feed which speaks again is heard at once. Windows that begin before
    `since` are not judged: then we did not look, or the feed was not read.
    """
    if model is None:
        return NO_MODEL
    current = now.replace(minute=0, second=0, microsecond=0)
    for width in WIDTHS_H:
        newer, older = current - width * HOUR, current - 2 * width * HOUR
        if max(model.at_most(0, start, width) for start in (newer, older)) >= IMPROBABLE:
            continue
        if since is not None and older < since:
            return UNSEEN
        posts = sum(counts.get(newer + number * HOUR, 0) for number in range(width + 1))
        before = sum(counts.get(older + number * HOUR, 0) for number in range(width))
        probability = model.at_most(posts, newer, width)
        odd = probability < IMPROBABLE and model.at_most(before, older, width) < IMPROBABLE
        return Silence(
            verdict=Verdict.SUSPICIOUS if odd else Verdict.PLAUSIBLE,
            width_h=width,
            posts=posts,
            expected=model.expected(newer, width),
            probability=probability,
        )
    return NO_MODEL
