"""A document as a model of the schema, and what pydantic says of it in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from playbooks.document import Document
from playbooks.errors import BadValue, ContentProblem
from playbooks.mistakes import Mistake
from playbooks.schema import Content

M = TypeVar("M", bound=Content)

_MISSING = {
    ("legal_basis", "duty"): Mistake.LAW_WITHOUT_DUTY,
    ("never_say", "why"): Mistake.NEVER_SAY_WITHOUT_WHY,
    ("expect",): Mistake.CASE_WITHOUT_EXPECTATION,
}
_WORDS = {
    "role": Mistake.UNKNOWN_ROLE,
    "escalate_to": Mistake.UNKNOWN_ROLE,
    "kind": Mistake.UNKNOWN_KIND,
}
_KINDS = {
    "extra_forbidden": Mistake.UNKNOWN_KEY,
    "string_too_short": Mistake.EMPTY_TEXT,
    "greater_than": Mistake.OUT_OF_RANGE,
    "less_than": Mistake.OUT_OF_RANGE,
}


def validated(
    model: type[M],
    document: Document,
    problems: list[ContentProblem],
    *,
    extra: Mapping[str, str] | None = None,
) -> M | None:
    """The document as that model, with the `extra` keys; None, with its problems added, if not."""
    data = document.data
    if not isinstance(data, dict):
        message = "expected `key: value` lines"
        problems.append(document.problem((), message, code=Mistake.NOT_A_MAPPING))
        return None
    try:
        return model.model_validate({**data, **(extra or {})})
    except ValidationError as error:
        problems += explained(error, document)
        return None


def explained(error: ValidationError, document: Document) -> list[ContentProblem]:
    """What pydantic says, in our words and with the places of the file."""
    problems = []
    for item in error.errors():
        path = item["loc"]
        name = next((str(part) for part in reversed(path) if isinstance(part, str)), "the file")
        if item["type"] == "missing":
            message = f"`{name}` is missing"
        elif item["type"] == "extra_forbidden":
            message = f"unknown key `{name}`"
        else:
            message = f"`{name}`: {item['msg'].removeprefix('Value error, ')}"
        at_key = item["type"] == "extra_forbidden"
        problems.append(document.problem(path, message, code=_code(item), at_key=at_key))
    return problems


def _code(item: ErrorDetails) -> Mistake:
    """The kind of what pydantic found."""
    path = tuple(part for part in item["loc"] if isinstance(part, str))
    raised = item.get("ctx", {}).get("error")
    if isinstance(raised, BadValue):
        return raised.code
    if item["type"] == "missing":
        return _MISSING.get(path[-2:], Mistake.MISSING_KEY)
    if item["type"] in ("enum", "literal_error"):
        return _WORDS.get(path[-1], Mistake.UNKNOWN_WORD)
    if item["type"] == "too_short" and path[0] == "when":
        return Mistake.EMPTY_CONDITION
    if item["type"] == "string_pattern_mismatch" and path[-1] == "id":
        return Mistake.BAD_ID
    return _KINDS.get(item["type"], Mistake.BAD_VALUE)
