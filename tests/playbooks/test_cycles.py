from __future__ import annotations

import pytest

from playbooks.cycles import circular


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({}, ()),
        ({"a": ["b"], "b": ["c"]}, ()),
        ({"a": ["a"]}, ("a",)),
        ({"c": ["a"], "a": ["b"], "b": ["a"], "d": ["a"]}, ("a", "b")),
    ],
)
def test_who_leads_back_to_itself(graph: dict[str, list[str]], expected: tuple[str, ...]) -> None:
    assert circular(graph) == expected
