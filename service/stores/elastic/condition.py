"""A condition as a query of Elasticsearch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.stores.condition import AllOf, AnyOf, Begins, Condition, Not, PartedField, Says
from service.stores.storable import storable_text

Phrases = Callable[[str], list[dict[str, Any]]]
"""A text as clauses that must all hold; none where it has no phrase."""


def condition_clause(condition: Condition, phrases: Phrases) -> dict[str, Any]:
    """The condition; texts in it add to the score."""
    match condition:
        case Says():
            found = phrases(condition.text)
            return {"bool": {"must": found}} if found else {"match_none": {}}
        case Begins():
            return _begins(condition)
        case Not(part):
            return {"bool": {"must_not": [condition_clause(part, phrases)]}}
        case AllOf(parts):
            if not parts:
                return {"match_all": {}}
            return {"bool": {"must": [condition_clause(part, phrases) for part in parts]}}
        case AnyOf(parts):
            if not parts:
                return {"match_none": {}}
            should = [condition_clause(part, phrases) for part in parts]
            return {"bool": {"should": should, "minimum_should_match": 1}}


def _begins(condition: Begins) -> dict[str, Any]:
    field, value = condition.field.value, storable_text(condition.value)
    wordings = dict.fromkeys((value, value.replace("-", "_")))
    if condition.field is not PartedField.LANG:
        wordings = {value: None}
    should: list[dict[str, Any]] = []
    for wording in wordings:
        should.append({"term": {field: {"value": wording, "case_insensitive": True}}})
        separators = {PartedField.LANG: "-_"}.get(condition.field, condition.field.separator)
        should += [
            {"prefix": {field: {"value": wording + separator, "case_insensitive": True}}}
            for separator in separators
        ]
    return {"bool": {"should": should, "minimum_should_match": 1}}
