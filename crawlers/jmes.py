"""JMESPath: expressions of an operator over answers of a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult
from pydantic import AfterValidator

MAX_EXPRESSION = 1_000


@lru_cache(maxsize=1_024)
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def _expression(text: str) -> str:
    if len(text) > MAX_EXPRESSION:
        raise ValueError(f"has {len(text)} characters; at most {MAX_EXPRESSION} are taken")
    try:
        called = set(_functions(_compiled(text).parsed))
    except (JMESPathError, RecursionError) as error:
        raise ValueError(f"no JMESPath expression: {str(error).splitlines()[0]}") from None
    if unknown := sorted(called - Functions.FUNCTION_TABLE.keys()):
        raise ValueError(f"no such function: {', '.join(unknown)}")
    return text


def _functions(node: Mapping[str, Any]) -> Iterator[str]:
    """The functions that an expression calls; the library looks for them only when it runs."""
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, Mapping):
            yield from _functions(child)


JmesPath = Annotated[str, AfterValidator(_expression)]
"""An expression that compiles."""


def search(expression: str, data: Any) -> Any:
    """What `expression` finds in decoded JSON; None where it finds nothing or does not fit it."""
    try:
        return _compiled(expression).search(data)
    except (JMESPathError, RecursionError, TypeError, AttributeError):
        # A function met a value of another type than it takes: for a mapping that is "not there".
        return None
