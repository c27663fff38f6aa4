"""What a pattern file may say."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from nlp.lexicon.categories import CATEGORIES, SCENARIOS

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Scope(StrEnum):
    """The stretch of text that belongs together."""

    CLAUSE = "clause"
    SENTENCE = "sentence"
    TEXT = "text"


class Where(StrEnum):
    """Where a condition's class stands, seen from the anchor of the match.

    `inside` is between the first and the last slot; `over` covers the anchor; `around` is before,
    after or in it. The others neither touch nor overlap it.
    """

    BEFORE = "before"
    AFTER = "after"
    INSIDE = "inside"
    OVER = "over"
    AROUND = "around"


class Content(BaseModel):
    """Base of all: nothing unknown is let through."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WordClass(Content):
    """Words that may fill a slot. `allow` are longer words in which they do not count."""

    words: tuple[Words, ...] = ()
    include: tuple[Name, ...] = ()
    allow: tuple[Words, ...] = ()
    lexicon: tuple[str, ...] = ()

    @field_validator("lexicon")
    @classmethod
    def _known_categories(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for category in value:
            if category not in CATEGORIES:
                raise ValueError(f"{category!r} is no lexicon category")
        return value


class Condition(Content):
    """A class that must, or as a guard must not, stand at a place.

    `within` is the greatest distance from the anchor in code points. A guard is lifted where the
    class `lifted_by` stands in `lifted_in`: a scope around the anchor, or between word and anchor.
    """

    of: Name
    where: Where = Where.BEFORE
    scope: Scope = Scope.SENTENCE
    within: Annotated[int, Field(ge=0, le=400)] | None = None
    lifted_by: Name | None = None
    lifted_in: Annotated[str, StringConstraints(pattern="^(clause|sentence|text|between)$")] = (
        "between"
    )


class RuleSpec(Content):
    """One way of saying it. `form` is explained in nlp.patterns.form."""

    id: Name
    form: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    scope: Scope = Scope.SENTENCE
    any_order: bool = False
    needs: tuple[Condition, ...] = ()
    unless: tuple[Name, ...] = ()
    ignore: tuple[Name, ...] = ()


class Title(Content):
    """What people call the pattern."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Examples(Content):
    """Sentences that must, and must not, hold the pattern."""

    positive: tuple[Sentence, ...]
    negative: tuple[Sentence, ...]


def _as_class(value: Any) -> Any:
    return {"words": value} if isinstance(value, list) else value


class _Vocabulary(Content):
    classes: dict[Name, WordClass] = {}
    expressions: dict[Name, Annotated[str, StringConstraints(min_length=1, max_length=300)]] = {}
    guards: dict[Name, Condition] = {}

    @field_validator("classes", mode="before")
    @classmethod
    def _lists_are_words(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: _as_class(item) for name, item in value.items()}


class SharedFile(_Vocabulary):
    """classes.yaml: what all patterns may use."""


class PatternFile(_Vocabulary):
    """One pattern. Names of its own classes hide the shared ones."""

    id: Name
    title: Title
    severity: Annotated[int, Field(ge=1, le=5)]
    scenario: str | None = None
    held: bool = False
    unless: tuple[Name, ...] = ()
    rules: Annotated[tuple[RuleSpec, ...], Field(min_length=1)]
    examples: Examples

    @field_validator("scenario")
    @classmethod
    def _known_scenario(cls, value: str | None) -> str | None:
        if value is not None and value not in SCENARIOS:
            raise ValueError(f"{value!r} is no scenario")
        return value
