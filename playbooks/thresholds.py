"""The bounds of a rule by name: listed, and replaced without writing the condition again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playbooks.expression import clause_text
from playbooks.schema import Comparison, Condition, Operator

_RAISED = frozenset({Operator.AT_LEAST, Operator.ABOVE})
MOST_BOUND = 1e15
"""No count comes near, and floats are still exact to one."""
_PLAIN = (("≥", ">="), ("≤", "<="), ("≠", "!="))


def comparisons(condition: Condition) -> tuple[Comparison, ...]:
    """Every comparison of a condition, in the order in which it is written."""
    return tuple(_comparisons(condition))


def raisable(condition: Condition) -> tuple[Comparison, ...]:
    """The comparisons that a higher bound makes stricter; what stands under `not` is none."""
    if condition.comparison is not None:
        return (condition.comparison,) if condition.comparison.operator in _RAISED else ()
    parts = condition.all_ or condition.any_ or ()
    return tuple(item for part in parts for item in raisable(part))


@dataclass(frozen=True, slots=True)
class BadThreshold:
    """A name that stands for no comparison, or for several different ones."""

    name: str
    message: str


def with_thresholds(
    condition: Condition, wanted: Mapping[str, Any]
) -> tuple[Mapping[str, Any], tuple[BadThreshold, ...]]:
    """The condition as plain data with other bounds, and what of `wanted` cannot be followed.

    A name is a fact that the condition compares in one way only, or a clause as reasons show it
    (`negative_1h ≥ 10`; `>=` does as well).
    """
    written = comparisons(condition)
    chosen: dict[Comparison, float | bool] = {}
    bad: list[BadThreshold] = []
    for name, threshold in wanted.items():
        found = {item for item in written if name == item.fact or _plain(name) == _clause(item)}
        if len(found) != 1:
            clauses = sorted({clause_text(item) for item in found or written})
            stands = "stands for several clauses" if found else "is no clause of the rule"
            message = f"{name!r} {stands}; name one of: {', '.join(clauses)}"
            bad.append(BadThreshold(name, message))
            continue
        comparison = found.pop()
        if _is_bound(threshold, like=comparison.threshold):
            chosen[comparison] = threshold
        elif _is_number(threshold) and not isinstance(comparison.threshold, bool):
            # The number itself may be too long to be written.
            bad.append(BadThreshold(name, f"no bound of {name}: give one within ±{MOST_BOUND:g}"))
        else:
            kind = "true or false" if isinstance(comparison.threshold, bool) else "a number"
            bad.append(BadThreshold(name, f"{threshold!r} is no bound of {name}: give {kind}"))
    return _rewritten(condition, chosen), tuple(bad)


def _comparisons(condition: Condition) -> Iterator[Comparison]:
    if condition.comparison is not None:
        yield condition.comparison
    parts = (condition.not_,) if condition.not_ is not None else condition.all_ or condition.any_
    for part in parts or ():
        yield from _comparisons(part)


def _is_bound(value: object, *, like: float | bool) -> bool:
    if isinstance(like, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(like, bool)
    # Compared before anything else: a whole number may be larger than any float.
    return isinstance(value, int | float) and abs(value) <= MOST_BOUND


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rewritten(
    condition: Condition, chosen: Mapping[Comparison, float | bool]
) -> Mapping[str, Any]:
    comparison = condition.comparison
    if comparison is not None:
        threshold = chosen.get(comparison, comparison.threshold)
        return {"fact": comparison.fact, comparison.operator.value: threshold}
    if condition.not_ is not None:
        return {"not": _rewritten(condition.not_, chosen)}
    name = "all" if condition.all_ is not None else "any"
    parts = condition.all_ or condition.any_ or ()
    return {name: [_rewritten(part, chosen) for part in parts]}


def _clause(comparison: Comparison) -> str:
    return _plain(clause_text(comparison))


def _plain(clause: str) -> str:
    for sign, plain in _PLAIN:
        clause = clause.replace(sign, plain)
    return "".join(clause.split())
