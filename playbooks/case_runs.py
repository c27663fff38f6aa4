"""Runs the example cases of a library: what they expect against what the engine says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playbooks.evaluator import Scope, evaluate
from playbooks.facts import Facts
from playbooks.library import Library
from playbooks.planner import Anchors, plan
from playbooks.schema import Case, PlanInput, RuleScope
from playbooks.tiers import assess


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailure:
    """One expectation that was not met."""

    case: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"case {self.case}: expected {self.expected}, got {self.got}"


def run_cases(library: Library) -> tuple[CaseFailure, ...]:
    """Every expectation that the library does not meet, in order of the cases' ids.

    Rules of a case are compared as a whole, the tier with them; of a plan only the named steps.
    """
    return tuple(
        failure
        for name in sorted(library.cases)
        for failure in run_case(library, library.cases[name])
    )


def run_case(library: Library, case: Case) -> Iterator[CaseFailure]:
    """The expectations of one case that are not met."""
    if case.rule_scope is not None:
        yield from _rules(library, case, case.rule_scope)
    if case.plan is not None:
        yield from _steps(library, case, case.plan)


def _rules(library: Library, case: Case, written: RuleScope) -> Iterator[CaseFailure]:
    scope = Scope(scenario=written.scenario, has_brand=written.has_brand)
    facts = Facts({"has_brand": written.has_brand, **case.facts})
    matches = evaluate(library, scope, facts)
    expected = sorted(case.expect.rules or ())
    got = [match.rule_id for match in matches]
    if got != expected:
        yield CaseFailure(case=case.id, expected=f"rules {expected}", got=str(got))
    tier = assess(library.tiers, matches, None).tier
    if tier != case.expect.tier:
        yield CaseFailure(case=case.id, expected=f"tier {case.expect.tier}", got=str(tier))


def _steps(library: Library, case: Case, written: PlanInput) -> Iterator[CaseFailure]:
    playbook = library.playbook_for(written.scenario, written.kind)
    anchors = Anchors.at_opening(
        tier=written.tier, opened=written.opened_at, first_post=written.first_post_at
    )
    planned = {step.id: step.due_at for step in plan(playbook, anchors)}
    for name, due_at in case.expect.steps.items():
        if name not in planned:
            yield CaseFailure(case=case.id, expected=f"a step {name}", got="none")
        elif planned[name] != due_at:
            got = str(planned[name])
            yield CaseFailure(case=case.id, expected=f"{name} due {due_at}", got=got)
    for name in case.expect.absent:
        if name in planned:
            yield CaseFailure(case=case.id, expected=f"no step {name}", got=f"due {planned[name]}")
