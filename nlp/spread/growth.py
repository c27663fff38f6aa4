"""How large a cascade of reposts will get, from its first 30 or 60 minutes.

A ridge regression of the logarithm of the final size on a few features of the window (`FEATURES`);
everything in them is known when the window closes. Made by `python -m nlp.training.cascade`; the
card beside the weights says from what, how well, and what they cannot do.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from nlp.spread.errors import BadGrowthWeights

VERSION = "growth-1"
WINDOWS = (timedelta(minutes=30), timedelta(minutes=60))
FEATURES = ("posts", "second_half", "last_quarter", "followers", "hour_sine", "hour_cosine")
WEIGHTS_FILE = "weights.json"

_CHINA = timezone(timedelta(hours=8))
_REMEDY = "restore it, or make it again: python -m nlp.training.cascade"


class NoPrediction(StrEnum):
    """Why there is none."""

    TOO_YOUNG = "too_young"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    """More posts in the window than in any cascade that was learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The expected number of posts in the end, the first one included, with an 80 % range.

    None of the three is below `seen`, the posts so far; `window` is what was read.
    """

    size: int
    low: int
    high: int
    seen: int
    window: timedelta
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWeights:
    """Of one window. `low` and `high` are added to the logarithm; the mean stands for what is not
    known; `fewest` and `most` posts in the window are what it may be asked about."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    low: float
    high: float
    fewest: int
    most: int

    def log_size(self, features: Sequence[float | None]) -> float:
        """The natural logarithm of the expected size."""
        return self.intercept + sum(
            weight * (value - mean) / scale
            for value, mean, scale, weight in zip(
                features, self.mean, self.scale, self.weights, strict=True
            )
            if value is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthWeights:
    """The weights by window."""

    windows: dict[timedelta, WindowWeights]
    version: str


def predict_size(
    times: Sequence[datetime],
    *,
    began: datetime,
    now: datetime,
    followers: int | None = None,
    weights: GrowthWeights | None = None,
) -> Prediction | NoPrediction:
    """The final size of a cascade by the longest window that has closed.

    `times` are of all its posts in any order, the first one (at `began`, by an author with so many
    `followers`) included; posts before `began` count as at it, posts after `now` not yet. Raises
    BadGrowthWeights when the shipped weights cannot be read.
    """
    weights = weights or load_growth_weights()
    closed = [window for window in WINDOWS if now - began >= window]
    if not closed:
        return NoPrediction.TOO_YOUNG
    ages = [max(at - began, timedelta(0)) for at in times if at <= now]
    window = closed[-1]
    chosen = weights.windows[window]
    within = sum(age <= window for age in ages)
    if within < chosen.fewest:
        return NoPrediction.TOO_FEW
    if within > chosen.most:
        return NoPrediction.TOO_MANY
    size = chosen.log_size(growth_features(ages, window=window, began=began, followers=followers))
    low, expected, high = (
        max(len(ages), round(math.exp(size + shift))) for shift in (chosen.low, 0, chosen.high)
    )
    return Prediction(
        size=expected,
        low=low,
        high=high,
        seen=len(ages),
        window=window,
        version=weights.version,
    )


def growth_features(
    ages: Sequence[timedelta], *, window: timedelta, began: datetime, followers: int | None
) -> list[float | None]:
    """One value a name of FEATURES, None for what is not known.

    `ages` are the times since the first post, at least 0; those after the window are not read. The
    hour is that of China, where the posts that this was learned from were written.
    """
    kept = [age for age in ages if age <= window]
    local = began.astimezone(_CHINA)
    turn = 2 * math.pi * (local.hour + local.minute / 60) / 24
    return [
        math.log1p(len(kept)),
        math.log1p(sum(age > window * 0.5 for age in kept)),
        math.log1p(sum(age > window * 0.75 for age in kept)),
        None if followers is None else math.log1p(max(0, followers)),
        math.sin(turn),
        math.cos(turn),
    ]


@cache
def load_growth_weights() -> GrowthWeights:
    """The weights of nlp/models/cascade, read once a process. Raises BadGrowthWeights."""
    return read_growth_weights(files("nlp").joinpath("models", "cascade", WEIGHTS_FILE))


def read_growth_weights(path: Traversable) -> GrowthWeights:
    """The weights of a file. Raises BadGrowthWeights when it is missing or of another version."""
    try:
        content = path.read_bytes()
        document = json.loads(content)
        if document["features"] != VERSION or document["names"] != list(FEATURES):
            raise BadGrowthWeights(
                f"{path}: made for {document['features']!r}, not {VERSION!r}; {_REMEDY}"
            )
        windows = {
            window: _window_weights(document["windows"][f"{window.total_seconds():.0f}"])
            for window in WINDOWS
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadGrowthWeights(f"{path}: cannot be read: {error!r}; {_REMEDY}") from error
    digest = hashlib.sha256(content).hexdigest()
    return GrowthWeights(windows=windows, version=f"{VERSION}-{digest[:12]}")


def _window_weights(row: dict[str, object]) -> WindowWeights:
    mean, scale, weights = (_numbers(row[name]) for name in ("mean", "scale", "weights"))
    intercept, low, high, fewest, most = _numbers(
        [row[name] for name in ("intercept", "low", "high", "fewest", "most")]
    )
    if not len(mean) == len(scale) == len(weights) == len(FEATURES) or min(scale) <= 0:
        raise ValueError(f"there must be {len(FEATURES)} means, weights and positive scales")
    return WindowWeights(
        mean=mean,
        scale=scale,
        weights=weights,
        intercept=intercept,
        low=low,
        high=high,
        fewest=int(fewest),
        most=int(most),
    )


def _numbers(values: object) -> tuple[float, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is no list of numbers")
    return tuple(float(value) for value in values)
