"""Hysteresis: a rule lets go only well below the bounds at which it matched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from playbooks.evaluator import Scope, readers
from playbooks.expression import Outcome, compare, outcome_of
from playbooks.facts import Facts, fact_spec
from playbooks.library import Library
from playbooks.measures import Window
from playbooks.schema import Comparison, Condition, Operator

_RISING = frozenset({Operator.AT_LEAST, Operator.ABOVE})
_FALLING = frozenset({Operator.AT_MOST, Operator.BELOW})


def still_on(library: Library, scope: Scope, facts: Facts) -> frozenset[str]:
    """The live rules with a `release` that hold at that share of their bounds, by id.

    Lower bounds are multiplied by it, upper ones divided. What a rule asks of a whole day counts
    as met: a day goes on long after the hour is calm. What stands under `not` is as written.
    """
    return frozenset(_still_on(library, scope, facts))


def _still_on(library: Library, scope: Scope, facts: Facts) -> Iterator[str]:
    for rule in readers(library, scope):
        if rule.release is not None and _holds(rule.when, facts, rule.release):
            yield rule.id


def _holds(condition: Condition, facts: Facts, release: float) -> bool:
    comparison = condition.comparison
    if comparison is not None:
        if fact_spec(comparison.fact).window is Window.DAY:
            return True
        return compare(_relaxed(comparison, release), facts) is Outcome.HELD
    if condition.not_ is not None:
        return outcome_of(condition, facts) is Outcome.HELD
    if condition.all_ is not None:
        return all(_holds(part, facts, release) for part in condition.all_)
    return any(_holds(part, facts, release) for part in condition.any_ or ())


def _relaxed(comparison: Comparison, release: float) -> Comparison:
    if comparison.operator in _RISING:
        return replace(comparison, threshold=comparison.threshold * release)
    if comparison.operator in _FALLING:
        return replace(comparison, threshold=comparison.threshold / release)
    return comparison
