"""The rubric: the reasons that a reviewer chooses from, as versioned data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import resources
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.errors import InvalidInput
from service.moderation.review.lifecycle import Ruling

_CODE = r"^[a-z][a-z0-9_]{1,63}$"


class Code(BaseModel):
    """One reason. `kind` limits it to texts of that kind; a block has the label that it means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=_CODE)
    ruling: Ruling
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    label: str | None = Field(default=None, pattern=_CODE)
    kind: Literal["post", "advertisement"] | None = None

    @model_validator(mode="after")
    def _block_says_what(self) -> Self:
        if (self.ruling is Ruling.BLOCK) != (self.label is not None):
            raise ValueError(f"{self.id}: a block has a label, a pass has none")
        return self


class Rubric(BaseModel):
    """The codes in the order in which they are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(pattern=r"^[0-9a-z.-]{1,32}$")
    codes: tuple[Code, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [code.id for code in self.codes]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"codes defined twice: {', '.join(twice)}")
        return self

    @cached_property
    def name(self) -> str:
        """`version@hash`: a verdict names the very words that it was made by."""
        digest = hashlib.sha256(self.model_dump_json().encode()).hexdigest()
        return f"{self.version}@{digest[:8]}"

    @property
    def labels(self) -> frozenset[str]:
        """Every label that a code may say."""
        return frozenset(code.label for code in self.codes if code.label is not None)

    def codes_for(self, kind: str) -> tuple[Code, ...]:
        """The codes that fit texts of a kind."""
        return tuple(code for code in self.codes if code.kind in (None, kind))

    def check(
        self, *, reason: str, ruling: Ruling, kind: str, labels: Sequence[str], known: Sequence[str]
    ) -> tuple[str, ...]:
        """The labels of a verdict, that of its reason first. Raises InvalidInput.

        `known` are labels that the machine gave: a person may confirm those as well.
        """
        fitting = [code for code in self.codes_for(kind) if code.ruling is ruling]
        code = next((code for code in fitting if code.id == reason), None)
        if code is None:
            names = ", ".join(code.id for code in fitting)
            raise InvalidInput(
                f"{reason!r} is no reason to {ruling.value} a text of kind {kind}",
                errors=[("reason", f"one of {names}")],
            )
        if strange := sorted(set(labels) - self.labels - set(known)):
            raise InvalidInput(
                f"unknown labels: {', '.join(strange)}",
                errors=[("labels", f"of the machine, or one of {', '.join(sorted(self.labels))}")],
            )
        first = () if code.label is None else (code.label,)
        return tuple(dict.fromkeys((*first, *labels)))


@cache
def load_rubric() -> Rubric:
    """The rubric that ships with this version, read once a process."""
    text = resources.files(__package__).joinpath("rubric.yaml").read_text(encoding="utf-8")
    return Rubric.model_validate(yaml.safe_load(text))
