"""Thresholds: yellow, orange, red, and when a level is left again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite

from service.errors import InvalidInput
from service.indicators.definition import Direction, IndicatorId, Levels, Measured
from service.indicators.definitions import DEFINITIONS

LARGEST = 1e12
MOST_MARGIN = 0.5
MOST_CASES = 1_000_000_000


class Level(StrEnum):
    """How bad it is. The coloured ones are the ranks 1 to 3 that channels' minimum is about."""

    NONE = "none"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What counts as bad for one monitor. Below `least` cases nothing is said. `margin` is the part
    of a threshold by which a value must come back before its level is left. `alert` pages.

    `version` is 0, and `updated_at` None, for the defaults, which nobody has changed.
    """

    indicator: IndicatorId
    measured: Measured
    levels: Levels
    least: int
    margin: float = 0.1
    alert: bool = False
    version: int = 0
    updated_at: datetime | None = None

    def check(self) -> None:
        """Raise InvalidInput with every mistake."""
        wrong: list[tuple[str, str]] = []
        given = [
            (name, getattr(self.levels, name))
            for name in ("yellow", "orange", "red")
            if getattr(self.levels, name) is not None
        ]
        for name, value in given:
            if not isfinite(value) or abs(value) > LARGEST:
                wrong.append((name, f"a number up to {LARGEST:g}"))
        order = [value for _, value in given]
        if order != sorted(order, reverse=is_downward(self.indicator)):
            how = "fall" if is_downward(self.indicator) else "grow"
            wrong.append((given[-1][0], f"yellow, orange and red must {how} in this order"))
        if not 0 <= self.margin <= MOST_MARGIN:
            wrong.append(("margin", f"from 0 to {MOST_MARGIN}"))
        smallest = DEFINITIONS[self.indicator].least
        if not smallest <= self.least <= MOST_CASES:
            wrong.append(("least", f"from {smallest} to {MOST_CASES:,}"))
        if wrong:
            said = "; ".join(f"{path}: {message}" for path, message in wrong)
            raise InvalidInput(f"thresholds of {self.indicator}: {said}", errors=wrong)


def default_threshold(indicator: IndicatorId) -> Threshold:
    """As shipped: nobody is paged."""
    defined = DEFINITIONS[indicator]
    return Threshold(
        indicator=indicator,
        measured=defined.measured,
        levels=defined.levels,
        least=max(defined.least, 30 if defined.measured is Measured.CHANGE else 0),
    )


def is_downward(indicator: IndicatorId) -> bool:
    return DEFINITIONS[indicator].direction is Direction.LOWER_IS_WORSE


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: None where there is nothing to compare, and over how many cases."""

    value: float | None
    n: int


def next_level(before: Level, look: Look, threshold: Threshold) -> Level:
    """The level after a look: up at once, down only when value and n have come back by the margin,
    so that what swings around a threshold, or around `least`, crosses it once."""
    value = look.value
    if value is None or look.n < threshold.least:
        return before if look.n >= threshold.least * (1 - threshold.margin) else Level.NONE
    reached = _level(value, threshold, slack=0.0)
    if reached.rank >= before.rank:
        return reached
    held = _level(value, threshold, slack=threshold.margin)
    return held if held.rank < before.rank else before


def _level(value: float, threshold: Threshold, *, slack: float) -> Level:
    downward = is_downward(threshold.indicator)
    levels = threshold.levels
    for level, bound in (
        (Level.RED, levels.red),
        (Level.ORANGE, levels.orange),
        (Level.YELLOW, levels.yellow),
    ):
        if bound is None:
            continue
        eased = abs(bound) * slack
        if value <= bound + eased if downward else value >= bound - eased:
            return level
    return Level.NONE
