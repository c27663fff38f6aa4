"""Everything a source may send can be stored; offsets hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stores.storable import (
    COUNTER_MAX,
    SEPARATOR,
    storable_count,
    storable_json,
    storable_members,
    storable_text,
)

ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs"]) | st.just("\x00"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(ANY_TEXT)
def test_code_points_keep_their_places(text: str) -> None:
    kept = storable_text(text)
    kept.encode()
    assert len(kept) == len(text)
    assert "\x00" not in kept
    assert all(new in (old, "\ufffd") for new, old in zip(kept, text, strict=True))


@given(st.dictionaries(ANY_TEXT, JSON, max_size=4))
def test_any_mapping_becomes_json_without_nul(value: dict[str, object]) -> None:
    kept = storable_json(value)
    kept.encode()
    assert "\x00" not in json.dumps(json.loads(kept), ensure_ascii=False).replace("\\u0000", "\x00")


def test_what_json_knows_comes_back() -> None:
    value = {"a": [1, 2.5, None, True, {"b": "二"}]}
    assert json.loads(storable_json(value)) == value


def test_other_objects_become_text() -> None:
    assert json.loads(storable_json({"a": {2: (10**30, {1j})}})) == {"a": {"2": [10**30, ["1j"]]}}


@given(st.lists(ANY_TEXT))
def test_members_hold_no_separator_and_are_not_empty(values: list[str]) -> None:
    members = storable_members([*values, f"a{SEPARATOR}b"])
    assert all(member and SEPARATOR not in member for member in members)
    assert members[-2:] == ("a", "b")


@pytest.mark.parametrize(
    ("count", "kept"), [(None, None), (0, 0), (5, 5), (-1, 0), (10**40, COUNTER_MAX)]
)
def test_counters_are_cut(count: int | None, kept: int | None) -> None:
    assert storable_count(count) == kept
