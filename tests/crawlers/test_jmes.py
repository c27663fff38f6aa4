from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from crawlers.jmes import JmesPath, search


@pytest.mark.parametrize(
    "text", ["", "a[", "join(", "a.b.", "nofunc(a)", "rows[].shell(@)", "a" * 1_001]
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(JmesPath).validate_python(text)


def test_what_can_be_meant_is_kept_as_written() -> None:
    assert TypeAdapter(JmesPath).validate_python("join(' ', [a, b])") == "join(' ', [a, b])"


def test_an_expression_finds_what_it_names() -> None:
    assert search("body || title", {"body": "", "title": "t"}) == "t"


def test_a_function_that_does_not_fit_the_value_finds_nothing() -> None:
    assert search("join(' ', [a, b])", {"a": "x", "b": None}) is None
