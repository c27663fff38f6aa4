"""What every piece of content is made of: ids, texts in two languages, durations, roles."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from playbooks.duration import format_duration, parse_duration
from playbooks.errors import BadValue
from playbooks.mistakes import Mistake

UNCLASSIFIED = "unclassified"
"""The scenario of a crisis while nobody has said which it is."""

SCENARIOS: tuple[str, ...] = (
    "product_quality",
    "safety_incident",
    "policy_dispute",
    "false_advertising",
    "pricing_refunds",
    "service_aftersales",
    "data_privacy",
    "outage",
    "misconduct",
    "labour_dispute",
    "values_discrimination",
    "rumour_smear",
)
"""The stable ids of the twelve scenarios."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
TemplateId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})?$")]
Line = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Content(BaseModel):
    """Base of all content: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Role(StrEnum):
    """Who does a step. Not the roles by which people sign in."""

    PR = "pr"
    LEGAL = "legal"
    TECH = "tech"
    SERVICE = "service"
    EXECUTIVE = "executive"
    DUTY = "duty"


class Kind(StrEnum):
    """What an incident is about."""

    CRISIS = "crisis"
    COVERAGE = "coverage"
    BACKLOG = "backlog"
    PERSON_AT_RISK = "person_at_risk"


class Mode(StrEnum):
    """What a rule does when it matches: open incidents, or only be written down."""

    LIVE = "live"
    SHADOW = "shadow"


class Text(Content):
    """A text that people read; Chinese first."""

    zh: Line
    en: Line | None = None


def _text_of_line(value: Any) -> Any:
    return {"zh": value} if isinstance(value, str) else value


Gloss = Annotated[Text, BeforeValidator(_text_of_line, json_schema_input_type=str | Text)]
"""A text that may be written as one Chinese line."""


def _read_duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        message = f"{value!r} is not a duration: write 30s, 10m, 4h, 7d or 1h30m"
        raise BadValue(Mistake.BAD_DURATION, message)
    return parse_duration(value)


Duration = Annotated[
    timedelta,
    BeforeValidator(_read_duration, json_schema_input_type=str),
    PlainSerializer(format_duration, return_type=str),
]


def _read_offset(value: Any) -> Any:
    return None if value is None or value == "none" else _read_duration(value)


def _write_offset(value: timedelta | None) -> str:
    return "none" if value is None else format_duration(value)


Offset = Annotated[
    timedelta | None,
    BeforeValidator(_read_offset, json_schema_input_type=str),
    PlainSerializer(_write_offset, return_type=str),
]
"""Time between anchor and due; None (`none` in files) for a step without a deadline."""
