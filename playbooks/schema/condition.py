"""The condition tree of a rule: all / any / not over comparisons of facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, StrictBool, field_validator, model_validator

from playbooks.errors import BadValue, UnknownFact
from playbooks.facts import FactKind, fact_spec
from playbooks.mistakes import Mistake
from playbooks.schema.base import Content, Number


class Operator(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    EQUALS = "equals"
    IS = "is"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact against one threshold."""

    fact: str
    operator: Operator
    threshold: float | bool


class Condition(Content):
    """Exactly one of `all`, `any`, `not`, or a fact with exactly one comparison."""

    all_: Annotated[tuple[Condition, ...] | None, Field(alias="all", min_length=1)] = None
    any_: Annotated[tuple[Condition, ...] | None, Field(alias="any", min_length=1)] = None
    not_: Annotated[Condition | None, Field(alias="not")] = None
    fact: str | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    equals: Number | None = None
    is_: Annotated[StrictBool | None, Field(alias="is")] = None

    @field_validator("fact")
    @classmethod
    def _known(cls, fact: str | None) -> str | None:
        if fact is not None:
            try:
                fact_spec(fact)
            except UnknownFact as error:
                raise BadValue(Mistake.UNKNOWN_FACT, str(error)) from error
        return fact

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        shapes = [self.all_, self.any_, self.not_, self.fact]
        given = self._given()
        if sum(shape is not None for shape in shapes) != 1:
            empty = not given and all(shape is None for shape in shapes)
            code = Mistake.EMPTY_CONDITION if empty else Mistake.BAD_CONDITION
            raise BadValue(code, "a condition is exactly one of: all, any, not, or a fact")
        if self.fact is None:
            if given:
                message = f"`{given[0].operator}` compares nothing: name the fact"
                raise BadValue(Mistake.BAD_CONDITION, message)
            return self
        if len(given) != 1:
            listed = ", ".join(Operator)
            message = f"compare {self.fact} in exactly one way, by one of: {listed}"
            raise BadValue(Mistake.BAD_COMPARISON, message)
        wants_is = fact_spec(self.fact).kind is FactKind.BOOLEAN
        if wants_is is not (given[0].operator is Operator.IS):
            way = "with `is`" if wants_is else "with a number"
            raise BadValue(Mistake.BAD_COMPARISON, f"{self.fact} is compared {way}")
        return self

    @cached_property
    def comparison(self) -> Comparison | None:
        """The comparison of a leaf; None for all, any and not."""
        return self._given()[0] if self.fact is not None else None

    def _given(self) -> list[Comparison]:
        offered: dict[Operator, float | bool | None] = {
            Operator.AT_LEAST: self.at_least,
            Operator.AT_MOST: self.at_most,
            Operator.ABOVE: self.above,
            Operator.BELOW: self.below,
            Operator.EQUALS: self.equals,
            Operator.IS: self.is_,
        }
        return [
            Comparison(self.fact or "", operator, threshold)
            for operator, threshold in offered.items()
            if threshold is not None
        ]
