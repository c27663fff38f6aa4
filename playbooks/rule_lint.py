"""Findings over rules: what can never match, and what nobody tries out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playbooks.cycles import circular
from playbooks.document import Path
from playbooks.facts import fact_spec
from playbooks.issues import Issue, error, warning
from playbooks.library import Library
from playbooks.mistakes import Mistake
from playbooks.reachability import contradictions
from playbooks.schema import Comparison, Condition, Rule


def rule_issues(library: Library) -> Iterator[Issue]:
    """Bounds outside what a fact may be, conditions that nothing meets, circles of inhibition."""
    for name, rule in library.rules.items():
        file = f"rules/{name}.yaml"
        outside = list(_outside(rule.when, ("when",)))
        for path, comparison in outside:
            message = f"{comparison.fact} is never {comparison.threshold:g}: {_span(comparison)}"
            yield error(file, Mistake.THRESHOLD_OUT_OF_RANGE, message, path=path)
        for contradiction in () if outside else contradictions(rule.when):
            message = f"can never match: {contradiction}"
            yield error(file, Mistake.UNREACHABLE_RULE, message, path=("when",))
    yield from _inhibition(library.rules)


def coverage_issues(library: Library) -> Iterator[Issue]:
    """Rules that no case expects to match."""
    covered = {name for case in library.cases.values() for name in case.expect.rules or ()}
    for name in library.rules:
        if name not in covered:
            message = "no case expects it to match"
            yield warning(f"rules/{name}.yaml", Mistake.RULE_WITHOUT_CASE, message, path=("id",))


def _inhibition(rules: Mapping[str, Rule]) -> Iterator[Issue]:
    path: Path = ("inhibited_by",)
    for name, rule in rules.items():
        if name in rule.inhibited_by:
            message = "it is inhibited by itself and can never match"
            yield error(f"rules/{name}.yaml", Mistake.INHIBITS_ITSELF, message, path=path)
    others = {name: set(rule.inhibited_by) - {name} for name, rule in rules.items()}
    for name in circular(others):
        message = "through the rules that inhibit it, it inhibits itself"
        yield error(f"rules/{name}.yaml", Mistake.INHIBITION_CYCLE, message, path=path)


def _outside(condition: Condition, path: Path) -> Iterator[tuple[Path, Comparison]]:
    """Comparisons with a number that the fact never has, and where they stand."""
    comparison = condition.comparison
    if comparison is not None:
        high = fact_spec(comparison.fact).high
        value = float(comparison.threshold)
        if value < 0 or (high is not None and value > high):
            yield (*path, comparison.operator.value), comparison
    for key, parts in (("all", condition.all_), ("any", condition.any_)):
        for place, part in enumerate(parts or ()):
            yield from _outside(part, (*path, key, place))
    if condition.not_ is not None:
        yield from _outside(condition.not_, (*path, "not"))


def _span(comparison: Comparison) -> str:
    high = fact_spec(comparison.fact).high
    return "it is 0 or more" if high is None else f"it is 0 to {high:g}"
