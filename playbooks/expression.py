"""Conditions over facts, and why they hold or do not.

Three outcomes, after Kleene: a comparison with an unknown fact neither holds nor fails, so that
`not` over an unknown does not hold either; ignorance never opens an incident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from playbooks.facts import Facts, FactValue
from playbooks.schema import Comparison, Condition, Operator


class Outcome(StrEnum):
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One comparison: its text, the value that was seen (None: unknown) and the threshold."""

    clause: str
    value: FactValue
    threshold: float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The condition tree with its outcome at every node; leaves compare."""

    clause: str
    outcome: Outcome
    children: tuple[Explanation, ...] = ()
    comparison: Comparison | None = None
    value: FactValue = None

    @property
    def held(self) -> bool:
        return self.outcome is Outcome.HELD


_TESTS: Mapping[Operator, Callable[[float, float], bool]] = {
    Operator.AT_LEAST: lambda value, threshold: value >= threshold,
    Operator.AT_MOST: lambda value, threshold: value <= threshold,
    Operator.ABOVE: lambda value, threshold: value > threshold,
    Operator.BELOW: lambda value, threshold: value < threshold,
    Operator.EQUALS: lambda value, threshold: value == threshold,
    Operator.IS: lambda value, threshold: value is threshold,
}
_SIGNS: Mapping[Operator, tuple[str, str]] = {
    Operator.AT_LEAST: ("≥", "<"),
    Operator.AT_MOST: ("≤", ">"),
    Operator.ABOVE: (">", "≤"),
    Operator.BELOW: ("<", "≥"),
    Operator.EQUALS: ("=", "≠"),
    Operator.IS: ("is", "is not"),
}


def outcome_of(condition: Condition, facts: Facts) -> Outcome:
    """Whether the condition holds, without the explanation."""
    comparison = condition.comparison
    if comparison is not None:
        return compare(comparison, facts)
    if condition.not_ is not None:
        return _negated(outcome_of(condition.not_, facts))
    if condition.all_ is not None:
        return _every(outcome_of(child, facts) for child in condition.all_)
    return _some(outcome_of(child, facts) for child in condition.any_ or ())


def explain(condition: Condition, facts: Facts) -> Explanation:
    """The outcome of every part of the condition."""
    comparison = condition.comparison
    if comparison is not None:
        return Explanation(
            clause=clause_text(comparison),
            outcome=compare(comparison, facts),
            comparison=comparison,
            value=facts.get(comparison.fact),
        )
    if condition.not_ is not None:
        child = explain(condition.not_, facts)
        return Explanation(clause="not", outcome=_negated(child.outcome), children=(child,))
    combine, clause = (_every, "all") if condition.all_ is not None else (_some, "any")
    children = tuple(explain(part, facts) for part in condition.all_ or condition.any_ or ())
    outcome = combine(tuple(child.outcome for child in children))
    return Explanation(clause=clause, outcome=outcome, children=children)


def reasons(explanation: Explanation) -> tuple[Reason, ...]:
    """The comparisons that made a condition hold; none when it does not."""
    return _reasons(explanation, negated=False) if explanation.held else ()


def clause_text(comparison: Comparison, *, negated: bool = False) -> str:
    """`negative_1h ≥ 20`, or `negative_1h < 20` when negated."""
    sign = _SIGNS[comparison.operator][negated]
    return f"{comparison.fact} {sign} {_number(comparison.threshold)}"


def compare(comparison: Comparison, facts: Facts) -> Outcome:
    """One fact against one threshold; UNKNOWN where the fact is."""
    value = facts.get(comparison.fact)
    if value is None:
        return Outcome.UNKNOWN
    held = _TESTS[comparison.operator](value, comparison.threshold)
    return Outcome.HELD if held else Outcome.FAILED


def _negated(outcome: Outcome) -> Outcome:
    if outcome is Outcome.UNKNOWN:
        return outcome
    return Outcome.FAILED if outcome is Outcome.HELD else Outcome.HELD


def _every(outcomes: Iterable[Outcome]) -> Outcome:
    return _first(Outcome.FAILED, outcomes, otherwise=Outcome.HELD)


def _some(outcomes: Iterable[Outcome]) -> Outcome:
    return _first(Outcome.HELD, outcomes, otherwise=Outcome.FAILED)


def _first(decisive: Outcome, outcomes: Iterable[Outcome], *, otherwise: Outcome) -> Outcome:
    """What decides alone ends the asking: most rules fail at their first comparison."""
    for outcome in outcomes:
        if outcome is decisive:
            return decisive
        if outcome is Outcome.UNKNOWN:
            otherwise = outcome
    return otherwise


def _reasons(part: Explanation, *, negated: bool) -> tuple[Reason, ...]:
    if part.comparison is not None:
        return (_reason(part, part.comparison, negated=negated),)
    if part.clause == "not":
        return _reasons(part.children[0], negated=not negated)
    # a negated `all` holds through its failed parts; every part of a held `all` counts as it is
    wanted = Outcome.FAILED if negated else Outcome.HELD
    return tuple(
        reason
        for child in part.children
        if child.outcome is wanted
        for reason in _reasons(child, negated=negated)
    )


def _reason(part: Explanation, comparison: Comparison, *, negated: bool) -> Reason:
    return Reason(
        clause=clause_text(comparison, negated=negated),
        value=part.value,
        threshold=comparison.threshold,
    )


def _number(value: float | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if float(value).is_integer() else repr(value)
