"""`risk.yaml`: what the risk score of a segment is made of, and how much each part weighs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from playbooks.errors import BadValue, UnknownFact
from playbooks.facts import FactKind, fact_spec
from playbooks.mistakes import Mistake
from playbooks.schema.base import Content, Id, Number, Text

WHOLE = 100


class Scale(StrEnum):
    """How a value grows between its two ends."""

    LINEAR = "linear"
    LOG = "log"


class RiskMeasure(Content):
    """A fact that counts nothing up to `none` and all of its part's weight from `full` on."""

    fact: str
    none: Number
    full: Number
    scale: Scale = Scale.LINEAR

    @field_validator("fact")
    @classmethod
    def _known(cls, fact: str) -> str:
        try:
            spec = fact_spec(fact)
        except UnknownFact as error:
            raise BadValue(Mistake.UNKNOWN_FACT, str(error)) from error
        if spec.kind is FactKind.BOOLEAN:
            raise BadValue(Mistake.BAD_COMPARISON, f"{fact} is a truth: only numbers are weighed")
        return fact

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if self.full <= self.none:
            raise ValueError(f"`full` of {self.fact} must be above `none`")
        if self.scale is Scale.LOG and self.none <= 0:
            raise ValueError(f"`none` of {self.fact} must be above 0 on a scale that is `log`")
        high = fact_spec(self.fact).high
        if high is not None and self.full > high:
            message = f"{self.fact} is never {self.full:g}: at most {high:g}"
            raise BadValue(Mistake.THRESHOLD_OUT_OF_RANGE, message)
        return self


class RiskPart(Content):
    """A part of the score: the largest of its measures gives its points."""

    id: Id
    name: Text
    weight: Annotated[Number, Field(gt=0)]
    of: tuple[RiskMeasure, ...]

    # Not by a least length: that would be told of a list whose items are wrong as well.
    @model_validator(mode="after")
    def _has_measures(self) -> Self:
        if not self.of:
            raise ValueError(f"`of` of {self.id} names no fact")
        return self


class RiskTable(Content):
    """Parts whose weights come to 100."""

    id: Id
    parts: tuple[RiskPart, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [part.id for part in self.parts]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is there twice")
        weight = sum(part.weight for part in self.parts)
        if weight != WHOLE:
            raise ValueError(f"the weights come to {weight:g}, not to {WHOLE}")
        return self
