"""`cases/<id>.yaml`: examples that are tests."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, StrictBool, model_validator

from playbooks.errors import UnknownFact
from playbooks.facts import FactValue, check_fact
from playbooks.schema.base import Content, Id, Kind, Number
from playbooks.schema.scenario import ScenarioId


def _check_facts(facts: dict[str, FactValue]) -> dict[str, FactValue]:
    for name, value in facts.items():
        try:
            check_fact(name, value)
        except UnknownFact as error:
            raise ValueError(str(error)) from error
    return facts


CaseFacts = Annotated[dict[str, StrictBool | Number | None], AfterValidator(_check_facts)]


class RuleScope(Content):
    """The segment that the facts describe."""

    scenario: ScenarioId
    has_brand: StrictBool = False


class PlanInput(Content):
    """An incident at its opening; `first_post_at` is `opened_at` when left out.

    A crisis has a scenario; other kinds have none.
    """

    kind: Kind = Kind.CRISIS
    scenario: ScenarioId | None = None
    tier: Id
    opened_at: AwareDatetime
    first_post_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _scenario_of_kind(self) -> Self:
        if (self.kind is Kind.CRISIS) is (self.scenario is None):
            raise ValueError("a crisis is planned with its `scenario`, another `kind` without one")
        return self


class Expectation(Content):
    """Rules and tier for facts; due instants (null: undated) and absent steps for a plan."""

    rules: tuple[Id, ...] | None = None
    tier: Id | None = None
    steps: dict[Id, AwareDatetime | None] = Field(default_factory=dict)
    absent: tuple[Id, ...] = ()


class Case(Content):
    """Either facts and the rules that must match, or an opening and the deadlines that follow."""

    id: Id
    rule_scope: RuleScope | None = None
    facts: CaseFacts = Field(default_factory=dict)
    plan: PlanInput | None = None
    expect: Expectation

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.rule_scope is None) is (self.plan is None):
            raise ValueError("a case has either `rule_scope` with `facts`, or `plan`")
        if self.rule_scope is not None and self.expect.rules is None:
            raise ValueError("say in `expect.rules` which rules must match ([] for none)")
        if self.plan is not None and not (self.expect.steps or self.expect.absent):
            raise ValueError("say in `expect.steps` when steps are due")
        return self
