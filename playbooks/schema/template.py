"""Front matter of `templates/<id>.md`."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, StrictBool

from playbooks.schema.base import Content, Id, Line, TemplateId, Text


class StatementKind(StrEnum):
    HOLDING = "holding"
    UPDATE = "update"
    RECALL = "recall"
    APOLOGY = "apology"
    ANSWER = "answer"
    CLARIFICATION = "clarification"
    CLOSING = "closing"


class Variable(Text):
    """What a variable stands for; a statement is not made without a required one."""

    required: StrictBool = True


class TemplateHeader(Content):
    """What stands between the two `---` lines."""

    id: TemplateId
    title: Text
    lang: Literal["zh", "en"] = "zh"
    kind: StatementKind
    variables: dict[Id, Variable] = Field(default_factory=dict)


class Template(TemplateHeader):
    """A statement draft: the header and its text with `{{ variable }}`."""

    body: Line
