"""Conditions that no facts can meet: bounds on one fact that leave nothing between them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from playbooks.facts import fact_spec
from playbooks.schema import Comparison, Condition, Operator


@dataclass(slots=True)
class _Range:
    """What the bounds so far leave of a fact; open ends are exclusive."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def narrow(self, comparison: Comparison) -> None:
        value = float(comparison.threshold)
        operator = comparison.operator
        exact = operator in (Operator.EQUALS, Operator.IS)
        if exact or operator in (Operator.AT_LEAST, Operator.ABOVE):
            self._raise(value, open_=operator is Operator.ABOVE)
        if exact or operator in (Operator.AT_MOST, Operator.BELOW):
            self._lower(value, open_=operator is Operator.BELOW)

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def _raise(self, value: float, *, open_: bool) -> None:
        if (value, open_) > (self.low, self.low_open):
            self.low, self.low_open = value, open_

    def _lower(self, value: float, *, open_: bool) -> None:
        if (-value, open_) > (-self.high, self.high_open):
            self.high, self.high_open = value, open_


def contradictions(condition: Condition) -> tuple[str, ...]:
    """Why the condition can never hold; empty when it may.

    Sees bounds that stand in one conjunction, however nested; it does not look behind `not`, and
    an `any` is unreachable only when each of its parts is.
    """
    return tuple(_contradictions(condition))


def _contradictions(condition: Condition) -> Iterator[str]:
    yield from _empty_ranges(tuple(_conjunction(condition)))
    for part in _parts(condition):
        if part.any_ is not None:
            found = [contradictions(child) for child in part.any_]
            if all(found):
                yield from (message for messages in found for message in messages)


def _empty_ranges(comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    ranges: dict[str, _Range] = {}
    for comparison in comparisons:
        high = fact_spec(comparison.fact).high
        bound = ranges.setdefault(comparison.fact, _Range(0.0, math.inf if high is None else high))
        before = bound.empty
        bound.narrow(comparison)
        if bound.empty and not before:
            yield f"no value of {comparison.fact} is within all its bounds"


def _conjunction(condition: Condition) -> Iterator[Comparison]:
    for part in _parts(condition):
        if part.comparison is not None:
            yield part.comparison


def _parts(condition: Condition) -> Iterator[Condition]:
    """The parts that must all hold: the condition itself, or those of its nested `all`s."""
    if condition.all_ is None:
        yield condition
    for part in condition.all_ or ():
        yield from _parts(part)
