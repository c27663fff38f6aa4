"""The risk score of a segment, 0 to 100, with the parts that it is the sum of. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playbooks.facts import Facts
from playbooks.schema import RiskMeasure, RiskPart, RiskTable, Scale, Text

_DIGITS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskShare:
    """What one part gives: `points` of its `weight`, by the measure that gave most.

    `value` is what that fact was; None where none of the part's facts is known.
    """

    id: str
    name: Text
    weight: float
    points: float
    fact: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """`score` is the sum of the parts' points, in the order of the table."""

    score: float
    parts: tuple[RiskShare, ...]


def assess_risk(table: RiskTable, facts: Facts) -> Risk:
    """The score of the facts; what is unknown gives nothing.

    Points are rounded to a tenth before they are summed, so that what is shown adds up.
    """
    parts = tuple(_share(part, facts) for part in table.parts)
    return Risk(score=round(sum(part.points for part in parts), _DIGITS), parts=parts)


def _share(part: RiskPart, facts: Facts) -> RiskShare:
    reached = [(_reached(measure, facts.get(measure.fact)), measure) for measure in part.of]
    # of equals the first; one that is unknown only where all are
    most, measure = max(reached, key=lambda item: -1.0 if item[0] is None else item[0])
    return RiskShare(
        id=part.id,
        name=part.name,
        weight=part.weight,
        points=round(part.weight * (most or 0.0), _DIGITS),
        fact=measure.fact,
        value=facts.get(measure.fact),
    )


def _reached(measure: RiskMeasure, value: float | None) -> float | None:
    """How far a value has come from `none` to `full`, 0 to 1."""
    if value is None:
        return None
    low, high = measure.none, measure.full
    if measure.scale is Scale.LOG:
        if value <= low:
            return 0.0
        low, high, value = math.log(low), math.log(high), math.log(value)
    return min(1.0, max(0.0, (value - low) / (high - low)))
