"""Classes of root causes, as data."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

_ID = r"^[a-z][a-z0-9_]{1,63}$"


class CauseClass(BaseModel):
    """One class with its names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=_ID)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class CauseClasses(BaseModel):
    """The classes in the order in which they are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    causes: tuple[CauseClass, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = self.ids
        if len(set(ids)) < len(ids):
            raise ValueError("a cause class is defined twice")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.causes)


@cache
def load_cause_classes() -> CauseClasses:
    """The classes that ship."""
    text = resources.files(__package__).joinpath("causes.yaml").read_text(encoding="utf-8")
    return CauseClasses.model_validate(yaml.safe_load(text))
