"""`cases/<id>.yaml`: examples that are tests."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, StrictBool, model_validator

from playbooks.errors import BadValue, UnknownFact
from playbooks.facts import FACTS, FactValue, check_fact
from playbooks.mistakes import Mistake
from playbooks.schema.base import Content, Id, Kind, Number
from playbooks.schema.scenario import ScenarioId


def _check_facts(facts: dict[str, FactValue]) -> dict[str, FactValue]:
    for name, value in facts.items():
        try:
            check_fact(name, value)
        except UnknownFact as error:
            code = Mistake.BAD_VALUE if name in FACTS else Mistake.UNKNOWN_FACT
            raise BadValue(code, str(error)) from error
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
            message = "a crisis is planned with its `scenario`, another `kind` without one"
            raise BadValue(Mistake.BAD_CASE, message)
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
            message = "a case has either `rule_scope` with `facts`, or `plan`"
            raise BadValue(Mistake.BAD_CASE, message)
        if self.rule_scope is not None and self.expect.rules is None:
            message = "say in `expect.rules` which rules must match ([] for none)"
            raise BadValue(Mistake.CASE_WITHOUT_EXPECTATION, message)
        if self.plan is not None and not (self.expect.steps or self.expect.absent):
            message = "say in `expect.steps` when steps are due"
            raise BadValue(Mistake.CASE_WITHOUT_EXPECTATION, message)
        return self
